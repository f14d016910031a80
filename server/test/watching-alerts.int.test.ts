import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALERT_MESSAGES, Alert, AlertsPending, OutsideAlert, type WatchingAlert } from '#contract/alerts.ts';
import { Problem } from '#contract/errors.ts';
import { WatchingList } from '#contract/watching.ts';
import { keys } from '../adapters/redis/keys.ts';
import { createAuditModule } from '../audit/module.ts';
import { eventually } from './fixtures/eventually.ts';
import {
  createPushBrowser,
  createVapidKeys,
  startReceiver,
  type TestReceiver,
} from './fixtures/push-receiver.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { ask, startTestServer, type TestServer } from './fixtures/server.ts';

const FACILITY = 'ua-68-itt-1';
/** Three in the morning in Kyiv, and the morning after, from which the clock of the test goes on. */
const NIGHT_MS = Date.parse('2026-11-21T01:00:00.000Z');
const MORNING_MS = NIGHT_MS + 4 * 3_600_000;
const OUTSIDE_CONTROL = ['ombudsman', 'oversight', 'prosecutor'] as const;
/** Whoever watched is among them, and their superiors, and the inspector of the facility. */
const OTHERS = ['situation', 'duty-68', 'oncall', 'inspector', 'admin', 'hotline'] as const;

const owned = new AsyncDisposableStack();
const vapid = createVapidKeys();
const startedMs = Date.now();
const now = () => MORNING_MS + Date.now() - startedMs;
let redis: TestRedis;
let server: TestServer;
let hook: TestReceiver;
let pushService: TestReceiver;
let startAnother: () => Promise<TestServer>;
const phones = new Map<string, () => OutsideAlert[]>();

beforeAll(async () => {
  redis = owned.use(await startTestRedis());
  hook = owned.use(await startReceiver());
  pushService = owned.use(await startReceiver());
  startAnother = async () =>
    owned.use(
      await startTestServer({
        redisUrl: redis.url,
        now,
        environment: {
          ALERT_WEBHOOK_URL: `${hook.origin}/varta`,
          ALERT_WEBHOOK_SECRET: 'a secret of the receiver and the server',
          PUSH_VAPID_PUBLIC_KEY: vapid.publicKey,
          PUSH_VAPID_PRIVATE_KEY: vapid.privateKey,
          PUSH_CONTACT: 'mailto:duty@varta.example',
          PUSH_SERVICES: pushService.origin,
          PUSH_AFTER_MS: '1000',
        },
      }),
    );
  server = await startAnother();
  for (const name of [...OUTSIDE_CONTROL, ...OTHERS]) {
    const browser = createPushBrowser();
    const path = `/push/${name}`;
    const body = { endpoint: `${pushService.origin}${path}`, keys: browser.keys };
    const caller = await server.signIn(name);
    expect((await caller.call('POST', '/api/v1/alerts/pushes', { body })).status, name).toBe(201);
    phones.set(name, () =>
      pushService.received
        .filter((one) => one.path === path)
        .map((one) => OutsideAlert.parse(JSON.parse(browser.read(one.body)))),
    );
  }
  await watched({ 'duty-68': `${FACILITY}-cell-1`, oversight: `${FACILITY}-cell-2` });
  await lookAnew();
});
afterAll(() => owned.disposeAsync());

/** Some people watch an area each for most of an hour of the night, in full. */
async function watched(areas: Readonly<Record<string, string>>) {
  await using audit = createAuditModule({ redis: await redis.connect(), now, log: QUIET_LOG });
  const until = NIGHT_MS + 50 * 60_000;
  for (const [person, areaId] of Object.entries(areas))
    await audit.append('UA-68', {
      actor: { kind: 'person', id: person },
      action: 'viewing.end',
      resource: 'region',
      outcome: 'done',
      details: {
        viewerId: `tab-of-${person}`,
        [`${areaId}-cam-1`]: `${new Date(NIGHT_MS).toISOString()}/${new Date(until).toISOString()} seen=3000 high=3000`,
      },
    });
}

/** The replica that has looked a moment ago will not for some minutes: another one takes its place. */
async function lookAnew() {
  await (await redis.connect()).del(keys.lease('watching:UA-68'));
  await startAnother();
}

const waitingFor = async (username: string): Promise<WatchingAlert[]> =>
  (await (await redis.connect()).hVals(keys.alertQueue(username)))
    .map((json) => Alert.parse(JSON.parse(json)))
    .filter((alert) => alert.kind === 'watching');
const pushedTo = (username: string) =>
  (phones.get(username)?.() ?? []).filter(({ kind }) => kind === 'watching');

test('outside control is alerted on pages and phones, whoever it is about, police and the organisation’s receiver are not', async () => {
  await eventually(async () => (await waitingFor('prosecutor')).length).toBe(2);
  const waiting = await waitingFor('ombudsman');
  expect(waiting.map(({ place }) => place.uk.split(' · ')[0]).toSorted()).toEqual(['Камера 1', 'Камера 2']);
  expect(JSON.stringify(waiting)).not.toMatch(/duty-68|oversight/);
  // Of their own watching nobody is told.
  expect((await waitingFor('oversight')).map(({ place }) => place.uk.split(' · ')[0])).toEqual(['Камера 1']);
  for (const [name, count] of [
    ['ombudsman', 2],
    ['prosecutor', 2],
    ['oversight', 1],
  ] as const) {
    await eventually(() => pushedTo(name).length).toBe(count);
    // A phone says that there is something, and not where: whoever sits beside it may be the one.
    for (const push of pushedTo(name))
      expect(push).toEqual({
        id: expect.any(String),
        kind: 'watching',
        at: expect.any(String),
        link: '/audit/watching',
      });
  }
  for (const name of OTHERS) {
    expect(await waitingFor(name), name).toEqual([]);
    expect(pushedTo(name), name).toEqual([]);
  }
  const hooked = hook.received.map(({ body }) => OutsideAlert.parse(JSON.parse(body.toString())).kind);
  expect(hooked).not.toContain('watching');
});

test('an open page of outside control shows it, once; the next look tells it to those alone whom it has not reached', async () => {
  const socket = await server.connect('/console', { caller: await server.signIn('prosecutor') });
  const shown = new Promise<WatchingAlert[]>((resolve) => {
    socket.on(ALERT_MESSAGES.pending, (message: unknown) => {
      const told = AlertsPending.parse(message).alerts.filter((alert) => alert.kind === 'watching');
      if (told.length === 2) resolve(told);
    });
  });
  await ask(socket, ALERT_MESSAGES.follow, {});
  const ids = (await shown).map(({ id }) => id);
  await ask(socket, ALERT_MESSAGES.shown, { ids });
  socket.disconnect();
  expect(await waitingFor('prosecutor')).toEqual([]);

  // As if the replica that found them had been killed before it told the ombudsman.
  const connection = await redis.connect();
  await connection.del([keys.alertsKnown('ombudsman'), keys.alertQueue('ombudsman')]);
  // Somebody new is found, so that it is known when the look is over; regions are looked at one after the other.
  await watched({ situation: `${FACILITY}-cell-1` });
  await lookAnew();
  await eventually(async () => (await waitingFor('prosecutor')).length).toBe(1);
  const [alert] = await waitingFor('prosecutor');
  expect(ids).not.toContain(alert?.id);
  await eventually(() => pushedTo('prosecutor').length).toBe(3);
  expect(await waitingFor('ombudsman')).toHaveLength(3);
});

test('nobody finds or reviews their own; what somebody has reviewed is told no more', async () => {
  const listOf = async (name: string) => {
    const caller = await server.signIn(name);
    const { items } = WatchingList.parse((await caller.get('/api/v1/audit/watching')).body);
    return items;
  };
  const all = await listOf('ombudsman');
  const own = all.find(({ person }) => person === 'oversight');
  expect(all.map(({ person }) => person).toSorted()).toEqual(['duty-68', 'oversight', 'situation']);
  expect((await listOf('oversight')).map(({ person }) => person)).not.toContain('oversight');
  const review = async (name: string, id: string | undefined) =>
    (await server.signIn(name)).call('POST', `/api/v1/audit/watching/${id ?? randomUUID()}/review`, {
      body: { note: 'Пояснення отримано' },
    });
  expect(Problem.parse((await review('oversight', own?.id)).body).code).toBe('not_found');
  for (const { id } of all) expect((await review('prosecutor', id)).status).toBe(200);

  const socket = await server.connect('/console', { caller: await server.signIn('ombudsman') });
  await ask(socket, ALERT_MESSAGES.follow, {});
  await eventually(() => waitingFor('ombudsman')).toEqual([]);
  socket.disconnect();
});
