import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { AuditEntry } from '#contract/audit.ts';
import { Problem } from '#contract/errors.ts';
import { Hold, HoldPage, type HoldTarget } from '#contract/holds.ts';
import { ReadEarlierReply } from '#contract/personal.ts';
import { keys } from '../adapters/redis/keys.ts';
import { detention } from './fixtures/detentions.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const DAY_MS = 24 * 3_600_000;
const OWN = 'ua-68-itt-1';
const REGION = 'UA-68';
const LONG_AGO = Date.now() - 100 * DAY_MS;
const SECRET = randomBytes(32).toString('base64url');

let redis: TestRedis;
let server: TestServer;
let presentMs = 0;
const laterMs = () => presentMs + 6 * 60_000;
const startAt = (aheadMs: number) => {
  presentMs = aheadMs;
  return startTestServer({
    redisUrl: redis.url,
    now: () => Date.now() + aheadMs,
    environment: { PERSONAL_DATA_KEY: `one:${SECRET}`, PERSONAL_DATA_DAYS: '30' },
  });
};
beforeAll(async () => {
  redis = await startTestRedis();
  server = await startAt(0);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

/** The server that comes after this one, with its clock some weeks ahead: what is old enough for it is erased. */
async function sweepAfter(weeks: number): Promise<void> {
  await server[Symbol.asyncDispose]();
  const connection = await redis.connect();
  await connection.del(keys.lease(`personal:${REGION}`));
  server = await startAt(weeks * 7 * DAY_MS);
}

/** Somebody who was held long ago and is free, with personal data. */
async function detained(): Promise<string> {
  const whole = Array.from({ length: 50 }, () => detention(OWN, LONG_AGO)).find((one) => one.length === 12);
  const caseId = `cr-${randomUUID()}`;
  const headers = { authorization: `Bearer ${await server.facilityKey(OWN)}` };
  const events = (whole ?? []).map((event) => ({
    ...event,
    caseId,
    ...('areaId' in event && event.areaId ? { areaId: event.areaId.replace('lawyer-room', 'cell-3') } : {}),
  }));
  const stranger = server.stranger();
  expect((await stranger.call('POST', '/api/v1/custody/events', { body: { events }, headers })).status).toBe(
    200,
  );
  const data = { familyName: 'Зразок', givenName: 'Перший' };
  const put = await stranger.call('POST', `/api/v1/custody/cases/${caseId}/personal`, {
    body: { recordedAt: new Date(LONG_AGO).toISOString(), data },
    headers,
  });
  expect(put.status).toBe(200);
  return caseId;
}

const codeOf = (reply: { body: unknown }) => Problem.parse(reply.body).code;
const place = (caller: Caller, target: HoldTarget, id: string = randomUUID()) =>
  caller.call('POST', '/api/v1/holds', {
    body: { id, target, reference: '1/2026', reason: 'Перевірка скарги' },
  });
const release = (caller: Caller, id: string) =>
  caller.call('POST', `/api/v1/holds/${id}/release`, { body: { reason: 'Провадження закрито' } });
const kept = async () => {
  const connection = await redis.connect();
  return (await connection.hKeys(keys.personal(REGION))).map((name) => name.split('/')[1]).toSorted();
};

test('what is held is not erased, whoever waits; when its office lets go, it is', async () => {
  const [ofCase, free] = [await detained(), await detained()];
  const prosecutor = await server.signIn('prosecutor');
  const placed = await place(prosecutor, { kind: 'case', facilityId: OWN, caseId: ofCase });
  expect(placed.status).toBe(201);
  const hold = Hold.parse(placed.body);
  expect(hold).toMatchObject({ office: 'prosecutor', facilityId: OWN, released: null });

  await sweepAfter(5);
  await eventually(kept).toEqual([ofCase]);
  for (const name of ['ombudsman', 'oversight', 'admin', 'situation', 'duty-68', 'inspector'])
    expect(codeOf(await release(await server.signIn(name), hold.id)), name).toBe('forbidden');
  const released = await release(await server.signIn('prosecutor'), hold.id);
  expect(Hold.parse(released.body).released).toMatchObject({ by: 'prosecutor' });
  expect(codeOf(await release(await server.signIn('prosecutor'), hold.id))).toBe('invalid_transition');

  await sweepAfter(6);
  await eventually(kept).toEqual([]);
  expect(free).not.toBe(ofCase);
});

test('what is held is not overwritten either, by whoever has the key of the facility', async () => {
  const [caseId, free] = [await detained(), await detained()];
  const prosecutor = await server.signIn('prosecutor');
  const held = await place(prosecutor, { kind: 'case', facilityId: OWN, caseId });
  const headers = { authorization: `Bearer ${await server.facilityKey(OWN)}` };
  const overwrite = (familyName: string, minutes: number) =>
    server.stranger().call('POST', `/api/v1/custody/cases/${caseId}/personal`, {
      body: {
        recordedAt: new Date(LONG_AGO + minutes * 60_000).toISOString(),
        data: { familyName, givenName: 'Інший' },
      },
      headers,
    });
  // It is taken as any correction is, so that nobody learns of the hold by it.
  for (const [index, name] of ['Підміна', 'Підміна друга'].entries())
    expect(await overwrite(name, index + 1)).toMatchObject({ status: 200, body: { status: 'stored' } });
  const before = async () => {
    const reader = await server.signIn('ombudsman');
    const path = `/api/v1/facilities/${OWN}/cases/${caseId}/personal/earlier`;
    const body = { purpose: 'legality-check', note: '1/2026' };
    const reply = await reader.call('POST', path, { body });
    return ReadEarlierReply.parse(reply.body).items.map(({ data }) => data.familyName);
  };
  expect(await before()).toEqual(['Підміна', 'Зразок']);
  await sweepAfter(11);
  await eventually(kept).not.toContain(free);
  expect(await kept()).toContain(caseId);
  expect(await before()).toEqual(['Підміна', 'Зразок']);

  await release(await server.signIn('prosecutor'), Hold.parse(held.body).id);
  await sweepAfter(12);
  await eventually(kept).not.toContain(caseId);
  const connection = await redis.connect();
  expect(
    (await connection.hKeys(keys.personalEarlier(REGION))).filter((one) => one.includes(caseId)),
  ).toEqual([]);
});

test('a hold on an area and a time covers whoever was there then', async () => {
  const inside = await detained();
  const ombudsman = await server.signIn('ombudsman');
  // The stay in cell 2 is from minute 111 to 300.
  const at = (minute: number) => new Date(LONG_AGO + minute * 60_000).toISOString();
  const cell = (name: string, from: number, to: number) =>
    place(ombudsman, { kind: 'area', areaId: `${OWN}-${name}`, from: at(from), to: at(to) });
  const meets = Hold.parse((await cell('cell-2', 290, 400)).body);
  const misses = Hold.parse((await cell('cell-2', 301, 400)).body);
  await sweepAfter(12);
  const again = await server.signIn('ombudsman');
  const elsewhere = await detained();
  await release(again, misses.id);
  await sweepAfter(20);
  // Both were in that cell in that time; the hold that is left keeps them.
  await eventually(kept).toEqual([inside, elsewhere].toSorted());
  await release(await server.signIn('ombudsman'), meets.id);
  await sweepAfter(40);
  await eventually(kept).toEqual([]);
});

test('the same placing twice is one hold; another’s id is refused; places are checked', async () => {
  const prosecutor = await server.signIn('prosecutor');
  const id = randomUUID();
  const target: HoldTarget = { kind: 'case', facilityId: OWN, caseId: 'cr-not-yet-heard-of' };
  const first = await place(prosecutor, target, id);
  expect((await place(prosecutor, target, id)).body).toEqual(first.body);
  expect(codeOf(await place(await server.signIn('ombudsman'), target, id))).toBe('conflict');
  const from = new Date(LONG_AGO).toISOString();
  expect(codeOf(await place(prosecutor, { kind: 'area', areaId: 'no-such-area', from, to: null }))).toBe(
    'unknown_area',
  );
  expect(codeOf(await place(prosecutor, { kind: 'flag', flagId: randomUUID() }))).toBe('unknown_flag');
  const backwards: HoldTarget = {
    kind: 'area',
    areaId: `${OWN}-cell-1`,
    from,
    to: new Date(LONG_AGO - 1).toISOString(),
  };
  expect(codeOf(await place(prosecutor, backwards))).toBe('invalid');
});

test('a flag is held with what surrounds it', async () => {
  const situation = await server.signIn('situation');
  const raised = await situation.call('POST', '/api/v1/flags', {
    body: { id: randomUUID(), areaId: `${OWN}-cell-1`, category: 'force', severity: 1, note: 'Зразок' },
  });
  const { id: flagId } = z.object({ id: z.uuid() }).parse(raised.body);
  const placed = await place(await server.signIn('prosecutor'), { kind: 'flag', flagId });
  expect(Hold.parse(placed.body).facilityId).toBe(OWN);
});

test('nobody in the watched places learns of a hold', async () => {
  const prosecutor = await server.signIn('prosecutor');
  const { id } = Hold.parse(
    (
      await place(prosecutor, {
        kind: 'area',
        areaId: `${OWN}-cell-1`,
        from: new Date().toISOString(),
        to: null,
      })
    ).body,
  );
  for (const name of ['inspector', 'duty-68', 'situation', 'oncall', 'admin']) {
    const caller = await server.signIn(name);
    expect(codeOf(await caller.get('/api/v1/holds')), name).toBe('forbidden');
    expect(codeOf(await caller.get(`/api/v1/audit/entries?chain=${REGION}`)), name).toBe('forbidden');
    for (const path of [
      '/api/v1/flags?state=all',
      `/api/v1/areas/${OWN}-cell-1`,
      '/api/v1/cases?state=all',
    ]) {
      const reply = await caller.get(path);
      expect(JSON.stringify(reply.body), `${name} ${path}`).not.toMatch(/hold|prosecutor/);
    }
    expect(JSON.stringify((await caller.get('/api/v1/flags?state=all')).body)).not.toContain(id);
  }
  // Outside control sees all of them, whichever office placed them, and its acts are on record.
  const ombudsman = await server.signIn('ombudsman');
  const pages: string[] = [];
  let cursor = '';
  do {
    const page = HoldPage.parse((await ombudsman.get(`/api/v1/holds?state=all&limit=2${cursor}`)).body);
    pages.push(...page.items.map((hold) => hold.id));
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  const whole = HoldPage.parse((await ombudsman.get('/api/v1/holds?state=all')).body).items;
  expect(pages).toEqual(whole.map((hold) => hold.id));
  expect(pages).toContain(id);
  const { body } = await ombudsman.get(`/api/v1/audit/entries?chain=${REGION}&order=desc&limit=200`);
  const entries = z.object({ items: z.array(AuditEntry) }).parse(body).items;
  expect(entries.find(({ resource }) => resource === `hold:${id}`)).toMatchObject({
    action: 'hold.place',
    actor: { id: 'prosecutor' },
  });
});

test('whoever signed in long ago proves again who they are, to place a hold and to release one', async () => {
  const prosecutor = await server.signIn('prosecutor');
  const target = { kind: 'case', facilityId: OWN, caseId: 'cr-held-later' } as const;
  // Another replica, whose clock is six minutes ahead.
  await using later = await startTestServer({ redisUrl: redis.url, now: () => Date.now() + laterMs() });
  const ask = (path: string, body: object) =>
    later.stranger().call('POST', path, { body, headers: { cookie: prosecutor.cookie } });
  const id = randomUUID();
  const body = { id, target, reference: '1/2026', reason: 'Перевірка скарги' };
  expect(codeOf(await ask('/api/v1/holds', body))).toBe('step_up_required');
  expect(codeOf(await ask(`/api/v1/holds/${id}/release`, { reason: 'Закрито' }))).toBe('step_up_required');
});
