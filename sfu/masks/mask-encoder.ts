import { type ChildProcess, spawn } from 'node:child_process';
import type { MaskRegion } from '#contract/nation.ts';
import { type EncodedPicture, FlvReader } from './flv.ts';

/** Bytes of memory that may wait for an ffmpeg that does not even start; how late pictures may be, lateness.ts says. */
const MAX_WAITING_BYTES = 4_000_000;
/**
 * Pictures from one keyframe to the next at the latest: about a second. Each keyframe of the camera gives one as well, so
 * whoever comes asks the camera; but a camera that is pulled cannot be asked.
 */
const KEYFRAME_EVERY = 20;

interface MaskEncoderOptions {
  ffmpegBin: string;
  regions: readonly MaskRegion[];
  /** Most that it sends. */
  maxBps: number;
  onPicture(picture: EncodedPicture): void;
  /** It ended though nobody asked it to. */
  onEnded(): void;
}

/**
 * One layer of a feed on its way through ffmpeg: decoded, drawn over, encoded again. In and out by pipes, which nobody but
 * the two ends can write to; ports of this machine are anybody's.
 */
export class MaskEncoder {
  readonly #child: ChildProcess;
  #closed = false;

  constructor(options: MaskEncoderOptions) {
    this.#child = spawn(options.ffmpegBin, toArguments(options), { stdio: ['pipe', 'pipe', 'pipe'] });
    const reader = new FlvReader();
    const end = () => {
      if (this.#closed) return;
      this.close();
      options.onEnded();
    };
    this.#child.once('error', end);
    this.#child.once('exit', end);
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stdout?.on('error', () => undefined);
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      if (this.#closed) return;
      try {
        for (const picture of reader.push(chunk)) options.onPicture(picture);
      } catch {
        // Whatever that is, it is no picture.
        this.#child.kill('SIGKILL');
      }
    });
    // What it says of damaged pictures is of no use to anybody; it is read so that it never waits to say it.
    this.#child.stderr?.resume();
  }

  /** Process id, for the figures; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  write(chunks: readonly Buffer[]): void {
    const { stdin } = this.#child;
    if (this.#closed || !stdin) return;
    if (stdin.writableLength > MAX_WAITING_BYTES) {
      this.#child.kill('SIGKILL');
      return;
    }
    for (const chunk of chunks) stdin.write(chunk);
  }

  /** Ends it at once: what it has not sent is never sent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#child.stdin?.destroy();
    this.#child.stdout?.destroy();
    this.#child.kill('SIGKILL');
  }
}

function toArguments({ regions, maxBps }: MaskEncoderOptions): string[] {
  const rate = String(maxBps);
  return [
    ...['-hide_banner', '-v', 'error', '-filter_threads', '1'],
    // As it comes, without looking ahead. No `-fflags nobuffer`: what ffmpeg reads to know the stream, the first keyframe,
    // is thrown away with it, and then there is no picture until the camera's next.
    ...['-flags', 'low_delay', '-probesize', '32', '-analyzeduration', '0'],
    ...['-use_wallclock_as_timestamps', '1', '-threads', '1', '-f', 'h264', '-i', 'pipe:0'],
    ...['-an', '-vf', [...regions.map(toBox), 'format=yuv420p'].join()],
    ...['-fps_mode', 'passthrough', '-enc_time_base', '1:90000'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline'],
    ...['-threads', '1', '-crf', '26', '-maxrate', rate, '-bufsize', rate],
    ...['-g', String(KEYFRAME_EVERY), '-force_key_frames', 'source', '-forced-idr', '1'],
    ...['-flush_packets', '1', '-flvflags', 'no_duration_filesize', '-f', 'flv', 'pipe:1'],
  ];
}

/** A black box over a part of the picture, outwards to whole points. */
export function toBox({ x, y, width, height }: MaskRegion): string {
  const fixed = (value: number) => value.toFixed(5);
  return [
    `drawbox=x=floor(iw*${fixed(x)})`,
    `y=floor(ih*${fixed(y)})`,
    `w=ceil(iw*${fixed(width)})+1`,
    `h=ceil(ih*${fixed(height)})+1`,
    'color=black',
    't=fill',
  ].join(':');
}
