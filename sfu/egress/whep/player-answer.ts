import type { RtpParameters } from 'mediasoup/types';
import type { MediaDescription } from 'sdp-transform';
import { type AnswerTransport, transportLines, writeAnswer } from '../../ingest/whip/answer.ts';
import type { PlayerFormat } from './player-format.ts';
import type { PlayerOffer } from './player-offer.ts';

interface PlayerAnswer {
  offer: PlayerOffer;
  format: PlayerFormat;
  /** What the consumer sends. */
  sent: Pick<RtpParameters, 'encodings' | 'rtcp'>;
  transport: AnswerTransport;
  /** Names the stream for the player, such as the feed's id. */
  streamId: string;
  /** Identifies the answer in its o= line; a number below 2⁶³. */
  sessionId: number;
}

/**
 * The answer to a player: the video section sends one format, under the number that the offer gives it; other bundled
 * audio and video sections are inactive (the first of them may carry the bundle's transport); everything else is rejected.
 *
 * It accepts no header extensions: those that mediasoup writes have numbers of its own, which mean something else in the
 * offer, and a player passes over what it has not agreed to (RFC 8285, 4.1.2).
 */
export function buildPlayerAnswer(answer: PlayerAnswer): string {
  const { offer, transport, sessionId } = answer;
  return writeAnswer({
    ...{ offer, transport, sessionId },
    video: videoSection(answer),
    session: { msidSemantic: { semantic: 'WMS', token: '*' } },
  });
}

function videoSection({ offer, format, sent, transport, streamId }: PlayerAnswer): MediaDescription {
  const { payloadType, feedback, parameters } = format;
  const offered = offer.codecs.find((codec) => codec.payloadType === payloadType);
  const [encoding] = sent.encodings ?? [];
  const config = Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(';');
  const cname = sent.rtcp?.cname ?? streamId;
  return {
    ...transportLines(offer.video, offer, transport),
    direction: 'sendonly',
    payloads: String(payloadType),
    rtp: [{ payload: payloadType, codec: offered?.name ?? '', rate: offered?.clockRate ?? 90_000 }],
    fmtp: config === '' ? [] : [{ payload: payloadType, config }],
    rtcpFb: feedback.map(({ type, parameter }) => ({
      payload: payloadType,
      type,
      ...(parameter === undefined ? {} : { subtype: parameter }),
    })),
    ...(offer.reducedSizeRtcp ? { rtcpRsize: 'rtcp-rsize' } : {}),
    msid: [{ id: streamId, appdata: 'video' }],
    ...(encoding?.ssrc === undefined
      ? {}
      : { ssrcs: [{ id: encoding.ssrc, attribute: 'cname', value: cname }] }),
  };
}
