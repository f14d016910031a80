import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALERT_MESSAGES, AlertPath, AlertsPending, OutsideAlert } from '#contract/alerts.ts';
import { Flag } from '#contract/flags.ts';
import { keys } from '../adapters/redis/keys.ts';
import { backoffMs, MAX_ATTEMPTS } from '../alerts/backoff.ts';
import { Outbox } from '../alerts/outbox.ts';
import { type OutboxJob, OutboxStore } from '../alerts/outbox-store.ts';
import { isPushService } from '../alerts/push.ts';
import { eventually } from './fixtures/eventually.ts';
import {
  createPushBrowser,
  createVapidKeys,
  type Received,
  signatureOf,
  startReceiver,
  type TestReceiver,
} from './fixtures/push-receiver.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { ask, type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const CELL = 'ua-68-itt-1-cell-1';
const SECRET = 'a secret of the receiver and the server';
/** Names of people and accounts that must never leave the site; the page for those on call is none. */
const PERSONAL = /duty-68|(?<!\/)oncall|situation|cr-68|Черговий|\blies\b/;

const owned = new AsyncDisposableStack();
const vapid = createVapidKeys();
let redis: TestRedis;
let server: TestServer;
let hook: TestReceiver;
let pushService: TestReceiver;

beforeAll(async () => {
  redis = owned.use(await startTestRedis());
  hook = owned.use(await startReceiver());
  pushService = owned.use(await startReceiver());
  server = owned.use(
    await startTestServer({
      redisUrl: redis.url,
      environment: {
        ALERT_WEBHOOK_URL: `${hook.origin}/varta`,
        ALERT_WEBHOOK_SECRET: SECRET,
        PUSH_VAPID_PUBLIC_KEY: vapid.publicKey,
        PUSH_VAPID_PRIVATE_KEY: vapid.privateKey,
        PUSH_CONTACT: 'mailto:duty@varta.example',
        PUSH_SERVICES: pushService.origin,
        PUSH_AFTER_MS: '1500',
      },
    }),
  );
});
afterAll(() => owned.disposeAsync());

async function raise(caller: Caller, change: object = {}): Promise<Flag> {
  const body = { id: randomUUID(), areaId: CELL, category: 'medical', severity: 2, note: 'lies', ...change };
  return Flag.parse((await caller.call('POST', '/api/v1/flags', { body })).body);
}

const toldOf = (received: readonly Received[], flagId: string) =>
  received
    .map((one) => ({ ...one, alert: OutsideAlert.parse(JSON.parse(one.body.toString())) }))
    .filter(({ alert }) => alert.flagId === flagId);

async function subscribe(caller: Caller, path = `/push/${randomUUID()}`) {
  const browser = createPushBrowser();
  const body = { endpoint: `${pushService.origin}${path}`, keys: browser.keys };
  const reply = await caller.call('POST', '/api/v1/alerts/pushes', { body });
  expect(reply.status).toBe(201);
  return {
    received: () => pushService.received.filter((one) => one.path === path),
    read: () =>
      pushService.received
        .filter((one) => one.path === path)
        .map(({ body: sent }) => OutsideAlert.parse(JSON.parse(browser.read(sent)))),
  };
}

test('the webhook is told of a step, signed, with nothing of any person', async () => {
  const flag = await raise(await server.signIn('duty-68'));
  await eventually(() => toldOf(hook.received, flag.id).length).toBe(1);
  const [told] = toldOf(hook.received, flag.id);
  if (!told) throw new Error('not told');
  expect(told.path).toBe('/varta');
  expect(told.alert).toMatchObject({ kind: 'flag', severity: 2, regionId: 'UA-68', areaId: CELL, step: 1 });
  expect(told.headers['x-varta-delivery']).toBe(told.alert.id);
  const timestamp = String(told.headers['x-varta-timestamp']);
  expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(60);
  expect(told.headers['x-varta-signature']).toBe(signatureOf(SECRET, timestamp, told.body));
  expect(told.body.toString()).not.toMatch(PERSONAL);
});

test('a receiver that fails is tried again with the same message, until it answers', async () => {
  hook.answer(503);
  const flag = await raise(await server.signIn('duty-68'));
  await eventually(() => toldOf(hook.received, flag.id).length).toBeGreaterThan(1);
  hook.answer(204);
  const admin = await server.signIn('admin');
  const stateOf = async () => AlertPath.parse((await admin.get('/api/v1/alerts/path')).body).webhook?.state;
  await eventually(stateOf).toBe('working');
  const told = toldOf(hook.received, flag.id);
  expect(new Set(told.map(({ body }) => body.toString())).size).toBe(1);
  expect((await server.stranger().get('/metrics')).body).toMatch(/varta_alert_outbox_dead 0/);
});

test('a push can be read by the browser that subscribed and nobody else, and is signed by the server', async () => {
  const duty = await server.signIn('duty-68');
  const phone = await subscribe(duty);
  const flag = await raise(duty);
  await eventually(() => phone.received().length).toBe(1);
  const [sent] = phone.received();
  expect(phone.read()).toMatchObject([{ kind: 'flag', flagId: flag.id, areaId: CELL, severity: 2 }]);
  expect(phone.read()).toMatchObject([{ link: `/?area=${CELL}` }]);
  expect(JSON.stringify(phone.read())).not.toMatch(PERSONAL);
  expect(() => createPushBrowser().read(sent?.body ?? Buffer.alloc(0))).toThrow();
  expect(sent?.headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '1800', urgency: 'high' });
  expect(vapid.claimsOf(sent?.headers.authorization)).toMatchObject({
    aud: pushService.origin,
    sub: 'mailto:duty@varta.example',
  });
});

test('what an open page has shown is not pushed, but for level 1: a wall may have shown it to nobody', async () => {
  const duty = await server.signIn('duty-68');
  const phone = await subscribe(duty);
  const socket = await server.connect('/console', { caller: duty });
  const shown = new Promise<string>((resolve) => {
    socket.on(ALERT_MESSAGES.pending, (message: unknown) => {
      for (const alert of AlertsPending.parse(message).alerts) {
        void ask(socket, ALERT_MESSAGES.shown, { ids: [alert.id] }).then(
          () => alert.kind === 'flag' && alert.category === 'force' && resolve(alert.id),
          () => {},
        );
      }
    });
  });
  await ask(socket, ALERT_MESSAGES.follow, {});
  const seen = await raise(duty, { category: 'force' });
  const grave = await raise(duty, { category: 'force', severity: 1 });
  await shown;
  socket.disconnect();
  // One that no page shows goes out after it.
  const unseen = await raise(duty);
  await eventually(() => phone.read().map(({ flagId }) => flagId)).toContain(unseen.id);
  expect(phone.read().map(({ flagId }) => flagId)).toContain(grave.id);
  expect(phone.read().map(({ flagId }) => flagId)).not.toContain(seen.id);
});

test('a subscription ends with its session, and when the push service does not know it any more', async () => {
  const duty = await server.signIn('duty-68');
  const gone = await subscribe(duty);
  const left = await server.signIn('duty-68');
  const signedOut = await subscribe(left);
  expect((await left.call('DELETE', '/api/v1/session')).status).toBe(204);
  // Our key or our clock is wrong: that is no reason to forget anybody.
  pushService.answer(403);
  const refused = await raise(duty);
  await eventually(() => gone.read().map(({ flagId }) => flagId)).toContain(refused.id);
  const kept = async () => (await (await redis.connect()).hVals(keys.alertPushes('duty-68'))).join();
  expect(await kept()).toContain(gone.received()[0]?.path ?? '?');
  pushService.answer(410);
  // Whichever message comes next.
  await raise(duty);
  await eventually(kept).not.toContain(gone.received()[0]?.path ?? '?');
  pushService.answer(201);
  expect(signedOut.received()).toEqual([]);
});

test('the server calls push services that are named, and nothing else', async () => {
  const duty = await server.signIn('duty-68');
  const { keys: browserKeys } = createPushBrowser();
  for (const endpoint of ['http://127.0.0.1:6379/x', 'https://varta.example/push', 'ftp://x.example/', 'x']) {
    const reply = await duty.call('POST', '/api/v1/alerts/pushes', { body: { endpoint, keys: browserKeys } });
    expect(reply.status, endpoint).toBe(422);
  }
  const services = ['push.apple.com', 'http://127.0.0.1:9'];
  expect(isPushService('https://web.push.apple.com/abc', services)).toBe(true);
  expect(isPushService('https://evilpush.apple.com.example/abc', services)).toBe(false);
  expect(isPushService('https://notpush.apple.com/abc', services)).toBe(false);
  expect(isPushService('http://web.push.apple.com/abc', services)).toBe(false);
  expect(isPushService('http://127.0.0.1:9/abc', services)).toBe(true);
  expect(isPushService('http://127.0.0.1:91/abc', services)).toBe(false);
});

test('a message that never goes is given up after its last attempt, and that is counted', async () => {
  const store = new OutboxStore(await owned.use(await startTestRedis()).connect());
  let nowMs = Date.now();
  const attempts: number[] = [];
  const send = async (job: OutboxJob) => {
    attempts.push(job.attempts);
    return { kind: 'failed', why: 'no answer' } as const;
  };
  const body = { id: randomUUID(), kind: 'canary', at: new Date(nowMs).toISOString() } as const;
  const job: OutboxJob = { id: 'webhook:x', channel: 'webhook', body, attempts: 0 };
  expect(await store.put(job, nowMs)).toBe(true);
  expect(await store.put(job, nowMs)).toBe(false);
  // Each look at the clock is so late that the next attempt is due.
  const now = () => {
    nowMs += 300_000;
    return nowMs;
  };
  await using _outbox = new Outbox({
    store,
    send: { webhook: send, push: send },
    random: () => 0.5,
    now,
    log: QUIET_LOG,
  });
  await eventually(async () => (await store.stateOf('webhook')).dead).toBe(1);
  expect(attempts).toEqual(Array.from({ length: MAX_ATTEMPTS }, (_, index) => index));
  expect(await store.waiting()).toBe(0);
  expect(await store.stateOf('webhook')).toMatchObject({ state: 'failing', dead: 1 });
});

test('attempts come later and later, and never wait for longer than ten minutes', () => {
  const waits = Array.from({ length: MAX_ATTEMPTS }, (_, index) => backoffMs(index + 1, 0.5));
  expect(waits.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(Math.max(...waits)).toBe(600_000);
});

test('whoever is on call is led to the page that is made for a hand', async () => {
  const oncall = await server.signIn('oncall');
  const phone = await subscribe(oncall);
  const flag = await raise(await server.signIn('duty-68'), { severity: 1 });
  await eventually(() => phone.received().length).toBeGreaterThan(0);
  expect(phone.read()).toMatchObject([{ flagId: flag.id, link: `/oncall?flag=${flag.id}` }]);
  await eventually(() => toldOf(hook.received, flag.id).length).toBeGreaterThan(0);
  expect(toldOf(hook.received, flag.id)[0]?.alert.link).toBe(`/oncall?flag=${flag.id}`);
});
