import fc from 'fast-check';
import { parse } from 'sdp-transform';
import { describe, expect, it } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import { playerOffer } from '../../../server/test/fixtures/player-offer.ts';
import { CHROMIUM } from '../../test/fixtures/offers.ts';
import { damaged } from '../../test/fixtures/sdp-mutants.ts';
import { buildPlayerAnswer } from './player-answer.ts';
import { chooseFormat } from './player-format.ts';
import { parsePlayerOffer } from './player-offer.ts';

const FEED = {
  mimeType: 'video/H264',
  payloadType: 100,
  clockRate: 90_000,
  parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f' },
};
const SENT = { encodings: [{ ssrc: 123_456 }], rtcp: { cname: 'camera' } };
const TRANSPORT = {
  iceParameters: { usernameFragment: 'ours', password: 'our-password', iceLite: true },
  iceCandidates: [
    {
      foundation: 'udpcandidate',
      priority: 1,
      address: '192.0.2.1',
      ip: '192.0.2.1',
      protocol: 'udp',
      port: 44_400,
      type: 'host',
    } as const,
  ],
  dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: 'AA' } as const] },
};
/** Chromium as it offers to receive, with 40 formats and 8 extensions. */
const CHROMIUM_PLAYER = CHROMIUM.replace('a=sendonly', 'a=recvonly').replace(/a=(ssrc|msid:).*\r\n/g, '');

function answer(sdp: string): string {
  const offer = parsePlayerOffer(sdp);
  const format = chooseFormat(offer.codecs, FEED);
  return buildPlayerAnswer({
    offer,
    format,
    sent: SENT,
    transport: TRANSPORT,
    streamId: 'cell-1-cam-1',
    sessionId: 1,
  });
}

const refusal = (sdp: string) => {
  try {
    return answer(sdp);
  } catch (error) {
    return error instanceof VartaError ? error.code : error;
  }
};

describe('the answer to a player', () => {
  it('sends video under the offered number, keeps the bundle and accepts no extension', () => {
    const { media, groups, icelite } = parse(answer(playerOffer()));
    expect(media).toMatchObject([
      { type: 'audio', port: 9, direction: 'inactive', mid: 0, payloads: 111 },
      {
        type: 'video',
        port: 9,
        direction: 'sendonly',
        mid: 1,
        payloads: 39,
        setup: 'passive',
        rtp: [{ payload: 39, codec: 'H264', rate: 90_000 }],
        rtcpFb: [
          { payload: 39, type: 'nack' },
          { payload: 39, type: 'nack', subtype: 'pli' },
        ],
        ssrcs: [{ id: 123_456, attribute: 'cname', value: 'camera' }],
        iceUfrag: 'ours',
        rtcpRsize: 'rtcp-rsize',
      },
    ]);
    expect(media.flatMap(({ ext = [] }) => ext)).toEqual([]);
    expect(groups).toEqual([{ type: 'BUNDLE', mids: '0 1' }]);
    expect(icelite).toBe('ice-lite');
  });

  it('takes an offer of video alone, and one without a bundle, whose other sections are rejected', () => {
    const alone = parse(answer(CHROMIUM_PLAYER));
    expect(alone.media).toMatchObject([{ type: 'video', direction: 'sendonly', payloads: 109 }]);
    const { media, groups } = parse(answer(playerOffer().replace('a=group:BUNDLE 0 1\r\n', '')));
    expect(media.map(({ port }) => port)).toEqual([0, 9]);
    expect(groups).toBeUndefined();
  });

  it('takes the role that the offer leaves', () => {
    const setupOf = (setup: string) =>
      parse(answer(playerOffer().replaceAll('actpass', setup))).media[1]?.setup;
    expect([setupOf('active'), setupOf('passive')]).toEqual(['passive', 'active']);
  });

  it.each([
    ['nothing that is received', playerOffer().replaceAll('recvonly', 'sendonly')],
    ['no video', playerOffer().replace('m=video', 'm=audio')],
    ['no certificate', playerOffer().replaceAll(/a=fingerprint.*\r\n/g, '')],
    ['no ICE', playerOffer().replaceAll(/a=ice-ufrag.*\r\n/g, '')],
    ['ICE-lite', playerOffer().replace('t=0 0\r\n', 't=0 0\r\na=ice-lite\r\n')],
    ['plain RTP', playerOffer().replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
    ['no SDP', 'hello'],
    ['nothing', ''],
  ])('is a refusal of %s', (_what, sdp) => {
    expect(refusal(sdp)).toBe('offer_unusable');
  });
});

describe('an offer of a player', () => {
  it('that is damaged in any way is answered or refused with a code; an answer fits its offer', () => {
    fc.assert(
      fc.property(damaged([playerOffer(), CHROMIUM_PLAYER]), (mutant) => {
        const result = refusal(mutant);
        if (result === 'offer_unusable' || result === 'codec_unsupported') return;
        const { media } = parse(String(result));
        const { session, codecs } = parsePlayerOffer(mutant);
        expect(media.map(({ type }) => type)).toEqual(session.media.map(({ type }) => type));
        const sending = media.filter(({ direction }) => direction === 'sendonly');
        expect(sending).toHaveLength(1);
        expect(codecs.map(({ payloadType }) => String(payloadType))).toContain(String(sending[0]?.payloads));
      }),
      { numRuns: 5_000 },
    );
  });

  it('that is any text is refused with a code', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `v=0\r\n${text}`),
        ),
        (text) => {
          expect(['offer_unusable', 'codec_unsupported']).toContain(refusal(text));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
