// Plain JavaScript: it runs under the machine's own Node too, before the pinned one is there.
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { processStart } from './process-table.mjs';

const heartbeatMs = 2_000;
/** A holder on another host (a shared home folder) can only be judged by its heartbeat. */
const foreignStaleMs = 30_000;
const retryMs = 250;

/** @param {string} path */
async function readHolder(path) {
  try {
    const text = await readFile(path, 'utf8');
    const { mtimeMs } = await stat(path);
    const holder = JSON.parse(text);
    return { text, pid: Number(holder.pid), start: String(holder.start), host: String(holder.host), mtimeMs };
  } catch (error) {
    if (error?.code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError) return { text: '', pid: 0, start: '', host: hostname(), mtimeMs: 0 };
    throw error;
  }
}

/** @param {{pid: number, start: string, host: string, mtimeMs: number}} holder */
function isStale(holder) {
  if (holder.host !== hostname()) return Date.now() - holder.mtimeMs > foreignStaleMs;
  return processStart(holder.pid) !== holder.start;
}

/**
 * Takes away a lock whose holder is dead. Somebody else may have done so and taken the lock since it was read: then it is
 * put back.
 *
 * @param {string} path
 * @param {string} staleText
 */
async function removeStale(path, staleText) {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (error?.code === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== staleText) await link(aside, path).catch(() => {});
  await unlink(aside);
}

/**
 * Holds `path` as a lock file. A lock whose process is gone (kill -9, power cut) is taken over.
 *
 * @param {string} path
 * @param {{ wait?: boolean, onWait?: (pid: number) => void }} [options] `wait: false` gives up at once
 * @returns a release function, or the pid of the holder when it gave up
 */
export async function acquireLock(path, { wait = true, onWait = () => {} } = {}) {
  await mkdir(dirname(path), { recursive: true });
  const mine = `${path}.${randomUUID()}`;
  const text = JSON.stringify({
    pid: process.pid,
    start: processStart(process.pid),
    host: hostname(),
    id: randomUUID(),
  });
  await writeFile(mine, text, { mode: 0o644 });
  let waited = false;
  try {
    for (;;) {
      try {
        // A link appears whole or not at all, and never over another.
        await link(mine, path);
        break;
      } catch (error) {
        if (error?.code !== 'EEXIST') throw error;
      }
      const holder = await readHolder(path);
      if (!holder) continue;
      if (isStale(holder)) {
        await removeStale(path, holder.text);
        continue;
      }
      if (!wait) return { state: 'held', pid: holder.pid };
      if (!waited) onWait(holder.pid);
      waited = true;
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  } finally {
    await unlink(mine).catch(() => {});
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, heartbeatMs);
  heartbeat.unref();
  const release = async () => {
    clearInterval(heartbeat);
    const holder = await readHolder(path);
    if (holder?.text === text) await unlink(path);
  };
  return { state: 'acquired', release };
}
