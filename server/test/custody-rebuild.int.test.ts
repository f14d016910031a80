import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CaseEvent } from '#contract/custody-events.ts';
import { NORMS } from '../../config/norms/norms.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { EventStore } from '../custody/event-store.ts';
import { createCustodyModule } from '../custody/module.ts';
import { Partition } from '../custody/partition.ts';
import { StateStore } from '../custody/state-store.ts';
import { BASIS } from './fixtures/custody.ts';
import { eventually } from './fixtures/eventually.ts';
import { smallRegistry } from './fixtures/nation.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const MINUTE_MS = 60_000;
const OLD_VERSION = 'older 0-0';

let server: TestRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startTestRedis({ appendfsync: 'no' });
  redis = await server.connect();
});
beforeEach(() => redis.flushAll());
afterAll(() => server[Symbol.asyncDispose]());

function stay(facilityId: string, caseId: string, fromMs: number): CaseEvent[] {
  const steps = [
    ['APPREHENDED', 0],
    ['CELL_PLACED', 20],
    ['RELEASED', 120],
  ] as const;
  return steps.map(([type, minutes]) => {
    const at = new Date(fromMs + minutes * MINUTE_MS).toISOString();
    const areaId = `${facilityId}-cell-1`;
    return {
      id: randomUUID(),
      type,
      occurredAt: at,
      recordedAt: at,
      recordedBy: 'inspector-1',
      caseId,
      areaId,
    };
  });
}

/** Takes stays that follow one another, as they happened. */
async function take(stays: number): Promise<void> {
  const events = new EventStore(redis);
  const place = { regionId: 'UA-68', facilityId: 'ua-68-itt-1' };
  for (let first = 0; first < stays; first += 150) {
    const batch = Array.from({ length: Math.min(150, stays - first) }, (_, index) =>
      stay(place.facilityId, `c-${first + index}`, Date.UTC(2026, 0, 1) + (first + index) * 10 * MINUTE_MS),
    ).flat();
    await events.accept(place, batch, { receivedAtMs: Date.parse(batch.at(-1)?.recordedAt ?? '') });
  }
}

function open() {
  const events = new EventStore(redis);
  const states = new StateStore({ redis, basis: BASIS, now: Date.now });
  return {
    events,
    states,
    partition: () => Partition.open({ regionId: 'UA-68', events, states, basis: BASIS, log: QUIET_LOG }),
  };
}

test('a region with 20,000 cases behind it is built anew', async () => {
  await take(20_000);
  await redis.set(keys.custodyPosition('UA-68'), OLD_VERSION);
  // Left by the version before; the new one knows nothing of it.
  await redis.hSet(keys.caseSummaries('UA-68'), 'ua-68-itt-1/gone', '{}');
  expect(await open().partition()).toBeDefined();
  expect(await redis.zCard(keys.cases('UA-68'))).toBe(20_000);
  expect(await redis.hLen(keys.caseSummaries('UA-68'))).toBe(20_000);
  expect(await redis.get(keys.custodyPosition('UA-68'))).not.toBe(OLD_VERSION);
  expect(await redis.ttl(keys.custodyState('UA-68'))).toBe(-1);
  expect(await redis.keys(keys.custodyStaged('UA-68', '*', '*'))).toEqual([]);
}, 180_000);

test('of a building whose pieces were lost nothing is swapped in, and the next one succeeds', async () => {
  await take(3);
  const { events, states, partition } = open();
  await partition();
  await redis.set(keys.custodyPosition('UA-68'), OLD_VERSION);
  const build = states.beginBuild();
  const nothing = { fields: new Map(), histories: new Map(), unplaced: [], cases: [] };
  await states.stage('UA-68', build, nothing);
  for (const key of await redis.keys(keys.custodyStaged('UA-68', '*', '*'))) await redis.del(key);
  const swap = states.swap('UA-68', OLD_VERSION, { build, streamId: '1-0', statuses: [] });
  await expect(swap).rejects.toThrow('lost');
  expect(await redis.get(keys.custodyPosition('UA-68'))).toBe(OLD_VERSION);
  const after = await partition();
  expect(after?.streamId).toBe((await events.readAfter('UA-68', '0-0', 100)).at(-1)?.streamId);
});

test('a region that cannot be read stops no other, is counted, and goes on when it can be read again', async () => {
  // Not the hash that it has to be.
  await redis.set(keys.custodyState('UA-68'), 'spoilt');
  await using custody = await createCustodyModule({
    redis,
    newConnection: () => server.connect(),
    registry: smallRegistry(),
    now: Date.now,
    log: QUIET_LOG,
    norms: NORMS,
  });
  const events = new EventStore(redis);
  for (const [regionId, facilityId] of [
    ['UA-68', 'ua-68-itt-1'],
    ['UA-05', 'ua-05-itt-1'],
  ] as const)
    await events.accept({ regionId, facilityId }, stay(facilityId, 'c-1', Date.now()), {
      receivedAtMs: Date.now(),
    });
  const isListed = (regionId: string) => redis.zCard(keys.cases(regionId));
  await eventually(() => isListed('UA-05')).toBe(1);
  await eventually(() => custody.stoppedRegions()).toBe(1);
  expect(await isListed('UA-68')).toBe(0);

  await redis.del(keys.custodyState('UA-68'));
  await eventually(() => isListed('UA-68')).toBe(1);
  await eventually(() => custody.stoppedRegions()).toBe(0);
});
