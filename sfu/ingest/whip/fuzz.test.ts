import fc from 'fast-check';
import { generateRouterRtpCapabilities } from 'mediasoup/ortc';
import { describe, expect, it } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import * as offers from '../../test/fixtures/offers.ts';
import { ROUTER_CODECS } from '../../workers/codecs.ts';
import { buildAnswer } from './answer.ts';
import { negotiate } from './negotiate.ts';
import { parseOffer } from './offer.ts';

const capabilities = generateRouterRtpCapabilities([...ROUTER_CODECS]);
const transport = {
  iceParameters: { usernameFragment: 'u', password: 'p', iceLite: true },
  iceCandidates: [],
  dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: 'AA' } as const] },
};

/** Lines dropped, doubled, moved, cut and overwritten. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const), at: fc.nat(200) }),
  fc.record({ kind: fc.constant('double' as const), at: fc.nat(200) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(200), to: fc.nat(30) }),
  fc.record({ kind: fc.constant('move' as const), at: fc.nat(200), to: fc.nat(200) }),
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

describe('a WHIP offer', () => {
  it('that is damaged in any way is answered or refused with a code, and never breaks anything', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(offers)),
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 2 }),
        (offer, mutations, layers) => {
          const lines = offer.split('\r\n');
          for (const change of mutations) {
            const at = change.at % Math.max(1, lines.length);
            const line = lines[at] ?? '';
            if (change.kind === 'drop') lines.splice(at, 1);
            else if (change.kind === 'double') lines.splice(at, 0, line);
            else if (change.kind === 'cut') lines[at] = line.slice(0, change.to);
            else if (change.kind === 'move') lines.splice(change.to, 0, ...lines.splice(at, 1));
            else lines[at] = change.text;
          }
          try {
            const parsed = parseOffer(lines.join('\r\n'));
            const negotiated = negotiate(parsed, capabilities, layers);
            const answer = buildAnswer({ offer: parsed, negotiated, transport, sessionId: 1 });
            expect(answer.match(/^m=/gm)?.length).toBe(parsed.session.media.length);
            expect(negotiated.encodings?.length).toBeLessThanOrEqual(2);
          } catch (error) {
            if (!(error instanceof VartaError)) throw error;
            expect(['offer_unusable', 'codec_unsupported']).toContain(error.code);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
