import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '#contract/errors.ts';
import { WhoAmI } from '#contract/session.ts';
import { SESSION_ABSOLUTE_MS } from '../access/session.ts';
import { keys } from '../adapters/redis/keys.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { startTestServer, type TestServer } from './fixtures/server.ts';

const PATH = '/api/v1/session';
const right = { username: 'duty-68', password: 'varta-sample' };

let redis: TestRedis;
let server: TestServer;
let clockMs = Date.now();
beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({ redisUrl: redis.url, now: () => clockMs });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

const codeOf = (body: unknown) => Problem.parse(body).code;

describe('signing in', () => {
  test('sets a cookie that scripts and other sites cannot use, and says who one is', async () => {
    const caller = server.stranger();
    const reply = await caller.call('POST', PATH, { body: right });
    expect(reply.status).toBe(200);
    expect(WhoAmI.parse(reply.body)).toMatchObject({
      username: 'duty-68',
      role: 'duty',
      scope: { kind: 'regions', regionIds: ['UA-68'] },
      sample: true,
    });
    const set = reply.headers.get('set-cookie');
    expect(set).toMatch(/HttpOnly/);
    expect(set).toMatch(/SameSite=Strict/);
    expect(set).not.toMatch(/Secure|Expires/);
    expect(WhoAmI.parse((await caller.get(PATH)).body).username).toBe('duty-68');
  });

  test('all six sample accounts exist, and the inspector has one facility of the region', async () => {
    for (const username of ['situation', 'duty-68', 'oncall', 'inspector', 'oversight', 'admin']) {
      const me = WhoAmI.parse((await (await server.signIn(username)).get(PATH)).body);
      expect(me.username).toBe(username);
      if (username === 'inspector')
        expect(me.scope).toEqual({ kind: 'facilities', facilityIds: [expect.stringMatching(/^ua-68-/)] });
    }
  });

  test('a new sign-in has a new session id, and the old one is over', async () => {
    const caller = await server.signIn('oncall');
    const before = caller.cookie;
    await caller.call('POST', PATH, { body: right });
    expect(caller.cookie).not.toBe(before);
    const replay = await server.stranger().call('GET', PATH, { headers: { cookie: before } });
    expect(codeOf(replay.body)).toBe('unauthenticated');
  });

  test('a session id that somebody else chose is not taken over', async () => {
    const fixed = 's%3Achosen-by-somebody.signature';
    const caller = server.stranger();
    const reply = await caller.call('POST', PATH, { body: right, headers: { cookie: `varta.sid=${fixed}` } });
    expect(reply.status).toBe(200);
    expect(caller.cookie).not.toContain('chosen-by-somebody');
  });

  test.each([
    ['a wrong password', { ...right, password: 'varta-sampl' }, 401, 'bad_credentials'],
    ['an unknown user', { ...right, username: 'nobody' }, 401, 'bad_credentials'],
    [
      'a user that is a property of every object',
      { ...right, username: '__proto__' },
      401,
      'bad_credentials',
    ],
    ['no password', { username: 'duty-68' }, 422, 'invalid'],
    ['a password that is a number', { ...right, password: 5 }, 422, 'invalid'],
    ['an unknown field', { ...right, admin: true }, 422, 'invalid'],
    ['a list', [right], 422, 'invalid'],
    ['text', '"duty-68"', 422, 'invalid'],
    [
      'a prototype',
      '{"username":"duty-68","password":"varta-sample","__proto__":{"role":"admin"}}',
      422,
      'invalid',
    ],
  ])('%s is refused', async (_, body, status, code) => {
    const reply = await server.stranger().call('POST', PATH, { body });
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(codeOf(reply.body)).toBe(code);
    expect(reply.headers.get('set-cookie')).toBeNull();
  });
});

describe('another site', () => {
  test.each([
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    [{ 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
  ])('cannot sign in or out with %j', async (headers) => {
    const caller = await server.signIn('oncall');
    for (const method of ['POST', 'DELETE']) {
      const reply = await caller.call(method, PATH, {
        headers,
        ...(method === 'POST' ? { body: right } : {}),
      });
      expect(reply.status).toBe(403);
      expect(codeOf(reply.body)).toBe('origin_refused');
    }
    expect((await caller.get(PATH)).status).toBe(200);
  });

  test('our own pages can', async () => {
    const caller = await server.signIn('oncall');
    const headers = { 'sec-fetch-site': 'same-origin', origin: server.origin };
    expect((await caller.call('DELETE', PATH, { headers })).status).toBe(204);
  });
});

describe('the end of a session', () => {
  test('signing out ends it, here and for whoever kept the cookie; twice is fine', async () => {
    const caller = await server.signIn('oncall');
    const { cookie } = caller;
    expect((await caller.call('DELETE', PATH)).status).toBe(204);
    const replay = await server.stranger().call('GET', PATH, { headers: { cookie } });
    expect(codeOf(replay.body)).toBe('unauthenticated');
    expect((await caller.call('DELETE', PATH)).status).toBe(204);
  });

  test('it ends twelve hours after sign-in, however much it is used', async () => {
    const caller = await server.signIn('oncall');
    clockMs += SESSION_ABSOLUTE_MS - 60_000;
    expect((await caller.get(PATH)).status).toBe(200);
    clockMs += 60_000;
    expect((await caller.get(PATH)).status).toBe(401);
  });

  test('Redis forgets it after the idle time, and use puts that off', async () => {
    const connection = await redis.connect();
    await connection.flushDb();
    await restoreAccounts();
    const caller = await server.signIn('oncall');
    const [key] = await connection.keys(`${keys.sessionPrefix}*`);
    if (key === undefined) throw new Error('no session in Redis');
    await connection.expire(key, 60);
    await caller.get(PATH);
    const left = await connection.ttl(key);
    expect(left).toBeGreaterThan(29 * 60);
    expect(left).toBeLessThanOrEqual(30 * 60);
  });

  test('an account that is gone is nobody from the next request on', async () => {
    const caller = await server.signIn('oncall');
    await (await redis.connect()).hDel(keys.accounts, 'oncall');
    expect((await caller.get(PATH)).status).toBe(401);
    await restoreAccounts();
  });

  test('a broken session record is no session', async () => {
    const connection = await redis.connect();
    const caller = await server.signIn('oncall');
    for (const key of await connection.keys(`${keys.sessionPrefix}*`))
      await connection.set(key, '{"cookie":{}}');
    expect((await caller.get(PATH)).status).toBe(401);
  });
});

describe('behind a proxy that speaks HTTPS', () => {
  test('the cookie is for HTTPS only, and nobody signs in without', async () => {
    await using secure = await startTestServer({
      redisUrl: redis.url,
      environment: { PUBLIC_URL: 'https://varta.example' },
    });
    const headers = { 'x-forwarded-proto': 'https', origin: 'https://varta.example' };
    const reply = await secure.stranger().call('POST', PATH, { body: right, headers });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('set-cookie')).toMatch(/; Secure/);
    expect(reply.headers.get('strict-transport-security')).toMatch(/max-age=31536000/);
    const plain = await secure.stranger().call('POST', PATH, { body: right });
    expect(plain.status).toBe(403);
    expect(plain.headers.get('set-cookie')).toBeNull();
  });

  test('without one, what a caller says of its address is not believed', async () => {
    const tries = Array.from({ length: 11 }, (_, index) =>
      server.stranger().call('POST', PATH, {
        body: { username: 'inspector', password: 'guess' },
        headers: { 'x-forwarded-for': `10.0.0.${index}` },
      }),
    );
    expect((await Promise.all(tries)).map(({ status }) => status)).toContain(429);
  });
});

test('guessing is slowed down: the eleventh try waits, even with the right password', async () => {
  const tries = Array.from({ length: 10 }, () =>
    server.stranger().call('POST', PATH, { body: { username: 'situation', password: 'guess' } }),
  );
  expect((await Promise.all(tries)).map(({ status }) => status)).toEqual(Array(10).fill(401));
  const limited = await server.stranger().call('POST', PATH, {
    body: { username: 'situation', password: 'varta-sample' },
  });
  expect(limited.status).toBe(429);
  expect(codeOf(limited.body)).toBe('rate_limited');
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await server.stranger().call('POST', PATH, { body: right })).status).toBe(200);
});

test('every sign-in, failed sign-in and sign-out is in the audit, and what an unknown user typed is not', async () => {
  const connection = await redis.connect();
  const caller = await server.signIn('oversight');
  await caller.call('DELETE', PATH);
  await server.stranger().call('POST', PATH, { body: { username: 'MyPassword1', password: 'oops' } });
  const entries = await connection.xRange(keys.audit('nation'), '-', '+');
  const text = JSON.stringify(entries);
  expect(text).toContain('session.sign-in');
  expect(text).toContain('session.sign-out');
  expect(text).not.toContain('MyPassword1');
});

/** Puts the sample accounts back as a start does. */
async function restoreAccounts() {
  await using again = await startTestServer({ redisUrl: redis.url });
  expect((await again.stranger().get('/healthz')).status).toBe(200);
}
