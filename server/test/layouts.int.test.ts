import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_FILTER } from '#contract/area-filter.ts';
import { Problem } from '#contract/errors.ts';
import { FilterList, KeptFilter } from '#contract/filters.ts';
import { LayoutList, LayoutView } from '#contract/layouts.ts';
import { keys } from '../adapters/redis/keys.ts';
import { AuditPage } from '../audit/routes.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const INSIDE = 'ua-68-itt-1-cell-1';
const OUTSIDE = 'ua-32-itt-1-cell-1';

let redis: TestRedis;
let servers: TestServer[];
let duty: Caller;
let situation: Caller;
beforeAll(async () => {
  redis = await startTestRedis();
  const [one, other] = await Promise.all([
    startTestServer({ redisUrl: redis.url }),
    startTestServer({ redisUrl: redis.url }),
  ]);
  servers = [one, other];
  [duty, situation] = await Promise.all([one.signIn('duty-68'), other.signIn('situation')]);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  await redis[Symbol.asyncDispose]();
});

const layout = (over: object = {}) => ({
  name: 'Ніч',
  grid: '6x4',
  filter: { ...NO_FILTER, region: ['UA-68'] },
  pins: [{ place: 0, areaId: INSIDE }],
  ...over,
});
const save = (caller: Caller, body: object) => caller.call('POST', '/api/v1/layouts', { body });
const codeOf = (reply: { body: unknown }) => Problem.parse(reply.body).code;
const listOf = async (caller: Caller) => LayoutList.parse((await caller.get('/api/v1/layouts')).body).items;

test('a layout is found again on another replica, by its owner and by nobody else', async () => {
  const own = LayoutView.parse((await save(duty, layout())).body);
  expect(own).toMatchObject({ version: 1, owner: 'duty-68', grid: '6x4', leftOut: 0 });
  const again = await servers[1]?.signIn('duty-68');
  if (!again) throw new Error('no other replica');
  expect(await listOf(again)).toEqual([own]);
  expect((await listOf(situation)).map(({ id }) => id)).not.toContain(own.id);
  expect(codeOf(await save(situation, { ...layout(), id: own.id, version: 1 }))).toBe('not_found');
  const { items } = AuditPage.parse(
    (await (await servers[0]?.signIn('oversight'))?.get('/api/v1/audit/entries?order=desc&limit=50'))?.body,
  );
  expect(items.map(({ resource }) => resource)).toContain(`layout:${own.id}`);
});

test('of two who change the same version one is told, on whichever replica they are', async () => {
  const shared = { kind: 'role', role: 'duty' };
  const first = LayoutView.parse((await save(duty, layout({ shared }))).body);
  const again = await servers[1]?.signIn('duty-68');
  if (!again) throw new Error('no other replica');
  const replies = await Promise.all([
    save(duty, { ...layout({ name: 'А', shared }), id: first.id, version: 1 }),
    save(again, { ...layout({ name: 'Б', shared }), id: first.id, version: 1 }),
  ]);
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  const before = LayoutList.parse((await duty.get(`/api/v1/layouts/${first.id}/versions`)).body).items;
  expect(before).toEqual([first]);
  const stale = await duty.call('POST', `/api/v1/layouts/${first.id}/removal`, { body: { version: 1 } });
  expect(codeOf(stale)).toBe('conflict');
  await duty.call('POST', `/api/v1/layouts/${first.id}/removal`, { body: { version: 2 } });
  expect((await listOf(duty)).map(({ id }) => id)).not.toContain(first.id);
});

test('a removed layout tells its versions to whoever had it, and saving the last one brings it back with all before it', async () => {
  const first = LayoutView.parse((await save(duty, layout({ name: 'Перша' }))).body);
  const known = { id: first.id, version: 1 };
  const second = LayoutView.parse((await save(duty, { ...layout({ name: 'Друга' }), ...known })).body);
  await duty.call('POST', `/api/v1/layouts/${first.id}/removal`, { body: { version: 2 } });
  const versionsOf = async (caller: Caller) => caller.get(`/api/v1/layouts/${first.id}/versions`);
  expect(LayoutList.parse((await versionsOf(duty)).body).items).toEqual([second, first]);
  expect(codeOf(await versionsOf(situation))).toBe('not_found');
  expect(codeOf(await save(situation, { ...layout(), id: first.id, version: 2 }))).toBe('not_found');
  expect(codeOf(await save(duty, { ...layout(), ...known }))).toBe('conflict');
  const again = { ...layout({ name: 'Друга' }), id: first.id, version: 2 };
  const replies = await Promise.all([save(duty, again), save(duty, again)]);
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect((await listOf(duty)).find(({ id }) => id === first.id)).toMatchObject({ name: 'Друга', version: 3 });
  expect(LayoutList.parse((await versionsOf(duty)).body).items).toEqual([second, first]);
});

test('versions of what was removed end after 90 days, and those of what came back do not', async () => {
  const connection = await redis.connect();
  const first = LayoutView.parse((await save(duty, layout())).body);
  const key = keys.keptVersions('layouts', first.id);
  await save(duty, { ...layout({ name: 'Друга' }), id: first.id, version: 1 });
  expect(await connection.ttl(key)).toBe(-1);
  await duty.call('POST', `/api/v1/layouts/${first.id}/removal`, { body: { version: 2 } });
  const days = (await connection.ttl(key)) / 86_400;
  expect(days).toBeGreaterThan(89);
  expect(days).toBeLessThanOrEqual(90);
  expect((await save(duty, { ...layout(), id: first.id, version: 2 })).status).toBe(200);
  expect(await connection.ttl(key)).toBe(-1);
});

test('versions of what was removed before removals had an end have one as well, by the time of the last of them', async () => {
  const connection = await redis.connect();
  const DAY_MS = 86_400_000;
  const store = async (id: string, days: number[]) => {
    const versions = days.map((ago, index) => ({
      ...layout({ name: `За ${ago}` }),
      ...{
        id,
        version: days.length - index,
        shared: { kind: 'own' },
        owner: 'duty-68',
        changedBy: 'duty-68',
      },
      changedAt: new Date(Date.now() - ago * DAY_MS).toISOString(),
    }));
    const json = versions.map((one) => JSON.stringify(one));
    await connection.rPush(keys.keptVersions('layouts', id), json);
    return json;
  };
  const ids = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
  const [old = '', recent = '', present = ''] = ids;
  await store(old, [91, 100]);
  await store(recent, [30, 100]);
  const [present1 = ''] = await store(present, [200]);
  await connection.hSet(keys.kept('layouts'), present, present1);
  // What nobody can read keeps nothing else; Redis names keys in an order of its own, so there are several.
  const unreadable = ids.map((id) => id.replace('-8000-', '-9000-'));
  for (const id of unreadable) await connection.rPush(keys.keptVersions('layouts', id), '{}');
  const again = await startTestServer({ redisUrl: redis.url });
  const ttl = (id: string) => connection.ttl(keys.keptVersions('layouts', id));
  // Of the first nothing is left: Redis says so with -2.
  await expect.poll(() => ttl(old), { timeout: 10_000 }).toBe(-2);
  await expect.poll(() => ttl(recent), { timeout: 10_000 }).toBeGreaterThan(59 * 86_400);
  expect(await ttl(recent)).toBeLessThanOrEqual(60 * 86_400);
  expect((await listOf(duty)).map(({ id }) => id)).toContain(present);
  await again[Symbol.asyncDispose]();
  expect(await ttl(present)).toBe(-1);
  await connection.hDel(keys.kept('layouts'), present);
  for (const id of unreadable) await connection.del(keys.keptVersions('layouts', id));
});

test('a layout that is shared shows nobody more than they may see, and only within one’s own role or region', async () => {
  const pins = [
    { place: 0, areaId: INSIDE },
    { place: 1, areaId: OUTSIDE },
  ];
  const shared = { kind: 'region', regionId: 'UA-68' };
  const wide = LayoutView.parse((await save(situation, layout({ pins, shared }))).body);
  expect((await listOf(duty)).find(({ id }) => id === wide.id)).toMatchObject({
    pins: [{ place: 0, areaId: INSIDE }],
    leftOut: 1,
  });
  // What they cannot see whole they do not overwrite.
  expect(codeOf(await save(duty, { ...layout({ shared }), id: wide.id, version: 1 }))).toBe('forbidden');
  // Nor do they take it away: they could not bring it back. Its owner can.
  const remove = (caller: Caller) =>
    caller.call('POST', `/api/v1/layouts/${wide.id}/removal`, { body: { version: 1 } });
  const refused = await remove(duty);
  expect([refused.status, codeOf(refused)]).toEqual([403, 'forbidden']);
  expect((await listOf(situation)).map(({ id }) => id)).toContain(wide.id);
  expect((await remove(situation)).status).toBe(204);
  expect((await listOf(situation)).map(({ id }) => id)).not.toContain(wide.id);
  expect(codeOf(await save(duty, layout({ shared: { kind: 'region', regionId: 'UA-32' } })))).toBe(
    'forbidden',
  );
  expect(codeOf(await save(duty, layout({ shared: { kind: 'role', role: 'situation' } })))).toBe('forbidden');
});

test.each([
  ['a grid beyond the largest', { grid: '13x8' }],
  [
    'one area in two places',
    {
      pins: [
        { place: 0, areaId: INSIDE },
        { place: 1, areaId: INSIDE },
      ],
    },
  ],
  [
    'two areas in one place',
    {
      pins: [
        { place: 0, areaId: INSIDE },
        { place: 0, areaId: OUTSIDE },
      ],
    },
  ],
  ['no name', { name: '  ' }],
  ['an unknown field', { surprise: true }],
])('refuses %s', async (_, over) => {
  expect(codeOf(await save(duty, layout(over)))).toBe('invalid');
});

test('a filter is kept as well, and found by whom it is shared with', async () => {
  const filter = { ...NO_FILTER, status: ['unseen'], normSet: ['ua-cpc'] };
  const body = { name: 'Люди без відео', filter, shared: { kind: 'region', regionId: 'UA-68' } };
  const saved = await duty.call('POST', '/api/v1/filters', { body });
  const own = KeptFilter.loose().parse(saved.body);
  const found = FilterList.parse((await situation.get('/api/v1/filters')).body).items;
  expect(found.find(({ id }) => id === own.id)).toMatchObject({ name: body.name, filter, version: 1 });
  const wrong = { ...body, filter: { ...filter, status: ['asleep'] } };
  expect((await duty.call('POST', '/api/v1/filters', { body: wrong })).status).toBe(422);
});
