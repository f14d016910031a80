import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CaseDetail, ReadWordsReply } from '#contract/cases.ts';
import { CustodyEventsReply } from '#contract/custody-events.ts';
import { Problem } from '#contract/errors.ts';
import { PurposeList } from '#contract/personal.ts';
import { keys } from '../adapters/redis/keys.ts';
import { formerMarkOf } from '../custody/event-marks.ts';
import { EventStore } from '../custody/event-store.ts';
import { createWordKeeper } from '../custody/words.ts';
import { createCipher } from '../personal/cipher.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { startTestServer, type TestServer } from './fixtures/server.ts';

const FACILITY = 'ua-68-itt-1';
const AREA = `${FACILITY}-cell-1`;
const REGION = 'UA-68';
const KEY = randomBytes(32);
/** Words that stand nowhere else, so that they can be looked for everywhere. */
const WORDS = {
  note: 'Перша вигадана примітка Аргон',
  correction: 'Друга вигадана причина Гелій',
  replaced: 'Третя вигадана примітка Неон',
  overlay: 'Четверта вигадана підстава Криптон',
  check: 'П’ята вигадана примітка Радон',
};

let redis: TestRedis;
let server: TestServer;
beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({
    redisUrl: redis.url,
    environment: { PERSONAL_DATA_KEY: `one:${KEY.toString('base64url')}`, LOG_LEVEL: 'trace' },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

async function send(events: readonly unknown[]) {
  const reply = await server.stranger().call('POST', '/api/v1/custody/events', {
    body: { events },
    headers: { authorization: `Bearer ${await server.facilityKey(FACILITY)}` },
  });
  return CustodyEventsReply.parse(reply.body).results.map(({ status, code }) => code ?? status);
}

/** An event of the case a while ago. */
function event(type: string, minutesAgo: number, details: object) {
  const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  return { id: randomUUID(), type, occurredAt: at, recordedAt: at, recordedBy: 'inspector-1', ...details };
}

/** Everything that the store holds, and the file that it writes. */
async function everythingStored(): Promise<string> {
  const connection = await redis.connect();
  const values = await Promise.all(
    (await connection.keys('*')).map(async (key) => {
      const type = await connection.type(key);
      if (type === 'hash') return JSON.stringify(await connection.hGetAll(key));
      if (type === 'stream') return JSON.stringify(await connection.xRange(key, '-', '+'));
      if (type === 'zset') return JSON.stringify(await connection.zRange(key, 0, -1));
      if (type === 'set') return JSON.stringify(await connection.sMembers(key));
      return String(await connection.get(key));
    }),
  );
  const { appenddirname = '', dir = '' } = {
    ...(await connection.configGet('appenddirname')),
    ...(await connection.configGet('dir')),
  };
  return [...values, await readFile(`${dir}/${appenddirname}/appendonly.aof.1.incr.aof`, 'utf8')].join('\n');
}

test('what is written in free words is nowhere at rest, and is told for a purpose', async () => {
  const caseId = `cr-${randomUUID()}`;
  const person = { sex: 'male', minor: false, regime: 'criminal', atRisk: false };
  const meal = event('MEAL', 60, { caseId, note: WORDS.note });
  const check = event('CELL_CHECK', 30, { areaId: AREA, note: WORDS.check });
  const overlay = { normSet: 'ua-cpc-615', authorisedBy: 'prosecutor-1', reason: WORDS.overlay };
  const events = [
    event('APPREHENDED', 120, { caseId, person }),
    event('CELL_PLACED', 100, { caseId, areaId: AREA }),
    event('OVERLAY_APPLIED', 90, { caseId, overlay }),
    meal,
    check,
    event('RECORD_CORRECTED', 10, {
      corrects: meal.id,
      reason: WORDS.correction,
      replacement: event('MEAL', 55, { caseId, note: WORDS.replaced }),
    }),
  ];
  expect(await send(events)).toEqual(events.map(() => 'accepted'));
  // The same once more is known; other words under the same id are not taken.
  expect(await send(events)).toEqual(events.map(() => 'duplicate'));
  expect(await send([{ ...meal, note: 'something else' }])).toEqual(['duplicate']);

  const situation = await server.signIn('situation');
  const path = `/api/v1/facilities/${FACILITY}/cases/${caseId}`;
  await eventually(async () => (await situation.get(path)).status).toBe(200);
  const detail = CaseDetail.parse((await situation.get(path)).body);
  expect(detail.timeline.filter(({ hasWords }) => hasWords).map(({ type }) => type)).toEqual([
    'MEAL',
    'MEAL',
    'CELL_CHECK',
    'RECORD_CORRECTED',
  ]);
  // Why a decision gave more time is part of the case; everything else is read for a purpose.
  expect(detail.timeline.find(({ type }) => type === 'OVERLAY_APPLIED')?.details.overlay).toEqual(overlay);
  for (const words of [WORDS.note, WORDS.check, WORDS.replaced, WORDS.correction])
    expect(JSON.stringify(detail)).not.toContain(words);

  const stored = await everythingStored();
  expect(stored).toContain(caseId);
  for (const words of Object.values(WORDS)) {
    const [last = ''] = words.split(' ').slice(-1);
    expect(stored).not.toContain(last);
    expect(stored).not.toContain(Buffer.from(words).toString('base64url').slice(4, -4));
  }
  expect(server.log()).not.toContain('Аргон');

  const inspector = await server.signIn('oversight');
  const purposes = PurposeList.parse((await inspector.get('/api/v1/purposes')).body);
  const [purpose] = purposes.items;
  const reply = await inspector.call('POST', `${path}/notes`, {
    body: { purpose: purpose?.id, note: 'a sample' },
  });
  const { items } = ReadWordsReply.parse(reply.body);
  expect(
    items
      .map(({ note }) => note)
      .filter(Boolean)
      .sort(),
  ).toEqual([WORDS.note, WORDS.replaced, WORDS.check].sort());
  expect(items.map(({ reason }) => reason)).toContain(WORDS.correction);
});

test('words open under the key that sealed them, for the event that they were written to, and not otherwise', async () => {
  const connection = await redis.connect();
  const place = { regionId: REGION, facilityId: FACILITY };
  const at = new Date().toISOString();
  const id = randomUUID();
  const one = { id, bytes: KEY };
  const words = createWordKeeper(createCipher([{ ...one, id: 'one' }]));
  const store = new EventStore(connection, { words });
  const events = [id, randomUUID()].map((eventId) => ({
    id: eventId,
    type: 'MEAL' as const,
    occurredAt: at,
    recordedAt: at,
    recordedBy: 'a',
    caseId: 'cr-words',
    note: `note of ${eventId}`,
  }));
  await store.accept(place, events, { receivedAtMs: Date.parse(at) });
  const [first, second] = await Promise.all(events.map((event) => store.find(place, event.id)));
  if (!first || !second) throw new Error('nothing is stored');
  expect(first.event.note).toBe('[…]');
  expect(words.open(first).event).toEqual(events[0]);
  expect(words.open(first).sealed).toBeUndefined();
  expect(() => words.open({ ...first, sealed: second.sealed })).toThrow('not as it was written');
  const strange = createWordKeeper(createCipher([{ id: 'other', bytes: randomBytes(32) }]));
  expect(() => strange.open(first)).toThrow('no key one');
});

test('what an earlier version took with its words in the digest is known when it comes again', async () => {
  const connection = await redis.connect();
  const place = { regionId: REGION, facilityId: FACILITY };
  const at = new Date().toISOString();
  const event = {
    id: randomUUID(),
    type: 'MEAL' as const,
    occurredAt: at,
    recordedAt: at,
    recordedBy: 'a',
    caseId: 'cr-former',
    note: 'a note',
  };
  const former = formerMarkOf(event, undefined);
  await connection.hSet(keys.custodyDigests(REGION), `${FACILITY}/${event.id}`, former);
  const store = new EventStore(connection);
  const given = { receivedAtMs: Date.parse(at) };
  expect(await store.accept(place, [event], given)).toEqual(['duplicate']);
  expect(await store.accept(place, [{ ...event, caseId: 'cr-other' }], given)).toEqual(['id-taken']);
  expect(await store.accept(place, [{ ...event, note: 'another' }], given)).toEqual(['id-taken']);
});

test('a case whose words nobody can open any more is told without them', async () => {
  await using other = await startTestServer({
    redisUrl: redis.url,
    environment: { PERSONAL_DATA_KEY: `two:${randomBytes(32).toString('base64url')}` },
  });
  const caller = await other.signIn('oversight');
  const connection = await redis.connect();
  const store = new EventStore(connection);
  const stream = await store.readAfter(REGION, '0-0', 100);
  const decided = stream.find(({ stored }) => stored?.event.type === 'OVERLAY_APPLIED')?.stored?.event;
  const caseId = decided && 'caseId' in decided ? decided.caseId : '';
  const path = `/api/v1/facilities/${FACILITY}/cases/${caseId}`;
  const detail = CaseDetail.parse((await caller.get(path)).body);
  expect(detail.timeline.find(({ type }) => type === 'OVERLAY_APPLIED')?.details.overlay?.reason).toBe('[…]');
  const [purpose] = PurposeList.parse((await caller.get('/api/v1/purposes')).body).items;
  const reply = await caller.call('POST', `${path}/notes`, {
    body: { purpose: purpose?.id, note: 'a sample' },
  });
  expect(Problem.parse(reply.body).code).toBe('personal_key_missing');
});
