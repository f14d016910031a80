import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { AuditEntry } from '#contract/audit.ts';
import { CaseDetail } from '#contract/cases.ts';
import { Problem } from '#contract/errors.ts';
import { LIVE_MESSAGES } from '#contract/live.ts';
import {
  MAX_PERSONAL_VERSIONS,
  PurposeList,
  PutPersonalReply,
  ReadEarlierReply,
  ReadPersonalReply,
} from '#contract/personal.ts';
import { keys } from '../adapters/redis/keys.ts';
import { createAuditModule } from '../audit/module.ts';
import { EventStore } from '../custody/event-store.ts';
import { createCipher, type PersonalKey } from '../personal/cipher.ts';
import { createPersonalModule } from '../personal/module.ts';
import { PersonalStore } from '../personal/personal-store.ts';
import { sweepRegion } from '../personal/sweep.ts';
import { callRoute } from './fixtures/call-route.ts';
import { eventually } from './fixtures/eventually.ts';
import { person, smallRegistry } from './fixtures/nation.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { ask, startTestServer, type TestServer } from './fixtures/server.ts';

const DAY_MS = 24 * 3_600_000;
const OWN = 'ua-68-itt-1';
/** No preservation hold is in force. */
const heldIn = async () => ({ version: '0', isHeld: async () => false });
const SECRET = randomBytes(32).toString('base64url');

/** Words that stand nowhere else, so that they can be looked for everywhere. */
const DATA = {
  familyName: 'Зразок-Єдиний',
  givenName: 'Перший-Єдиний',
  birthDate: '1971-03-17',
  charges: ['Стаття Неповторна (вигадано)'],
  healthNotes: ['Вигадана примітка Ксенон'],
};
const WORDS = ['Зразок-Єдиний', 'Перший-Єдиний', '1971-03-17', 'Неповторна', 'Ксенон'];

let redis: TestRedis;
let server: TestServer;
beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({
    redisUrl: redis.url,
    environment: { PERSONAL_DATA_KEY: `one:${SECRET}`, LOG_LEVEL: 'trace' },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

const codeOf = (reply: { body: unknown }) => Problem.parse(reply.body).code;

async function asFacility(path: string, body: unknown, facilityId = OWN) {
  return server.stranger().call('POST', path, {
    body,
    headers: { authorization: `Bearer ${await server.facilityKey(facilityId)}` },
  });
}

async function put(caseId: string, data: object = DATA, recordedAt = '2026-11-22T06:00:00.000Z') {
  const reply = await asFacility(`/api/v1/custody/cases/${caseId}/personal`, { recordedAt, data });
  return PutPersonalReply.parse(reply.body).status;
}

const readPath = (caseId: string, facilityId = OWN) =>
  `/api/v1/facilities/${facilityId}/cases/${caseId}/personal`;

async function read(username: string, caseId: string, body: object) {
  return (await server.signIn(username)).call('POST', readPath(caseId), { body });
}

async function readings(): Promise<AuditEntry[]> {
  const oversight = await server.signIn('oversight');
  const { body } = await oversight.get('/api/v1/audit/entries?chain=UA-68&order=desc&limit=100');
  return z
    .object({ items: z.array(AuditEntry) })
    .parse(body)
    .items.filter(({ action }) => action.startsWith('personal.'));
}

test('who a case is about is told for a purpose, and the audit says to whom and why', async () => {
  const caseId = `cr-${randomUUID()}`;
  expect(await put(caseId)).toBe('stored');
  const reply = await read('duty-68', caseId, { purpose: 'medical-help' });
  expect(reply.status).toBe(200);
  expect(reply.headers.get('cache-control')).toBe('no-store');
  const told = ReadPersonalReply.parse(reply.body);
  expect(told.data).toEqual(DATA);
  const [last] = await readings();
  expect(last).toMatchObject({
    seq: told.auditSeq,
    actor: { kind: 'person', id: 'duty-68' },
    action: 'personal.read',
    resource: `case:${OWN}/${caseId}`,
    details: { purpose: 'medical-help' },
  });
});

test('without a purpose of the own role, or the note that it needs, nothing is told', async () => {
  const caseId = `cr-${randomUUID()}`;
  await put(caseId);
  expect(codeOf(await read('duty-68', caseId, {}))).toBe('invalid');
  expect(codeOf(await read('duty-68', caseId, { purpose: 'curiosity' }))).toBe('purpose_refused');
  expect(codeOf(await read('duty-68', caseId, { purpose: 'legality-check', note: 'No. 7' }))).toBe(
    'purpose_refused',
  );
  const lacking = await read('duty-68', caseId, { purpose: 'complaint' });
  expect(Problem.parse(lacking.body)).toMatchObject({ code: 'invalid', issues: [{ path: ['note'] }] });
  expect((await read('duty-68', caseId, { purpose: 'complaint', note: 'No. 7' })).status).toBe(200);
  // Nobody else: neither the on-call supervisor nor the administrator, nor an inspector of another facility.
  for (const username of ['oncall', 'admin'])
    expect(codeOf(await read(username, caseId, { purpose: 'medical-help' }))).toBe('forbidden');
  const inspector = await server.signIn('inspector');
  const elsewhere = await inspector.call('POST', readPath(caseId, 'ua-05-itt-1'), {
    body: { purpose: 'medical-help' },
  });
  expect(codeOf(elsewhere)).toBe('forbidden');
  const refusals = (await readings()).filter(({ outcome }) => outcome === 'refused');
  expect(refusals.map(({ details }) => details.code)).toContain('purpose_refused');
});

test('each role is offered its purposes', async () => {
  const offered = async (username: string) => {
    const { body } = await (await server.signIn(username)).get('/api/v1/purposes');
    return PurposeList.parse(body).items.map(({ id }) => id);
  };
  expect(await offered('oversight')).toContain('legality-check');
  expect(await offered('inspector')).not.toContain('legality-check');
  expect(await offered('inspector')).toContain('identity-check');
  expect(codeOf(await (await server.signIn('admin')).get('/api/v1/purposes'))).toBe('forbidden');
});

test('a facility states the whole each time; what was recorded later stands, however it comes', async () => {
  const caseId = `cr-${randomUUID()}`;
  const later = { ...DATA, givenName: 'Другий' };
  expect(await put(caseId, later, '2026-11-22T07:00:00Z')).toBe('stored');
  expect(await put(caseId, DATA, '2026-11-22T06:00:00Z')).toBe('outdated');
  expect(await put(caseId, later, '2026-11-22T07:00:00Z')).toBe('unchanged');
  const reply = await read('duty-68', caseId, { purpose: 'identity-check' });
  expect(ReadPersonalReply.parse(reply.body).data.givenName).toBe('Другий');
  // The same number in another facility is another case, and a key is for its own facility alone.
  await asFacility(
    `/api/v1/custody/cases/${caseId}/personal`,
    { recordedAt: '2026-11-22T08:00:00Z', data: DATA },
    'ua-05-itt-1',
  );
  const own = await read('duty-68', caseId, { purpose: 'identity-check' });
  expect(ReadPersonalReply.parse(own.body).data.givenName).toBe('Другий');
  expect(codeOf(await read('duty-68', `cr-${randomUUID()}`, { purpose: 'medical-help' }))).toBe(
    'no_personal_data',
  );
  for (const bad of [{ ...DATA, nickname: 'x' }, { givenName: 'x' }, { ...DATA, birthDate: '31.01.1990' }])
    expect(
      codeOf(
        await asFacility(`/api/v1/custody/cases/${caseId}/personal`, {
          recordedAt: '2026-11-22T08:00:00Z',
          data: bad,
        }),
      ),
    ).toBe('invalid');
});

test('what a facility said before stays for outside control, for a purpose, and nobody else reads it', async () => {
  const caseId = `cr-${randomUUID()}`;
  const names = Array.from({ length: 23 }, (_, index) => `Ім’я ${index + 1}`);
  for (const [index, givenName] of names.entries())
    expect(await put(caseId, { ...DATA, givenName }, `2026-11-22T06:${10 + index}:00Z`)).toBe('stored');
  const earlier = async (username: string, body: object) =>
    (await server.signIn(username)).call('POST', `${readPath(caseId)}/earlier`, { body });
  const purpose = { purpose: 'legality-check', note: 'No. 7' };
  for (const username of ['situation', 'duty-68', 'inspector', 'oncall', 'admin'])
    expect(codeOf(await earlier(username, { purpose: 'inquiry', note: 'No. 7' })), username).toBe(
      'forbidden',
    );
  expect(codeOf(await earlier('prosecutor', { purpose: 'medical-help' }))).toBe('purpose_refused');

  const first = ReadEarlierReply.parse((await earlier('prosecutor', purpose)).body);
  const rest = ReadEarlierReply.parse(
    (await earlier('ombudsman', { ...purpose, before: first.nextBefore })).body,
  );
  const told = [...first.items, ...rest.items];
  expect(told.map(({ data }) => data.givenName)).toEqual(names.slice(0, -1).toReversed());
  expect(told.map(({ version }) => version)).toEqual(Array.from({ length: 22 }, (_, index) => 22 - index));
  expect(rest.nextBefore).toBeNull();
  const [last] = await readings();
  expect(last).toMatchObject({
    seq: rest.auditSeq,
    actor: { kind: 'person', id: 'ombudsman' },
    action: 'personal.read-earlier',
    resource: `case:${OWN}/${caseId}`,
    details: { purpose: 'legality-check', note: 'No. 7', versions: '2 1' },
  });
  expect(codeOf(await earlier('prosecutor', { ...purpose, before: 0 }))).toBe('invalid');
});

test('it stands in no list, no live news, no log, and nowhere in Redis as it is', async () => {
  const caseId = `cr-${randomUUID()}`;
  const situation = await server.signIn('situation');
  const page = await server.connect('/console', { caller: situation });
  const heard: unknown[] = [];
  page.onAny((...message) => heard.push(message));
  heard.push(await ask(page, LIVE_MESSAGES.subscribe, { regions: [] }));
  await put(caseId);
  const at = new Date().toISOString();
  await asFacility('/api/v1/custody/events', {
    events: [
      {
        id: randomUUID(),
        type: 'CELL_PLACED',
        caseId,
        areaId: `${OWN}-cell-1`,
        occurredAt: at,
        recordedAt: at,
        recordedBy: 'officer-1',
      },
    ],
  });
  const said = async (path: string) => JSON.stringify((await situation.get(path)).body);
  await eventually(() => said(`/api/v1/cases?facility=${OWN}`)).toContain(caseId);
  await eventually(() => JSON.stringify(heard)).toContain(caseId);
  const told = await read('situation', caseId, { purpose: 'inquiry', note: 'No. 7' });
  expect(JSON.stringify(told.body)).toContain('Зразок-Єдиний');
  const lists = [
    await said(`/api/v1/cases?facility=${OWN}`),
    await said(`/api/v1/facilities/${OWN}/cases/${caseId}`),
    await said('/api/v1/areas?region=UA-68'),
    await said('/api/v1/flags?state=all'),
    JSON.stringify(await readings()),
    JSON.stringify(heard),
    server.log(),
  ];
  expect(CaseDetail.parse(JSON.parse(lists[1] ?? '')).summary.caseId).toBe(caseId);
  expect(server.log()).toContain('/personal');

  const connection = await redis.connect();
  const values = await Promise.all(
    (await connection.keys('*')).map(async (key) => {
      const type = await connection.type(key);
      if (type === 'hash') return JSON.stringify(await connection.hGetAll(key));
      if (type === 'stream') return JSON.stringify(await connection.xRange(key, '-', '+'));
      if (type === 'zset') return JSON.stringify(await connection.zRange(key, 0, -1));
      if (type === 'set') return JSON.stringify(await connection.sMembers(key));
      if (type === 'list') return JSON.stringify(await connection.lRange(key, 0, -1));
      return String(await connection.get(key));
    }),
  );
  expect(values.join('')).toContain(caseId);
  for (const text of [...lists, ...values]) {
    for (const word of [...WORDS, SECRET]) {
      expect(text).not.toContain(word);
      expect(text).not.toContain(Buffer.from(word).toString('base64url').slice(0, -2));
    }
  }
  // Nor in the file that Redis writes.
  const { appenddirname = '', dir = '' } = {
    ...(await connection.configGet('appenddirname')),
    ...(await connection.configGet('dir')),
  };
  const file = await readFile(`${dir}/${appenddirname}/appendonly.aof.1.incr.aof`, 'utf8');
  expect(file).toContain(caseId);
  for (const word of WORDS) expect(file).not.toContain(word);
});

const key = (id: string): PersonalKey => ({ id, bytes: randomBytes(32) });

async function openStore(given: readonly PersonalKey[]) {
  const own = await startTestRedis({ appendonly: 'no' });
  const connection = await own.connect();
  const audit = createAuditModule({ redis: connection, now: Date.now, log: QUIET_LOG });
  const withKeys = (those: readonly PersonalKey[]) =>
    new PersonalStore({ redis: connection, audit, cipher: createCipher(those) });
  return {
    redis: connection,
    audit,
    store: withKeys(given),
    withKeys,
    [Symbol.asyncDispose]: async () => {
      await audit[Symbol.asyncDispose]();
      await own[Symbol.asyncDispose]();
    },
  };
}

const place = (caseId: string) => ({ regionId: 'UA-68', facilityId: OWN, caseId });
const draft = {
  actor: { kind: 'facility', id: OWN },
  action: 'personal.put',
  resource: 'case',
  outcome: 'done',
} as const;
const body = { recordedAt: '2026-11-01T00:00:00Z', data: DATA };

test('it is erased so many days after the case was closed, on record, and not before', async () => {
  await using own = await openStore([key('one')]);
  const closedMs = Date.UTC(2026, 10, 2);
  const summary = (closedAt: string | null) =>
    JSON.stringify({
      caseId: 'any',
      facilityId: OWN,
      regionId: 'UA-68',
      areaId: null,
      person: null,
      detainedAt: null,
      closedAt,
      clocks: [],
      contradictions: 0,
      updatedAt: '2026-11-02T00:00:00Z',
    });
  for (const caseId of ['closed', 'held', 'unheard'])
    await own.store.put(place(caseId), body, { receivedAt: '2026-11-01T00:00:00Z', draft });
  await own.redis.hSet(
    keys.caseSummaries('UA-68'),
    `${OWN}/closed`,
    summary(new Date(closedMs).toISOString()),
  );
  await own.redis.hSet(keys.caseSummaries('UA-68'), `${OWN}/held`, summary(null));
  await own.redis.zAdd(keys.casesOpen('UA-68'), { score: 1, value: `${OWN}/held` });
  const sweepAt = (nowMs: number) =>
    sweepRegion('UA-68', { redis: own.redis, store: own.store, days: 30, heldIn, now: () => nowMs });
  const left = async () =>
    (await own.redis.hKeys(keys.personal('UA-68'))).map((name) => name.split('/')[1]).toSorted();

  expect(await sweepAt(closedMs + 30 * DAY_MS - 1)).toEqual({ erased: 1, unreadable: 0 });
  expect(await left()).toEqual(['closed', 'held']);
  expect(await sweepAt(closedMs + 30 * DAY_MS)).toEqual({ erased: 1, unreadable: 0 });
  // Whoever is held stays known, were it for years; and many who sweep at once erase once.
  await Promise.all(Array.from({ length: 4 }, () => sweepAt(closedMs + 4_000 * DAY_MS)));
  expect(await left()).toEqual(['held']);
  const entries = (await own.redis.xRange(keys.audit('UA-68'), '-', '+')) ?? [];
  const erased = entries
    .map(({ message }) => AuditEntry.parse(JSON.parse(String(message.json))))
    .filter(({ action }) => action === 'personal.erase');
  expect(erased.map(({ resource }) => resource)).toEqual([`case:${OWN}/unheard`, `case:${OWN}/closed`]);
});

test('a release that is told as long past does not bring the erasing forward', async () => {
  await using own = await openStore([key('one')]);
  const toldMs = Date.UTC(2026, 10, 20);
  const release = {
    id: '00000000-0000-4000-8000-000000000001',
    type: 'RELEASED',
    caseId: 'closed',
    occurredAt: '2026-01-01T00:00:00.000Z',
    recordedAt: '2026-01-01T00:00:00.000Z',
    recordedBy: 'x',
  } as const;
  await new EventStore(own.redis).accept({ regionId: 'UA-68', facilityId: OWN }, [release], {
    receivedAtMs: toldMs,
  });
  await own.store.put(place('closed'), body, { receivedAt: '2026-10-01T00:00:00Z', draft });
  const summary = {
    caseId: 'closed',
    facilityId: OWN,
    regionId: 'UA-68',
    areaId: null,
    person: null,
    detainedAt: null,
    closedAt: release.occurredAt,
    clocks: [],
    contradictions: 0,
    updatedAt: release.recordedAt,
  };
  await own.redis.hSet(keys.caseSummaries('UA-68'), `${OWN}/closed`, JSON.stringify(summary));
  const sweepAt = async (nowMs: number) =>
    (await sweepRegion('UA-68', { redis: own.redis, store: own.store, days: 30, heldIn, now: () => nowMs }))
      .erased;
  expect(await sweepAt(toldMs + 30 * DAY_MS - 1)).toBe(0);
  expect(await sweepAt(toldMs + 30 * DAY_MS)).toBe(1);
});

test('after a rotation everything is encrypted anew, and the old key is needed no longer', async () => {
  const [old, present] = [key('one'), key('two')];
  await using own = await openStore([old]);
  for (const caseId of ['a-1', 'a-2'])
    await own.store.put(place(caseId), body, { receivedAt: '2026-11-01T00:00:00Z', draft });
  const anew = { ...DATA, givenName: 'Другий' };
  const corrected = { data: anew, recordedAt: '2026-11-01T01:00:00Z' };
  await own.store.put(place('a-2'), corrected, { receivedAt: '2026-11-01T01:00:00Z', draft });
  const both = own.withKeys([present, old]);
  await sweepRegion('UA-68', {
    redis: own.redis,
    store: both,
    days: 30,
    heldIn,
    now: () => Date.UTC(2026, 10, 2),
  });
  const alone = own.withKeys([present]);
  const stranger = own.withKeys([key('three')]);
  expect(
    await sweepRegion('UA-68', {
      redis: own.redis,
      store: stranger,
      days: 30,
      heldIn,
      now: () => Date.UTC(2026, 10, 2),
    }),
  ).toEqual({ erased: 0, unreadable: 2 });
  for (const [caseId, data] of [
    ['a-1', DATA],
    ['a-2', anew],
  ] as const) {
    const stored = await alone.find(place(caseId));
    if (!stored) throw new Error('lost');
    expect(alone.open(place(caseId), stored)).toEqual(data);
  }
  const [before] = await alone.findEarlier(place('a-2'), 2);
  if (!before) throw new Error('lost');
  expect(alone.open(place('a-2'), before)).toEqual(DATA);
  const stored = await alone.find(place('a-1'));
  if (!stored) throw new Error('lost');
  expect(() => own.store.open(place('a-1'), stored)).toThrow('there is no key two');
  // Put in the place of another, it cannot be read: nobody is shown under a name that is not theirs.
  expect(() => alone.open(place('a-2'), stored)).toThrow('not as it was written');
});

test('of many changes at once each one is kept, none can be thrown away, and there is an end to them', async () => {
  await using own = await openStore([key('one')]);
  const at = (second: number) => new Date(Date.UTC(2026, 10, 1) + second * 1_000).toISOString();
  const say = (second: number, caseId = 'a-1') =>
    own.store.put(
      place(caseId),
      { recordedAt: at(second), data: { ...DATA, givenName: `Ім’я ${second}` } },
      { receivedAt: at(second), draft },
    );
  const all = async (caseId = 'a-1') => {
    const present = await own.store.find(place(caseId));
    if (!present) return [];
    const kept = [present];
    while ((kept.at(-1)?.version ?? 1) > 1)
      kept.push(...(await own.store.findEarlier(place(caseId), kept.at(-1)?.version ?? 1)));
    return kept.map((one) => ({ version: one.version, name: own.store.open(place(caseId), one).givenName }));
  };
  const outcomes = await Promise.all(Array.from({ length: 4 }, (_, second) => say(second)));
  const stored = outcomes.flatMap((outcome, second) => (outcome === 'stored' ? [`Ім’я ${second}`] : []));
  expect(stored.length).toBeGreaterThan(0);
  expect((await all()).map(({ name }) => name).toSorted()).toEqual(stored.toSorted());

  for (let second = 10; (await say(second)) === 'stored'; second += 1);
  const kept = await all();
  expect(kept.map(({ version }) => version)).toEqual(
    Array.from({ length: MAX_PERSONAL_VERSIONS }, (_, index) => MAX_PERSONAL_VERSIONS - index),
  );
  expect(await say(100_000)).toBe('full');
  expect(await all()).toEqual(kept);
  await say(0, 'a-2');
  await say(1, 'a-2');

  // They go together, and with nobody else's.
  const present = await own.store.find(place('a-1'));
  if (!present) throw new Error('lost');
  const erase = { ...draft, action: 'personal.erase' } as const;
  expect(await own.store.erase(place('a-1'), { ...present, heldVersion: 'another' }, erase)).toBe(false);
  expect(await all()).toEqual(kept);
  expect(await own.store.erase(place('a-1'), { ...present, heldVersion: '0' }, erase)).toBe(true);
  expect(await own.redis.hKeys(keys.personalEarlier('UA-68'))).toEqual([`${OWN}/a-2/1`]);
});

test('what is sent again every night is no other version, and uses up none', async () => {
  await using own = await openStore([key('one')]);
  const night = (index: number) => new Date(Date.UTC(2026, 10, 1) + index * DAY_MS).toISOString();
  const say = (index: number, givenName: string) =>
    own.store.put(
      place('a-1'),
      { recordedAt: night(index), data: { ...DATA, givenName } },
      { receivedAt: night(index), draft },
    );
  expect(await say(0, 'Перший')).toBe('stored');
  const last = MAX_PERSONAL_VERSIONS + 1;
  for (let index = 1; index <= last; index += 1) expect(await say(index, 'Другий')).toBe('stored');
  expect(await own.store.find(place('a-1'))).toMatchObject({ version: 2, recordedAt: night(last) });
  expect(await say(1, 'Другий')).toBe('outdated');
  expect(await say(last + 1, 'Третій')).toBe('stored');
  const earlier = await own.store.findEarlier(place('a-1'), 3);
  expect(
    earlier.map((one) => [one.version, one.recordedAt, own.store.open(place('a-1'), one).givenName]),
  ).toEqual([
    [2, night(last), 'Другий'],
    [1, night(0), 'Перший'],
  ]);
});

test('a server without a key takes nothing and tells nothing', async () => {
  await using own = await openStore([key('one')]);
  await using module = createPersonalModule({
    redis: own.redis,
    registry: smallRegistry(),
    audit: own.audit,
    keys: [],
    days: 30,
    heldIn,
    replicaId: 'test',
    now: Date.now,
    log: QUIET_LOG,
  });
  const asked = callRoute(module.routes, 'post', '/api/v1/facilities/:facilityId/cases/:caseId/personal', {
    principal: person('situation'),
    params: { facilityId: OWN, caseId: 'cr-1' },
    body: { purpose: 'medical-help' },
  });
  await expect(asked).rejects.toMatchObject({ code: 'personal_key_missing' });
});
