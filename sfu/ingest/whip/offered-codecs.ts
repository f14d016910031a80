import type { RtcpFeedback } from 'mediasoup/types';
import type { MediaDescription } from 'sdp-transform';
import { parseFmtp } from './fmtp.ts';

/** A codec of the offer, in the order in which the encoder prefers them. */
export interface OfferedCodec {
  payloadType: number;
  /** Such as `H264`, as the offer spells it. */
  name: string;
  clockRate: number;
  parameters: Record<string, string>;
  feedback: RtcpFeedback[];
  /** Payload type of its retransmission format (RFC 4588), when offered. */
  rtxPayloadType?: number;
}

/** sdp-transform turns texts that look like numbers into numbers. */
export function toText(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** RTP payload types; 64 to 95 would look like RTCP on the same port (RFC 5761, 4). */
function isPayloadType(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 127 && (value < 64 || value > 95);
}

export function readCodecs(video: MediaDescription): OfferedCodec[] {
  const parametersOf = (payloadType: number) =>
    parseFmtp((video.fmtp ?? []).find((line) => line.payload === payloadType)?.config);
  const formats = (video.rtp ?? [])
    .filter(({ payload }) => isPayloadType(payload))
    .map((format) => ({ ...format, codec: String(format.codec) }));
  const order = String(video.payloads ?? '')
    .split(' ')
    .map(Number);
  const rtx = new Map<string, number>();
  for (const format of formats) {
    const isRtx = format.codec.toLowerCase() === 'rtx' && order.includes(format.payload);
    const apt = isRtx ? parametersOf(format.payload).apt : undefined;
    if (apt !== undefined && !rtx.has(apt)) rtx.set(apt, format.payload);
  }
  const feedback = readFeedback(video);
  return formats
    .filter((format) => format.codec.toLowerCase() !== 'rtx' && order.includes(format.payload))
    .sort((a, b) => order.indexOf(a.payload) - order.indexOf(b.payload))
    .map((format): OfferedCodec => {
      const rtxPayloadType = rtx.get(String(format.payload));
      return {
        payloadType: format.payload,
        name: format.codec,
        clockRate: Number(format.rate),
        parameters: parametersOf(format.payload),
        feedback: feedback
          .filter(({ payload }) => payload === String(format.payload) || payload === '*')
          .map(({ type, parameter }) => ({ type, ...(parameter ? { parameter } : {}) })),
        ...(rtxPayloadType === undefined ? {} : { rtxPayloadType }),
      };
    });
}

/** `a=rtcp-fb` lines, also without the colon: so FFmpeg wrote "a=rtcp-fb106 nack", and lost packets were lost for good. */
function readFeedback(video: MediaDescription) {
  const lines = (video.rtcpFb ?? []).map((line) => ({
    payload: String(line.payload),
    type: String(line.type),
    parameter: toText(line.subtype),
  }));
  for (const { value } of video.invalid ?? []) {
    const [, payload, type, parameter] = /^rtcp-fb ?(\d+) (\S+)(?: (\S+))?$/.exec(String(value)) ?? [];
    if (payload !== undefined && type !== undefined) lines.push({ payload, type, parameter });
  }
  return lines;
}
