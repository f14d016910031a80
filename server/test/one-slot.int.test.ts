import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, freePort } from '../../client/e2e/fixtures/processes.ts';
import { RULES } from '../../config/rules/rules.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { createAuditModule } from '../audit/module.ts';
import { CarryOver } from '../custody/carry-over.ts';
import { CaseEvents } from '../custody/cases/case-events.ts';
import { EventStore } from '../custody/event-store.ts';
import { Partition } from '../custody/partition.ts';
import { StateStore } from '../custody/state-store.ts';
import { FlagStore } from '../flags/flag-store.ts';
import { applyStep } from '../rules/apply-steps.ts';
import { EpisodeStore } from '../rules/episode-store.ts';
import { planEpisodes } from '../rules/plan-episodes.ts';
import { areaEvent, BASIS, basisOf, caseEvent, correction } from './fixtures/custody.ts';
import { smallRegistry } from './fixtures/nation.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

/**
 * A Redis in the mode of a cluster refuses every script and transaction whose keys lie in more than one slot, also when it
 * has all slots itself. What a region's events and flags are written by has to be taken by one, or regions could not be
 * spread.
 */
const FACILITY = 'ua-68-itt-1';
const PLACE = { regionId: 'UA-68', facilityId: FACILITY };
const ELSEWHERE = { regionId: 'UA-05', facilityId: 'ua-05-itt-1' };
const NOW_MS = Date.UTC(2026, 10, 22, 12);

let server: TestRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startTestRedis({ 'cluster-enabled': 'yes', 'cluster-port': String(await freePort()) });
  redis = await server.connect();
  await redis.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
  await eventually('the cluster has all its slots', 10_000, async () =>
    String(await redis.sendCommand(['CLUSTER', 'INFO'])).includes('cluster_state:ok'),
  );
});
afterAll(() => server[Symbol.asyncDispose]());

test('regions lie in different slots, and a script over two of them is refused here', async () => {
  const slotOf = (key: string) => redis.sendCommand(['CLUSTER', 'KEYSLOT', key]);
  expect(await slotOf(keys.custody('UA-68'))).not.toBe(await slotOf(keys.custody('UA-05')));
  await redis.set(keys.seq('UA-68'), 1);
  await expect(redis.mGet([keys.seq('UA-68'), keys.seq('UA-05')])).rejects.toThrow('CROSSSLOT');
});

test('events are taken, projected, built anew and read within the slot of their region', async () => {
  const events = new EventStore(redis);
  const accepted = await events.accept(
    PLACE,
    [
      caseEvent('APPREHENDED', { id: 1, at: 0 }),
      caseEvent('CELL_PLACED', { id: 2, at: 10, area: 'cell-1' }),
      areaEvent('CELL_CHECK', { id: 3, at: 20, area: 'cell-1' }),
      correction({
        id: 4,
        at: 30,
        corrects: 3,
        replacement: areaEvent('CELL_CHECK', { id: 5, at: 21, area: 'cell-1' }),
      }),
      caseEvent('TRANSFERRED', { id: 6, at: 40 }),
    ],
    { receivedAtMs: NOW_MS },
  );
  expect(accepted).toEqual(accepted.map(() => 'accepted'));

  const project = async (regionId: string, basis = BASIS) => {
    const states = new StateStore({ redis, basis, now: () => NOW_MS });
    const partition = await Partition.open({
      regionId,
      events,
      states,
      basis,
      log: { ...QUIET_LOG, error: () => {} },
    });
    if (!partition) return false;
    return partition.project(await events.readAfter(regionId, partition.streamId, 100));
  };
  expect(await project('UA-68')).toBe(true);
  expect(await redis.hLen(keys.custodyState('UA-68'))).toBeGreaterThan(0);
  // Other norms: everything is built beside, and swapped in.
  const other = basisOf({ ...BASIS.lawOf(FACILITY).norms, timeZone: 'Asia/Almaty' });
  expect(await project('UA-68', other)).toBe(true);

  const cases = new CaseEvents(redis);
  const place = { ...PLACE, caseId: 'cr-68-1-one' };
  expect((await cases.read(place)).entries).toHaveLength(3);
  const stay = { areaId: `${FACILITY}-cell-1`, span: [0, null] as [number, null] };
  expect((await cases.readAround(place, [stay])).entries).toHaveLength(2);

  // A case that goes on in another slot: each write is in one of the two.
  const registry = smallRegistry();
  const carryOver = new CarryOver({ redis, events, basis: BASIS, registry, now: () => NOW_MS });
  const arrival = {
    ...caseEvent('CELL_PLACED', { id: 20, at: 60, previousCase: { facilityId: FACILITY } }),
    areaId: 'ua-05-itt-1-cell-1',
  };
  const carried = await carryOver.readFor(ELSEWHERE, [arrival]);
  await events.accept(ELSEWHERE, [arrival], { receivedAtMs: NOW_MS, carried });
  await events.accept(PLACE, [caseEvent('SUSPICION_SERVED', { id: 7, at: 35 })], { receivedAtMs: NOW_MS });
  await carryOver.tellOn(place);
  await carryOver.tellOn(place);
  expect(await redis.xLen(keys.custody('UA-05'))).toBe(2);
  expect(await project('UA-05')).toBe(true);
});

test('a flag, its audit and its occurrence are written within the slot of their region', async () => {
  const audit = createAuditModule({ redis, now: () => NOW_MS, log: QUIET_LOG });
  const deps = {
    episodes: new EpisodeStore(redis),
    flags: new FlagStore({ redis, audit, now: () => NOW_MS }),
    registry: smallRegistry(),
    rules: RULES,
    now: () => NOW_MS,
  };
  const finding = {
    key: 'bell:one',
    rule: 'bell-unanswered' as const,
    areaId: `${FACILITY}-cell-1`,
    params: {},
    sinceMs: 0,
  };
  for (const findings of [[finding], []]) {
    const known = await deps.episodes.read('UA-68');
    for (const step of planEpisodes(known, findings, { rules: RULES, nowMs: NOW_MS }).steps)
      expect(await applyStep('UA-68', step, deps)).toBe(true);
  }
  expect(await redis.hLen(keys.flags('UA-68'))).toBe(1);
  expect(await redis.hLen(keys.openFlags('UA-68'))).toBe(0);
  expect(await redis.hLen(keys.ruleEpisodes('UA-68'))).toBe(0);
});
