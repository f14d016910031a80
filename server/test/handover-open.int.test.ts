import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Flag } from '#contract/flags.ts';
import { keys } from '../adapters/redis/keys.ts';
import { createAuditModule } from '../audit/module.ts';
import { EventStore } from '../custody/event-store.ts';
import { FlagStore } from '../flags/flag-store.ts';
import type { Collected } from '../handover/collect.ts';
import { createGather } from '../handover/gather.ts';
import { acknowledgeItem, addNote, closeHandover, type HandoverStep } from '../handover/handover.ts';
import { HandoverDesk, type Person } from '../handover/handover-desk.ts';
import { HandoverStore } from '../handover/handover-store.ts';
import { createReadChanges } from '../handover/read-changes.ts';
import { caseEvent, START_MS } from './fixtures/custody.ts';
import { smallRegistry } from './fixtures/nation.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis } from './fixtures/redis.ts';

const REGION = 'UA-68';
const DAY_MS = 86_400_000;
const by = { kind: 'rule', id: 'missed-check', name: 'missed-check' } as const;
const instant = (ms: number) => new Date(ms).toISOString();

/** A flag of the first cell that was raised at an instant, and resolved a second later unless it is open. */
function flagOf(raisedMs: number, isOpen: boolean): Flag {
  const raised = { state: 'raised', by, at: instant(raisedMs) } as const;
  const resolved = { state: 'resolved', by, at: instant(raisedMs + 1_000), reason: 'seen to' } as const;
  return {
    id: randomUUID(),
    regionId: REGION,
    facilityId: 'ua-68-itt-1',
    areaId: 'ua-68-itt-1-cell-1',
    category: 'missed-check',
    severity: 2,
    note: '',
    state: isOpen ? 'raised' : 'resolved',
    history: isOpen ? [raised] : [raised, resolved],
    version: isOpen ? 1 : 2,
  };
}

test('an open flag is handed over however many newer ones there are, and once', async () => {
  await using server = await startTestRedis();
  const redis = await server.connect();
  const now = () => START_MS;
  const audit = createAuditModule({ redis, now, log: QUIET_LOG });
  const old = flagOf(START_MS - 30 * DAY_MS, true);
  const fresh = flagOf(START_MS - 60_000, true);
  const closed = Array.from({ length: 2_100 }, (_, index) =>
    flagOf(START_MS - 2 * DAY_MS - index * 1_000, false),
  );
  const news = flagOf(START_MS - 30_000, false);
  const work = redis.multi();
  for (const flag of [old, fresh, news, ...closed]) {
    const json = JSON.stringify(flag);
    work.hSet(keys.flags(REGION), flag.id, json);
    if (flag.state === 'raised') work.hSet(keys.openFlags(REGION), flag.id, json);
    work.zAdd(keys.flagsByTime(REGION), { score: Date.parse(flag.history[0]?.at ?? ''), value: flag.id });
  }
  await work.exec();
  const gather = createGather({
    flags: new FlagStore({ redis, audit, now }),
    unplaced: async () => [],
    registry: smallRegistry(),
    view: { area: () => undefined, feed: () => undefined, current: true },
    now,
  });
  const { flags } = await gather(
    { kind: 'regions', regionIds: [REGION] },
    START_MS - DAY_MS,
    START_MS + DAY_MS,
  );
  expect(flags.map(({ id }) => id).toSorted()).toEqual([old.id, fresh.id, news.id].toSorted());
});

test('a flag that was closed in the shift is told however many were raised after it; when it is too many, that is told', async () => {
  await using server = await startTestRedis();
  const redis = await server.connect();
  const now = () => START_MS;
  const audit = createAuditModule({ redis, now, log: QUIET_LOG });
  // Raised two days before the shift began, and closed in it.
  const [first] = flagOf(START_MS - 3 * DAY_MS, false).history;
  const old = flagOf(START_MS - 3 * DAY_MS, false);
  const closedAt = { state: 'resolved', by, at: instant(START_MS - 60_000), reason: 'seen to' } as const;
  const late: Flag = { ...old, history: first ? [first, closedAt] : [] };
  const burst = Array.from({ length: 2_100 }, (_, index) => flagOf(START_MS - DAY_MS - index * 1_000, false));
  const work = redis.multi();
  for (const flag of [late, ...burst]) {
    work.hSet(keys.flags(REGION), flag.id, JSON.stringify(flag));
    work.zAdd(keys.flagsByTime(REGION), { score: Date.parse(flag.history[0]?.at ?? ''), value: flag.id });
  }
  await work.exec();
  const gatherAtMost = async (most?: number) => {
    const gather = createGather({
      flags: new FlagStore({ redis, audit, now }),
      unplaced: async () => [],
      registry: smallRegistry(),
      view: { area: () => undefined, feed: () => undefined, current: true },
      now,
      ...(most === undefined ? {} : { most }),
    });
    const { flags, whole } = await gather(
      { kind: 'regions', regionIds: [REGION] },
      START_MS - DAY_MS / 2,
      START_MS + DAY_MS,
    );
    return { ids: flags.map(({ id }) => id), whole };
  };
  expect(await gatherAtMost()).toEqual({ ids: [late.id], whole: true });
  expect(await gatherAtMost(2_100)).toEqual({ ids: [], whole: false });
  // All of them, and not one too many.
  expect(await gatherAtMost(2_101)).toEqual({ ids: [late.id], whole: true });

  const desk = new HandoverDesk({
    store: new HandoverStore({ redis, audit }),
    gather: async () => ({ flags: [], whole: false, things: [] }),
    readChanges: async () => ({ from: instant(START_MS), whole: true, counts: {}, notable: [] }),
    registry: smallRegistry(),
    audit,
    now,
  });
  const scope = { kind: 'regions' as const, regionIds: [REGION] };
  const opened = await desk.open(
    { kind: 'person', username: 'duty-68', role: 'duty', scope },
    { shiftHours: 12, note: '' },
  );
  expect(opened.since).toEqual({ raised: 0, resolved: 0, dismissed: 0, whole: false });
});

test('more than one list holds is handed over whole: the rest comes at once, and nothing closes before', async () => {
  await using server = await startTestRedis();
  const redis = await server.connect();
  const now = () => START_MS;
  const audit = createAuditModule({ redis, now, log: QUIET_LOG });
  const things = Array.from(
    { length: 430 },
    (_, index): Collected => ({
      kind: 'risk',
      regionId: REGION,
      entry: { key: `risk/${index}`, facilityId: 'ua-68-itt-1', at: instant(START_MS) },
    }),
  );
  const desk = new HandoverDesk({
    store: new HandoverStore({ redis, audit }),
    gather: async () => ({ flags: [], whole: true, things }),
    readChanges: async () => ({ from: instant(START_MS), whole: true, counts: {}, notable: [] }),
    registry: smallRegistry(),
    audit,
    now,
  });
  const person = (username: string): Person => ({
    kind: 'person',
    username,
    role: 'duty',
    scope: { kind: 'regions', regionIds: [REGION] },
  });
  const comes = person('duty-68-2');
  const { id } = await desk.open(person('duty-68'), { shiftHours: 12, note: '' });
  const acknowledgeAll = async () => {
    const { items } = await desk.read(comes, id);
    await desk.step(comes, id, {
      action: 'handover.acknowledge',
      details: {},
      decide: (handover, by) => {
        const open = items.filter(({ acknowledged }) => acknowledged === null);
        return open.reduce<HandoverStep>(
          (step, { id: itemId, rev }) =>
            step.kind === 'refused' ? step : acknowledgeItem(step.handover, { itemId, rev }, by),
          { kind: 'same', handover },
        );
      },
    });
  };
  const close = () =>
    desk.step(comes, id, { action: 'handover.close', details: {}, decide: closeHandover, isExact: true });

  expect(await desk.read(comes, id)).toMatchObject({ left: 30 });
  await acknowledgeAll();
  // The clock stands: what is still to come is offered without a wait.
  const rest = await desk.read(comes, id);
  expect([rest.items.length, rest.left]).toEqual([430, 0]);
  await expect(close()).rejects.toMatchObject({ code: 'conflict' });
  await acknowledgeAll();
  // Something comes up in the very moment: it is not closed over.
  things.push({
    kind: 'gate',
    regionId: REGION,
    entry: { key: 'gate/now', facilityId: 'ua-68-itt-1', at: instant(START_MS) },
  });
  await expect(close()).rejects.toMatchObject({ code: 'conflict' });
  await acknowledgeAll();
  const closed = await close();
  expect(closed).toMatchObject({ state: 'closed', left: 0 });
  expect(closed.items.map(({ acknowledged }) => acknowledged?.by)).toEqual(
    Array.from({ length: 431 }, () => 'duty-68-2'),
  );
});

test('what came up while somebody else wrote is not closed over', async () => {
  await using server = await startTestRedis();
  const redis = await server.connect();
  const now = () => START_MS;
  const audit = createAuditModule({ redis, now, log: QUIET_LOG });
  const person = (username: string): Person => ({
    kind: 'person',
    username,
    role: 'duty',
    scope: { kind: 'regions', regionIds: [REGION] },
  });
  const [goes, comes] = [person('duty-68'), person('duty-68-2')];
  const things: Collected[] = [];
  let meanwhile = async () => {};
  const desk = new HandoverDesk({
    store: new HandoverStore({ redis, audit }),
    gather: async () => {
      const found = [...things];
      await meanwhile();
      return { flags: [], whole: true, things: found };
    },
    readChanges: async () => ({ from: instant(START_MS), whole: true, counts: {}, notable: [] }),
    registry: smallRegistry(),
    audit,
    now,
  });
  const { id } = await desk.open(goes, { shiftHours: 12, note: '' });
  things.push({
    kind: 'gate',
    regionId: REGION,
    entry: { key: 'gate/now', facilityId: 'ua-68-itt-1', at: instant(START_MS) },
  });
  meanwhile = async () => {
    meanwhile = async () => {};
    await desk.step(goes, id, {
      action: 'handover.note',
      details: {},
      decide: (handover, by) => addNote(handover, 'keys are with the guard', by),
    });
  };
  const close = desk.step(comes, id, {
    action: 'handover.close',
    details: {},
    decide: closeHandover,
    isExact: true,
  });
  await expect(close).rejects.toMatchObject({ code: 'conflict', message: '1 items are not acknowledged' });
  const left = await desk.read(comes, id);
  expect([left.state, left.notes.length, left.items.length]).toEqual(['open', 1, 1]);
});

test('what happened in the shift is read from the stream: of one’s own scope, since the last handover, or as far as is read', async () => {
  await using server = await startTestRedis();
  const events = new EventStore(await server.connect());
  const placed = { regionId: REGION, facilityId: 'ua-68-itt-1' };
  const nowMs = Date.now();
  const moves = Array.from({ length: 1_200 }, (_, index) =>
    caseEvent('CELL_MOVED', { id: 100 + index, at: index, area: 'cell-1' }),
  );
  const earlier = [caseEvent('RELEASED', { id: 1, at: 0, caseName: 'early' })];
  await events.accept(placed, earlier, { receivedAtMs: nowMs - 7_200_000 });
  for (let from = 0; from < moves.length; from += 200)
    await events.accept(placed, moves.slice(from, from + 200), { receivedAtMs: nowMs });
  const arrival = caseEvent('DELIVERED', { id: 2, at: 5, caseName: 'two' });
  await events.accept({ regionId: REGION, facilityId: 'ua-68-itt-2' }, [arrival], { receivedAtMs: nowMs });

  const read = createReadChanges({ events, registry: smallRegistry() });
  const region = { kind: 'regions', regionIds: [REGION] } as const;
  expect(await read({ ...region, regionIds: [REGION] }, nowMs - 3_600_000)).toEqual({
    from: instant(nowMs - 3_600_000),
    whole: true,
    counts: { arrivals: 1, moves: 1_200 },
    notable: [],
  });
  const facility = { kind: 'facilities', facilityIds: ['ua-68-itt-2'] } as const;
  expect((await read({ ...facility, facilityIds: ['ua-68-itt-2'] }, nowMs - 3_600_000)).counts).toEqual({
    arrivals: 1,
  });
  // More than is read: the newest of it, and from when on is said.
  const some = createReadChanges({ events, registry: smallRegistry(), most: 600 });
  const cut = await some({ ...region, regionIds: [REGION] }, nowMs - 3_600_000);
  expect(cut.whole).toBe(false);
  expect(Date.parse(cut.from)).toBeGreaterThan(nowMs - 3_600_000);
  expect((cut.counts.moves ?? 0) + (cut.counts.arrivals ?? 0)).toBeLessThanOrEqual(600);
});
