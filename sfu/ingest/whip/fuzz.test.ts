import fc from 'fast-check';
import { generateRouterRtpCapabilities, getProducerRtpParametersMapping } from 'mediasoup/ortc';
import { parse, type SessionDescription } from 'sdp-transform';
import { describe, expect, it } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import * as offers from '../../test/fixtures/offers.ts';
import { ROUTER_CODECS } from '../../workers/codecs.ts';
import { buildAnswer } from './answer.ts';
import { negotiate } from './negotiate.ts';
import { parseOffer } from './offer.ts';

const capabilities = generateRouterRtpCapabilities([...ROUTER_CODECS]);
const transport = {
  iceParameters: { usernameFragment: 'ufrag', password: 'p', iceLite: true },
  iceCandidates: [],
  dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: 'AA' } as const] },
};

/** Lines dropped, doubled, moved, cut, changed and overwritten. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const), at: fc.nat(200) }),
  fc.record({ kind: fc.constant('double' as const), at: fc.nat(200) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(200), to: fc.nat(30) }),
  fc.record({ kind: fc.constant('move' as const), at: fc.nat(200), to: fc.nat(200) }),
  fc.record({
    kind: fc.constant('flip' as const),
    at: fc.nat(200),
    to: fc.nat(80),
    text: fc.string({ maxLength: 3, unit: 'binary' }),
  }),
  fc.record({
    kind: fc.constant('write' as const),
    at: fc.nat(200),
    text: fc.constantFrom(
      ...[
        'a=rid:1 send',
        'a=simulcast:send ;,;~',
        'a=ssrc-group:FID',
        'a=ssrc-group:SIM 0 -1 x',
        'a=fmtp:96 ;;=;=',
      ],
      ...[
        'a=rtpmap:x y/z',
        'm=video',
        'm=',
        'a=mid:',
        'a=ssrc:99999999999 cname:x',
        'a=extmap:0 x',
        'a=rtcp-fb:* nack',
      ],
      ...[
        'a=fmtp:96 __proto__=1;constructor=2',
        'a=group:BUNDLE',
        'a=fingerprint:sha-256',
        'a=setup:',
        '\u0000',
        'a=',
      ],
    ),
  }),
);

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(offer: string, mutations: readonly Mutation[]): string[] {
  const lines = offer.split('\r\n');
  for (const change of mutations) {
    const at = change.at % Math.max(1, lines.length);
    const line = lines[at] ?? '';
    if (change.kind === 'drop') lines.splice(at, 1);
    else if (change.kind === 'double') lines.splice(at, 0, line);
    else if (change.kind === 'cut') lines[at] = line.slice(0, change.to);
    else if (change.kind === 'move') lines.splice(change.to, 0, ...lines.splice(at, 1));
    else if (change.kind === 'flip') lines[at] = flip(line, change.to, change.text);
    else lines[at] = change.text;
  }
  return lines;
}

function flip(line: string, at: number, text: string): string {
  return line.slice(0, at % (line.length + 1)) + text + line.slice((at % (line.length + 1)) + 1);
}

/** Answers an offer or refuses it; anything else is a fault of ours. */
function answer(sdp: string, layers: number) {
  try {
    const offer = parseOffer(sdp);
    const negotiated = negotiate(offer, capabilities, layers);
    return { offer, negotiated, text: buildAnswer({ offer, negotiated, transport, sessionId: 1 }) };
  } catch (error) {
    if (!(error instanceof VartaError)) throw error;
    expect(['offer_unusable', 'codec_unsupported']).toContain(error.code);
    expect(error.message.length).toBeLessThan(1_000);
    return undefined;
  }
}

/** Thousands of offers, on a machine that may be busy with something else. */
const TIMEOUT_MS = 60_000;

describe('a WHIP offer', { timeout: TIMEOUT_MS }, () => {
  it('that is damaged in any way is answered in its own order or refused with a code', () => {
    let answered = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(offers)),
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 2 }),
        fc.constantFrom('\r\n', '\n'),
        (offer, mutations, layers, end) => {
          const accepted = answer(mutate(offer, mutations).join(end), layers);
          if (!accepted) return;
          answered += 1;
          const { offer: parsed, negotiated, text } = accepted;
          const sections = (session: SessionDescription) =>
            session.media.map(({ type, mid }) => [type, mid === undefined ? undefined : String(mid)]);
          expect(sections(parse(text))).toEqual(sections(parsed.session));
          const taken = parse(text).media.filter(({ direction }) => direction === 'recvonly');
          expect(taken).toHaveLength(1);
          expect(taken[0]).toMatchObject({ type: 'video', iceUfrag: 'ufrag', rtcpMux: 'rtcp-mux' });
          const encodings = negotiated.encodings ?? [];
          expect(encodings.length).toBeGreaterThanOrEqual(1);
          expect(encodings.length).toBeLessThanOrEqual(layers);
          // What mediasoup itself makes of it; it is asked again with the real thing in the integration tests.
          getProducerRtpParametersMapping(negotiated, capabilities);
        },
      ),
      { numRuns: 4000 },
    );
    // Were nearly everything refused, this would prove nothing.
    expect(answered).toBeGreaterThan(1_000);
  });

  it('of any text is refused', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400, unit: 'binary' }), (text) => {
        answer(text, 1);
        answer(`v=0\r\n${text}`, 2);
      }),
      { numRuns: 2000 },
    );
  });
});
