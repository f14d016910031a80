import { mkdir } from 'node:fs/promises';
import { acquireLock } from '../setup/early/file-lock.mjs';
import { toDataPaths } from './settings.ts';

/**
 * Makes the data folder and holds it: two Redis servers on one record would ruin it.
 *
 * @throws when another supervisor has it.
 */
export async function lockDataDir(dataDir: string): Promise<AsyncDisposable> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = await acquireLock(toDataPaths(dataDir).lock, { wait: false });
  if (lock.state === 'acquired') return { [Symbol.asyncDispose]: lock.release };
  throw new Error(
    `${dataDir} is in use by another Varta (process ${lock.pid}). Stop that one, or give this one a folder and a port ` +
      'of its own: DATA_DIR=.data-2 PORT=8090 npm start',
  );
}
