import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ComplaintPage } from '#contract/complaints.ts';
import { Problem } from '#contract/errors.ts';
import { FlagPage } from '#contract/flags.ts';
import { IntakeKeyList, IntakePlaces, IntakeReceipt } from '#contract/intake.ts';
import type { Scope } from '#contract/session.ts';
import { issueIntakeKey } from './fixtures/intake.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { startTestServer, type TestServer } from './fixtures/server.ts';

const FACILITY = 'ua-68-itt-1';
const REGION: Scope = { kind: 'regions', regionIds: ['UA-68'] };

let redis: TestRedis;
let server: TestServer;
beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({
    redisUrl: redis.url,
    environment: { PERSONAL_DATA_KEY: `one:${randomBytes(32).toString('base64url')}` },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

const bodyOf = (change: object = {}) => ({
  id: randomUUID(),
  facilityId: FACILITY,
  kind: 'treatment',
  text: 'Зразок: вигадана скарга',
  contact: { phone: 'вигаданий' },
  ...change,
});

/** An outside hotline with its key. */
async function hotline(given: Parameters<typeof issueIntakeKey>[1] = {}) {
  const { key, view } = await issueIntakeKey(server, given);
  const headers = { authorization: `Bearer ${key}` };
  const caller = server.stranger();
  return {
    key,
    view,
    headers,
    places: async () =>
      IntakePlaces.parse((await caller.call('GET', '/api/v1/intake/facilities', { headers })).body).items,
    handIn: (change: object = {}) =>
      caller.call('POST', '/api/v1/intake/complaints', { headers, body: bodyOf(change) }),
  };
}

test('a hotline hands a complaint in once, is told the caller’s number, and a flag says whose it is', async () => {
  const line = await hotline({ scope: REGION });
  const places = await line.places();
  expect(places.some(({ id }) => id === FACILITY)).toBe(true);
  expect(places.every(({ regionId }) => regionId === 'UA-68')).toBe(true);
  const id = randomUUID();
  const first = await line.handIn({ id });
  expect(first.status).toBe(201);
  const receipt = IntakeReceipt.parse(first.body);
  expect(receipt).toMatchObject({ id, facilityId: FACILITY, state: 'received' });
  expect(JSON.stringify(first.body)).not.toContain('вигадан');
  expect(IntakeReceipt.parse((await line.handIn({ id })).body)).toEqual(receipt);

  const duty = await server.signIn('duty-68');
  const { items } = ComplaintPage.parse((await duty.get('/api/v1/complaints')).body);
  const mine = items.filter((one) => one.id === id);
  expect(mine).toHaveLength(1);
  expect(mine[0]?.intake).toEqual({ keyId: line.view.keyId, name: line.view.name });
  const flags = FlagPage.parse((await duty.get('/api/v1/flags?region=UA-68')).body).items;
  expect(flags.find((one) => one.id === mine[0]?.flagId)?.history[0]?.by).toEqual({
    kind: 'intake',
    id: line.view.keyId,
    name: line.view.name,
  });

  // How far it is: the same request tells, and nothing else does.
  const step = { body: { to: 'in-review', version: 1 } };
  expect((await duty.call('POST', `/api/v1/complaints/${id}/transitions`, step)).status).toBe(200);
  expect(IntakeReceipt.parse((await line.handIn({ id })).body).state).toBe('in-review');
});

test('a key is good for its places, and for nobody else’s complaint', async () => {
  const [here, other] = [await hotline({ scope: REGION }), await hotline()];
  const outside = await here.handIn({ facilityId: 'ua-05-itt-1' });
  expect([outside.status, Problem.parse(outside.body).code]).toEqual([403, 'forbidden']);
  const id = randomUUID();
  expect((await other.handIn({ id })).status).toBe(201);
  const taken = await here.handIn({ id });
  expect([taken.status, Problem.parse(taken.body).code]).toEqual([409, 'conflict']);
  const wrong = await here.handIn({ severity: 1 });
  expect(Problem.parse(wrong.body)).toMatchObject({ code: 'invalid', issues: [{ path: ['severity'] }] });
});

test('the rate is bounded by key and minute, on record for nobody else', async () => {
  const [busy, calm] = [await hotline({ perMinute: 2 }), await hotline({ perMinute: 2 })];
  expect([(await busy.handIn()).status, (await busy.handIn()).status]).toEqual([201, 201]);
  const refused = await busy.handIn();
  expect([refused.status, Problem.parse(refused.body).code]).toEqual([429, 'rate_limited']);
  const waitS = Number(refused.headers.get('retry-after'));
  expect(waitS).toBeGreaterThan(0);
  expect(waitS).toBeLessThanOrEqual(60);
  expect((await calm.handIn()).status).toBe(201);
});

test('what is revoked ends at once; only its digest was ever kept, and all of it is audited', async () => {
  const line = await hotline();
  const connection = await redis.connect();
  // The secret may have underscores of its own.
  const secret = line.key.slice(`vi_${line.view.keyId}_`.length);
  expect(secret).toHaveLength(43);
  for (const key of await connection.keys('*'))
    expect(String(await connection.dump(key)), key).not.toContain(secret);
  const admin = await server.signIn('admin');
  const list = async () => IntakeKeyList.parse((await admin.get('/api/v1/intake-keys')).body).items;
  expect(await list()).toContainEqual(line.view);
  const path = `/api/v1/intake-keys/${line.view.keyId}`;
  expect((await admin.call('DELETE', path)).status).toBe(204);
  expect((await admin.call('DELETE', path)).status).toBe(404);
  expect(await list()).not.toContainEqual(line.view);
  const after = await line.handIn();
  expect([after.status, Problem.parse(after.body).code]).toEqual([401, 'bad_intake_key']);
  const oversight = await server.signIn('oversight');
  const entries = JSON.stringify((await oversight.get('/api/v1/audit/entries?chain=nation')).body);
  for (const action of ['intake-key.issue', 'intake-key.revoke']) expect(entries).toContain(action);
});

test('a key is not issued for places that are not there', async () => {
  const scope: Scope = { kind: 'regions', regionIds: ['UA-99'] };
  await expect(issueIntakeKey(server, { scope })).rejects.toThrow('unknown_region');
});
