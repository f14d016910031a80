import { expect, test } from 'vitest';
import { startTestRedis } from './fixtures/redis.ts';

test('what a test Redis acknowledged survives its sudden end', async () => {
  await using server = await startTestRedis();
  const redis = await server.connect();
  await redis.set('kept', 'yes');

  await server.kill();
  await expect(redis.get('kept')).rejects.toThrow();
  await server.start();

  const again = await server.connect();
  expect(await again.get('kept')).toBe('yes');
});

test('two test Redis share nothing', async () => {
  await using first = await startTestRedis();
  await using second = await startTestRedis();
  await (await first.connect()).set('key', 'first');
  expect(await (await second.connect()).get('key')).toBeNull();
});
