import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '#contract/errors.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { startTestServer, type TestServer } from './fixtures/server.ts';

const SESSION = '/api/v1/session';
const RIGHT = { username: 'oncall', password: 'varta-sample' };
const OVER_TLS = { 'x-forwarded-proto': 'https' };
const TOKEN = 'metrics-token-of-the-test';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis[Symbol.asyncDispose]());

const start = (environment: Record<string, string>) => startTestServer({ redisUrl: redis.url, environment });
const codeOf = ({ body }: { body: unknown }) => Problem.parse(body).code;

describe('behind a proxy that ends TLS', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start({ PUBLIC_URL: 'https://varta.example', METRICS_TOKEN: TOKEN });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test('nothing is taken that came without: no password, no key, no token, no page', async () => {
    const caller = server.stranger();
    const key = await server.facilityKey('ua-68-itt-1');
    for (const [method, path, options] of [
      ['POST', SESSION, { body: RIGHT }],
      ['GET', '/', {}],
      ['GET', '/api/v1/areas', {}],
      [
        'POST',
        '/api/v1/custody/events',
        { body: { events: [] }, headers: { authorization: `Bearer ${key}` } },
      ],
      ['POST', '/whip/x', { headers: { authorization: `Bearer ${key}` } }],
    ] as const)
      expect(codeOf(await caller.call(method, path, options)), path).toBe('https_required');
    expect((await caller.get('/healthz')).status).toBe(200);
  });

  test('over TLS it is, and cookies go back over TLS only', async () => {
    const reply = await server.stranger().call('POST', SESSION, {
      body: RIGHT,
      headers: { ...OVER_TLS, origin: 'https://varta.example' },
    });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('set-cookie')).toMatch(/; Path=\/;.*HttpOnly; Secure; SameSite=Strict/);
  });

  test('who guesses passwords behind it cannot count as many', async () => {
    // The proxy adds the address that came to it behind what that one has said.
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        server.stranger().call('POST', SESSION, {
          body: { username: 'hotline', password: 'guess' },
          headers: {
            ...OVER_TLS,
            origin: 'https://varta.example',
            'x-forwarded-for': `203.0.113.${index}, 10.0.0.7`,
          },
        }),
      ),
    );
    expect(guesses.map(({ status }) => status)).toContain(429);
  });

  test('no socket opens without it', async () => {
    await expect(server.connect('/console')).rejects.toThrow();
    await expect(server.connect('/console', { headers: OVER_TLS })).rejects.toThrow('unauthenticated');
    await expect(server.connect('/facility', { auth: {} })).rejects.toThrow();
    await expect(server.connect('/facility', { auth: {}, headers: OVER_TLS })).rejects.toThrow('invalid');
  });

  test('metrics are for who has the token', async () => {
    const read = (headers: Record<string, string>) => server.stranger().call('GET', '/metrics', { headers });
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: `Bearer ${TOKEN}x` }])
      expect(codeOf(await read(headers))).toBe('forbidden');
    expect((await read({ authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  });
});

test('only the proxy that is named is believed', async () => {
  await using server = await start({ PUBLIC_URL: 'https://varta.example', TRUST_PROXY: '10.1.2.3' });
  const reply = await server.stranger().call('POST', SESSION, { body: RIGHT, headers: OVER_TLS });
  expect(codeOf(reply)).toBe('https_required');
  await expect(server.connect('/console', { headers: OVER_TLS })).rejects.toThrow();
});

test('without a token, metrics are for this machine, and not for whom a proxy on it brings', async () => {
  await using server = await start({});
  expect((await server.stranger().get('/metrics')).status).toBe(200);
  const brought = await server
    .stranger()
    .call('GET', '/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } });
  expect(codeOf(brought)).toBe('forbidden');
});
