import type { RtpParameters } from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';
import type { FeedSending } from '#contract/facility-link.ts';
import { LAYERS, type Layer } from '#contract/nation.ts';

/**
 * Checks what zod cannot: that the layers are different ones of the feed, lowest first, each with SSRCs of its own.
 *
 * @throws VartaError `invalid`.
 */
export function assertSending(sending: FeedSending, layers: readonly Layer[]): void {
  const said = sending.layers.map(({ layer }) => layer);
  const inOrder = LAYERS.filter((layer) => said.includes(layer) && layers.includes(layer));
  const ssrcs = sending.layers.flatMap(({ ssrc, rtxSsrc }) => [ssrc, rtxSsrc]);
  if (said.join() !== inOrder.join()) throw new VartaError('invalid', 'These are not the layers of the feed');
  if (new Set(ssrcs).size !== ssrcs.length) throw new VartaError('invalid', 'An SSRC is there twice');
  if (sending.codec.payloadType === sending.codec.rtxPayloadType)
    throw new VartaError('invalid', 'A payload type is there twice');
}

/** What comes over the uplink, for a producer: lost packets are asked for again, keyframes are as well. */
export function toRtpParameters({ codec, layers }: FeedSending): RtpParameters {
  return {
    codecs: [
      {
        mimeType: 'video/H264',
        payloadType: codec.payloadType,
        clockRate: 90_000,
        parameters: {
          'packetization-mode': 1,
          'profile-level-id': codec.profileLevelId,
          'level-asymmetry-allowed': 1,
        },
        rtcpFeedback: [
          { type: 'nack', parameter: '' },
          { type: 'nack', parameter: 'pli' },
          { type: 'ccm', parameter: 'fir' },
        ],
      },
      {
        mimeType: 'video/rtx',
        payloadType: codec.rtxPayloadType,
        clockRate: 90_000,
        parameters: { apt: codec.payloadType },
        rtcpFeedback: [],
      },
    ],
    encodings: layers.map(({ ssrc, rtxSsrc }) => ({ ssrc, rtx: { ssrc: rtxSsrc } })),
  };
}

/** Whether the same sender says it again: every one draws a key of its own. */
export function isSameSender(a: FeedSending, b: FeedSending): boolean {
  return a.transportId === b.transportId && a.srtp.keyBase64 === b.srtp.keyBase64;
}
