import {
  BufferTarget,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny';
import type { Picture, PictureFormat } from './picture.ts';

/** Ticks of the RTP clock of video in a second (RFC 6184, RFC 7741). */
const CLOCK_HZ = 90_000;
/** How long the last picture is shown, and one whose time does not say; seconds. */
const USUAL_S = 1 / 15;
/** RTP time and arrival differ by the network; by more, the source has begun anew. Milliseconds. */
const MAX_DRIFT_MS = 2_000;
/** After this long without a picture another file begins: a player would stand still. Milliseconds. */
const MAX_PAUSE_MS = 10_000;

/** Pictures that make one file: of one format, and with times that go on. */
export interface Part {
  format: PictureFormat;
  pictures: Picture[];
}

/** Divides pictures, the first of which is a keyframe, where a player could not go on in one file. */
export function toParts(pictures: Iterable<Picture>): Part[] {
  const parts: Part[] = [];
  for (const picture of pictures) {
    const part = parts.at(-1);
    const last = part?.pictures.at(-1);
    const { format } = picture;
    const goesOn = part && last && follows(last, picture) && (!format || isSame(format, part.format));
    if (goesOn) part.pictures.push(picture);
    // What comes in between, from a break to the next keyframe, cannot be decoded.
    else if (format) parts.push({ format, pictures: [picture] });
  }
  return parts;
}

/** Puts a part into a file that browsers play, without decoding anything: MP4 for H.264, WebM for VP8. */
export async function muxPart({ format, pictures }: Part): Promise<Buffer> {
  const target = new BufferTarget();
  const output = new Output({
    format:
      format.codec === 'h264' ? new Mp4OutputFormat({ fastStart: 'in-memory' }) : new WebMOutputFormat(),
    target,
  });
  const source = new EncodedVideoPacketSource(format.codec === 'h264' ? 'avc' : 'vp8');
  output.addVideoTrack(source);
  await output.start();
  const decoderConfig = {
    codec: format.codecString,
    codedWidth: format.width,
    codedHeight: format.height,
  };
  const first = pictures[0]?.timestamp ?? 0;
  const times = pictures.map(({ timestamp }) => ((timestamp - first) >>> 0) / CLOCK_HZ);
  for (const [index, picture] of pictures.entries()) {
    const time = times[index] ?? 0;
    const durationS = (times[index + 1] ?? time + USUAL_S) - time;
    const packet = new EncodedPacket(picture.bytes, picture.format ? 'key' : 'delta', time, durationS);
    await source.add(packet, index === 0 ? { decoderConfig } : undefined);
  }
  await output.finalize();
  if (!target.buffer) throw new Error('nothing was written');
  return Buffer.from(target.buffer);
}

function follows(last: Picture, next: Picture): boolean {
  const stepMs = ((next.timestamp - last.timestamp) | 0) / (CLOCK_HZ / 1_000);
  const cameMs = next.atMs - last.atMs;
  return stepMs > 0 && cameMs < MAX_PAUSE_MS && Math.abs(stepMs - cameMs) < MAX_DRIFT_MS;
}

function isSame(a: PictureFormat, b: PictureFormat): boolean {
  return a.codecString === b.codecString && a.width === b.width && a.height === b.height;
}
