import fc from 'fast-check';
import { generateRouterRtpCapabilities, getProducerRtpParametersMapping } from 'mediasoup/ortc';
import { parse, type SessionDescription } from 'sdp-transform';
import { describe, expect, it } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import * as offers from '../../test/fixtures/offers.ts';
import * as recorded from '../../test/fixtures/recorded-offers.ts';
import { damaged } from '../../test/fixtures/sdp-mutants.ts';
import { ROUTER_CODECS } from '../../workers/codecs.ts';
import { buildAnswer } from './answer.ts';
import { negotiate } from './negotiate.ts';
import { parseOffer } from './offer.ts';

const OFFERS = Object.values({ ...offers, ...recorded });
const capabilities = generateRouterRtpCapabilities([...ROUTER_CODECS]);
const transport = {
  iceParameters: { usernameFragment: 'ufrag', password: 'p', iceLite: true },
  iceCandidates: [],
  dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: 'AA' } as const] },
};

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
      fc.property(damaged(OFFERS), fc.integer({ min: 1, max: 2 }), (mutant, layers) => {
        const accepted = answer(mutant, layers);
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
        // What mediasoup's own checks make of it; its worker gets hundreds of them in server/test/sdp-fuzz.int.test.ts.
        getProducerRtpParametersMapping(negotiated, capabilities);
      }),
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
