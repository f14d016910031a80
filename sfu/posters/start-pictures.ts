import { decodeBatch } from './decode-batch.ts';
import { hasFfmpeg } from './ffmpeg.ts';
import { KeyframeTaps } from './keyframe-taps.ts';
import { toPictureTimes } from './picture-times.ts';
import { Pictures, type PicturesOptions } from './pictures.ts';

/** A batch takes some 0.2 s; on a machine that is this busy, stills are the least of its cares. */
const DECODE_TIMEOUT_MS = 10_000;

interface StartOptions extends Omit<PicturesOptions, 'decode' | 'taps' | 'times'> {
  ffmpegBin: string;
  /** From one still of a feed to the next, in milliseconds; 0 for none. */
  everyMs: number;
}

/** Begins to take stills. Without ffmpeg a node does everything else: it says so once, and takes none. */
export async function startPictures({
  ffmpegBin,
  everyMs,
  ...options
}: StartOptions): Promise<Pictures | undefined> {
  if (everyMs === 0) return undefined;
  if (!(await hasFfmpeg(ffmpegBin))) {
    options.log.warn(
      { ffmpegBin },
      'no ffmpeg: no stills, and frozen, black and covered cameras are not found',
    );
    return undefined;
  }
  return new Pictures({
    ...options,
    taps: new KeyframeTaps(),
    times: toPictureTimes(everyMs),
    decode: (keyframes, signal) =>
      decodeBatch(keyframes, { ffmpegBin, timeoutMs: DECODE_TIMEOUT_MS, signal }),
  });
}
