import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AssigneeList } from '#contract/alerts.ts';
import { AuditEntry } from '#contract/audit.ts';
import { Flag, FlagPage } from '#contract/flags.ts';
import { limits } from '../../config/norms/norms.ts';
import type { Principal } from '../access/decide.ts';
import { keys } from '../adapters/redis/keys.ts';
import { verifyChain } from '../audit/chain.ts';
import { createAuditModule } from '../audit/module.ts';
import { createFlagsModule } from '../flags/module.ts';
import { createLiveModule } from '../live/module.ts';
import { callRoute } from './fixtures/call-route.ts';
import { eventually } from './fixtures/eventually.ts';
import { accountOf, person, smallRegistry } from './fixtures/nation.ts';
import { NO_AUDIT } from './fixtures/no-audit.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const CELL = 'ua-68-itt-1-cell-1';
const OTHER_CELL = 'ua-68-itt-2-cell-1';
const FAR_CELL = 'ua-05-itt-1-cell-1';
const SITUATION = person('situation');
const DUTY = person('duty', { kind: 'regions', regionIds: ['UA-68'] });
const ONCALL = person('oncall', { kind: 'regions', regionIds: ['UA-68'] });
const INSPECTOR = person('inspector', { kind: 'facilities', facilityIds: ['ua-68-itt-2'] });

/** Accounts to which flags may be assigned. */
const PEOPLE = [accountOf(DUTY), accountOf(ONCALL), accountOf(person('oversight'))];

let server: TestRedis;

beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** A replica with flags, and what they need. */
async function openReplica(on: TestRedis = server, now: () => number = Date.now) {
  const redis = await on.connect();
  const registry = smallRegistry();
  const live = await createLiveModule({
    redis,
    newConnection: () => on.connect(),
    registry,
    limits: limits(),
    audit: NO_AUDIT,
    now,
    log: QUIET_LOG,
  });
  const audit = createAuditModule({ redis, now, log: QUIET_LOG });
  const { routes } = createFlagsModule({
    redis,
    registry,
    live: live.view,
    audit,
    accounts: { list: async () => PEOPLE },
    now,
  });
  const call = (method: 'get' | 'post' | 'delete', path: string, asked: object, principal: Principal) =>
    callRoute(routes, method, path, { principal, ...asked });
  return {
    redis,
    live,
    raise: async (principal: Principal, areaId: string, change: object = {}) => {
      const body = { id: randomUUID(), areaId, category: 'medical', severity: 2, note: 'x', ...change };
      return Flag.parse(await call('post', '/api/v1/flags', { body }, principal));
    },
    step: async (principal: Principal, flagId: string, body: object) =>
      Flag.parse(
        await call('post', '/api/v1/flags/:flagId/transitions', { params: { flagId }, body }, principal),
      ),
    note: async (principal: Principal, flagId: string, change: object = {}) => {
      const body = { id: randomUUID(), called: 'Duty desk', reached: true, said: 'on the way', ...change };
      return Flag.parse(
        await call('post', '/api/v1/flags/:flagId/calls', { params: { flagId }, body }, principal),
      );
    },
    shelve: async (principal: Principal, flagId: string, change: object = {}) => {
      const body = { id: randomUUID(), minutes: 15, reason: 'the mechanic is on the way', ...change };
      return Flag.parse(
        await call('post', '/api/v1/flags/:flagId/shelving', { params: { flagId }, body }, principal),
      );
    },
    unshelve: async (principal: Principal, flagId: string) =>
      Flag.parse(await call('delete', '/api/v1/flags/:flagId/shelving', { params: { flagId } }, principal)),
    get: async (principal: Principal, flagId: string) =>
      Flag.parse(await call('get', '/api/v1/flags/:flagId', { params: { flagId } }, principal)),
    assignees: async (principal: Principal, query: object) =>
      AssigneeList.parse(await call('get', '/api/v1/assignees', { query }, principal)),
    list: async (principal: Principal, query: object = {}) =>
      FlagPage.parse(await call('get', '/api/v1/flags', { query }, principal)),
    [Symbol.asyncDispose]: async () => {
      await audit[Symbol.asyncDispose]();
      await live[Symbol.asyncDispose]();
    },
  };
}

async function auditOf(chain: string, on: TestRedis = server): Promise<AuditEntry[]> {
  const redis = await on.connect();
  const stored = (await redis.xRange(keys.audit(chain), '-', '+')) ?? [];
  return stored.map(({ message }) => AuditEntry.parse(JSON.parse(String(message.json))));
}

test('a flag goes from raised to resolved, live on every replica, with an audit entry a step', async () => {
  await using here = await openReplica();
  await using there = await openReplica();
  const heard: number[] = [];
  there.live.view.onDelta(({ flags }) => heard.push(...(flags ?? []).map(({ version }) => version)));

  const raised = await here.raise(DUTY, CELL, { severity: 1 });
  await eventually(() => there.live.view.flagsOf(CELL)).toEqual([raised]);
  const acknowledged = await there.step(ONCALL, raised.id, { to: 'acknowledged', version: 1 });
  await here.step(DUTY, raised.id, { to: 'assigned', version: 2, assignee: 'oncall' });
  const resolved = await here.step(SITUATION, raised.id, {
    to: 'resolved',
    version: 3,
    reason: 'doctor came',
  });
  await eventually(() => heard).toEqual([1, 2, 3, 4]);

  expect(acknowledged.history.at(-1)).toMatchObject({ state: 'acknowledged', by: { id: 'oncall' } });
  expect(there.live.view.flag(raised.id)).toBeUndefined();
  expect(await there.get(DUTY, raised.id)).toEqual(resolved);
  const entries = (await auditOf('UA-68')).filter(({ details }) => details.flag === raised.id);
  expect(entries.map(({ actor, action }) => [actor.id, action])).toEqual([
    ['duty', 'flag.raise'],
    ['oncall', 'flag.acknowledge'],
    ['duty', 'flag.assign'],
    ['situation', 'flag.resolve'],
  ]);
  expect(entries.at(-1)).toMatchObject({ resource: `area:${CELL}`, details: { reason: 'doctor came' } });
  expect(verifyChain(await auditOf('UA-68')).ok).toBe(true);
});

test('the same raising twice, even at once, is one flag; another flag’s id is refused', async () => {
  await using here = await openReplica();
  await using there = await openReplica();
  const id = randomUUID();
  const raisings = await Promise.all([
    here.raise(DUTY, CELL, { id }),
    there.raise(DUTY, CELL, { id }),
    here.raise(DUTY, CELL, { id }),
  ]);
  expect(new Set(raisings.map((flag) => JSON.stringify(flag))).size).toBe(1);
  expect((await auditOf('UA-68')).filter(({ details }) => details.flag === id)).toHaveLength(1);
  await expect(here.raise(DUTY, OTHER_CELL, { id })).rejects.toMatchObject({ code: 'conflict' });
  await expect(here.raise(SITUATION, FAR_CELL, { id })).rejects.toMatchObject({ code: 'conflict' });
});

test('of two who step at once, one is told of the other', async () => {
  await using here = await openReplica();
  await using there = await openReplica();
  const flag = await here.raise(DUTY, CELL);
  const outcomes = await Promise.allSettled([
    here.step(DUTY, flag.id, { to: 'acknowledged', version: 1 }),
    there.step(SITUATION, flag.id, { to: 'dismissed', version: 1, reason: 'seen already' }),
  ]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'conflict' },
  });
  expect((await here.get(DUTY, flag.id)).version).toBe(2);
});

test('a flag is put aside on every replica, once, and taken back; audited, with the reason; never before it is answered', async () => {
  await using here = await openReplica();
  await using there = await openReplica();
  const flag = await here.raise(DUTY, CELL, { severity: 3 });
  await expect(here.shelve(DUTY, flag.id)).rejects.toMatchObject({ code: 'invalid_transition' });
  await here.step(DUTY, flag.id, { to: 'acknowledged', version: 1 });
  const id = randomUUID();
  await Promise.all([here.shelve(DUTY, flag.id, { id }), there.shelve(DUTY, flag.id, { id })]);
  await eventually(() => there.live.view.flag(flag.id)?.shelvings?.map((one) => one.id)).toEqual([id]);
  await expect(there.shelve(SITUATION, flag.id)).rejects.toMatchObject({ code: 'conflict' });

  const back = await there.unshelve(SITUATION, flag.id);
  expect(back).toMatchObject({ state: 'acknowledged', version: 2 });
  await eventually(() => here.live.view.flag(flag.id)?.shelvings?.[0]?.ended?.by.id).toBe('situation');

  const entries = (await auditOf('UA-68')).filter(({ details }) => details.flag === flag.id);
  const moves = entries.filter(({ action, outcome }) => action === 'flag.shelve' && outcome === 'done');
  expect(moves.map(({ actor, details }) => [actor.id, details.to, details.reason])).toEqual([
    ['duty', 'aside', 'the mechanic is on the way'],
    ['situation', 'back', undefined],
  ]);
  expect(verifyChain(await auditOf('UA-68')).ok).toBe(true);

  // What is given to somebody is in their sight, on every replica.
  await here.shelve(DUTY, flag.id);
  await there.step(SITUATION, flag.id, { to: 'assigned', version: 2, assignee: 'oncall' });
  await eventually(() => here.live.view.flag(flag.id)?.shelvings?.[1]?.ended?.by.id).toBe('situation');
  await expect(here.shelve(DUTY, flag.id)).rejects.toMatchObject({ code: 'invalid_transition' });

  await expect(here.shelve(INSPECTOR, flag.id)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(here.shelve(ONCALL, flag.id)).rejects.toMatchObject({ code: 'forbidden' });
  const grave = await here.raise(DUTY, CELL, { severity: 1 });
  await here.step(DUTY, grave.id, { to: 'acknowledged', version: 1 });
  await expect(here.shelve(DUTY, grave.id)).rejects.toMatchObject({ code: 'invalid_transition' });
});

test('a call is kept with its flag on every replica, once, audited without what was said, in nobody’s way', async () => {
  await using here = await openReplica();
  await using there = await openReplica();
  const flag = await here.raise(DUTY, CELL);
  const id = randomUUID();
  const noted = await Promise.all([
    here.note(ONCALL, flag.id, { id }),
    there.note(ONCALL, flag.id, { id }),
    // Somebody decides on the version that they saw, and somebody else calls, at the same moment.
    there.step(DUTY, flag.id, { to: 'acknowledged', version: 1 }),
    here.note(DUTY, flag.id, { said: 'a doctor was asked for' }),
  ]);
  expect(noted).toHaveLength(4);
  await eventually(() => there.live.view.flag(flag.id)?.calls?.length).toBe(2);
  await here.step(DUTY, flag.id, { to: 'resolved', version: 2, reason: 'seen to' });
  // Whoever was on the telephone meanwhile still puts it down.
  const closed = await there.note(ONCALL, flag.id, { reached: false, said: '' });
  expect(closed).toMatchObject({ state: 'resolved', version: 3 });
  expect(closed.calls?.map(({ by }) => by.id).toSorted()).toEqual(['duty', 'oncall', 'oncall']);
  await eventually(() => here.live.view.flag(flag.id)).toBeUndefined();

  const entries = (await auditOf('UA-68')).filter(({ details }) => details.flag === flag.id);
  const calls = entries.filter(({ action }) => action === 'flag.call');
  expect(calls).toHaveLength(3);
  expect(calls.some(({ details }) => details.call === id && details.called === 'Duty desk')).toBe(true);
  expect(JSON.stringify(entries)).not.toMatch(/on the way|a doctor was asked for/);
  expect(verifyChain(await auditOf('UA-68')).ok).toBe(true);

  await expect(here.note(INSPECTOR, flag.id)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(here.note(ONCALL, flag.id, { said: '' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(here.note(ONCALL, randomUUID())).rejects.toMatchObject({ code: 'unknown_flag' });
});

test('a step without a version is made on the flag as it is', async () => {
  await using here = await openReplica();
  const flag = await here.raise(DUTY, CELL);
  await here.step(DUTY, flag.id, { to: 'acknowledged' });
  await here.step(DUTY, flag.id, { to: 'resolved', reason: 'seen to' });
  expect(await here.get(DUTY, flag.id)).toMatchObject({ state: 'resolved', version: 3 });
});

test('what is asked wrongly is refused with a code, and changes nothing', async () => {
  await using here = await openReplica();
  const flag = await here.raise(DUTY, CELL);
  const before = await auditOf('UA-68');
  const step = (body: object, id = flag.id) => here.step(DUTY, id, body);
  await expect(step({ to: 'resolved', version: 1 })).rejects.toMatchObject({
    code: 'invalid',
    issues: [{ path: ['reason'] }],
  });
  await expect(step({ to: 'raised', version: 1 })).rejects.toMatchObject({ code: 'invalid' });
  await expect(step({ to: 'acknowledged', version: 1, by: 'me' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(step({ to: 'acknowledged', version: 2 })).rejects.toMatchObject({ code: 'conflict' });
  await expect(step({ to: 'acknowledged', version: 1 }, randomUUID())).rejects.toMatchObject({
    code: 'unknown_flag',
  });
  await expect(step({ to: 'acknowledged', version: 1 }, '../x')).rejects.toMatchObject({ code: 'invalid' });
  await expect(here.raise(DUTY, 'ua-68-nowhere')).rejects.toMatchObject({ code: 'unknown_area' });
  await expect(here.raise(DUTY, CELL, { severity: 5 })).rejects.toMatchObject({ code: 'invalid' });
  await expect(here.list(DUTY, { cursor: 'x' })).rejects.toMatchObject({ code: 'invalid' });
  expect(await here.get(DUTY, flag.id)).toEqual(flag);
  expect(await auditOf('UA-68')).toEqual(before);
});

test('flags are for those whose role and scope they are in, and refusals are audited', async () => {
  await using here = await openReplica();
  const far = await here.raise(SITUATION, FAR_CELL);
  const near = await here.raise(INSPECTOR, OTHER_CELL);
  const refused: [string, () => Promise<unknown>][] = [
    ['raise elsewhere', () => here.raise(DUTY, FAR_CELL)],
    ['raise at the neighbour’s', () => here.raise(INSPECTOR, CELL)],
    ['read elsewhere', () => here.get(DUTY, far.id)],
    ['step elsewhere', () => here.step(DUTY, far.id, { to: 'acknowledged', version: 1 })],
    ['note a call elsewhere', () => here.note(ONCALL, far.id)],
    ['list elsewhere', () => here.list(DUTY, { region: 'UA-05' })],
    ['list an area elsewhere', () => here.list(DUTY, { area: FAR_CELL })],
    ['resolve as on-call', () => here.step(ONCALL, near.id, { to: 'resolved', version: 1, reason: 'done' })],
    ['step as inspector', () => here.step(INSPECTOR, near.id, { to: 'acknowledged', version: 1 })],
    ['read as administrator', () => here.list(person('admin'))],
  ];
  for (const [what, attempt] of refused)
    await expect(attempt(), what).rejects.toMatchObject({ code: 'forbidden' });
  await eventually(
    async () => (await auditOf('UA-05')).filter(({ outcome }) => outcome === 'refused').length,
  ).toBe(6);

  const areas = async (principal: Principal, query: object = {}) =>
    new Set((await here.list(principal, query)).items.map(({ areaId }) => areaId));
  expect(await areas(SITUATION, { area: FAR_CELL })).toEqual(new Set([FAR_CELL]));
  expect(await areas(INSPECTOR)).toEqual(new Set([OTHER_CELL]));
  expect(await areas(DUTY)).not.toContain(FAR_CELL);
  expect(await areas(SITUATION)).toContain(FAR_CELL);
});

test('a whole facility can be flagged: live everywhere, on none of its areas, for those whose facility it is', async () => {
  await using here = await openReplica();
  await using there = await openReplica();
  const FACILITY = 'ua-68-itt-2';
  const whole = { areaId: undefined, facilityId: FACILITY, category: 'complaint' };
  const id = randomUUID();
  const flag = await here.raise(DUTY, '', { ...whole, id });
  expect(flag).toMatchObject({ regionId: 'UA-68', facilityId: FACILITY, category: 'complaint' });
  expect(flag).not.toHaveProperty('areaId');
  expect(await there.raise(DUTY, '', { ...whole, id })).toEqual(flag);
  await expect(here.raise(DUTY, OTHER_CELL, { id, category: 'complaint' })).rejects.toMatchObject({
    code: 'conflict',
  });
  await eventually(() => there.live.view.flag(id)).toEqual(flag);
  expect(there.live.view.flagsOf(OTHER_CELL).map((one) => one.id)).not.toContain(id);
  const found = async (principal: Principal, query: object) =>
    (await here.list(principal, query)).items.map((one) => one.id);
  expect(await found(INSPECTOR, { facility: FACILITY })).toContain(id);
  expect(await found(SITUATION, { facility: FACILITY, area: OTHER_CELL })).not.toContain(id);
  expect(await found(SITUATION, { facility: FACILITY, region: 'UA-05' })).toEqual([]);
  await expect(here.list(INSPECTOR, { facility: 'ua-68-itt-1' })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(here.raise(INSPECTOR, '', { ...whole, facilityId: 'ua-68-itt-1' })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(here.raise(DUTY, '', { ...whole, facilityId: 'no-such-place' })).rejects.toMatchObject({
    code: 'unknown_facility',
  });
  for (const neither of [{ facilityId: FACILITY }, { areaId: undefined }])
    await expect(here.raise(DUTY, OTHER_CELL, neither)).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: ['areaId'] }],
    });
  await there.step(DUTY, id, { to: 'resolved', version: 1, reason: 'seen to' });
  await eventually(() => here.live.view.flag(id)).toBeUndefined();
  const entries = (await auditOf('UA-68')).filter(({ details }) => details.flag === id);
  expect(entries.map(({ resource }) => resource)).toEqual([`facility:${FACILITY}`, `facility:${FACILITY}`]);
});

test('lists come newest first, in pages, open or closed', async () => {
  await using own = await startTestRedis();
  let nowMs = Date.UTC(2026, 10, 22);
  await using here = await openReplica(own, () => nowMs++);
  const raised: Flag[] = [];
  for (let index = 0; index < 7; index += 1)
    raised.push(await here.raise(SITUATION, index % 2 ? CELL : FAR_CELL, { note: String(index) }));
  for (const flag of raised.slice(0, 3))
    await here.step(SITUATION, flag.id, { to: 'dismissed', version: 1, reason: 'a mistake' });

  const all = async (query: object) => {
    const notes: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await here.list(SITUATION, { ...query, limit: 2, ...(cursor ? { cursor } : {}) });
      notes.push(...page.items.map(({ note }) => note));
      cursor = page.nextCursor;
    } while (cursor);
    return notes.join('');
  };
  expect(await all({})).toBe('6543');
  expect(await all({ state: 'closed' })).toBe('210');
  expect(await all({ state: 'all' })).toBe('6543210');
  expect(await all({ state: 'all', region: 'UA-68' })).toBe('531');
});

test('kill -9 of Redis while flags are raised: each that was confirmed is there with its entry, none without', async () => {
  await using own = await startTestRedis();
  await using here = await openReplica(own);
  const confirmed: string[] = [];
  let going = true;
  const raising = (async () => {
    while (going) {
      await here.raise(SITUATION, CELL).then(
        ({ id }) => confirmed.push(id),
        () => new Promise((resolve) => setImmediate(resolve)),
      );
    }
  })();
  for (let round = 0; round < 3; round += 1) {
    const target = confirmed.length + 10;
    await eventually(() => confirmed.length).toBeGreaterThan(target);
    await own.kill();
    await own.start();
  }
  going = false;
  await raising;
  const redis = await own.connect();
  const stored = await redis.hKeys(keys.flags('UA-68'));
  const entries = await auditOf('UA-68', own);
  expect(confirmed.filter((id) => !stored.includes(id))).toEqual([]);
  expect(entries.map(({ details }) => details.flag).sort()).toEqual(stored.sort());
  expect(verifyChain(entries).ok).toBe(true);
  expect(Number(await redis.get(keys.seq('UA-68')))).toBe(stored.length);
  await eventually(() => here.live.view.flagsOf(CELL).length).toBe(stored.length);
});

test('flags are assigned to accounts that exist, may have them, and are responsible for the place', async () => {
  await using here = await openReplica();
  const near = await here.raise(DUTY, CELL);
  for (const assignee of ['nobody', 'oversight'])
    await expect(here.step(DUTY, near.id, { to: 'assigned', assignee })).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: ['assignee'] }],
    });
  expect(await here.step(DUTY, near.id, { to: 'assigned', assignee: 'oncall' })).toMatchObject({
    history: [{}, { assignee: 'oncall' }],
  });
  const far = await here.raise(SITUATION, FAR_CELL);
  await expect(here.step(SITUATION, far.id, { to: 'assigned', assignee: 'oncall' })).rejects.toMatchObject({
    code: 'invalid',
  });
  const names = async (query: object, principal: Principal = DUTY) =>
    (await here.assignees(principal, query)).items.map(({ username }) => username);
  expect(await names({ region: 'UA-68' })).toEqual(['duty', 'oncall']);
  expect(await names({ region: 'UA-68', facility: 'ua-68-itt-1' })).toEqual(['duty', 'oncall']);
  expect(await names({ region: 'UA-05' }, SITUATION)).toEqual([]);
  await expect(names({ region: 'UA-05' })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(names({ region: 'UA-99' })).rejects.toMatchObject({ code: 'unknown_region' });
});
