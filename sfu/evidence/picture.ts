import type { Layer } from '#contract/nation.ts';
import { joinH264 } from '../posters/h264-payload.ts';
import { joinVp8 } from '../posters/vp8-payload.ts';
import { describeSps } from './sps.ts';

export type ClipCodec = 'h264' | 'vp8';

/** What decoders have to know before the first picture. Pictures of one file have the same. */
export interface PictureFormat {
  codec: ClipCodec;
  /** As players name it, such as `avc1.42e01f`. */
  codecString: string;
  width: number;
  height: number;
}

/** One whole picture as it came from a camera: never decoded, never encoded again. */
export interface Picture {
  /** H.264: a byte stream with start codes. VP8: the frame. */
  bytes: Buffer;
  /** Set on pictures that need none before them. */
  format: PictureFormat | undefined;
  /** Of the RTP clock, 90 kHz, of 32 bits. */
  timestamp: number;
  /** When its last packet came; milliseconds since 1970. */
  atMs: number;
  layer: Layer | undefined;
}

/** The codec that RTP of this type carries; undefined for one that no clip is made of. */
export function clipCodecOf(mimeType: string): ClipCodec | undefined {
  switch (mimeType.toLowerCase()) {
    case 'video/h264':
      return 'h264';
    case 'video/vp8':
      return 'vp8';
    default:
      return undefined;
  }
}

/** The payloads of one picture, in their order and none missing; nothing when they are no picture. */
export function joinPicture(
  codec: ClipCodec,
  payloads: readonly Buffer[],
): Pick<Picture, 'bytes' | 'format'> | undefined {
  if (codec === 'vp8') {
    const joined = joinVp8(payloads);
    return (
      joined && { bytes: joined.bytes, format: joined.size && { codec, codecString: 'vp8', ...joined.size } }
    );
  }
  const joined = joinH264(payloads);
  if (!joined) return undefined;
  const described = joined.isKey && joined.sps ? describeSps(joined.sps) : undefined;
  // A keyframe whose parameters cannot be read is taken for none: nothing could be decoded from it on.
  return { bytes: joined.bytes, format: described && { codec, ...described } };
}
