import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { AreaView } from '#contract/areas.ts';
import { CustodyEventsReply } from '#contract/custody-events.ts';
import { Problem } from '#contract/errors.ts';
import { MaskReply } from '#contract/mask.ts';
import { readAudit } from './fixtures/media-replica.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const FACILITY = 'ua-68-itt-2';
/** Where the sample inspector records. */
const INSPECTED = 'ua-68-itt-1';
/** The one area of the sample nation of which a node covers something. */
const CELL = `${FACILITY}-cell-3`;
const CASE = 'cr-68-1-000777';
const PERSON = { sex: 'male', minor: false, regime: 'criminal', atRisk: true };
const SOON = { timeout: 10_000, interval: 20 };

let redis: TestRedis;
let server: TestServer;
let duty: Caller;

beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({ redisUrl: redis.url });
  duty = await server.signIn('duty-68');
  await record('APPREHENDED', { person: PERSON });
  await record('CELL_PLACED', { areaId: CELL });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

/** What the facility's system records of the person. */
async function record(type: string, details: object = {}) {
  const at = new Date().toISOString();
  const common = { id: randomUUID(), occurredAt: at, recordedAt: at, recordedBy: 'inspector-7' };
  const event = { ...common, type, ...(type.startsWith('MASK') ? {} : { caseId: CASE }), ...details };
  const { body } = await server.stranger().call('POST', '/api/v1/custody/events', {
    headers: { authorization: `Bearer ${await server.facilityKey(FACILITY)}` },
    body: { events: [event] },
  });
  return CustodyEventsReply.parse(body).results[0];
}

const set = (caller: Caller, body: object, areaId = CELL) =>
  caller.call('POST', `/api/v1/areas/${areaId}/mask`, { body });
const lift = (minutes = 10) => ({ act: 'lift', caseId: CASE, minutes, reason: 'Не рухається' });
const area = async () => AreaView.parse((await duty.get(`/api/v1/areas/${CELL}`)).body);
const codeOf = (reply: { body: unknown }) => Problem.parse(reply.body).code;
const assess = (observationLevel: number) => record('RISK_ASSESSED', { observationLevel });

test('what is covered is shown only while somebody inside is under constant observation', async () => {
  expect((await area()).privacy).toBe('masked');
  expect(codeOf(await set(duty, lift()))).toBe('conflict');
  await assess(3);
  await vi.waitFor(async () => expect((await set(duty, lift())).status).toBe(200), SOON);
  await vi.waitFor(async () => expect((await area()).unmasked?.by).toBe('duty-68'), SOON);
  await assess(2);
  await vi.waitFor(async () => expect((await area()).unmasked).toBeUndefined(), SOON);
});

test('it says until when, is on record with the person and the reason, and is taken back', async () => {
  await assess(3);
  const reply = await vi.waitFor(async () => {
    const answer = await set(duty, lift(5));
    expect(answer.status).toBe(200);
    return MaskReply.parse(answer.body);
  }, SOON);
  await vi.waitFor(async () => expect((await area()).unmasked?.until).toBe(reply.until), SOON);
  const [entry] = (await readAudit(redis, 'UA-68')).filter(({ action }) => action === 'mask.lift').slice(-1);
  expect(entry).toMatchObject({
    actor: { id: 'duty-68' },
    resource: `area:${CELL}`,
    details: { event: reply.event, case: CASE, reason: 'Не рухається', observation: 3 },
  });
  expect((await set(duty, { act: 'restore' })).status).toBe(200);
  await vi.waitFor(async () => expect((await area()).unmasked).toBeUndefined(), SOON);
});

test('it ends when the person leaves, and does not come back with them', async () => {
  await vi.waitFor(async () => expect((await set(duty, lift())).status).toBe(200), SOON);
  await vi.waitFor(async () => expect((await area()).unmasked).toBeDefined(), SOON);
  await record('CELL_MOVED', { areaId: `${FACILITY}-cell-2` });
  await vi.waitFor(async () => expect((await area()).unmasked).toBeUndefined(), SOON);
  await record('CELL_MOVED', { areaId: CELL });
  await vi.waitFor(async () => expect((await area()).headcount).toBe(1), SOON);
  expect((await area()).unmasked).toBeUndefined();
});

test('nobody lifts it by an event, nor who may not, nor for longer, nor where nothing is covered', async () => {
  const until = new Date(Date.now() + 60_000).toISOString();
  const forged = await record('MASK_LIFTED', { areaId: CELL, concerns: CASE, until, reason: 'a reason' });
  expect(forged).toMatchObject({ status: 'rejected', code: 'forbidden' });
  const inspector = await server.signIn('inspector');
  const byHand = await inspector.call('POST', `/api/v1/facilities/${INSPECTED}/custody/events`, {
    body: {
      events: [
        {
          id: randomUUID(),
          type: 'MASK_LIFTED',
          areaId: `${INSPECTED}-cell-1`,
          concerns: CASE,
          until,
          reason: 'a reason',
          occurredAt: new Date().toISOString(),
          recordedAt: new Date().toISOString(),
        },
      ],
    },
  });
  expect(JSON.stringify(byHand.body)).toContain('forbidden');
  for (const username of ['inspector', 'oncall', 'oversight', 'prosecutor', 'admin'])
    expect(codeOf(await set(await server.signIn(username), lift())), username).toBe('forbidden');
  await vi.waitFor(async () => expect(codeOf(await set(duty, lift(31)))).toBe('limit_reached'), SOON);
  expect(codeOf(await set(duty, lift(), `${FACILITY}-cell-2`))).toBe('conflict');
  expect(codeOf(await set(duty, lift(), 'ua-05-itt-1-cell-1'))).toBe('forbidden');
  expect((await area()).unmasked).toBeUndefined();
});
