import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { AreaView } from '#contract/areas.ts';
import { Problem } from '#contract/errors.ts';
import { GateReply } from '#contract/gate.ts';
import { nameBasedId } from '#contract/name-based-id.ts';
import { keys } from '../adapters/redis/keys.ts';
import { nameOfEnd } from '../gate/closure-ends.ts';
import { readAudit } from './fixtures/media-replica.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const FACILITY = 'ua-68-itt-1';
const CELL = `${FACILITY}-cell-1`;
const MINUTE_MS = 60_000;
const SOON = { timeout: 10_000, interval: 20 };

/** Two replicas with one clock that the test turns on. */
let aheadMs = 0;
const now = () => Date.now() + aheadMs;
let redis: TestRedis;
let servers: [TestServer, TestServer];
let duty: Caller;

beforeAll(async () => {
  redis = await startTestRedis();
  servers = [
    await startTestServer({ redisUrl: redis.url, now }),
    await startTestServer({ redisUrl: redis.url, now }),
  ];
  duty = await servers[0].signIn('duty-68');
});
afterAll(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

const set = (caller: Caller, body: object, areaId = CELL) =>
  caller.call('POST', `/api/v1/areas/${areaId}/gate`, { body });
const open = (minutes = 30) => ({ act: 'open', minutes, reason: 'Особистий огляд' });
const area = async (areaId = CELL) => AreaView.parse((await duty.get(`/api/v1/areas/${areaId}`)).body);
const codeOf = (reply: { body: unknown }) => Problem.parse(reply.body).code;
const audited = async (action: string) =>
  (await readAudit(redis, 'UA-68')).filter((entry) => entry.action === action);

describe('a gate that somebody sets', () => {
  test('closes the area for everybody, says who and until when, and is in the audit with its reason', async () => {
    const reply = await set(duty, open());
    expect(reply.status).toBe(200);
    const { event, until } = GateReply.parse(reply.body);
    await vi.waitFor(async () => expect((await area()).gate?.by).toBe('duty-68'), SOON);
    const { gate, confidentialSince, feeds } = await area();
    expect(gate?.until).toBe(until);
    expect(confidentialSince).toBe(gate?.since);
    expect(feeds.map(({ state }) => state)).toEqual(feeds.map(() => 'confidential'));
    for (const username of ['situation', 'oversight', 'ombudsman']) {
      const caller = await servers[1].signIn(username);
      const [feed] = feeds;
      expect(codeOf(await caller.call('POST', `/api/v1/feeds/${feed?.id}/viewer-token`))).toBe(
        'confidential',
      );
      expect(codeOf(await caller.get(`/api/v1/feeds/${feed?.id}/poster.jpg`))).toBe('confidential');
    }
    expect(await audited('gate.open')).toMatchObject([
      {
        actor: { kind: 'person', id: 'duty-68' },
        resource: `area:${CELL}`,
        details: { event, until, reason: 'Особистий огляд' },
      },
    ]);
  });

  test('is given more time, and ended by hand', async () => {
    expect(codeOf(await set(duty, open()))).toBe('conflict');
    const before = await area();
    const more = await set(duty, { act: 'extend', minutes: 60, reason: 'Огляд триває' });
    expect(more.status).toBe(200);
    await vi.waitFor(async () => {
      const { gate } = await area();
      expect(gate?.since).toBe(before.gate?.since);
      expect(gate?.until).toBe(GateReply.parse(more.body).until);
    }, SOON);
    expect((await set(duty, { act: 'close' })).status).toBe(200);
    await vi.waitFor(async () => expect((await area()).confidentialSince).toBeNull(), SOON);
    expect((await area()).gate).toBeUndefined();
    expect(await audited('gate.close')).toHaveLength(1);
  });

  test('ends by itself, once for all replicas, also when it was given more time just before', async () => {
    await set(duty, open(10));
    await vi.waitFor(async () => expect((await area()).gate).toBeDefined(), SOON);
    aheadMs += 9 * MINUTE_MS;
    const until = (await area()).gate?.until;
    await set(duty, { act: 'extend', minutes: 5, reason: 'Огляд триває' });
    await vi.waitFor(async () => expect((await area()).gate?.until).not.toBe(until), SOON);
    aheadMs += 2 * MINUTE_MS;
    expect((await area()).gate).toBeDefined();
    expect(await audited('gate.end')).toEqual([]);
    aheadMs += 4 * MINUTE_MS;
    await vi.waitFor(async () => expect((await area()).confidentialSince).toBeNull(), SOON);
    await vi.waitFor(async () => expect(await audited('gate.end')).toHaveLength(1), SOON);
    const connection = await redis.connect();
    const events = await connection.xRange(keys.custody('UA-68'), '-', '+');
    const ends = (events ?? []).filter(({ message }) =>
      JSON.stringify(message).includes('"recordedBy\\":\\"varta'),
    );
    expect(ends).toHaveLength(1);
  });

  test.each([
    ['longer than one may', { act: 'open', minutes: 61, reason: 'Огляд' }, 429, 'limit_reached'],
    ['without a reason', { act: 'open', minutes: 30, reason: ' ' }, 422, 'invalid'],
    ['more time for none', { act: 'extend', minutes: 30, reason: 'Огляд' }, 409, 'conflict'],
    ['the end of none', { act: 'close' }, 409, 'conflict'],
    ['something else', { act: 'lift' }, 422, 'invalid'],
  ])('%s is refused', async (_, body, status, code) => {
    const reply = await set(duty, body);
    expect(codeOf(reply)).toBe(code);
    expect(reply.status).toBe(status);
  });

  test('is for those who may, where they may; others are refused, on record', async () => {
    const elsewhere = 'ua-05-itt-1-cell-1';
    expect(codeOf(await set(duty, open(), elsewhere))).toBe('forbidden');
    expect(codeOf(await set(duty, open(), 'ua-68-nowhere'))).toBe('unknown_area');
    for (const username of ['oncall', 'oversight', 'prosecutor', 'admin', 'hotline']) {
      const caller = await servers[0].signIn(username);
      expect(codeOf(await set(caller, open())), username).toBe('forbidden');
    }
    const refused = (await readAudit(redis, 'UA-05')).filter(({ action }) => action === 'gate.set');
    expect(refused).toMatchObject([{ actor: { id: 'duty-68' }, outcome: 'refused' }]);
  });
});

describe('a visit', () => {
  const ROOM = `${FACILITY}-interview-room`;
  const post = async (...events: object[]) => {
    const authorization = `Bearer ${await servers[0].facilityKey(FACILITY)}`;
    const at = new Date(now()).toISOString();
    const common = { caseId: 'cr-68-1-visited', occurredAt: at, recordedAt: at, recordedBy: 'inspector-7' };
    const { body } = await servers[0].stranger().call('POST', '/api/v1/custody/events', {
      headers: { authorization },
      body: { events: events.map((event) => ({ id: randomUUID(), ...common, ...event })) },
    });
    return (body as { results: { status: string; code?: string }[] }).results.map(
      ({ status, code }) => code ?? status,
    );
  };
  /** No session lives so long. */
  const later = async (minutes: number) => {
    aheadMs += minutes * MINUTE_MS;
    duty = await servers[0].signIn('duty-68');
  };
  const opens = (areaId: string) =>
    vi.waitFor(async () => expect((await area(areaId)).confidentialSince).toBeNull(), SOON);
  const visitOf = async (areaId: string) => {
    await vi.waitFor(async () => expect((await area(areaId)).visits).toHaveLength(1), SOON);
    const [visit] = (await area(areaId)).visits ?? [];
    if (!visit) throw new Error('unreachable');
    return visit;
  };
  const minutesOf = ({ since, until }: { since: string; until: string }) =>
    (Date.parse(until) - Date.parse(since)) / MINUTE_MS;
  beforeAll(async () => {
    await post({ type: 'DELIVERED' }, { type: 'CELL_PLACED', areaId: CELL });
  });

  test.each([
    ['a lawyer in the cell', 'LAWYER_ARRIVED', undefined, 240],
    ['a lawyer in a room for it', 'LAWYER_ARRIVED', ROOM, 240],
    ['a doctor in the cell', 'MEDICAL_EXAM_STARTED', undefined, 60],
  ])(
    '%s, and nobody records the end: it ends by itself, once for all replicas, on record',
    async (_, type, areaId, minutes) => {
      const place = areaId ?? CELL;
      const before = (await audited('visit.end')).length;
      expect(await post({ type, ...(areaId ? { areaId } : {}) })).toEqual(['accepted']);
      const visit = await visitOf(place);
      expect(minutesOf(visit)).toBe(minutes);
      await later(minutes - 1);
      const viewer = await servers[1].signIn('situation');
      const token = await viewer.call('POST', `/api/v1/feeds/${place}-cam-1/viewer-token`);
      expect(codeOf(token)).toBe('confidential');
      expect((await area(place)).visits).toHaveLength(1);
      await later(2);
      await opens(place);
      await vi.waitFor(async () => expect(await audited('visit.end')).toHaveLength(before + 1), SOON);
      expect((await audited('visit.end')).at(-1)).toMatchObject({
        actor: { kind: 'system', id: 'varta' },
        resource: `area:${place}`,
        details: { caseId: 'cr-68-1-visited', visit: visit.kind, since: visit.since, until: visit.until },
      });
    },
  );

  test('goes on as often as somebody says so: who may close areas, or who records it there', async () => {
    await post({ type: 'LAWYER_ARRIVED' });
    const { caseId, since, until } = await visitOf(CELL);
    expect(codeOf(await set(duty, { act: 'prolong', caseId: 'cr-68-1-another' }))).toBe('conflict');
    const oncall = await servers[1].signIn('oncall');
    expect(codeOf(await set(oncall, { act: 'prolong', caseId }))).toBe('forbidden');
    await later(230);
    const reply = await set(duty, { act: 'prolong', caseId });
    expect(reply.status).toBe(200);
    await vi.waitFor(async () => expect((await visitOf(CELL)).until).not.toBe(until), SOON);
    expect(await visitOf(CELL)).toMatchObject({ since, until: GateReply.parse(reply.body).until });
    expect((await audited('gate.prolong')).at(-1)).toMatchObject({
      actor: { id: 'duty-68' },
      details: { caseId, event: GateReply.parse(reply.body).event },
    });
    const before = (await audited('visit.end')).length;
    await later(230);
    const given = (await visitOf(CELL)).until;
    await post({ type: 'CONFIDENTIALITY_EXTENDED' });
    await vi.waitFor(async () => expect(minutesOf(await visitOf(CELL))).toBeGreaterThan(690), SOON);
    expect((await visitOf(CELL)).until > given).toBe(true);
    expect(await audited('visit.end')).toHaveLength(before);
    await post({ type: 'LAWYER_LEFT' });
    await opens(CELL);
  });

  test('opens also when somebody has taken the id of its end', async () => {
    await post({ type: 'LAWYER_ARRIVED' });
    const visit = await visitOf(CELL);
    const place = { id: CELL, facilityId: FACILITY };
    const id = nameBasedId(nameOfEnd(place, { areaId: CELL, kind: 'visit', visit }));
    expect(await post({ id, type: 'MEAL' })).toEqual(['accepted']);
    await later(241);
    await opens(CELL);
  });

  test('opens also when somebody withdraws its end', async () => {
    await post({ type: 'MEDICAL_EXAM_STARTED' });
    await visitOf(CELL);
    const ends = (await audited('visit.end')).length;
    await later(61);
    await vi.waitFor(async () => expect(await audited('visit.end')).toHaveLength(ends + 1), SOON);
    await opens(CELL);
    const event = (await audited('visit.end')).at(-1)?.details?.event;
    const correction = { type: 'RECORD_CORRECTED', corrects: event, reason: 'it was no end' };
    expect(await post({ ...correction, caseId: undefined })).toEqual(['accepted']);
    await visitOf(CELL);
    await vi.waitFor(
      async () => {
        aheadMs += 31_000;
        expect((await area()).confidentialSince).toBeNull();
      },
      { timeout: 10_000, interval: 600 },
    );
  });

  test('is not ended by anybody’s event but our own', async () => {
    const until = new Date(now()).toISOString();
    expect(await post({ type: 'CONFIDENTIALITY_ENDED', until })).toEqual(['forbidden']);
  });
});

test('a facility closes an area by its own events, within the same limits', async () => {
  const cell = `${FACILITY}-cell-2`;
  const authorization = `Bearer ${await servers[0].facilityKey(FACILITY)}`;
  const at = new Date(now()).toISOString();
  const post = (type: string) =>
    servers[0].stranger().call('POST', '/api/v1/custody/events', {
      headers: { authorization },
      body: {
        events: [
          {
            id: randomUUID(),
            type,
            areaId: cell,
            occurredAt: type === 'GATE_OPENED' ? at : new Date(now()).toISOString(),
            recordedAt: at,
            recordedBy: 'inspector-7',
            ...(type === 'GATE_OPENED' ? { until: new Date(now() + 600 * MINUTE_MS).toISOString() } : {}),
          },
        ],
      },
    });
  expect((await post('GATE_OPENED')).status).toBe(200);
  await vi.waitFor(async () => expect((await area(cell)).gate?.by).toBe('inspector-7'), SOON);
  const { gate } = await area(cell);
  expect(Date.parse(gate?.until ?? '') - Date.parse(gate?.since ?? '')).toBe(60 * MINUTE_MS);
  await post('GATE_CLOSED');
  await vi.waitFor(async () => expect((await area(cell)).confidentialSince).toBeNull(), SOON);
});
