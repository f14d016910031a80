import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ClosureList, MaskPage } from '#contract/closures.ts';
import { CustodyEventsReply } from '#contract/custody-events.ts';
import { Problem } from '#contract/errors.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const FACILITY = 'ua-68-itt-2';
const CELL = `${FACILITY}-cell-1`;
const CORRIDOR = `${FACILITY}-corridor`;
const ELSEWHERE = 'ua-05-itt-1-corridor';
/** The one area of the sample nation of which a node covers something. */
const COVERED = `${FACILITY}-cell-3`;
const CASE = 'cr-68-1-000888';
const PERSON = { sex: 'male', minor: false, regime: 'criminal', atRisk: true };
const SOON = { timeout: 10_000, interval: 20 };

let redis: TestRedis;
let server: TestServer;
let duty: Caller;
let situation: Caller;
let oversight: Caller;

beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({ redisUrl: redis.url });
  duty = await server.signIn('duty-68');
  situation = await server.signIn('situation');
  oversight = await server.signIn('oversight');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

/** What the facility's system records. */
async function record(type: string, details: object) {
  const at = new Date().toISOString();
  const event = {
    ...{ id: randomUUID(), type, occurredAt: at, recordedAt: at, recordedBy: 'inspector-7' },
    ...details,
  };
  const { body } = await server.stranger().call('POST', '/api/v1/custody/events', {
    headers: { authorization: `Bearer ${await server.facilityKey(FACILITY)}` },
    body: { events: [event] },
  });
  expect(CustodyEventsReply.parse(body).results[0]?.status).toBe('accepted');
}
const gate = async (caller: Caller, areaId: string, body: object) => {
  const reply = await caller.call('POST', `/api/v1/areas/${areaId}/gate`, { body });
  expect(reply.status).toBe(200);
};
const listOf = async (caller: Caller, query = '') =>
  ClosureList.parse((await caller.get(`/api/v1/closures${query}`)).body);
const closedOf = async (caller: Caller, areaId: string) =>
  (await listOf(caller)).closed.find((one) => one.areaId === areaId);
const codeOf = (reply: { body: unknown }) => Problem.parse(reply.body).code;

test('a gate is told of with who, why, until when and how often, to each in their own scope', async () => {
  await gate(duty, CORRIDOR, { act: 'open', minutes: 20, reason: 'Особистий огляд' });
  await gate(situation, ELSEWHERE, { act: 'open', minutes: 10, reason: 'Розмова' });
  await vi.waitFor(async () => expect(await closedOf(oversight, CORRIDOR)).toBeDefined(), SOON);
  await vi.waitFor(async () => expect(await closedOf(oversight, ELSEWHERE)).toBeDefined(), SOON);
  expect(await closedOf(duty, CORRIDOR)).toMatchObject({
    facilityId: FACILITY,
    regionId: 'UA-68',
    gate: { by: 'duty-68', reason: 'Особистий огляд' },
    visits: [],
    use: { timesInWeek: 1, timesInDay: 1, timesLimit: 6, minutesLimit: 360 },
  });
  expect(await closedOf(duty, ELSEWHERE)).toBeUndefined();
  const { closed } = await listOf(situation, '?region=UA-05');
  expect(closed.map(({ areaId }) => areaId)).toEqual([ELSEWHERE]);

  await gate(duty, CORRIDOR, { act: 'extend', minutes: 45, reason: 'Огляд триває' });
  await vi.waitFor(
    async () => expect((await closedOf(oversight, CORRIDOR))?.gate?.reason).toBe('Огляд триває'),
    SOON,
  );
  await gate(duty, CORRIDOR, { act: 'close' });
  await vi.waitFor(async () => expect(await closedOf(oversight, CORRIDOR)).toBeUndefined(), SOON);
});

test('what a facility closes has no reason of ours, not even that of before; more than six times in a day is above the limit', async () => {
  for (let time = 0; time < 6; time += 1) {
    const area = { areaId: CORRIDOR };
    await record('GATE_OPENED', area);
    await vi.waitFor(async () => expect(await closedOf(oversight, CORRIDOR)).toBeDefined(), SOON);
    if (time === 5) break;
    await record('GATE_CLOSED', area);
    await vi.waitFor(async () => expect(await closedOf(oversight, CORRIDOR)).toBeUndefined(), SOON);
  }
  const closed = await closedOf(oversight, CORRIDOR);
  expect(closed?.gate).toMatchObject({ by: 'inspector-7', reason: null });
  expect(closed?.use).toMatchObject({ timesInWeek: 7, timesInDay: 7, timesLimit: 6 });
});

test('a visit and a lifted mask are told of with the person, the latter with reason and level; both go when they end', async () => {
  await record('APPREHENDED', { caseId: CASE, person: PERSON });
  await record('CELL_PLACED', { caseId: CASE, areaId: COVERED });
  await record('RISK_ASSESSED', { caseId: CASE, observationLevel: 3 });
  const body = { act: 'lift', caseId: CASE, minutes: 5, reason: 'Не рухається' };
  await vi.waitFor(async () => {
    const reply = await duty.call('POST', `/api/v1/areas/${COVERED}/mask`, { body });
    expect(reply.status).toBe(200);
  }, SOON);
  const liftedOf = async (caller: Caller) => (await listOf(caller)).lifted;
  await vi.waitFor(async () => expect(await liftedOf(oversight)).toHaveLength(1), SOON);
  expect(await liftedOf(situation)).toMatchObject([
    { areaId: COVERED, by: 'duty-68', reason: 'Не рухається', caseId: CASE, observation: 3 },
  ]);
  await record('LAWYER_ARRIVED', { caseId: CASE, areaId: CELL });
  await vi.waitFor(
    async () =>
      expect(await closedOf(oversight, CELL)).toMatchObject({
        gate: null,
        visits: [{ kind: 'lawyer', caseId: CASE }],
      }),
    SOON,
  );
  await record('LAWYER_LEFT', { caseId: CASE });
  const restored = await duty.call('POST', `/api/v1/areas/${COVERED}/mask`, { body: { act: 'restore' } });
  expect(restored.status).toBe(200);
  await vi.waitFor(async () => expect(await liftedOf(oversight)).toEqual([]), SOON);
  await vi.waitFor(async () => expect(await closedOf(oversight, CELL)).toBeUndefined(), SOON);
});

test('administrators know where pictures are covered, and neither what stands nor any picture', async () => {
  const admin = await server.signIn('admin');
  const masked: MaskPage['items'] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = MaskPage.parse((await admin.get(`/api/v1/masks?limit=50${query}`)).body);
    masked.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(masked.length).toBeGreaterThan(50);
  expect(masked.find(({ areaId }) => areaId === COVERED)).toEqual({
    ...{ areaId: COVERED, facilityId: FACILITY, regionId: 'UA-68' },
    ...{ feeds: 1, byNodes: 1 },
  });
  // In their own scope alone.
  const own = MaskPage.parse((await duty.get('/api/v1/masks')).body).items;
  expect(new Set(own.map(({ regionId }) => regionId))).toEqual(new Set(['UA-68']));

  expect(codeOf(await admin.get('/api/v1/closures'))).toBe('forbidden');
  const feed = `${COVERED}-cam-1`;
  expect(codeOf(await admin.get(`/api/v1/feeds/${feed}/poster.jpg`))).toBe('forbidden');
  expect(codeOf(await admin.call('POST', `/api/v1/feeds/${feed}/viewer-token`))).toBe('forbidden');
  for (const name of ['oncall', 'inspector', 'hotline']) {
    const caller = await server.signIn(name);
    expect(codeOf(await caller.get('/api/v1/masks')), name).toBe('forbidden');
    expect(codeOf(await caller.get('/api/v1/closures')), name).toBe('forbidden');
  }
});
