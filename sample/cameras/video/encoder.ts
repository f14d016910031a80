import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Layer } from '#contract/nation.ts';
import { frameBytes, layerSize, type Painter } from '../picture/painter.ts';
import { LOOP_FRAMES } from '../picture/scene.ts';
import { createNalSplitter, isSlice, toByteStream } from './annex-b.ts';

export const FRAMES_PER_SECOND = 15;
/** Frames from one keyframe to the next: one second. The loop is a whole number of them. */
export const GOP_FRAMES = 15;

const BITRATE_BPS: Readonly<Record<Layer, number>> = { low: 150_000, high: 500_000 };

/** A loop takes about a tenth of a second; an encoder that needs this long for one hangs. */
const STUCK_MS = 20_000;
/** As much of what ffmpeg says as is kept for the error. */
const MAX_COMPLAINT_CHARS = 2_000;

/** One loop to be encoded. */
export interface EncodeJob {
  createPainter(): Painter;
  /** Receives the loop as an H.264 byte stream, or why there is none. Called once. */
  done(result: Buffer | Error): void;
}

type Encoder = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Encodes loops of one layer, one after another, in one ffmpeg: starting it takes longer than encoding a loop. It ends
 * when `nextJob` has no more. Never rejects: each job hears how it went.
 */
export async function encodeBatch(options: {
  ffmpegBin: string;
  layer: Layer;
  nextJob(): EncodeJob | undefined;
  signal: AbortSignal;
}): Promise<void> {
  const encoder = spawn(options.ffmpegBin, toArguments(options.layer), {
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: options.signal,
    killSignal: 'SIGKILL',
  });
  const reader = readLoops(encoder.stdout);
  let complaint = '';
  encoder.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-MAX_COMPLAINT_CHARS);
  });
  // A write to an encoder that has died fails here; why it died is told by its end.
  encoder.stdin.on('error', () => undefined);
  const ended = endOf(encoder);
  let failure: unknown;
  const watchdog = setTimeout(() => encoder.kill('SIGKILL'), STUCK_MS);
  try {
    for (let job = options.nextJob(); job; job = options.nextJob()) {
      reader.expect(job);
      watchdog.refresh();
      await writeLoop(encoder, job.createPainter(), options.layer);
    }
  } catch (error) {
    failure = error;
    encoder.kill('SIGKILL');
  }
  encoder.stdin.end();
  const outcome = await ended;
  clearTimeout(watchdog);
  const reason = complaint.trim() || outcome;
  reader.end(new Error(`sample video could not be encoded: ${reason}`, { cause: failure }));
}

function toArguments(layer: Layer): string[] {
  const { width, height } = layerSize(layer);
  const bitrate = String(BITRATE_BPS[layer]);
  return [
    ...['-hide_banner', '-loglevel', 'error', '-probesize', '32', '-analyzeduration', '0'],
    ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', `${FRAMES_PER_SECOND}`],
    ...['-i', 'pipe:0', '-c:v', 'libx264', '-profile:v', 'baseline', '-level', '3.1'],
    // No frame waits for another, one slice a picture, a closed group of pictures a second.
    ...['-preset', 'ultrafast', '-tune', 'zerolatency', '-threads', '1', '-bf', '0'],
    ...['-g', `${GOP_FRAMES}`, '-keyint_min', `${GOP_FRAMES}`, '-sc_threshold', '0'],
    ...['-b:v', bitrate, '-maxrate', bitrate, '-bufsize', bitrate],
    ...['-f', 'h264', '-flush_packets', '1', 'pipe:1'],
  ];
}

/** Collects each job's pictures from the encoder's output. */
function readLoops(output: Readable) {
  const splitter = createNalSplitter();
  const jobs: EncodeJob[] = [];
  let nals: Buffer[] = [];
  let pictures = 0;
  const take = (units: readonly Buffer[]) => {
    for (const nal of units) {
      nals.push(nal);
      if (isSlice(nal)) pictures++;
      if (pictures < LOOP_FRAMES) continue;
      jobs.shift()?.done(toByteStream(nals));
      nals = [];
      pictures = 0;
    }
  };
  output.on('data', (chunk: Buffer) => take(splitter.push(chunk)));
  return {
    expect: (job: EncodeJob) => void jobs.push(job),
    /** The encoder has ended: what is not whole by now never will be. */
    end: (reason: Error) => {
      take(splitter.end());
      for (const job of jobs.splice(0)) job.done(reason);
    },
  };
}

async function writeLoop(encoder: Encoder, painter: Painter, layer: Layer): Promise<void> {
  // While one frame is on its way through the pipe, the next is painted.
  const buffers = [Buffer.allocUnsafe(frameBytes(layer)), Buffer.allocUnsafe(frameBytes(layer))];
  let written: Promise<void> = Promise.resolve();
  for (let frame = 0; frame < LOOP_FRAMES; frame++) {
    const buffer = buffers[frame % buffers.length] ?? Buffer.alloc(0);
    painter.paint(frame, buffer);
    await written;
    written = write(encoder.stdin, buffer);
    // Its failure is met at the next await; nobody may be waiting when it comes.
    written.catch(() => undefined);
  }
  await written;
}

function write(stream: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

/** Says how the encoder ended, once its output has been read. */
async function endOf(encoder: Encoder): Promise<string> {
  try {
    const [code, signal] = await once(encoder, 'close');
    return signal ? `ffmpeg was ended by ${signal}` : `ffmpeg ended with ${code}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
