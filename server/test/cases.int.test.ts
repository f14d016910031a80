import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { AuditEntry } from '#contract/audit.ts';
import { CaseDetail, CasePage, ReadWordsReply } from '#contract/cases.ts';
import { CustodyEventsReply } from '#contract/custody-events.ts';
import { Problem } from '#contract/errors.ts';
import { Flag } from '#contract/flags.ts';
import { PurposeList } from '#contract/personal.ts';
import { WhoAmI } from '#contract/session.ts';
import { keys } from '../adapters/redis/keys.ts';
import { createAuditModule } from '../audit/module.ts';
import { ViewingIndex } from '../custody/cases/viewing-index.ts';
import { DarkStore } from '../figures/dark/dark-store.ts';
import type { Spell } from '../figures/dark/plan-look.ts';
import { detention } from './fixtures/detentions.ts';
import { eventually } from './fixtures/eventually.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let redis: TestRedis;
let server: TestServer;
let inspector: Caller;
/** The inspector's facility, its region, and one of another region. */
let own: string;
let region: string;
let far: string;

beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({ redisUrl: redis.url });
  inspector = await server.signIn('inspector');
  const { scope } = WhoAmI.parse((await inspector.get('/api/v1/session')).body);
  if (scope.kind !== 'facilities') throw new Error('an inspector is of a facility');
  own = scope.facilityIds[0] ?? '';
  region = own.slice(0, 5).toUpperCase();
  far = region === 'UA-05' ? 'ua-68-itt-1' : 'ua-05-itt-1';
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

async function send(facilityId: string, events: readonly unknown[]) {
  const reply = await server.stranger().call('POST', '/api/v1/custody/events', {
    body: { events },
    headers: { authorization: `Bearer ${await server.facilityKey(facilityId)}` },
  });
  return CustodyEventsReply.parse(reply.body).results;
}

/** A whole detention of a facility, sent; its case. */
async function sendDetention(facilityId: string, startMs = Date.now() - 10 * HOUR_MS): Promise<string> {
  const caseId = `cr-${randomUUID()}`;
  // The fixture leaves some of them unfinished; this one is whole. Not every facility has a lawyer's room.
  const whole = Array.from({ length: 50 }, () => detention(facilityId, startMs)).find(
    (one) => one.length === 12,
  );
  const events = (whole ?? []).map((event) => ({
    ...event,
    caseId,
    ...('areaId' in event && event.areaId ? { areaId: event.areaId.replace('lawyer-room', 'cell-3') } : {}),
  }));
  expect((await send(facilityId, events)).map(({ status }) => status)).not.toContain('rejected');
  return caseId;
}

const detailPath = (facilityId: string, caseId: string) => `/api/v1/facilities/${facilityId}/cases/${caseId}`;
const codeOf = (reply: { body: unknown }) => Problem.parse(reply.body).code;

async function auditOf(chain: string): Promise<AuditEntry[]> {
  const reader = await server.signIn('oversight');
  const { body } = await reader.get(`/api/v1/audit/entries?chain=${chain}&order=desc&limit=200`);
  return z.object({ items: z.array(AuditEntry) }).parse(body).items;
}

test('a case is listed, read whole, and its reading is on record', async () => {
  const caseId = await sendDetention(own);
  const situation = await server.signIn('situation');
  const list = async (query: string) =>
    CasePage.parse((await situation.get(`/api/v1/cases?${query}`)).body).items.map((one) => one.caseId);
  await eventually(() => list(`facility=${own}&state=closed`)).toContain(caseId);
  expect(await list(`facility=${own}`)).not.toContain(caseId);
  expect(await list(`region=${region}&state=all`)).toContain(caseId);
  expect(await list(`facility=${far}&state=all`)).not.toContain(caseId);

  const reply = await situation.get(detailPath(own, caseId));
  expect(reply.status).toBe(200);
  const detail = CaseDetail.parse(reply.body);
  expect(detail.timeline.map(({ type }) => type)).toEqual([
    'APPREHENDED',
    'DELIVERED',
    'REGISTERED',
    'RIGHTS_EXPLAINED',
    'CELL_PLACED',
    'MEAL',
    'LAWYER_ARRIVED',
    'CELL_MOVED',
    'LAWYER_LEFT',
    'CELL_MOVED',
    'SUSPICION_SERVED',
    'RELEASED',
  ]);
  expect(detail.stays.map(({ areaId }) => areaId)).toEqual(
    ['cell-1', 'cell-3', 'cell-2'].map((name) => `${own}-${name}`),
  );
  const suspicion = detail.runs.find(({ limit }) => limit === 'suspicion');
  expect(suspicion).toMatchObject({ normSet: 'ua-cpc', standing: 'law', shadowed: false });
  expect(suspicion?.metAt).toBe(detail.timeline.find(({ type }) => type === 'SUSPICION_SERVED')?.occurredAt);
  expect(detail.contradictions).toEqual([]);
  // From the cell at minute 50 to the release at minute 300; the server had not begun to look at all that time.
  expect(detail.dark).toEqual([{ cause: 'unknown', seconds: 250 * 60 }]);
  // Who may not read the audit is not told who saw what.
  expect(detail.viewings).toBeUndefined();
  expect(await auditOf(region)).toContainEqual(
    expect.objectContaining({
      actor: { kind: 'person', id: 'situation' },
      action: 'case.read',
      resource: `case:${own}/${caseId}`,
    }),
  );
});

test('how long no camera showed somebody is told in seconds, by cause, for where they were and when', async () => {
  const startMs = Date.now() - 10 * HOUR_MS;
  const caseId = await sendDetention(own, startMs);
  const ms = (minute: number) => startMs + minute * MINUTE_MS;
  const spell = (cell: string, cause: Spell['cause'], [from, to]: [number, number]): Spell => ({
    areaId: `${own}-${cell}`,
    cause,
    fromMs: ms(from),
    toMs: ms(to),
  });
  const store = new DarkStore(await redis.connect());
  // The server keeps this account at the same time: whoever was overtaken reads it again.
  const note = async () => {
    const before = await store.load(region);
    const { untilMs = Date.now(), dark = new Map() } = before.record ?? {};
    return store.commit(region, before, {
      record: { begunMs: ms(60), untilMs, dark },
      spells: [
        spell('cell-1', 'fault', [70, 75]),
        // After they had left, and beside them.
        spell('cell-1', 'fault', [95, 110]),
        spell('cell-4', 'network', [60, 300]),
        // They came in the middle of it, and left in the middle of another one.
        spell('cell-3', 'power', [85, 100]),
        spell('cell-2', 'confidential', [120, 130]),
        spell('cell-2', 'unexplained', [135, 136.5]),
        spell('cell-2', 'network', [290, 310]),
      ],
      gap: { fromMs: ms(140), toMs: ms(150) },
      changed: [],
    });
  };
  await eventually(async () => (await note()) !== undefined).toBe(true);
  const { stays, dark } = CaseDetail.parse((await inspector.get(detailPath(own, caseId))).body);
  expect(
    stays.map(({ from, to }) => [from, to].map((at) => (Date.parse(at ?? '') - startMs) / MINUTE_MS)),
  ).toEqual([
    [50, 91],
    [91, 111],
    [111, 300],
  ]);
  expect(dark).toEqual([
    { cause: 'fault', seconds: 5 * 60 },
    { cause: 'network', seconds: 10 * 60 },
    { cause: 'power', seconds: 9 * 60 },
    { cause: 'unexplained', seconds: 90 },
    { cause: 'confidential', seconds: 10 * 60 },
    // Ten minutes before anybody looked, and ten in which nobody did.
    { cause: 'unknown', seconds: 20 * 60 },
  ]);
});

test('what was voided and what came in its place are both told', async () => {
  const caseId = await sendDetention(own);
  const before = CaseDetail.parse((await inspector.get(detailPath(own, caseId))).body);
  const delivered = before.timeline.find(({ type }) => type === 'DELIVERED');
  const now = new Date().toISOString();
  const correction = {
    id: randomUUID(),
    type: 'RECORD_CORRECTED',
    occurredAt: now,
    recordedAt: now,
    recordedBy: 'officer-1',
    corrects: delivered?.id,
    reason: 'a wrong hour',
    replacement: {
      id: randomUUID(),
      type: 'DELIVERED',
      caseId,
      occurredAt: new Date(Date.parse(delivered?.occurredAt ?? '') + 5 * MINUTE_MS).toISOString(),
      recordedAt: now,
      recordedBy: 'officer-1',
    },
  };
  await send(own, [correction]);
  const after = CaseDetail.parse((await inspector.get(detailPath(own, caseId))).body);
  const entry = (id: string | undefined) => after.timeline.find((one) => one.id === id);
  expect(entry(delivered?.id)).toMatchObject({ voidedBy: correction.id, replaces: null });
  expect(entry(correction.replacement.id)).toMatchObject({ voidedBy: null, replaces: delivered?.id });
  expect(entry(correction.id)).toMatchObject({
    type: 'RECORD_CORRECTED',
    corrects: delivered?.id,
    replacement: correction.replacement.id,
    hasWords: true,
  });
  expect(after.times.delivered).toBe(correction.replacement.occurredAt);
});

test('what was written in free words is told for a purpose only, and who asked is on record first', async () => {
  const caseId = `cr-${randomUUID()}`;
  const at = new Date(Date.now() - 5 * MINUTE_MS).toISOString();
  const event = { id: randomUUID(), caseId, occurredAt: at, recordedAt: at, recordedBy: 'x' };
  const written = { ...event, type: 'FORCE_USED', note: 'asked for Zrazok Pershyi', reason: 'Zrazok struck' };
  const silent = { ...event, id: randomUUID(), type: 'MEAL' };
  await send(own, [written, silent]);
  const situation = await server.signIn('situation');
  const whole = await situation.get(detailPath(own, caseId));
  expect(JSON.stringify(whole.body)).not.toContain('Zrazok');
  const told = CaseDetail.parse(whole.body).timeline.map(({ id, hasWords }) => [id, hasWords]);
  expect(Object.fromEntries(told)).toEqual({ [written.id]: true, [silent.id]: false });

  const path = `${detailPath(own, caseId)}/notes`;
  const ask = (body: object) => situation.call('POST', path, { body });
  expect(codeOf(await ask({ purpose: 'curiosity' }))).toBe('purpose_refused');
  const { items } = PurposeList.parse((await situation.get('/api/v1/purposes')).body);
  const purpose = items[0]?.id;
  const reply = await ask({ purpose, note: 'No. 12' });
  const { items: words, auditSeq } = ReadWordsReply.parse(reply.body);
  expect(words).toEqual([{ id: written.id, note: written.note, reason: written.reason }]);
  expect((await auditOf(region)).find(({ seq }) => seq === auditSeq)).toMatchObject({
    actor: { id: 'situation' },
    action: 'personal.read',
    resource: `case:${own}/${caseId}`,
    details: { what: 'notes', purpose },
  });
  const admin = await server.signIn('admin');
  expect((await admin.call('POST', path, { body: { purpose } })).status).toBe(403);
});

test('a flag on the area in the time of the stay is told, and one of before is not', async () => {
  const duty = await server.signIn('situation');
  const raise = async () =>
    Flag.parse(
      (
        await duty.call('POST', '/api/v1/flags', {
          body: { areaId: `${own}-cell-1`, category: 'medical', severity: 2 },
        })
      ).body,
    ).id;
  const earlier = await raise();
  const caseId = `cr-${randomUUID()}`;
  const at = new Date().toISOString();
  const common = { occurredAt: at, recordedAt: at, recordedBy: 'officer-1', caseId };
  await send(own, [{ ...common, id: randomUUID(), type: 'CELL_PLACED', areaId: `${own}-cell-1` }]);
  const during = await raise();
  const { flags } = CaseDetail.parse((await duty.get(detailPath(own, caseId))).body);
  expect(flags.map(({ id }) => id)).toContain(during);
  expect(flags.map(({ id }) => id)).not.toContain(earlier);
});

test('those who may read the audit are told who saw the person, and only while they were there', async () => {
  const startMs = Date.now() - 10 * HOUR_MS;
  const caseId = await sendDetention(own, startMs);
  const connection = await redis.connect();
  await using audit = createAuditModule({ redis: connection, now: Date.now, log: QUIET_LOG });
  const at = (minute: number) => new Date(startMs + minute * MINUTE_MS).toISOString();
  const note = (action: string, [area, from, to]: [string, number, number?]) =>
    audit.append(region, {
      actor: { kind: 'person', id: 'duty-68' },
      action,
      resource: `region:${region}`,
      outcome: 'done',
      details: {
        viewerId: 'tab-of-a-test',
        [`${own}-${area}-cam-1`]: to === undefined ? at(from) : `${at(from)}/${at(to)}`,
      },
    });
  // In cell 1 from minute 50 to 91, then cell 3, then cell 2 from 111 to 300.
  await note('viewing.begin', ['cell-1', 40]);
  await note('viewing.end', ['cell-1', 40, 60]);
  await note('viewing.end', ['cell-1', 10, 49]);
  await note('viewing.end', ['cell-2', 100, 110]);
  await note('viewing.end', ['cell-2', 250, 400]);
  await note('viewing.begin', ['cell-2', 280]);
  const oversight = await server.signIn('oversight');
  const { viewings } = CaseDetail.parse((await oversight.get(detailPath(own, caseId))).body);
  expect(viewings).toEqual([
    expect.objectContaining({ areaId: `${own}-cell-2`, from: at(280), to: at(300), seconds: 20 * 60 }),
    expect.objectContaining({ areaId: `${own}-cell-2`, from: at(250), to: at(300), seconds: 50 * 60 }),
    expect.objectContaining({ areaId: `${own}-cell-1`, from: at(50), to: at(60), seconds: 10 * 60 }),
  ]);
  expect(viewings?.[0]?.by).toEqual({ kind: 'person', id: 'duty-68' });
  // The end comes later: what had begun is the same viewing still.
  await note('viewing.end', ['cell-2', 280, 290]);
  const again = CaseDetail.parse((await oversight.get(detailPath(own, caseId))).body).viewings;
  expect(again).toHaveLength(3);
  expect(again?.[0]).toMatchObject({ from: at(280), to: at(290), seconds: 600 });
});

test('replicas that take the same audit into the index at once change nothing by it', async () => {
  const connection = await redis.connect();
  const index = () =>
    new ViewingIndex({
      redis: connection,
      areaOf: (feedId) => feedId.replace(/-cam-\d+$/, ''),
      now: Date.now,
    });
  await Promise.all(Array.from({ length: 5 }, () => index().catchUp(region)));
  // How far the audit is read moves with whatever else is written to it meanwhile.
  const keysOf = async () =>
    (await connection.keys(`varta:{${region}}:viewings:*`))
      .filter((key) => key !== keys.viewingsPosition(region))
      .toSorted();
  const before = await Promise.all((await keysOf()).map((key) => connection.dump(key)));
  await index().catchUp(region);
  expect(await Promise.all((await keysOf()).map((key) => connection.dump(key)))).toEqual(before);
});

test('nobody reads a case outside their scope, and an administrator none', async () => {
  const caseId = await sendDetention(own);
  const elsewhere = await sendDetention(far);
  expect((await inspector.get(detailPath(own, caseId))).status).toBe(200);
  expect(codeOf(await inspector.get(detailPath(far, elsewhere)))).toBe('forbidden');
  expect(codeOf(await inspector.get(`/api/v1/cases?facility=${far}`))).toBe('forbidden');
  const admin = await server.signIn('admin');
  expect(codeOf(await admin.get(detailPath(own, caseId)))).toBe('forbidden');
  expect(codeOf(await admin.get('/api/v1/cases'))).toBe('forbidden');
  const mine = CasePage.parse((await inspector.get('/api/v1/cases?state=all')).body).items;
  expect(mine.length).toBeGreaterThan(0);
  expect(new Set(mine.map(({ facilityId }) => facilityId))).toEqual(new Set([own]));
  // The same number in another facility is another case.
  expect(codeOf(await (await server.signIn('situation')).get(detailPath(far, caseId)))).toBe('unknown_case');
  expect(codeOf(await inspector.get('/api/v1/cases?cursor=nonsense'))).toBe('invalid');
});

test('an inspector records by hand: signed by the server, once however often it is sent, and on record', async () => {
  const caseId = `cr-${randomUUID()}`;
  const at = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS).toISOString();
  const written = {
    id: randomUUID(),
    type: 'RIGHTS_EXPLAINED',
    caseId,
    occurredAt: at(90),
    recordedAt: at(80),
  };
  const fast = {
    id: randomUUID(),
    type: 'CELL_CHECK',
    areaId: `${own}-cell-1`,
    occurredAt: at(-1),
    recordedAt: at(-1),
  };
  const signed = { ...written, id: randomUUID(), recordedBy: 'somebody-else' };
  const strange = { ...fast, id: randomUUID(), areaId: `${far}-cell-1` };
  const path = `/api/v1/facilities/${own}/custody/events`;
  const record = async (events: readonly unknown[]) =>
    CustodyEventsReply.parse((await inspector.call('POST', path, { body: { events } })).body).results;
  expect(await record([written, fast, signed, strange])).toMatchObject([
    { status: 'accepted' },
    { status: 'accepted', skewMs: expect.any(Number) },
    { status: 'rejected', code: 'invalid', path: ['recordedBy'] },
    { status: 'rejected', code: 'wrong_facility', path: ['areaId'] },
  ]);
  expect((await record([written, fast])).map(({ status }) => status)).toEqual(['duplicate', 'duplicate']);

  // It is there at once: nobody writes down twice what they cannot see.
  const { timeline } = CaseDetail.parse((await inspector.get(detailPath(own, caseId))).body);
  expect(timeline).toMatchObject([
    {
      id: written.id,
      recordedBy: 'inspector',
      occurredAt: written.occurredAt,
      recordedAt: written.recordedAt,
    },
  ]);
  expect(Date.parse(timeline[0]?.receivedAt ?? '')).toBeGreaterThan(Date.parse(written.recordedAt));
  const entries = (await auditOf(region)).filter(({ action }) => action === 'custody.record');
  expect(entries.map(({ actor, details }) => [actor.id, details.accepted, details.duplicate])).toEqual([
    ['inspector', 0, 2],
    ['inspector', 2, 0],
  ]);
});

test('a facility cannot undo what a person recorded, whatever name it signs with, and the attempt is on record', async () => {
  const caseId = `cr-${randomUUID()}`;
  const at = new Date(Date.now() - 5 * MINUTE_MS).toISOString();
  const common = { occurredAt: at, recordedAt: at };
  const complaint = { id: randomUUID(), type: 'COMPLAINT', caseId, ...common };
  const path = `/api/v1/facilities/${own}/custody/events`;
  const record = async (events: readonly unknown[]) =>
    CustodyEventsReply.parse((await inspector.call('POST', path, { body: { events } })).body).results;
  const meal = { id: randomUUID(), type: 'MEAL', caseId, recordedBy: 'inspector', ...common };
  expect((await record([complaint])).map(({ status }) => status)).toEqual(['accepted']);
  expect((await send(own, [meal])).map(({ status }) => status)).toEqual(['accepted']);

  const withdrawal = (corrects: string) => ({
    id: randomUUID(),
    type: 'RECORD_CORRECTED',
    corrects,
    reason: 'entered by mistake',
    ...common,
  });
  const forged = { ...withdrawal(complaint.id), recordedBy: 'inspector' };
  expect(await send(own, [forged])).toMatchObject([
    { status: 'rejected', code: 'forbidden', path: ['corrects'] },
  ]);
  const detail = CaseDetail.parse((await inspector.get(detailPath(own, caseId))).body);
  const entry = (id: string) => detail.timeline.find((one) => one.id === id);
  expect(entry(complaint.id)).toMatchObject({ voidedBy: null, via: { kind: 'person', id: 'inspector' } });
  expect(entry(meal.id)).toMatchObject({ recordedBy: 'inspector', via: { kind: 'facility', id: own } });
  const refusals = (await auditOf(region)).filter(({ outcome }) => outcome === 'refused');
  expect(refusals).toContainEqual(
    expect.objectContaining({ actor: { kind: 'facility', id: own }, action: 'custody.ingest' }),
  );

  // Who answers for the record corrects both; a correction by a person stands against the facility as well.
  const own1 = withdrawal(meal.id);
  expect((await record([withdrawal(complaint.id), own1])).map(({ status }) => status)).toEqual([
    'accepted',
    'accepted',
  ]);
  expect(await send(own, [{ ...withdrawal(own1.id), recordedBy: 'x' }])).toMatchObject([
    { code: 'forbidden' },
  ]);
});

test('what takes the place of an event is of the same case, or is an event of its own', async () => {
  const caseId = await sendDetention(own);
  const { timeline } = CaseDetail.parse((await inspector.get(detailPath(own, caseId))).body);
  const placed = timeline.find(({ type }) => type === 'CELL_PLACED');
  const times = { occurredAt: placed?.occurredAt, recordedAt: new Date().toISOString(), recordedBy: 'x' };
  const moved = (replacement: object) => ({
    id: randomUUID(),
    type: 'RECORD_CORRECTED',
    corrects: placed?.id,
    reason: 'entered by mistake',
    ...times,
    replacement: { id: randomUUID(), areaId: `${own}-cell-1`, ...times, ...replacement },
  });
  const stranger = moved({ type: 'CELL_PLACED', caseId: `cr-${randomUUID()}` });
  expect(
    await send(own, [stranger, moved({ type: 'CELL_CHECK' }), moved({ type: 'CELL_PLACED', caseId })]),
  ).toMatchObject([
    { status: 'rejected', code: 'conflict', path: ['replacement'] },
    { status: 'rejected', code: 'conflict', path: ['replacement'] },
    { status: 'accepted' },
  ]);
  expect((await inspector.get(detailPath(own, stranger.replacement.id))).status).toBe(404);
});

test('nobody records for a facility that is not theirs, and nobody but an inspector', async () => {
  const body = { events: [{}] };
  const path = (facilityId: string) => `/api/v1/facilities/${facilityId}/custody/events`;
  expect(codeOf(await inspector.call('POST', path(far), { body }))).toBe('forbidden');
  expect(codeOf(await inspector.call('POST', path('no-such-facility'), { body }))).toBe('unknown_facility');
  for (const role of ['situation', 'duty-68', 'oversight', 'admin'])
    expect(codeOf(await (await server.signIn(role)).call('POST', path(own), { body }))).toBe('forbidden');
});
