import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Problem } from '#contract/errors.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { startTestServer, type TestServer } from './fixtures/server.ts';

const SESSION = '/api/v1/session';

let redis: TestRedis;
let server: TestServer;
beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({ redisUrl: redis.url });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

describe('what is not right is refused with a code, and nothing else is told', () => {
  const json = { 'content-type': 'application/json' };
  const credentials = JSON.stringify({ username: 'duty-68', password: 'varta-sample' });

  test.each<[string, string, string, { body?: string; headers?: Record<string, string> }, number, string]>([
    ['malformed JSON', 'POST', SESSION, { body: '{"username":', headers: json }, 400, 'malformed'],
    ['an empty body', 'POST', SESSION, { headers: json }, 422, 'invalid'],
    ['10 MB', 'POST', SESSION, { body: `"${'x'.repeat(10_000_000)}"`, headers: json }, 413, 'too_large'],
    ['1 MB deep', 'POST', SESSION, { body: '['.repeat(500_000), headers: json }, 400, 'too_deep'],
    [
      'deep but well-formed',
      'POST',
      SESSION,
      { body: '['.repeat(100_000) + ']'.repeat(100_000), headers: json },
      400,
      'too_deep',
    ],
    [
      'another content type',
      'POST',
      SESSION,
      { body: credentials, headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    [
      'a form',
      'POST',
      SESSION,
      { body: 'username=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    [
      'another encoding',
      'POST',
      SESSION,
      { body: credentials, headers: { ...json, 'content-encoding': 'x-own' } },
      415,
      'unsupported_media_type',
    ],
    [
      'another character set',
      'POST',
      SESSION,
      { body: credentials, headers: { 'content-type': 'application/json; charset=koi8-u' } },
      415,
      'unsupported_media_type',
    ],
    ['an unknown path', 'GET', '/api/v1/nothing', {}, 404, 'not_found'],
    ['an unknown path of no API', 'GET', '/wp-login.php', {}, 404, 'not_found'],
    ['another method', 'PUT', SESSION, {}, 405, 'method_not_allowed'],
    ['an address that cannot be decoded', 'GET', '/api/v1/areas/%E0%A4%A', {}, 400, 'malformed'],
    ['an unknown query field', 'GET', `${SESSION}?verbose=1`, {}, 422, 'invalid'],
    ['a way out of the folder', 'GET', '/assets/..%2f..%2fpackage.json', {}, 404, 'not_found'],
    ['no session', 'GET', '/api/v1/areas', {}, 401, 'unauthenticated'],
    [
      'a session that nobody signed',
      'GET',
      '/api/v1/areas',
      { headers: { cookie: 'varta.sid=s%3Aa.b' } },
      401,
      'unauthenticated',
    ],
  ])('%s', async (...[, method, path, options, status, code]) => {
    const reply = await server.stranger().call(method, path, options);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(Problem.parse(reply.body)).toMatchObject({ status, code });
    expect(JSON.stringify(reply.body)).not.toMatch(/node_modules|\.ts:|at \w+ \(/);
  });

  test('another method says which ones there are', async () => {
    expect((await server.stranger().call('PUT', SESSION)).headers.get('allow')).toBe(
      'POST, GET, DELETE, HEAD, OPTIONS',
    );
    expect((await server.stranger().call('OPTIONS', SESSION)).status).toBe(204);
  });

  test('a compressed body counts with its real size', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000, 0x20));
    expect(bomb.length).toBeLessThan(20_000);
    const response = await fetch(server.origin + SESSION, {
      method: 'POST',
      headers: { ...json, 'content-encoding': 'gzip' },
      body: bomb,
    });
    expect(response.status).toBe(413);
  });

  test('what is no HTTP gets a problem too', async () => {
    const answer = await rawRequest(server.origin, 'GIBBERISH\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"malformed"');
  });
});

describe('while Redis is away', () => {
  test('the process lives, says so, and works again afterwards', async () => {
    const caller = await server.signIn('duty-68');
    await redis.kill();
    expect((await caller.get('/healthz')).status).toBe(200);
    const ready = await caller.get('/readyz');
    expect(ready.status).toBe(503);
    expect(ready.body).toMatchObject({ ready: false, reasons: [{ code: 'store_unavailable' }] });
    const refused = await caller.get(SESSION);
    expect(refused.status).toBe(503);
    expect(Problem.parse(refused.body).code).toBe('store_unavailable');
    await redis.start();
    await expect.poll(async () => (await caller.get(SESSION)).status, { timeout: 10_000 }).toBe(200);
  });
});

describe('what the service tells of itself', () => {
  test('it is not ready without an sfu node', async () => {
    const reply = await server.stranger().get('/readyz');
    expect(reply.status).toBe(503);
    expect(reply.body).toMatchObject({ ready: false, reasons: [{ code: 'no_sfu' }] });
  });

  test('the API document is valid OpenAPI 3.1 and names an action for every operation', async () => {
    const { body } = await server.stranger().get('/api/openapi.json');
    const result = await new Validator().validate(z.record(z.string(), z.unknown()).parse(body));
    expect(result.errors ?? []).toEqual([]);
    const { openapi, paths } = body as { openapi: string; paths: Record<string, Record<string, object>> };
    expect(openapi).toMatch(/^3\.1\./);
    const operations = Object.values(paths).flatMap((item) => Object.values(item));
    expect(operations.length).toBeGreaterThan(10);
    for (const operation of operations) expect(operation).toHaveProperty('x-varta-action');
    expect(paths['/api/v1/areas/{areaId}']?.get).toMatchObject({
      parameters: [{ name: 'areaId', in: 'path', required: true }],
    });
    expect(JSON.stringify(paths['/api/v1/areas'])).toContain('feedSource');
  });

  test('the page of the API loads nothing, and has every path', async () => {
    const { body, headers } = await server.stranger().get('/api/docs');
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'; style-src 'sha256-/);
    expect(body).not.toMatch(/<script|src=|@import|url\(/);
    expect(body).toContain('/api/v1/areas/{areaId}');
  });

  test('metrics count by route pattern, and name nobody', async () => {
    const caller = await server.signIn('duty-68');
    await caller.get('/api/v1/areas/ua-68-itt-1-cell-1');
    const { body, headers } = await caller.get('/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    expect(body).toMatch(/varta_http_request_duration_seconds_count\{[^}]*route="\/api\/v1\/areas\/:areaId"/);
    expect(body).toMatch(/varta_redis_up 1/);
    expect(body).not.toMatch(/duty-68|ua-68-itt|127\.0\.0\.1/);
  });
});

describe('the client', () => {
  beforeAll(async () => {
    await mkdir(join(server.dataDir, 'client', 'assets'), { recursive: true });
    await writeFile(join(server.dataDir, 'client', 'index.html'), '<!doctype html><title>Varta</title>');
    await writeFile(join(server.dataDir, 'client', 'assets', 'main-abc123.js'), 'export {};');
  });

  test.each(['/', '/map', '/flags', '/display/west-1', '/oncall', '/audit', '/admin', '/?lang=en'])(
    '%s is a page',
    async (path) => {
      const reply = await server.stranger().get(path);
      expect(reply.status).toBe(200);
      expect(reply.body).toContain('<title>Varta</title>');
      expect(reply.headers.get('cache-control')).toBe('no-cache');
      const policy = reply.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
    },
  );

  test('its files may be kept for ever', async () => {
    const reply = await server.stranger().get('/assets/main-abc123.js');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });
});

/** What the server answers to bytes. */
function rawRequest(origin: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const connection = connect(Number(new URL(origin).port), '127.0.0.1', () => connection.write(bytes));
    connection.on('data', (chunk) => {
      answer += chunk.toString();
    });
    connection.on('end', () => resolve(answer));
    connection.on('error', reject);
  });
}
