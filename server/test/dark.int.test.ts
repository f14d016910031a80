import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FeedStatus } from '#contract/feeds.ts';
import type { RegionDelta } from '#contract/live.ts';
import { Leases } from '../adapters/redis/leases.ts';
import { DarkStore } from '../figures/dark/dark-store.ts';
import { sumDark } from '../figures/dark/dark-time.ts';
import { DarkWatch } from '../figures/dark/dark-watch.ts';
import { GAP_MS, planLook } from '../figures/dark/plan-look.ts';
import { eventually } from './fixtures/eventually.ts';
import { feedStatus } from './fixtures/live-records.ts';
import { smallRegistry } from './fixtures/nation.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const REGION = 'UA-68';
const CELL = 'ua-68-itt-1-cell-1';
const OTHER = 'ua-68-itt-1-cell-2';
const START = Date.parse('2026-11-22T03:00:00.000Z');

let server: TestRedis;
beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

/** One world for all replicas: a clock that the test moves on, and cameras that it breaks. */
function world() {
  let nowMs = START;
  const states = new Map<string, FeedStatus>();
  const listeners = new Set<(delta: RegionDelta) => void>();
  return {
    now: () => nowMs,
    pass: (ms: number) => {
      nowMs += ms;
    },
    set: (areaId: string, state: FeedStatus['state']) => {
      states.set(`${areaId}-cam-1`, feedStatus(areaId, { state, since: new Date(nowMs).toISOString() }));
      const feeds = [...states.values()];
      for (const tell of listeners)
        tell({ regionId: REGION, seq: 1, at: new Date(nowMs).toISOString(), feeds });
    },
    view: {
      current: true,
      area: () => undefined,
      feed: (id: string) => states.get(id),
      onDelta: (listener: (delta: RegionDelta) => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
  };
}

async function openReplica(on: TestRedis, { now, view }: ReturnType<typeof world>, name: string) {
  const redis = await on.connect();
  return new DarkWatch({
    store: new DarkStore(redis),
    view,
    registry: smallRegistry(),
    leases: new Leases({ redis, holder: name, ttlMs: 50 }),
    now,
    log: QUIET_LOG,
    lookMs: 5,
  });
}

async function untilOf(on: TestRedis): Promise<number> {
  const { record } = await new DarkStore(await on.connect()).load(REGION);
  return record?.untilMs ?? 0;
}

async function accountOf(on: TestRedis, areaId: string, fromMs: number, nowMs: number) {
  const darkness = await new DarkStore(await on.connect()).darkness(REGION, [CELL, OTHER], fromMs);
  const stays = [{ areaId, fromMs, untilMs: nowMs }];
  return Object.fromEntries(sumDark(stays, darkness, nowMs).map(({ cause, seconds }) => [cause, seconds]));
}

test('replicas come, go and are cut off; Redis is killed: every second is there once, with its cause', async () => {
  await using own = await startTestRedis();
  const one = world();
  const live = new Set<DarkWatch>();
  const expected = new Map<string, Record<string, number>>([
    [CELL, {}],
    [OTHER, {}],
  ]);
  const shown = new Map<string, FeedStatus['state']>();
  const causeOf = { lost: 'unexplained', faulty: 'fault' } as const;
  for (let index = 0; index < 3; index += 1) live.add(await openReplica(own, one, `replica-${index}`));
  await eventually(() => untilOf(own)).toBe(START);
  const states = ['lost', 'live', 'faulty', 'idle', 'lost', 'faulty', 'live'] as const;
  for (let round = 0; round < 28; round += 1) {
    const area = round % 2 ? CELL : OTHER;
    one.set(area, states[round % states.length] ?? 'live');
    shown.set(area, states[round % states.length] ?? 'live');
    if (round % 7 === 3) {
      const [gone] = live;
      if (gone) {
        live.delete(gone);
        await gone[Symbol.asyncDispose]();
      }
      live.add(await openReplica(own, one, `replica-${10 + round}`));
    }
    if (round % 9 === 5) {
      await own.kill();
      await own.start();
    }
    await setImmediate();
    const seconds = 1 + (round % 4);
    for (const [areaId, state] of shown) {
      const cause = causeOf[state as keyof typeof causeOf];
      const sums = expected.get(areaId);
      if (cause && sums) sums[cause] = (sums[cause] ?? 0) + seconds;
    }
    one.pass(seconds * 1000);
    await eventually(() => untilOf(own)).toBe(one.now());
  }
  for (const [areaId, sums] of expected) expect(await accountOf(own, areaId, START, one.now())).toEqual(sums);
  for (const replica of live) await replica[Symbol.asyncDispose]();
});

test('time in which no replica looked is unknown, for areas that were dark before and after it too', async () => {
  await using own = await startTestRedis();
  const one = world();
  one.set(CELL, 'lost');
  const first = await openReplica(own, one, 'first');
  await eventually(() => untilOf(own)).toBe(START);
  one.pass(4_000);
  await eventually(() => untilOf(own)).toBe(one.now());
  await first[Symbol.asyncDispose]();
  one.pass(GAP_MS + 20_000);
  await using _second = await openReplica(own, one, 'second');
  await eventually(() => untilOf(own)).toBe(one.now());
  one.pass(6_000);
  await eventually(() => untilOf(own)).toBe(one.now());
  expect(await accountOf(own, CELL, START - 10_000, one.now())).toEqual({ unexplained: 10, unknown: 40 });
  expect(await accountOf(own, OTHER, START, one.now())).toEqual({ unknown: 30 });
});

test('of two who look at the same record at once, one writes', async () => {
  const store = new DarkStore(await server.connect());
  const before = await store.load(REGION);
  const looked = { dark: new Map(), lightSinceMs: () => START };
  const outcomes = await Promise.all(
    [1, 2, 3].map((n) => store.commit(REGION, before, planLook(before.record, looked, START + n))),
  );
  expect(outcomes.filter((one) => one !== undefined)).toHaveLength(1);
});
