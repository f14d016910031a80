import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { POSTER_MAX_BYTES, POSTER_MAX_HEIGHT, POSTER_MAX_WIDTH } from '#contract/posters.ts';
import type { Keyframe } from './keyframe.ts';
import { GREY_BYTES, GREY_HEIGHT, GREY_WIDTH } from './luma.ts';

/** A keyframe as a still, and as the small grey picture that faults are found in. */
export interface Decoded {
  jpeg: Buffer;
  grey: Buffer;
}

/** What became of a batch. `finished` is false when ffmpeg gave up, or was made to, before it had seen all of it. */
export interface BatchResult {
  /** At the places of the keyframes; nothing for one that could not be decoded without an error. */
  decoded: (Decoded | undefined)[];
  finished: boolean;
}

export interface DecodeOptions {
  ffmpegBin: string;
  /** After this time ffmpeg is killed. A batch takes some 0.2 s. */
  timeoutMs: number;
  signal: AbortSignal;
}

/** Of mjpeg's 2 to 31: a picture of this size has some 6 KB. */
const JPEG_QUALITY = '6';
/** The largest picture that is decoded: 4096 × 2160. */
const MAX_PIXELS = String(4096 * 2160);

/**
 * Decodes keyframes of many feeds in one ffmpeg, which ends with the batch. Each has an input, a decoder and outputs of
 * its own in it, so that no picture can come out at another's place, nor contain anything of another. One that is damaged
 * gives nothing (`-err_detect explode`), rather than what the decoder would guess.
 *
 * @throws when ffmpeg cannot be started, or `signal` is aborted.
 */
export async function decodeBatch(
  keyframes: readonly Keyframe[],
  { ffmpegBin, timeoutMs, signal }: DecodeOptions,
): Promise<BatchResult> {
  const child = spawn(ffmpegBin, toArguments(keyframes), {
    stdio: ['ignore', 'ignore', 'pipe', ...keyframes.flatMap(() => ['pipe', 'pipe', 'pipe'] as const)],
    signal,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const closed = once(child, 'close');
  // Rejects when it cannot be started, or is to end; that is met below.
  closed.catch(() => undefined);
  if (child.pid !== undefined) lowerPriority(child.pid);
  // What it says of damaged pictures is of no use to anybody; it is read so that it never waits to say it.
  child.stderr?.resume();
  const outputs = keyframes.map(({ bytes }, index) => {
    const [input, jpeg, grey] = [0, 1, 2].map((pipe) => child.stdio[3 + 3 * index + pipe]);
    feed(input as Writable, bytes);
    return { jpeg: collect(jpeg as Readable, POSTER_MAX_BYTES), grey: collect(grey as Readable, GREY_BYTES) };
  });
  const [code] = await closed;
  return { decoded: outputs.map(({ jpeg, grey }) => toDecoded(jpeg(), grey())), finished: code === 0 };
}

function toArguments(keyframes: readonly Keyframe[]): string[] {
  const pipe = (index: number, place: number) => `pipe:${3 + 3 * index + place}`;
  return [
    ...['-hide_banner', '-nostdin', '-v', 'error', '-filter_threads', '1'],
    ...keyframes.flatMap(({ format }, index) => [
      ...['-threads', '1', '-err_detect', 'explode', '-max_pixels', MAX_PIXELS],
      ...['-protocol_whitelist', 'pipe', '-f', format, '-i', pipe(index, 0)],
    ]),
    ...keyframes.flatMap((_, index) => [
      ...['-map', `${index}:v:0`, '-frames:v', '1', '-threads', '1', '-vf', TO_STILL],
      ...['-c:v', 'mjpeg', '-q:v', JPEG_QUALITY, '-f', 'image2pipe', pipe(index, 1)],
      ...['-map', `${index}:v:0`, '-frames:v', '1', '-threads', '1', '-vf', TO_GREY],
      ...['-c:v', 'rawvideo', '-f', 'rawvideo', pipe(index, 2)],
    ]),
  ];
}

const TO_STILL = [
  `scale=w=${POSTER_MAX_WIDTH}:h=${POSTER_MAX_HEIGHT}:force_original_aspect_ratio=decrease:flags=area`,
  'format=yuvj420p',
].join();
/** By way of yuv420p, so that the luma of cameras with full range is brought to the limited one. */
const TO_GREY = `scale=${GREY_WIDTH}:${GREY_HEIGHT}:flags=area,format=yuv420p,extractplanes=y`;

/** Media goes first: the workers must never wait for stills. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, or we may not; then it runs like everybody else.
  }
}

function feed(input: Writable, bytes: Buffer): void {
  // ffmpeg reads no further than it needs, and may have ended before.
  input.on('error', () => undefined);
  input.end(bytes);
}

/** Everything that comes; nothing when it is more than `maxBytes`. */
function collect(output: Readable, maxBytes: number): () => Buffer | undefined {
  const chunks: Buffer[] = [];
  let length = 0;
  output.on('error', () => undefined);
  output.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= maxBytes) chunks.push(chunk);
  });
  return () => (length > 0 && length <= maxBytes ? Buffer.concat(chunks) : undefined);
}

function toDecoded(jpeg: Buffer | undefined, grey: Buffer | undefined): Decoded | undefined {
  if (!jpeg || grey?.length !== GREY_BYTES) return undefined;
  const isWhole = jpeg.readUInt16BE(0) === 0xffd8 && jpeg.readUInt16BE(jpeg.length - 2) === 0xffd9;
  return isWhole ? { jpeg, grey } : undefined;
}
