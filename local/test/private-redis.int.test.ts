import { spawn } from 'node:child_process';
import { chmod, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from 'redis';
import { expect, test } from 'vitest';
import { findRedisServer } from '../../setup/redis-binary.ts';
import { PrivateRedis } from '../private-redis.ts';
import { createWatch, eventually, expectGone, makeFolder } from './fixtures/processes.ts';

type Watch = ReturnType<typeof createWatch>;

async function startRedis(dataDir: string, watch: Watch): Promise<PrivateRedis> {
  const found = await findRedisServer(process.env);
  if (found.state === 'missing') throw new Error('these tests need redis-server');
  return PrivateRedis.create({ ...watch, binary: found.file, dataDir, signal: AbortSignal.timeout(20_000) });
}

async function connect(redis: PrivateRedis) {
  const client = createClient({ socket: { path: redis.url.slice('unix://'.length), tls: false } });
  client.on('error', () => {});
  await client.connect();
  return { client, [Symbol.dispose]: () => client.destroy() };
}

test('kill -9: it comes back by itself, with everything it had acknowledged', async () => {
  await using folder = await makeFolder();
  await using watch = createWatch();
  await using redis = await startRedis(join(folder.path, 'redis'), watch);
  using connection = await connect(redis);
  const { client } = connection;
  await client.set('event', 'acknowledged');
  const first = await eventually(() => redis.service.pid);

  process.kill(first, 'SIGKILL');
  const second = await eventually(() => (redis.service.pid === first ? undefined : redis.service.pid));
  expect(second).not.toBe(first);
  await expect
    .poll(() => client.get('event').catch(() => undefined), { timeout: 10_000 })
    .toBe('acknowledged');
});

test('nobody else can reach it: no TCP port, a socket and a folder for its owner alone', async () => {
  await using folder = await makeFolder();
  const dataDir = join(folder.path, 'redis');
  await mkdir(dataDir);
  await chmod(dataDir, 0o755);
  await using watch = createWatch();
  await using redis = await startRedis(dataDir, watch);
  using connection = await connect(redis);
  expect(await connection.client.configGet('port')).toMatchObject({ port: '0' });
  expect((await stat(redis.url.slice('unix://'.length))).mode & 0o777).toBe(0o700);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
});

test('a folder with a path too long for a socket works as well', async () => {
  await using folder = await makeFolder();
  await using watch = createWatch();
  await using redis = await startRedis(join(folder.path, 'd'.repeat(120)), watch);
  using connection = await connect(redis);
  expect(await connection.client.ping()).toBe('PONG');
});

test('it stops cleanly and a second start finds the data', async () => {
  await using folder = await makeFolder();
  await using watch = createWatch();
  const first = await startRedis(join(folder.path, 'redis'), watch);
  {
    using connection = await connect(first);
    await connection.client.set('flag', 'raised');
  }
  const pid = await eventually(() => first.service.pid);
  await first[Symbol.asyncDispose]();
  await expectGone(pid);
  await using second = await startRedis(join(folder.path, 'redis'), watch);
  using connection = await connect(second);
  expect(await connection.client.get('flag')).toBe('raised');
});

test('a server that an earlier run left behind is stopped before another opens its files', async () => {
  await using folder = await makeFolder();
  const dataDir = join(folder.path, 'redis');
  await using watch = createWatch();
  const first = await startRedis(dataDir, watch);
  await first[Symbol.asyncDispose]();
  // What is left when the supervisor and its reaper are both killed: the server alone, with its configuration.
  const orphan = spawn('redis-server', [join(dataDir, 'redis.conf')], { cwd: dataDir, stdio: 'ignore' });
  await eventually(() => orphan.pid);
  await expect
    .poll(
      () =>
        stat(join(dataDir, 'redis.sock')).then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true);

  await using redis = await startRedis(dataDir, watch);
  await expect.poll(() => orphan.exitCode, { timeout: 10_000 }).toBe(0);
  using connection = await connect(redis);
  expect(await connection.client.ping()).toBe('PONG');
});

test('a program that is no Redis is given up with the reason', async () => {
  await using folder = await makeFolder();
  await using watch = createWatch();
  const options = { ...watch, dataDir: join(folder.path, 'redis'), signal: AbortSignal.timeout(20_000) };
  await expect(PrivateRedis.create({ ...options, binary: '/bin/false' })).rejects.toThrow(
    'keeps ending: code 1',
  );
});
