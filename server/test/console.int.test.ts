import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Refusal } from '#contract/errors.ts';
import { Goodbye, Heartbeat, LIVE_MESSAGES } from '#contract/live.ts';
import { MEDIA_MESSAGES } from '#contract/media.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { keys } from '../adapters/redis/keys.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { ask, type Caller, heard, startTestServer, type TestServer } from './fixtures/server.ts';

let redis: TestRedis;
let server: TestServer;
let duty: Caller;
beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({ redisUrl: redis.url });
  duty = await server.signIn('duty-68');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

const tabId = randomUUID();
const goodHandshake = { protocol: PROTOCOL_VERSION, tabId };

describe('the handshake', () => {
  test.each([
    ['no session', {}, goodHandshake, {}, 'unauthenticated'],
    ['a forged session', { cookie: 'varta.sid=s%3Aforged.signature' }, goodHandshake, {}, 'unauthenticated'],
    ['another protocol', { signedIn: true }, { protocol: 99, anything: 1 }, {}, 'protocol_unsupported'],
    ['no tab', { signedIn: true }, { protocol: PROTOCOL_VERSION }, {}, 'invalid'],
    ['an unknown field', { signedIn: true }, { ...goodHandshake, role: 'admin' }, {}, 'invalid'],
    ['a wrong type', { signedIn: true }, { protocol: PROTOCOL_VERSION, tabId: { $ne: 1 } }, {}, 'invalid'],
    ['another site', { signedIn: true }, goodHandshake, { origin: 'https://evil.example' }, 'origin_refused'],
    [
      'another site, says the browser',
      { signedIn: true },
      goodHandshake,
      { 'sec-fetch-site': 'cross-site' },
      'origin_refused',
    ],
  ])('with %s is refused', async (...[, who, auth, headers, code]) => {
    const cookie = 'signedIn' in who ? { cookie: duty.cookie } : who;
    await expect(server.connect('/console', { auth, headers: { ...cookie, ...headers } })).rejects.toThrow(
      code,
    );
  });

  test('nobody gets into the default namespace, nor into one that does not exist', async () => {
    await expect(server.connect('/', { caller: duty })).rejects.toThrow('not_found');
    await expect(server.connect('/admin', { caller: duty })).rejects.toThrow('Invalid namespace');
  });

  test('our own page gets in and hears the heartbeat', async () => {
    const page = await server.connect('/console', { caller: duty, headers: { origin: server.origin } });
    expect(Heartbeat.safeParse(await heard(page, LIVE_MESSAGES.heartbeat)).success).toBe(true);
    page.disconnect();
  });

  test('it hears which build of the client is served now, if any is', async () => {
    const folder = join(server.dataDir, 'client');
    await mkdir(folder);
    for (const build of ['index-first.js', 'index-second.js']) {
      const main = `<script type="module" crossorigin src="/assets/${build}"></script>`;
      await writeFile(join(folder, 'index.html'), `<!doctype html><head>${main}</head>`);
      // It may come with the connection itself: whoever listens has to do so before.
      const page = io(`${server.origin}/console`, {
        transports: ['websocket'],
        forceNew: true,
        auth: goodHandshake,
        extraHeaders: { cookie: duty.cookie },
      });
      expect(await heard(page, LIVE_MESSAGES.build)).toEqual({ build });
      page.disconnect();
    }
  });
});

describe('messages', () => {
  let page: Socket;
  beforeEach(async () => {
    page = await server.connect('/console', { caller: duty });
  });

  const names = [...Object.values(LIVE_MESSAGES), ...Object.values(MEDIA_MESSAGES)];
  const garbage: unknown[] = [
    undefined,
    null,
    0,
    'text',
    [],
    [[[[]]]],
    {},
    { unknown: 1 },
    { regions: 'UA-68' },
    { regions: [1] },
    { regions: ['UA-68'], more: 1 },
    { feeds: [{ feedId: '../../etc', layer: 'huge' }], rtpCapabilities: 7 },
    { consumerIds: {} },
    JSON.parse('{"__proto__":{"regions":[]},"constructor":{}}'),
    'x'.repeat(100_000),
    Buffer.alloc(1000),
  ];

  test.each(names)('%s with garbage is refused with a code', async (name) => {
    for (const payload of garbage) {
      const reply = await ask(page, name, payload);
      const harmless = name === MEDIA_MESSAGES.leave || name === MEDIA_MESSAGES.join;
      if (!harmless || Refusal.safeParse(reply).success)
        expect(
          Refusal.safeParse(reply).success,
          `${JSON.stringify(payload)?.slice(0, 80)} → ${JSON.stringify(reply)}`,
        ).toBe(true);
    }
    page.emit(name, { no: 'acknowledgement' });
    page.emit(name);
  });

  test('an unknown message is refused as such', async () => {
    for (const name of ['no:such', 'error', 'toString', '__proto__', '']) {
      expect(Refusal.parse(await ask(page, name, {})).code).toBe('not_found');
    }
  });

  test('too many messages are refused, and the page stays', async () => {
    const flooder = await server.connect('/console', { caller: duty });
    const replies = await Promise.all(Array.from({ length: 400 }, () => ask(flooder, 'no:such')));
    const codes = replies.map((reply) => Refusal.parse(reply).code);
    expect(codes).toContain('rate_limited');
    expect(codes.slice(0, 200)).toEqual(Array(200).fill('not_found'));
    expect(flooder.connected).toBe(true);
    flooder.disconnect();
  });

  test('a message that is too large ends that page only', async () => {
    const other = await server.connect('/console', { caller: duty });
    const gone = heard(other, 'disconnect');
    other.emit(LIVE_MESSAGES.subscribe, 'x'.repeat(300 * 1024));
    await gone;
    expect(page.connected).toBe(true);
  });

  test('bytes that are no message end that connection only', async () => {
    for (const bytes of [
      '999',
      '42',
      '4{"',
      '451-["a",{"_placeholder":true,"num":9}]',
      '40/console,{{{',
      '\u0000\u0001',
    ]) {
      await sendRaw(server.origin, duty.cookie, bytes);
    }
    expect((await server.stranger().get('/healthz')).status).toBe(200);
    expect(page.connected).toBe(true);
  });
});

describe('when the session ends', () => {
  test('signing out tells every page of that session, on every replica, and closes it', async () => {
    await using replica = await startTestServer({ redisUrl: redis.url });
    const caller = await server.signIn('situation');
    const bystander = await server.connect('/console', { caller: duty });
    const here = await server.connect('/console', { caller });
    const there = await replica.connect('/console', { caller });
    const goodbyes = Promise.all([here, there].map((page) => heard(page, LIVE_MESSAGES.goodbye)));
    const gone = Promise.all([here, there].map((page) => heard(page, 'disconnect')));

    await caller.call('DELETE', '/api/v1/session');

    for (const goodbye of await goodbyes) expect(Goodbye.parse(goodbye).code).toBe('unauthenticated');
    await gone;
    await expect(server.connect('/console', { caller })).rejects.toThrow('unauthenticated');
    expect(bystander.connected).toBe(true);
    bystander.disconnect();
  });

  test('a session that expires in Redis closes its pages without anybody doing anything', async () => {
    const caller = await server.signIn('oversight');
    const page = await server.connect('/console', { caller });
    const gone = heard(page, LIVE_MESSAGES.goodbye);
    const connection = await redis.connect();
    const records = await connection.keys(`${keys.sessionPrefix}*`);
    for (const key of records) {
      if ((await connection.get(key))?.includes('oversight')) await connection.pExpire(key, 1);
    }
    expect(Goodbye.parse(await gone).code).toBe('unauthenticated');
  });

  test('an account whose rights change has its pages closed', async () => {
    const caller = await server.signIn('oncall');
    const page = await server.connect('/console', { caller });
    const gone = heard(page, LIVE_MESSAGES.goodbye);
    const connection = await redis.connect();
    const account = JSON.parse((await connection.hGet(keys.accounts, 'oncall')) ?? '{}');
    await connection.hSet(keys.accounts, 'oncall', JSON.stringify({ ...account, role: 'admin' }));
    expect(Goodbye.parse(await gone).code).toBe('unauthenticated');
  });
});

test('a restart of Redis closes no page, and news of sessions come again afterwards', async () => {
  const caller = await server.signIn('admin');
  const page = await server.connect('/console', { caller });
  await redis.kill();
  expect(await heard(page, LIVE_MESSAGES.heartbeat)).toBeDefined();
  await redis.start();
  const connection = await redis.connect();
  const listening = async () => (await connection.pubSubNumSub(keys.sessionsEnded))[keys.sessionsEnded];
  await expect.poll(listening, { timeout: 10_000 }).toBe(1);
  const goodbye = heard(page, LIVE_MESSAGES.goodbye);
  await expect.poll(async () => (await caller.call('DELETE', '/api/v1/session')).status).toBe(204);
  expect(Goodbye.parse(await goodbye).code).toBe('unauthenticated');
});

test('a server that stops says so to its pages, and ends at once', async () => {
  await using other = await startTestServer({ redisUrl: redis.url });
  const page = await other.connect('/console', { caller: await other.signIn('duty-68') });
  const goodbye = heard(page, LIVE_MESSAGES.goodbye);
  const gone = heard(page, 'disconnect');
  await other.stop();
  expect(Goodbye.parse(await goodbye).code).toBe('shutting_down');
  await gone;
});

/** Opens a WebSocket by hand, sends one text frame, and waits until the server has closed it or answered a ping. */
function sendRaw(origin: string, cookie: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const { port, host } = new URL(origin);
    const connection = connectTcp(Number(port), '127.0.0.1', () => {
      connection.write(
        [
          'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
          `Host: ${host}`,
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
          `Cookie: ${cookie}`,
          '\r\n',
        ].join('\r\n'),
      );
    });
    connection.once('data', () => {
      connection.write(frame(0x81, text));
      connection.write(frame(0x89, 'ping'));
      connection.on('data', (chunk) => {
        if (chunk.includes(0x8a) || chunk.includes(0x88)) connection.destroy();
      });
    });
    connection.once('close', () => resolve());
    connection.once('error', reject);
  });
}

/** A masked WebSocket frame of a short text. */
function frame(opcode: number, text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
