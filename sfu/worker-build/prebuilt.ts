import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { workerStarts } from './check-worker.ts';
import type { Machine } from './machine.ts';

/** Time until the first byte. A closed network often drops packets instead of refusing them. */
const defaultAnswerTimeoutMs = 6_000;
const transferTimeoutMs = 120_000;
/** Released workers are 3 to 10 MB. */
const maxBytes = 100_000_000;

/** What decides the name of a released worker. */
export interface PrebuiltTarget {
  version: string;
  platform: string;
  arch: string;
  /** `os.release()`, such as "6.1.0-18-amd64". */
  osRelease: string;
}

/** The address of a released worker, by the naming of mediasoup's own install script. */
export function toPrebuiltUrl(baseUrl: string, target: PrebuiltTarget): string {
  const kernel = target.platform === 'linux' ? `-kernel${Number.parseInt(target.osRelease, 10)}` : '';
  const name = `mediasoup-worker-${target.version}-${target.platform}-${target.arch}${kernel}.tgz`;
  return `${baseUrl.replace(/\/+$/, '')}/${target.version}/${name}`;
}

/** Where mediasoup publishes its releases, from the `repository` of its package.json or the variable it reads too. */
export function toReleaseBase(repositoryUrl: string, env: NodeJS.ProcessEnv): string {
  return (
    env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL ||
    `${repositoryUrl.replace(/^git\+/, '').replace(/\.git$/, '')}/releases/download`
  );
}

function limitBytes(max: number): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      done(total > max ? new Error(`more than ${max} bytes`) : null, chunk);
    },
  });
}

async function fetchTo(url: string, file: string, answerTimeoutMs: number): Promise<void> {
  const answered = new AbortController();
  const answerTimer = setTimeout(() => answered.abort(new Error('no answer')), answerTimeoutMs);
  try {
    const signal = AbortSignal.any([answered.signal, AbortSignal.timeout(transferTimeoutMs)]);
    const response = await fetch(url, { signal });
    clearTimeout(answerTimer);
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    // Only now: where there is nothing to fetch, nothing is left behind.
    await mkdir(dirname(file), { recursive: true });
    await pipeline(response.body, limitBytes(maxBytes), createWriteStream(file), {
      signal,
    });
  } finally {
    clearTimeout(answerTimer);
  }
}

function toReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return cause || error.message;
}

/**
 * Downloads a released worker into the folder `into`, whole or not at all.
 *
 * @returns the file, or why there is none: that is no failure, the worker can be built.
 */
export async function downloadPrebuilt(
  machine: Machine,
  url: string,
  into: string,
  answerTimeoutMs = defaultAnswerTimeoutMs,
): Promise<{ ok: true; file: string } | { ok: false; reason: string }> {
  const scratch = `${into}.${process.pid}.new`;
  const archive = join(scratch, 'worker.tgz');
  try {
    await fetchTo(url, archive, answerTimeoutMs);
    const unpacked = await machine.capture('tar', ['-xzf', archive, '-C', scratch, 'mediasoup-worker']);
    if (unpacked.code !== 0) return { ok: false, reason: `it does not unpack: ${unpacked.stderr.trim()}` };
    if (!(await workerStarts(machine, join(scratch, 'mediasoup-worker')))) {
      return { ok: false, reason: 'it does not start on this machine' };
    }
    await rm(archive);
    await rm(into, { recursive: true, force: true });
    await rename(scratch, into);
    return { ok: true, file: join(into, 'mediasoup-worker') };
  } catch (error) {
    return { ok: false, reason: toReason(error) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
