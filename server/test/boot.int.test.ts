import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { hashPassword } from '../access/password.ts';
import { keys } from '../adapters/redis/keys.ts';
import { createTestSigner } from './fixtures/audit-key.ts';
import { startTestRedis } from './fixtures/redis.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const GRANT_KEY = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });

interface Started extends AsyncDisposable {
  child: ChildProcess;
  output(): string;
  exited: Promise<number | null>;
  /** Fulfilled when the output matches; rejected when the process ends before. */
  says(pattern: RegExp): Promise<void>;
}

/** `npm run server`, as production runs it. */
async function startProcess(environment: Record<string, string>, args: string[] = []): Promise<Started> {
  const dataDir = await mkdtemp(join(tmpdir(), 'varta-boot-'));
  const child = spawn(process.execPath, ['server/main.ts', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      SAMPLE: 'true',
      DATA_DIR: dataDir,
      SESSION_SECRET: 'boot'.repeat(8),
      GRANT_PRIVATE_JWK: JSON.stringify({ ...GRANT_KEY, kid: 'boot' }),
      ...environment,
    },
  });
  let output = '';
  const read = (chunk: Buffer) => {
    output += chunk.toString();
    child.emit('output');
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const exited = once(child, 'close').then(() => child.exitCode);
  return {
    child,
    output: () => output,
    exited,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => pattern.test(output) && resolve();
        child.on('output', look);
        child.once('close', () => reject(new Error(`ended without ${pattern}:\n${output}`)));
        look();
      }),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return String(typeof address === 'object' ? address?.port : 0);
}

test('--check reads the settings and ends', async () => {
  await using fine = await startProcess({ REDIS_URL: 'redis://127.0.0.1:1' }, ['--check']);
  expect(await fine.exited).toBe(0);
  await using wrong = await startProcess({ REDIS_URL: 'nonsense', PORT: 'many' }, ['--check']);
  expect(await wrong.exited).toBe(1);
  expect(wrong.output()).toMatch(/REDIS_URL[\s\S]*PORT/);
  expect(wrong.output()).not.toMatch(/ {2}at /);
});

test('it serves, and ends by itself when told to, leaving the port free', async () => {
  await using redis = await startTestRedis();
  const PORT = await freePort();
  await using server = await startProcess({ REDIS_URL: redis.url, PORT });
  await server.says(/"msg":"listening"/);
  expect((await fetch(`http://127.0.0.1:${PORT}/healthz`)).status).toBe(200);
  server.child.kill('SIGTERM');
  expect(await server.exited).toBe(0);
  await expect(fetch(`http://127.0.0.1:${PORT}/healthz`)).rejects.toThrow();
});

test('a Redis that may lose the record is refused with the setting to change', async () => {
  await using redis = await startTestRedis({ appendfsync: 'everysec', 'maxmemory-policy': 'allkeys-lru' });
  await using server = await startProcess({ REDIS_URL: redis.url });
  expect(await server.exited).toBe(1);
  expect(server.output()).toContain('set appendfsync always');
  expect(server.output()).toContain('set maxmemory-policy noeviction');
});

test('outside sample mode there is no nation by default', async () => {
  await using redis = await startTestRedis();
  await using server = await startProcess({
    REDIS_URL: redis.url,
    SAMPLE: 'false',
    HOST: '127.0.0.1',
    AUDIT_PRIVATE_JWK: createTestSigner('audit').privateJwk,
  });
  expect(await server.exited).toBe(1);
  expect(server.output()).toContain('NATION_FILE');
});

test('outside sample mode the audit is signed, or nothing starts', async () => {
  await using redis = await startTestRedis();
  await using server = await startProcess({
    REDIS_URL: redis.url,
    SAMPLE: 'false',
    HOST: '127.0.0.1',
    NATION_FILE: 'config/nation/sample-ua.json',
  });
  expect(await server.exited).toBe(1);
  expect(server.output()).toMatch(/AUDIT_PRIVATE_JWK.*make-keys/);
});

test('a real nation is not shown with sample accounts', async () => {
  await using redis = await startTestRedis();
  const folder = await mkdtemp(join(tmpdir(), 'varta-nation-'));
  const sample = z.looseObject({}).parse(JSON.parse(await readFile('config/nation/sample-ua.json', 'utf8')));
  const { geometry: _, ...nation } = sample;
  const NATION_FILE = join(folder, 'nation.json');
  await writeFile(NATION_FILE, JSON.stringify({ ...nation, sample: false }));
  await using server = await startProcess({ REDIS_URL: redis.url, NATION_FILE });
  expect(await server.exited).toBe(1);
  expect(server.output()).toContain('is not a sample');
  await rm(folder, { recursive: true });
});

test('outside sample mode the sample accounts are gone, and accounts of that name that are real stay', async () => {
  await using redis = await startTestRedis();
  const connection = await redis.connect();
  const PORT = await freePort();
  await using sample = await startProcess({ REDIS_URL: redis.url, PORT });
  await sample.says(/"msg":"listening"/);
  sample.child.kill('SIGTERM');
  await sample.exited;
  expect(await connection.hLen(keys.accounts)).toBeGreaterThan(5);
  const real = {
    username: 'admin',
    displayName: { uk: 'А', en: 'A' },
    role: 'admin',
    scope: { kind: 'nation' },
    passwordHash: await hashPassword('real'),
    sample: false,
  };
  await connection.hSet(keys.accounts, 'admin', JSON.stringify(real));

  await using production = await startProcess({
    REDIS_URL: redis.url,
    PORT,
    HOST: '127.0.0.1',
    SAMPLE: 'false',
    NATION_FILE: 'config/nation/sample-ua.json',
    AUDIT_PRIVATE_JWK: createTestSigner('audit').privateJwk,
  });
  await production.says(/"msg":"listening"/);
  expect(await connection.hKeys(keys.accounts)).toEqual(['admin']);
  const signIn = (username: string, password: string) =>
    fetch(`http://127.0.0.1:${PORT}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
  expect((await signIn('situation', 'varta-sample')).status).toBe(401);
  expect((await signIn('admin', 'varta-sample')).status).toBe(401);
  expect((await signIn('admin', 'real')).status).toBe(200);
  expect(production.output()).not.toContain('varta-sample');
});
