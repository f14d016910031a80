import { expect, test } from 'vitest';
import { startTestRedis } from './fixtures/redis.ts';
import { startTestServer } from './fixtures/server.ts';

test('the log of everything that happens has no secret, no address and no search text', async () => {
  await using redis = await startTestRedis();
  await using server = await startTestServer({ redisUrl: redis.url, environment: { LOG_LEVEL: 'trace' } });
  const caller = await server.signIn('situation');
  const { cookie } = caller;
  const key = await server.facilityKey('ua-68-itt-1');
  await server.stranger().call('POST', '/api/v1/session', {
    body: { username: 'NotAUser', password: 'NotAPassword' },
  });
  await caller.get('/api/v1/areas?text=Petrenko');
  await caller.get('/api/v1/areas?text=Petrenko&wrong=1');
  await caller.call('POST', '/api/v1/custody/events', {
    body: { events: [] },
    headers: { authorization: `Bearer ${key}` },
  });
  await caller.call('POST', '/api/v1/session', { body: '{"password":"HalfAPassword' });
  const page = await server.connect('/console', { caller });
  page.disconnect();
  await redis.kill();
  expect((await caller.get('/api/v1/areas')).status).toBe(503);
  await redis.start();
  await caller.call('DELETE', '/api/v1/session');

  const log = server.log();
  expect(log).toContain('/api/v1/areas');
  for (const secret of [
    'varta-sample',
    'NotAPassword',
    'NotAUser',
    'HalfAPassword',
    'Petrenko',
    key,
    cookie.slice('varta.sid='.length),
    'testtesttest',
    '127.0.0.1:',
    '"d":',
  ])
    expect(log, secret).not.toContain(secret);
});
