import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AreaStatus } from '#contract/status.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { createAuditModule } from '../audit/module.ts';
import type { TakeEvents } from '../custody/take-events.ts';
import { createGateModule } from '../gate/module.ts';
import { eventually } from './fixtures/eventually.ts';
import { areaStatus } from './fixtures/live-records.ts';
import { readAudit } from './fixtures/media-replica.ts';
import { SMALL_NATION, smallRegistry } from './fixtures/nation.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const [CELL] = SMALL_NATION.areas;
const PAST = { since: '2026-11-22T10:00:00.000Z', until: '2026-11-22T10:30:00.000Z', by: 'duty-68' };

let redis: TestRedis;
let client: Redis;
beforeEach(async () => {
  redis = await startTestRedis();
  client = await redis.connect();
});
afterEach(() => redis[Symbol.asyncDispose]());

/** A replica to which the gate of an area stands, with another way into the store. */
function openReplica(take: TakeEvents) {
  const registry = smallRegistry();
  const owned = new AsyncDisposableStack();
  const audit = owned.use(createAuditModule({ redis: client, now: Date.now, log: QUIET_LOG }));
  const status: AreaStatus = areaStatus(CELL?.id ?? '', { gate: PAST, confidentialSince: PAST.since });
  owned.use(
    createGateModule({
      redis: client,
      registry,
      view: {
        area: (areaId) => (areaId === status.areaId ? status : undefined),
        current: true,
        onDelta: () => () => undefined,
      },
      take,
      audit,
      log: QUIET_LOG,
      now: Date.now,
    }),
  );
  return owned;
}

const ends = async () =>
  (await readAudit(redis, 'UA-68'))
    .filter(({ action }) => action === 'gate.end')
    .map(({ outcome, details }) => ({ outcome, event: details.event }));

/** Answers as the store does, or not at all, and says which ids it was given. */
function takeAs(answer: (id: string) => 'accepted' | 'duplicate' | 'rejected' | 'killed') {
  const ids: string[] = [];
  const take: TakeEvents = async (_, elements) => {
    const results = (elements as { id: string }[]).map(({ id }) => {
      ids.push(id);
      const status = answer(id);
      if (status === 'killed') throw new Error('the replica was killed');
      return status === 'rejected' ? { id, status, code: 'conflict' as const } : { id, status };
    });
    return { results };
  };
  return { ids, take };
}

test('an end whose replica is killed when its event was taken stands in the audit, once', async () => {
  const killed = takeAs(() => 'killed');
  {
    await using _ = openReplica(killed.take);
    await eventually(() => killed.ids.length).toBeGreaterThan(0);
  }
  // Another one finds it recorded; it may as well be gone from what stands before anybody looks again.
  const [event] = killed.ids;
  expect(await ends()).toEqual([{ outcome: 'done', event }]);
  const later = takeAs(() => 'duplicate');
  await using _ = openReplica(later.take);
  await eventually(() => later.ids.length).toBeGreaterThan(1);
  expect(later.ids[0]).toBe(event);
  expect(await ends()).toEqual([{ outcome: 'done', event }]);
});

test('an end whose id somebody has taken is told as refused, and the one with another id as done', async () => {
  let foreseen = '';
  const { ids, take } = takeAs((id) => {
    foreseen ||= id;
    return id === foreseen ? 'rejected' : 'accepted';
  });
  await using _ = openReplica(take);
  await eventually(() => ids.length).toBeGreaterThan(2);
  expect(await ends()).toEqual([
    { outcome: 'done', event: ids[0] },
    { outcome: 'refused', event: ids[0] },
    { outcome: 'done', event: ids[1] },
  ]);
});
