import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { eventually, freePort } from '../../client/e2e/fixtures/processes.ts';
import { keys } from '../adapters/redis/keys.ts';
import { startTestRedis, type TestRedis } from '../test/fixtures/redis.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 60_000;
/** A projection that takes no step for so long stands still. How many steps there are depends on what was sent before. */
const STANDSTILL_MS = 60_000;
const SETTLE_POLL_MS = 100;

/** The server of production in a process of its own, with the sample nation and a Redis that syncs every write. */
export interface BenchServer extends AsyncDisposable {
  readonly origin: string;
  /** Of the server's process that runs now. */
  readonly pid: number;
  readonly redis: TestRedis;
  /** Facility id → key. */
  readonly facilityKeys: Readonly<Record<string, string>>;
  /** Signs in with a sample account; the cookie of its session. */
  signIn(username: string): Promise<string>;
  /** Waits until every event is projected, for as long as that goes on. */
  settled(): Promise<void>;
  /** Memory of the server's process, in MB. */
  residentMb(): number;
  /** Ends the server's process as a power cut would (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again on the same port, and waits until it answers. */
  start(): Promise<void>;
}

/** Starts server and Redis, and waits until the server answers. @param nationFile another nation than the sample */
export async function startBenchServer({ nationFile }: { nationFile?: string } = {}): Promise<BenchServer> {
  await using owned = new AsyncDisposableStack();
  const redis = owned.use(await startTestRedis());
  const dataDir = owned.adopt(await mkdtemp(join(tmpdir(), 'varta-bench-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const grantKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const launch = () =>
    spawn(process.execPath, ['server/main.ts'], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        REDIS_URL: redis.url,
        SAMPLE: 'true',
        HOST: '127.0.0.1',
        PORT: String(port),
        DATA_DIR: dataDir,
        SESSION_SECRET: 'bench'.repeat(8),
        GRANT_PRIVATE_JWK: JSON.stringify({ ...grantKey, kid: 'bench' }),
        LOG_LEVEL: 'error',
        ...(nationFile === undefined ? {} : { NATION_FILE: nationFile }),
      },
      stdio: 'inherit',
    });
  let child: ChildProcess | undefined;
  const kill = async () => {
    const running = child;
    child = undefined;
    if (running) await stop(running);
  };
  const start = async () => {
    if (child) throw new Error('the server runs already');
    const started = launch();
    child = started;
    await eventually('the server answers', START_TIMEOUT_MS, async () => {
      if (started.exitCode !== null) throw new Error(`the server ended with ${started.exitCode}`);
      return (await fetch(`${origin}/healthz`).catch(() => undefined))?.ok ?? false;
    });
  };
  owned.defer(kill);
  await start();
  const facilityKeys = z
    .record(z.string(), z.string())
    .parse(JSON.parse(await readFile(join(dataDir, 'sample-keys.json'), 'utf8')));
  const moved = owned.move();
  return {
    origin,
    get pid() {
      return child?.pid ?? -1;
    },
    redis,
    kill,
    start,
    residentMb: () => {
      const status = readFileSync(`/proc/${child?.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1_000;
    },
    facilityKeys,
    signIn: async (username) => {
      const response = await fetch(`${origin}/api/v1/session`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ username, password: 'varta-sample' }),
      });
      const [cookie] = response.headers.getSetCookie();
      if (!response.ok || !cookie) throw new Error(`${username} could not sign in: ${response.status}`);
      return cookie.split(';')[0] ?? '';
    },
    settled: () => untilSettled(redis),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** Waits until every stream is projected to its end. Throws when nothing is projected any more before that. */
async function untilSettled(redis: TestRedis): Promise<void> {
  const connection = await redis.connect();
  const streams = await connection.keys(keys.custody('*'));
  let known = '';
  let movedMs = performance.now();
  for (;;) {
    const places = await Promise.all(
      streams.map(async (stream) => ({
        stream,
        last: (await connection.xInfoStream(stream))['last-generated-id'],
        position: (await connection.get(`${stream}:position`))?.split(' ')[1],
      })),
    );
    const behind = places.filter(({ last, position }) => position !== last);
    if (behind.length === 0) break;
    const now = JSON.stringify(behind);
    if (now !== known) movedMs = performance.now();
    known = now;
    if (performance.now() - movedMs > STANDSTILL_MS)
      throw new Error(`events are not projected any more: ${now}`);
    await delay(SETTLE_POLL_MS);
  }
  await connection.close();
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
