import { access, mkdir, readdir, readFile } from 'node:fs/promises';
import { arch, homedir, platform, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWorker } from './build-worker.ts';
import { workerStarts } from './check-worker.ts';
import type { Machine, SystemNeed } from './machine.ts';
import { downloadPrebuilt, toPrebuiltUrl, toReleaseBase } from './prebuilt.ts';
import { inspectToolchain } from './toolchain.ts';
import { toPrebuiltKey, toWorkerKey, toWorkerKeyPrefix } from './worker-key.ts';

/** A worker that is there, one that can be built now, or what has to be installed to build it. */
export type WorkerFinding =
  | { state: 'ready'; file: string; origin: 'given' | 'downloaded' | 'built' }
  | { state: 'buildable'; why: string; build: () => Promise<string> }
  | { state: 'unbuildable'; why: string; needs: SystemNeed[] };

/** The files that decide what the compiler sees. */
const buildFileNames = [
  'CMakeLists.txt',
  'source-lists.ts',
  'source-patch.ts',
  'compat/srtp.h',
  'compat/ankerl/unordered_dense.h',
];

/** Where workers are kept: outside every checkout, so that one build serves all of them. */
export function toCacheRoot(env: NodeJS.ProcessEnv, home: string, temporary: string): string {
  const base = env.XDG_CACHE_HOME || (home ? join(home, '.cache') : temporary);
  return join(base, 'varta', 'worker');
}

/** `os.homedir()` throws where the user has neither HOME nor an entry in the user database. */
function findHome(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

async function isFile(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function readMediasoupPackage(root: string): Promise<{ version: string; repositoryUrl: string }> {
  const parsed: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed && 'repository' in parsed) {
    const { version, repository } = parsed;
    if (typeof version === 'string' && typeof repository === 'object' && repository && 'url' in repository) {
      return { version, repositoryUrl: String(repository.url) };
    }
  }
  throw new Error(`${join(root, 'package.json')} has no version or repository`);
}

async function findCached(machine: Machine, cacheRoot: string, names: string[]): Promise<string | undefined> {
  for (const name of names) {
    const file = join(cacheRoot, name, 'mediasoup-worker');
    if ((await isFile(file)) && (await workerStarts(machine, file))) return file;
  }
  return undefined;
}

/**
 * Finds the mediasoup worker: the one that `MEDIASOUP_WORKER_BIN` names, one made or fetched before, a released one, or
 * a way to build it from the sources in node_modules.
 *
 * @param root the checkout.
 * @throws when `MEDIASOUP_WORKER_BIN` names something that does not start.
 */
export async function findWorker(machine: Machine, root: string): Promise<WorkerFinding> {
  const given = machine.env.MEDIASOUP_WORKER_BIN;
  if (given) {
    if (await workerStarts(machine, given)) return { state: 'ready', file: given, origin: 'given' };
    throw new Error(
      `MEDIASOUP_WORKER_BIN is ${given}, which is not a worker that starts here. Mend or unset it.`,
    );
  }
  const mediasoup = join(root, 'node_modules', 'mediasoup');
  const buildFiles = join(root, 'sfu', 'worker-build');
  const cacheRoot = toCacheRoot(machine.env, findHome(), tmpdir());
  const [{ version, repositoryUrl }, contents, toolchain] = await Promise.all([
    readMediasoupPackage(mediasoup),
    Promise.all(buildFileNames.map((name) => readFile(join(buildFiles, name), 'utf8'))),
    inspectToolchain(machine),
  ]);
  const identity = {
    mediasoupVersion: version,
    platform: platform(),
    arch: arch(),
    buildFiles: contents,
    toolchain: toolchain.state === 'complete' ? toolchain.identity : [],
  };
  const key = toWorkerKey(identity);
  const prefix = toWorkerKeyPrefix(identity);
  const cached = await readdir(cacheRoot).catch((): string[] => []);
  // Without a compiler there is no exact key; a worker of the same sources that starts is then as good.
  const usable = toolchain.state === 'complete' ? [key] : cached.filter((name) => name.startsWith(prefix));
  const built = await findCached(machine, cacheRoot, usable);
  if (built) return { state: 'ready', file: built, origin: 'built' };

  const prebuiltKey = toPrebuiltKey(version, platform(), arch());
  const fetched = await findCached(machine, cacheRoot, [prebuiltKey]);
  if (fetched) return { state: 'ready', file: fetched, origin: 'downloaded' };
  let why = 'MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD is set';
  if (!machine.env.MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD) {
    const target = { version, platform: platform(), arch: arch(), osRelease: release() };
    const url = toPrebuiltUrl(toReleaseBase(repositoryUrl, machine.env), target);
    machine.say('asking for a released media worker');
    const download = await downloadPrebuilt(machine, url, join(cacheRoot, prebuiltKey));
    if (download.ok) return { state: 'ready', file: download.file, origin: 'downloaded' };
    why = `no released worker: ${download.reason}`;
  }
  if (toolchain.state === 'incomplete') return { state: 'unbuildable', why, needs: toolchain.needs };
  const paths = { workerSources: join(mediasoup, 'worker'), buildFiles, cacheRoot, key };
  return { state: 'buildable', why, build: () => buildOnce(machine, paths) };
}

/** Builds unless another set-up has done so while this one waited for the lock. */
async function buildOnce(machine: Machine, paths: Parameters<typeof buildWorker>[1]): Promise<string> {
  await mkdir(paths.cacheRoot, { recursive: true });
  return machine.withLock(join(paths.cacheRoot, 'build.lock'), async () => {
    const meanwhile = await findCached(machine, paths.cacheRoot, [paths.key]);
    return meanwhile ?? (await buildWorker(machine, paths));
  });
}
