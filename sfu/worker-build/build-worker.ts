import {
  access,
  chmod,
  copyFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { workerStarts } from './check-worker.ts';
import type { Machine } from './machine.ts';
import { renderCMakeSources, toSourceLists } from './source-lists.ts';
import { applyPatch, dtlsReturnBitPatch } from './source-patch.ts';

/** Paths of one build. */
export interface BuildPaths {
  /** The worker's sources as npm installed them; only read. */
  workerSources: string;
  /** CMakeLists.txt and the compatibility headers. */
  buildFiles: string;
  /** Parent of all cached workers. */
  cacheRoot: string;
  /** The name of this worker's folder in it. */
  key: string;
}

const parts = ['src', 'include', 'deps', 'fbs', 'meson.build'];

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A patched copy of the sources. Finished copies are kept, so that an interrupted build goes on where it stopped. */
async function stageSources(paths: BuildPaths, scratch: string): Promise<void> {
  const done = join(scratch, 'staged');
  if (await exists(done)) return;
  for (const part of parts) {
    await cp(join(paths.workerSources, part), join(scratch, 'worker', part), { recursive: true });
  }
  const patched = join(scratch, 'worker', dtlsReturnBitPatch.file);
  await writeFile(patched, applyPatch(await readFile(patched, 'utf8'), dtlsReturnBitPatch));
  const lists = toSourceLists(
    await readFile(join(scratch, 'worker', 'meson.build'), 'utf8'),
    await readFile(join(scratch, 'worker', 'deps', 'libwebrtc', 'meson.build'), 'utf8'),
  );
  await writeFile(join(scratch, 'sources.cmake'), renderCMakeSources(lists));
  await writeFile(done, '');
}

async function removeOtherScratch(cacheRoot: string, keep: string): Promise<void> {
  for (const name of await readdir(cacheRoot)) {
    if (name.startsWith('.building-') && join(cacheRoot, name) !== keep) {
      await rm(join(cacheRoot, name), { recursive: true, force: true });
    }
  }
}

/**
 * Builds the worker and puts it into the cache in one rename, so that nobody ever sees half of it. Call it with the
 * cache's lock held.
 *
 * @returns the file.
 * @throws with the compiler's last lines when the build fails.
 */
export async function buildWorker(machine: Machine, paths: BuildPaths): Promise<string> {
  const scratch = join(paths.cacheRoot, `.building-${paths.key}`);
  const output = join(scratch, 'out');
  const published = join(paths.cacheRoot, paths.key);
  await removeOtherScratch(paths.cacheRoot, scratch);
  await stageSources(paths, scratch);
  await machine.run(
    'cmake',
    [
      ...['-G', 'Ninja', '-S', paths.buildFiles, '-B', output],
      `-DWORKER_DIR=${join(scratch, 'worker')}`,
      `-DSOURCE_LISTS_FILE=${join(scratch, 'sources.cmake')}`,
    ],
    () => {},
  );
  await machine.run('ninja', ['-C', output, '-j', String(availableParallelism())], (line) => {
    const step = /^\[(\d+)\/(\d+)\]/.exec(line);
    if (step) machine.say(`compiling ${step[1]} of ${step[2]}`);
  });
  const built = join(output, 'mediasoup-worker');
  if (!(await workerStarts(machine, built))) throw new Error('the worker was built, but it does not start');
  const fresh = join(scratch, 'publish');
  await mkdir(fresh, { recursive: true });
  await copyFile(built, join(fresh, 'mediasoup-worker'));
  await chmod(join(fresh, 'mediasoup-worker'), 0o755);
  await rm(published, { recursive: true, force: true });
  await rename(fresh, published);
  await rm(scratch, { recursive: true, force: true });
  return join(published, 'mediasoup-worker');
}
