import { expect, test } from 'vitest';
import { awaitRedis } from '../adapters/redis/await-redis.ts';
import { UnsuitableRedisError } from '../adapters/redis/suitability.ts';
import { startTestRedis } from './fixtures/redis.ts';

function listen() {
  const lines: { level: string; fields: object; message: string }[] = [];
  return {
    lines,
    info: (fields: object, message: string) => void lines.push({ level: 'info', fields, message }),
    warn: (fields: object, message: string) => void lines.push({ level: 'warn', fields, message }),
  };
}

test('a durable Redis is taken', async () => {
  await using server = await startTestRedis();
  const redis = await awaitRedis({ url: server.url, name: 'test', log: listen() });
  expect(await redis.ping()).toBe('PONG');
  redis.destroy();
});

test.each([
  ['maxmemory-policy', 'allkeys-lru'],
  ['appendonly', 'no'],
  ['appendfsync', 'everysec'],
])('a Redis with %s %s is refused, and the setting is named', async (setting, value) => {
  await using server = await startTestRedis({ [setting]: value });
  const attempt = awaitRedis({ url: server.url, name: 'test', log: listen() });
  await expect(attempt).rejects.toThrow(UnsuitableRedisError);
  await expect(attempt).rejects.toThrow(`set ${setting} `);
});

test('where CONFIG is forbidden, the start goes on and says what it could not check', async () => {
  await using server = await startTestRedis({ 'rename-command': ['CONFIG', ''] });
  const log = listen();
  const redis = await awaitRedis({ url: server.url, name: 'test', log });
  redis.destroy();
  expect(log.lines.filter(({ level }) => level === 'warn')).toMatchObject([
    { fields: { setting: 'appendfsync' } },
  ]);
});

test('a Redis that comes later is waited for', async () => {
  await using server = await startTestRedis();
  await server.kill();
  const waiting = awaitRedis({ url: server.url, name: 'test', log: listen() });
  await server.start();
  const redis = await waiting;
  expect(redis.isReady).toBe(true);
  redis.destroy();
});

test('patience has an end, and the reason is said without the password', async () => {
  const url = 'redis://user:hunter2@127.0.0.1:1';
  const attempt = awaitRedis({ url, name: 'test', log: listen(), patienceMs: 300 });
  await expect(attempt).rejects.toThrow(/Redis at redis:\/\/127\.0\.0\.1:1 did not answer within/);
});
