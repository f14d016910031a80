import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { muxPart } from './mux.ts';
import type { Picture } from './picture.ts';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 8 * 1024 * 1024;
/** Of mjpeg's 2 to 31: as good as it gets, for what may be looked at closely. */
const JPEG_QUALITY = '2';

/**
 * The last of these pictures as a JPEG of its full size; the first one is a keyframe, and they are of one format. Undefined
 * when ffmpeg is not there, or they cannot be read: a clip goes without a still then.
 */
export async function decodeLast(
  pictures: readonly Picture[],
  { ffmpegBin, signal }: { ffmpegBin: string; signal: AbortSignal },
): Promise<Buffer | undefined> {
  const format = pictures[0]?.format;
  if (!format) return undefined;
  const file = await muxPart({ format, pictures: [...pictures] }).catch(() => undefined);
  if (!file) return undefined;
  const child = spawn(
    ffmpegBin,
    [
      ...['-hide_banner', '-nostdin', '-v', 'error', '-threads', '1', '-protocol_whitelist', 'pipe'],
      ...['-f', format.codec === 'h264' ? 'mp4' : 'webm', '-i', 'pipe:0'],
      ...['-vf', `select=eq(n\\,${pictures.length - 1})`, '-frames:v', '1', '-vsync', 'passthrough'],
      ...['-threads', '1', '-c:v', 'mjpeg', '-q:v', JPEG_QUALITY, '-f', 'image2pipe', 'pipe:1'],
    ],
    { stdio: ['pipe', 'pipe', 'ignore'], timeout: TIMEOUT_MS, killSignal: 'SIGKILL', signal },
  );
  const closed = once(child, 'close').then(
    ([code]) => code === 0,
    () => false,
  );
  if (child.pid !== undefined) lowerPriority(child.pid);
  // ffmpeg reads no further than it needs, and may have ended before.
  child.stdin.on('error', () => undefined);
  child.stdin.end(file);
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BYTES) chunks.push(chunk);
  });
  const isDone = await closed;
  return isDone && bytes > 0 && bytes <= MAX_BYTES ? Buffer.concat(chunks) : undefined;
}

/** Media goes first. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, or we may not.
  }
}
