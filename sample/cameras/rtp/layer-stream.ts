import type { Clip } from '../video/clip.ts';
import { GOP_FRAMES } from '../video/encoder.ts';
import { RTP_HEADER_BYTES, stampHeader } from './packetiser.ts';
import { toSenderReport } from './rtcp.ts';

/** Frames from one sender report to the next: 1.6 s. */
const REPORT_EVERY_FRAMES = 24;

/** One SSRC's stream: plays a clip in a loop, in RTP. */
export interface LayerStream {
  readonly ssrc: number;
  /** The frame that is sent next. */
  readonly next: number;
  /** Sends the next picture, and a sender report when one is due: with the first, and every 1.6 s. */
  sendPicture(at: { timestamp: number; atMs: number; payloadType: number }): void;
  /** What is sent next is a keyframe. */
  skipToKeyframe(): void;
  /** Goes on after a pause or to another receiver: with a keyframe and a report, at this frame's group or after. */
  restart(clip: Clip, fromFrame: number): void;
}

export function createLayerStream(options: {
  ssrc: number;
  /** Where the numbers of packets begin, 0 to 65,535. */
  firstSequence: number;
  cname: string;
  send(packet: Buffer): void;
}): LayerStream {
  const { ssrc, cname, send } = options;
  let sequence = options.firstSequence;
  let clip: Clip | undefined;
  let next = 0;
  let packets = 0;
  let octets = 0;
  let untilReport = 0;

  return {
    ssrc,
    get next() {
      return next;
    },
    sendPicture({ timestamp, atMs, payloadType }) {
      const frame = clip?.frames[next];
      if (!clip || !frame) return;
      for (const packet of frame.packets) {
        stampHeader(packet, { payloadType, sequence, timestamp, ssrc });
        send(packet);
        sequence = (sequence + 1) & 0xffff;
        packets++;
        octets += packet.length - RTP_HEADER_BYTES;
      }
      next = (next + 1) % clip.frames.length;
      if (untilReport <= 0) {
        // After the packets: a receiver knows the stream by then.
        send(toSenderReport({ ssrc, atMs, timestamp, packets, octets, cname }));
        untilReport = REPORT_EVERY_FRAMES;
      }
      untilReport--;
    },
    skipToKeyframe() {
      if (clip) next = keyframeFrom(next, clip);
    },
    restart(newClip, fromFrame) {
      clip = newClip;
      next = keyframeFrom(fromFrame, newClip);
      untilReport = 0;
    },
  };
}

function keyframeFrom(frame: number, clip: Clip): number {
  return (Math.ceil(frame / GOP_FRAMES) * GOP_FRAMES) % clip.frames.length;
}
