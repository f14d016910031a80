import { chmod, lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { processStart } from '../setup/early/process-table.mjs';
import { ChildService, type ServiceOptions } from './child-service.ts';
import { renderRedisConfig } from './redis-config.ts';
import { toSocketPlace } from './socket-path.ts';

const pollMs = 20;
/** Reading a long append-only file takes a while. */
const readyTimeoutMs = 120_000;
const orphanGraceMs = 10_000;

/** Options of a private Redis. */
export interface PrivateRedisOptions extends Pick<ServiceOptions, 'reaper' | 'onLine' | 'say'> {
  /** The redis-server program. */
  binary: string;
  /** Its folder; made with mode 0700. */
  dataDir: string;
  signal: AbortSignal;
}

/** One question to the server at a socket; undefined when nobody answers. */
async function ask(socketPath: string, command: [string, ...string[]]): Promise<string | undefined> {
  const client = createClient({
    socket: { path: socketPath, tls: false, reconnectStrategy: false, connectTimeout: 1_000 },
    disableOfflineQueue: true,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return String(await client.sendCommand(command));
  } catch {
    return undefined;
  } finally {
    if (client.isOpen) client.destroy();
  }
}

/** A folder that is ours alone, also when somebody else could have made it before us. */
async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const stat = await lstat(path);
  if (!stat.isDirectory() || (process.getuid && stat.uid !== process.getuid())) {
    throw new Error(`${path} is not a folder of this user`);
  }
  await chmod(path, 0o700);
}

/**
 * Two servers on one append-only file would ruin it. One that is left from a run that was killed together with its
 * reaper is stopped first; it writes down what it has.
 */
async function stopOrphan(socketPath: string): Promise<void> {
  const info = await ask(socketPath, ['INFO', 'server']);
  const pid = Number(/^process_id:(\d+)/m.exec(info ?? '')?.[1]);
  const start = pid ? processStart(pid) : undefined;
  if (!start) return;
  process.kill(pid, 'SIGTERM');
  const deadline = performance.now() + orphanGraceMs;
  while (processStart(pid) === start) {
    if (performance.now() > deadline)
      throw new Error(`an old Redis (process ${pid}) does not stop; end it by hand`);
    await delay(pollMs);
  }
}

/** A redis-server of our own, on a socket in a private folder, that keeps everything it has acknowledged. */
export class PrivateRedis implements AsyncDisposable {
  readonly service: ChildService;
  /** For `REDIS_URL`. */
  readonly url: string;
  readonly #separateFolder: string | undefined;

  private constructor(service: ChildService, url: string, separateFolder: string | undefined) {
    this.service = service;
    this.url = url;
    this.#separateFolder = separateFolder;
  }

  /** Starts it and waits until it has read its data and answers. */
  static async create(options: PrivateRedisOptions): Promise<PrivateRedis> {
    const { dataDir, binary } = options;
    const place = toSocketPlace(dataDir, tmpdir());
    await makePrivateFolder(dataDir);
    if (place.separateFolder !== undefined) await makePrivateFolder(place.separateFolder);
    const config = join(dataDir, 'redis.conf');
    const service = new ChildService({
      ...options,
      name: 'redis',
      command: binary,
      args: [config],
      cwd: dataDir,
      env: process.env,
      beforeStart: async () => {
        await stopOrphan(place.path);
        await writeFile(config, renderRedisConfig({ dataDir, socketPath: place.path }), { mode: 0o600 });
      },
    });
    const redis = new PrivateRedis(service, `unix://${place.path}`, place.separateFolder);
    await using owned = new AsyncDisposableStack();
    owned.use(redis);
    service.start();
    await waitUntilAnswering(service, place.path, options.signal).catch((error: Error) => {
      throw new Error(`${error.message} (its log: ${join(dataDir, 'redis.log')})`, { cause: error });
    });
    owned.move();
    return redis;
  }

  /** Stops it; it flushes first. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.service.stop();
    if (this.#separateFolder !== undefined) await rm(this.#separateFolder, { recursive: true, force: true });
  }
}

/** A server that reads its data answers with "LOADING", one that can't start keeps dying. */
async function waitUntilAnswering(
  service: ChildService,
  socketPath: string,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + readyTimeoutMs;
  while ((await ask(socketPath, ['PING'])) !== 'PONG') {
    signal.throwIfAborted();
    if (service.failuresInARow >= 3) throw new Error(`redis-server keeps ending: ${service.lastEnd}`);
    if (performance.now() > deadline)
      throw new Error(`redis-server did not answer in ${readyTimeoutMs / 1000} s`);
    await delay(pollMs, undefined, { signal });
  }
}
