import fc from 'fast-check';
import type { IceCandidate } from 'mediasoup/types';
import { parse } from 'sdp-transform';
import { describe, expect, it } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import { buildIceFragment, parseIceFragment } from './ice-fragment.ts';
import { decideIceStep } from './ice-session.ts';

const PASSWORD = 'P2uYro0UCOQ4zxjKXaWCBui1';
/** After RFC 9725, 4.3.2. */
const TRICKLE = [
  'a=ice-options:trickle ice2',
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=ice-ufrag:EsAw',
  `a=ice-pwd:${PASSWORD}`,
  'a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1',
  'a=candidate:3471623853 1 udp 2122194687 198.51.100.2 61765 typ host generation 0 ufrag EsAw network-id 2',
  'a=end-of-candidates',
  '',
].join('\r\n');

describe('parseIceFragment', () => {
  it('reads what the RFC shows', () => {
    expect(parseIceFragment(TRICKLE)).toEqual({
      usernameFragment: 'EsAw',
      password: PASSWORD,
      candidates: 2,
    });
  });

  it('reads it in the session, with LF, and of digits alone', () => {
    const fragment = `a=ice-ufrag:12345678\na=ice-pwd:${'1'.repeat(32)}\nm=video 9 UDP/TLS/RTP/SAVPF 0\na=mid:0\n`;
    expect(parseIceFragment(fragment)).toEqual({
      usernameFragment: '12345678',
      password: '1'.repeat(32),
      candidates: 0,
    });
  });

  it('takes candidates alone, and the end of them', () => {
    const candidate = 'a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n';
    expect(parseIceFragment(candidate)).toMatchObject({ usernameFragment: undefined, candidates: 1 });
    expect(parseIceFragment('a=end-of-candidates\r\n')).toMatchObject({ candidates: 0 });
  });

  it.each([
    ['nothing of ICE', 'm=video 9 UDP/TLS/RTP/SAVPF 0\r\n'],
    ['JSON', '{"candidate":"1"}'],
    ['a short ufrag', 'a=ice-ufrag:abc\r\n'],
    ['a ufrag with a space', 'a=ice-ufrag:ab cd\r\n'],
    ['a short password', `a=ice-ufrag:abcd\r\na=ice-pwd:short\r\n`],
    ['a thousand candidates', 'a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n'.repeat(1000)],
  ])('refuses %s', (_what, text) => {
    expect(() => parseIceFragment(text)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  it('never throws anything but a refusal', () => {
    const line = fc.oneof(
      fc.constantFrom(...TRICKLE.split('\r\n')),
      fc.string({ maxLength: 40 }),
      fc.string({ maxLength: 20 }).map((text) => `a=ice-ufrag:${text}`),
      fc.string({ maxLength: 20 }).map((text) => `a=candidate:${text}`),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.constantFrom('\r\n', '\n'), (all, end) => {
        try {
          const { usernameFragment } = parseIceFragment(all.join(end));
          expect(usernameFragment ?? 'none').toMatch(/^[A-Za-z0-9+/]{4,256}$/);
        } catch (error) {
          if (!(error instanceof VartaError)) throw error;
          expect(error.code).toBe('malformed');
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('decideIceStep', () => {
  const session = { tag: 'generation-1', remoteUsernameFragment: 'EsAw' };
  const same = { usernameFragment: 'EsAw', password: PASSWORD, candidates: 1 };
  const newer = { usernameFragment: 'ysXw', password: PASSWORD, candidates: 0 };

  it('takes candidates of the present generation', () => {
    expect(decideIceStep(session, same, { tag: 'generation-1' })).toEqual({ type: 'trickle' });
    expect(decideIceStep(session, { ...same, usernameFragment: undefined }, { tag: undefined })).toEqual({
      type: 'trickle',
    });
  });

  it.each([undefined, 'generation-1'])('restarts for another username fragment (If-Match %s)', (tag) => {
    expect(decideIceStep(session, newer, { tag })).toEqual({
      type: 'restart',
      remoteUsernameFragment: 'ysXw',
      restartPassword: PASSWORD,
    });
  });

  it('tells the last restart once more from candidates that follow it', () => {
    const restarted = { tag: 'generation-2', remoteUsernameFragment: 'ysXw', restartPassword: PASSWORD };
    const decide = (fragment: object, tag?: string) =>
      decideIceStep(restarted, { ...newer, ...fragment }, { tag }).type;
    expect(decide({})).toBe('repeat');
    expect(decide({ candidates: 3 })).toBe('repeat');
    expect(decide({ candidates: 3 }, 'generation-2')).toBe('trickle');
    expect(decide({ password: undefined })).toBe('trickle');
    expect(decide({ password: 'anotherPasswordOf22chars' })).toBe('trickle');
    expect(decide({ usernameFragment: 'zzzz' })).toBe('restart');
    expect(() => decide({}, 'generation-1')).toThrow(
      expect.objectContaining({ code: 'precondition_failed' }),
    );
    // What the offer began has its answer in the offer's.
    expect(decideIceStep(session, same, { tag: undefined }).type).toBe('trickle');
  });

  it('refuses what is meant for another generation, and a restart without a password', () => {
    const failed = expect.objectContaining({ code: 'precondition_failed' });
    expect(() => decideIceStep(session, same, { tag: 'generation-0' })).toThrow(failed);
    expect(() => decideIceStep(session, newer, { tag: 'generation-0' })).toThrow(failed);
    expect(() => decideIceStep(session, { ...newer, password: undefined }, { tag: undefined })).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    );
  });
});

describe('buildIceFragment', () => {
  const iceCandidates: IceCandidate[] = [
    {
      foundation: 'udpcandidate',
      priority: 2,
      ip: '10.0.0.5',
      address: '10.0.0.5',
      port: 44400,
      protocol: 'udp',
      type: 'host',
    },
  ];
  const iceParameters = { usernameFragment: 'ourufrag', password: 'ourpassword' };
  const sdpAnswer =
    'v=0\r\na=group:BUNDLE a v\r\nm=application 0 x 1\r\na=mid:d\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:a\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:v\r\n';

  it('names the section that carries the transport, and none of the lines of a session', () => {
    const text = buildIceFragment({ iceParameters, iceCandidates, sdpAnswer });
    expect(text).not.toMatch(/^[vost]=/m);
    expect(text).toContain('a=ice-lite\r\n');
    expect(text).toContain('a=group:BUNDLE a v\r\n');
    expect(text).toContain('a=candidate:1 1 udp 2 10.0.0.5 44400 typ host\r\n');
    expect(parse(text).media).toMatchObject([
      { type: 'audio', mid: 'a', iceUfrag: 'ourufrag', icePwd: 'ourpassword' },
    ]);
    expect(text.endsWith('\r\n')).toBe(true);
  });
});
