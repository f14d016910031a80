import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ALERT_MESSAGES,
  type Alert,
  AlertPath,
  type AlertSettings,
  AlertsClaimed,
  AlertsFollowed,
  AlertsPending,
  FlagEscalation,
} from '#contract/alerts.ts';
import { AuditEntry } from '#contract/audit.ts';
import { ackOf } from '#contract/errors.ts';
import { Flag } from '#contract/flags.ts';
import { UA_ESCALATION } from '../../config/escalation/ua.ts';
import { keys } from '../adapters/redis/keys.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { ask, type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const CELL = 'ua-68-itt-1-cell-1';
/** In a region that has no duty centre in sample mode. */
const FAR_CELL = 'ua-05-itt-1-cell-1';

const owned = new AsyncDisposableStack();
let redis: TestRedis;
let here: TestServer;
let there: TestServer;

beforeAll(async () => {
  redis = owned.use(await startTestRedis());
  const folder = await mkdtemp(join(tmpdir(), 'varta-escalation-'));
  owned.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'escalation.json');
  const levels = {
    '1': [{ to: ['duty', 'oncall', 'situation'], afterS: 0, againEveryS: 3_600 }],
    '2': [
      { to: ['duty'], afterS: 0 },
      { to: ['oncall'], afterS: 2 },
      { to: ['situation'], afterS: 600 },
    ],
    '3': [{ to: ['duty'], afterS: 0 }],
    '4': [],
  };
  await writeFile(file, JSON.stringify(UA_ESCALATION.map((set) => ({ ...set, levels }))));
  const environment = { ESCALATION_FILE: file, ALERT_CANARY_S: '5' };
  here = owned.use(await startTestServer({ redisUrl: redis.url, environment }));
  there = owned.use(await startTestServer({ redisUrl: redis.url, environment }));
});
afterAll(() => owned.disposeAsync());

/** An open page of somebody, that keeps what it is sent and shows nothing by itself. */
async function openPage(server: TestServer, caller: Caller) {
  const socket = await server.connect('/console', { caller });
  const sent = new Map<string, Alert>();
  socket.on(ALERT_MESSAGES.pending, (message: unknown) => {
    for (const alert of AlertsPending.parse(message).alerts) sent.set(alert.id, alert);
  });
  await follow(socket);
  return {
    socket,
    sent,
    flags: () => [...sent.values()].filter((alert) => alert.kind === 'flag'),
    of: (flagId: string) =>
      [...sent.values()].filter((alert) => alert.kind === 'flag' && alert.flagId === flagId),
    claim: async (ids: readonly string[]) => {
      const reply = ackOf(AlertsClaimed).parse(await ask(socket, ALERT_MESSAGES.claim, { ids }));
      return reply.ok ? reply.result.granted : [];
    },
    show: (ids: readonly string[]) => ask(socket, ALERT_MESSAGES.shown, { ids }),
  };
}

async function follow(socket: Socket): Promise<AlertsFollowed> {
  const reply = ackOf(AlertsFollowed).parse(await ask(socket, ALERT_MESSAGES.follow, {}));
  if (!reply.ok) throw new Error(reply.code);
  return reply.result;
}

async function raise(caller: Caller, change: object = {}): Promise<Flag> {
  const body = { id: randomUUID(), areaId: CELL, category: 'medical', severity: 2, note: '', ...change };
  return Flag.parse((await caller.call('POST', '/api/v1/flags', { body })).body);
}

async function step(caller: Caller, flag: Flag, body: object): Promise<void> {
  const reply = await caller.call('POST', `/api/v1/flags/${flag.id}/transitions`, { body });
  expect(reply.status).toBe(200);
}

/** One account a role: sample mode may have more of them, who are told as well. */
const PEOPLE = ['duty-68', 'oncall', 'situation', 'inspector'];

async function escalationOf(caller: Caller, flag: Flag): Promise<FlagEscalation> {
  const told = FlagEscalation.parse((await caller.get(`/api/v1/flags/${flag.id}/escalation`)).body);
  return {
    ...told,
    steps: told.steps.map((taken) => ({
      ...taken,
      people: taken.people.filter(({ username }) => PEOPLE.includes(username)),
    })),
  };
}

async function auditOf(region: string, flag: Flag): Promise<AuditEntry[]> {
  const stored = (await (await redis.connect()).xRange(keys.audit(region), '-', '+')) ?? [];
  return stored
    .map(({ message }) => AuditEntry.parse(JSON.parse(String(message.json))))
    .filter(({ action, details }) => action === 'flag.escalate' && details.flag === flag.id);
}

/** Quiet hours that hold now, whatever the time: they began an hour ago, and end in some hours. */
function quietNow(): AlertSettings['quiet'] {
  const kyiv = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Kyiv',
    hour: '2-digit',
    minute: '2-digit',
  });
  const at = (hours: number) => kyiv.format(Date.now() + hours * 3_600_000);
  return { days: [1, 2, 3, 4, 5, 6, 7], from: at(-1), to: at(5) };
}

test('an unanswered flag goes from the duty centre to the one on call; each is told once, and it is on record', async () => {
  const [duty, oncall] = [await here.signIn('duty-68'), await there.signIn('oncall')];
  const dutyPage = await openPage(here, duty);
  const oncallPage = await openPage(there, oncall);
  const flag = await raise(duty);
  await eventually(() => dutyPage.of(flag.id).length).toBe(1);
  expect(dutyPage.of(flag.id)).toMatchObject([{ step: 1, reason: 'raised', severity: 2, areaId: CELL }]);
  expect(oncallPage.of(flag.id)).toEqual([]);
  expect((await escalationOf(duty, flag)).next).toMatchObject({ to: ['oncall'] });

  await eventually(() => oncallPage.of(flag.id).length).toBe(1);
  expect(oncallPage.of(flag.id)).toMatchObject([{ step: 2, reason: 'unanswered' }]);
  const raisedMs = Date.parse(flag.history[0]?.at ?? '');
  const told = await escalationOf(oncall, flag);
  expect(told.steps.map(({ to, people }) => [to, people])).toEqual([
    [['duty'], [{ username: 'duty-68', state: 'waiting', at: null }]],
    [['oncall'], [{ username: 'oncall', state: 'waiting', at: null }]],
  ]);
  const secondMs = Date.parse(told.steps[1]?.at ?? '') - raisedMs;
  expect(secondMs).toBeGreaterThanOrEqual(2_000);

  const ids = oncallPage.of(flag.id).map(({ id }) => id);
  expect(await oncallPage.claim(ids)).toEqual(ids);
  await oncallPage.show(ids);
  expect((await escalationOf(duty, flag)).steps[1]?.people).toMatchObject([{ state: 'shown' }]);
  expect(
    (await auditOf('UA-68', flag)).map(({ actor, details }) => [actor.id, details.to, details.people]),
  ).toEqual([
    ['escalation', 'duty', expect.stringMatching(/^duty-68\b/)],
    ['escalation', 'oncall', 'oncall'],
  ]);
});

test('whoever answers stops it: nobody else is told, and what waits need not be shown any more', async () => {
  const duty = await here.signIn('duty-68');
  const flag = await raise(duty);
  await eventually(async () => (await escalationOf(duty, flag)).steps.length).toBe(1);
  await step(duty, flag, { to: 'acknowledged' });
  // Another flag's next step shows that the time for this one's would have come.
  const other = await raise(duty);
  await eventually(async () => (await escalationOf(duty, other)).steps.length).toBe(2);
  expect((await escalationOf(duty, flag)).steps).toHaveLength(1);
  expect((await escalationOf(duty, flag)).next).toBeNull();
  const page = await openPage(there, duty);
  await eventually(() => page.of(other.id).length).toBe(1);
  expect(page.of(flag.id)).toEqual([]);
  expect((await escalationOf(duty, flag)).steps[0]?.people).toMatchObject([{ state: 'answered' }]);
});

test('level 1 goes to everybody at once; where there is no duty centre, the next does not wait', async () => {
  const situation = await here.signIn('situation');
  const urgent = await raise(situation, { severity: 1 });
  await eventually(async () =>
    (await escalationOf(situation, urgent)).steps.flatMap(({ people }) =>
      people.map(({ username }) => username),
    ),
  ).toEqual(['duty-68', 'oncall', 'situation']);
  const far = await raise(situation, { areaId: FAR_CELL });
  await eventually(async () =>
    (await escalationOf(situation, far)).steps.map(({ reason, people }) => [reason, people.length]),
  ).toEqual([
    ['raised', 0],
    ['nobody', 1],
  ]);
});

test('whoever it is assigned to is told', async () => {
  const duty = await here.signIn('duty-68');
  const inspector = await there.signIn('inspector');
  const page = await openPage(there, inspector);
  const flag = await raise(duty, { severity: 4 });
  await step(duty, flag, { to: 'assigned', assignee: 'inspector' });
  await eventually(() => page.of(flag.id)).toMatchObject([{ reason: 'assigned', step: 0 }]);
});

test('two pages of one person on two replicas: one of them shows it, and the other does not', async () => {
  const first = await openPage(here, await here.signIn('duty-68'));
  const second = await openPage(there, await there.signIn('duty-68'));
  const flag = await raise(await here.signIn('situation'));
  await eventually(() => [first.of(flag.id).length, second.of(flag.id).length]).toEqual([1, 1]);
  const ids = first.of(flag.id).map(({ id }) => id);
  const granted = await Promise.all([first.claim(ids), second.claim(ids)]);
  expect(granted.flat()).toEqual(ids);
  const [winner, loser] = granted[0]?.length ? [first, second] : [second, first];
  await winner.show(ids);
  expect(await loser.claim(ids)).toEqual([]);
  expect(await winner.claim(ids)).toEqual([]);
});

test('a page that goes without showing what it claimed leaves it to the next one', async () => {
  const duty = await here.signIn('duty-68');
  const first = await openPage(here, duty);
  const flag = await raise(duty, { severity: 3 });
  await eventually(() => first.of(flag.id).length).toBe(1);
  const ids = first.of(flag.id).map(({ id }) => id);
  expect(await first.claim(ids)).toEqual(ids);
  first.socket.disconnect();
  const second = await openPage(there, duty);
  await eventually(() => second.of(flag.id).length).toBe(1);
  // At once it may still be about to show it; after a while it may not.
  await eventually(() => second.claim(ids)).toEqual(ids);
});

test('in quiet hours only level 1 comes; the rest is told as one when they end', async () => {
  const oncall = await here.signIn('oncall');
  const page = await openPage(here, oncall);
  const settings: AlertSettings = { sound: { upTo: 2, volume: 0.4 }, quiet: quietNow() };
  expect((await oncall.call('POST', '/api/v1/alerts/settings', { body: settings })).status).toBe(200);
  expect((await oncall.get('/api/v1/alerts/settings')).body).toEqual(settings);
  const situation = await there.signIn('situation');
  const held = [await raise(situation, { areaId: FAR_CELL }), await raise(situation, { areaId: FAR_CELL })];
  for (const flag of held)
    await eventually(async () => (await escalationOf(situation, flag)).steps[1]?.people).toMatchObject([
      { username: 'oncall', state: 'held' },
    ]);
  const urgent = await raise(situation, { severity: 1 });
  await eventually(() => page.of(urgent.id).length).toBe(1);
  for (const flag of held) expect(page.of(flag.id)).toEqual([]);

  await oncall.call('POST', '/api/v1/alerts/settings', { body: { ...settings, quiet: null } });
  const digests = () => [...page.sent.values()].filter((alert) => alert.kind === 'digest');
  await eventually(() => digests().length).toBe(1);
  const [digest] = digests();
  expect(digest).toMatchObject({ total: 2 });
  expect(digest?.items.map(({ flagId }) => flagId).toSorted()).toEqual(held.map(({ id }) => id).toSorted());
  await page.claim([digest?.id ?? '']);
  await page.show([digest?.id ?? '']);
  for (const flag of held)
    expect((await escalationOf(situation, flag)).steps[1]?.people).toMatchObject([{ state: 'shown' }]);
});

test.each([
  { sound: { upTo: 9, volume: 0.5 }, quiet: null },
  { sound: { upTo: 2, volume: 2 }, quiet: null },
  { sound: { upTo: 2, volume: 1 }, quiet: { days: [], from: '22:00', to: '06:00' } },
  { sound: { upTo: 2, volume: 1 }, quiet: { days: [1], from: '22:00', to: '22:00' } },
  { sound: { upTo: 2, volume: 1 }, quiet: { days: [1], from: '24:00', to: '06:00' } },
  { quiet: null },
])('settings that make no sense are refused: %j', async (body) => {
  const caller = await here.signIn('admin');
  const reply = await caller.call('POST', '/api/v1/alerts/settings', { body });
  expect(reply.status).toBe(422);
});

test('what was told of a flag is for those who may see the flag', async () => {
  const flag = await raise(await here.signIn('situation'), { areaId: FAR_CELL, severity: 4 });
  expect((await (await here.signIn('duty-68')).get(`/api/v1/flags/${flag.id}/escalation`)).status).toBe(403);
  expect((await (await here.signIn('admin')).get(`/api/v1/flags/${flag.id}/escalation`)).status).toBe(403);
  const missing = await (await here.signIn('situation')).get(`/api/v1/flags/${randomUUID()}/escalation`);
  expect(missing.status).toBe(404);
});

test('canaries come by themselves, go to everybody whom flags can reach, and what was shown proves the path', async () => {
  const duty = await here.signIn('duty-68');
  const page = await openPage(here, duty);
  const canaries = () => [...page.sent.values()].filter(({ kind }) => kind === 'canary');
  await eventually(() => canaries().length).toBeGreaterThan(0);
  const admin = await there.signIn('admin');
  const path = async () => AlertPath.parse((await admin.get('/api/v1/alerts/path')).body);
  await eventually(async () => (await path()).canary?.expected).toBeGreaterThanOrEqual(3);
  // The other replica hears of what this one's page has shown, of whichever canary that is.
  await eventually(async () => {
    const ids = canaries().map(({ id }) => id);
    await page.show(ids);
    // The one duty centre there is has shown it then, so that none is silent.
    const { canary } = await path();
    return [canary?.shown, canary?.silent ?? []];
  }).toEqual([1, []]);
  expect(Date.now() - Date.parse((await path()).provedAt ?? '')).toBeLessThan(30_000);
  // Each replica looks for itself, a second apart: this one may hear of its own page's last.
  await eventually(async () => (await here.stranger().get('/metrics')).body).toMatch(
    /varta_alert_canary_age_seconds \d/,
  );
  expect((await duty.get('/api/v1/alerts/path')).status).toBe(403);
});
