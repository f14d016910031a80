import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program that takes longer to say its version is none to be relied on. */
const PROBE_TIMEOUT_MS = 10_000;

/** Whether there is an ffmpeg that runs. */
export async function hasFfmpeg(ffmpegBin: string): Promise<boolean> {
  try {
    const child = spawn(ffmpegBin, ['-hide_banner', '-version'], {
      stdio: 'ignore',
      timeout: PROBE_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    const [code] = await once(child, 'exit');
    return code === 0;
  } catch {
    return false;
  }
}
