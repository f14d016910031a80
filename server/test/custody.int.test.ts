import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type CustodyEvent, type CustodyEventResult, CustodyEventsReply } from '#contract/custody-events.ts';
import type { RegionDelta } from '#contract/live.ts';
import { AreaStatus } from '#contract/status.ts';
import { limits, NORMS } from '../../config/norms/norms.ts';
import { keys } from '../adapters/redis/keys.ts';
import { toEdgeError } from '../adapters/redis/store-errors.ts';
import { EventStore, toEntry } from '../custody/event-store.ts';
import { intakeRoutes } from '../custody/intake.ts';
import { createCustodyModule } from '../custody/module.ts';
import { Partition } from '../custody/partition.ts';
import { applyToRegion } from '../custody/state/region-custody.ts';
import { toFields } from '../custody/state/state-fields.ts';
import { StateStore } from '../custody/state-store.ts';
import { createTaker } from '../custody/take-events.ts';
import { createLiveModule } from '../live/module.ts';
import { callRoute } from './fixtures/call-route.ts';
import { BASIS } from './fixtures/custody.ts';
import { detention, shuffled } from './fixtures/detentions.ts';
import { eventually } from './fixtures/eventually.ts';
import { equipment, person, smallRegistry } from './fixtures/nation.ts';
import { NO_AUDIT } from './fixtures/no-audit.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const HOUR_MS = 3_600_000;
const FACILITIES = ['ua-68-itt-1', 'ua-68-itt-2', 'ua-05-itt-1'];
const REGIONS = ['UA-68', 'UA-05'];
const CELL = 'ua-68-itt-1-cell-1';

let server: TestRedis;
const replicas = new Set<ChildProcess>();

beforeAll(async () => {
  server = await startTestRedis();
});
afterEach(() => {
  for (const replica of replicas) replica.kill('SIGKILL');
  replicas.clear();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function openCustody(on: TestRedis = server, norms = NORMS) {
  const redis = await on.connect();
  const common = { redis, newConnection: () => on.connect(), registry: smallRegistry(), now: Date.now };
  const custody = await createCustodyModule({ ...common, log: QUIET_LOG, norms });
  const post = async (facilityId: string, events: readonly unknown[]): Promise<CustodyEventResult[]> => {
    const asked = { principal: equipment(facilityId), body: { events } };
    return CustodyEventsReply.parse(await callRoute(custody.routes, 'post', '/api/v1/custody/events', asked))
      .results;
  };
  return { redis, post, [Symbol.asyncDispose]: () => custody[Symbol.asyncDispose]() };
}

async function openLive(on: TestRedis) {
  const live = await createLiveModule({
    redis: await on.connect(),
    newConnection: () => on.connect(),
    registry: smallRegistry(),
    limits: limits(),
    audit: NO_AUDIT,
    now: Date.now,
    log: QUIET_LOG,
  });
  const deltas: RegionDelta[] = [];
  live.view.onDelta((delta) => deltas.push(delta));
  return { view: live.view, deltas, [Symbol.asyncDispose]: () => live[Symbol.asyncDispose]() };
}

/** A replica of its own, which can be killed as the kernel kills. */
function startReplica(on: TestRedis, leaseMs: number): ChildProcess {
  const program = fileURLToPath(new URL('./fixtures/projector-process.ts', import.meta.url));
  const replica = spawn(process.execPath, [program, on.url, String(leaseMs)], { stdio: 'inherit' });
  replicas.add(replica);
  return replica;
}

/** Detentions of a facility, their events in any order, in batches. */
function toBatches(facilityId: string, detentions: number) {
  const events = shuffled(
    Array.from({ length: detentions }, () => detention(facilityId, Date.now() - 10 * HOUR_MS)).flat(),
  );
  return Array.from({ length: Math.ceil(events.length / 20) }, (_, index) => ({
    facilityId,
    events: events.slice(index * 20, index * 20 + 20),
  }));
}

async function killReplica(replica: ChildProcess): Promise<void> {
  const gone = once(replica, 'exit');
  replica.kill('SIGKILL');
  await gone;
  replicas.delete(replica);
}

async function streamOf(on: TestRedis, regionId: string) {
  const redis = await on.connect();
  const found = (await redis.xRange(keys.custody(regionId), '-', '+')) ?? [];
  return found.map(({ id, message }) => toEntry(id, message));
}

/** Waits until every event of the stream is projected, and compares what is there with a fresh replay of the stream. */
async function expectProjected(on: TestRedis, regionId: string): Promise<void> {
  const redis = await on.connect();
  const entries = await streamOf(on, regionId);
  await eventually(async () => (await redis.get(keys.custodyPosition(regionId)))?.split(' ')[1]).toBe(
    entries.at(-1)?.streamId,
  );
  const replay = applyToRegion(
    new Map(),
    entries.flatMap(({ stored }) => (stored ? [stored] : [])),
    BASIS,
  );
  const areas = Object.entries(await redis.hGetAll(keys.areas(regionId)));
  expect(new Map(areas.map(([id, json]) => [id, AreaStatus.parse(JSON.parse(json))]))).toEqual(
    new Map(replay.statuses.map((status) => [status.areaId, status])),
  );
  const state = Object.entries(await redis.hGetAll(keys.custodyState(regionId))).sort();
  expect(state.map(([field, json]) => [field, JSON.parse(json)])).toEqual(
    [...toFields(replay)].sort().map(([field, json]) => [field, JSON.parse(json ?? 'null')]),
  );
  // What rules look back at is the same as well, however often areas and people changed on the way there.
  const histories = Object.entries(await redis.hGetAll(keys.custodyHistories(regionId)));
  expect(new Map(histories.map(([areaId, json]) => [areaId, JSON.parse(json)]))).toEqual(replay.histories);
  const unplaced = await redis.hGetAll(keys.custodyUnplaced(regionId));
  expect(Object.keys(unplaced).sort()).toEqual(
    replay.unplaced
      .flatMap(({ facilityId, caseId, clocks }) => (clocks ? [`${facilityId}/${caseId}`] : []))
      .sort(),
  );
}

test('each event of a batch is answered for itself, in order, and taken once', async () => {
  await using custody = await openCustody();
  const [first, second, third] = detention('ua-68-itt-1', Date.now() - 6 * HOUR_MS);
  const far = { ...third, id: crypto.randomUUID(), areaId: 'ua-05-itt-1-cell-1' };
  const results = await custody.post('ua-68-itt-1', [first, { type: 'X' }, second, far, first]);
  expect(results).toMatchObject([
    { id: first?.id, status: 'accepted' },
    { id: null, status: 'rejected', code: 'invalid', path: ['type'] },
    { id: second?.id, status: 'accepted' },
    { id: far.id, status: 'rejected', code: 'wrong_facility', path: ['areaId'] },
    { id: first?.id, status: 'duplicate' },
  ]);
  expect(await custody.post('ua-68-itt-1', [second, third])).toMatchObject([
    { status: 'duplicate' },
    { status: 'accepted' },
  ]);
  // The ids of one facility are nothing to another.
  expect(await custody.post('ua-68-itt-2', [first])).toMatchObject([{ status: 'accepted' }]);
  const stream = (await streamOf(server, 'UA-68')).map(({ stored }) => [
    stored?.facilityId,
    stored?.event.id,
  ]);
  expect(stream).toEqual([
    ['ua-68-itt-1', first?.id],
    ['ua-68-itt-1', second?.id],
    ['ua-68-itt-1', third?.id],
    ['ua-68-itt-2', first?.id],
  ]);
});

test('the same id with other content is a conflict, whatever the order of the fields', async () => {
  await using custody = await openCustody();
  const [first, second] = detention('ua-05-itt-1', Date.now() - 5 * HOUR_MS);
  const turned = Object.fromEntries(Object.entries({ ...first }).reverse());
  expect(
    await custody.post('ua-05-itt-1', [first, turned, { ...second, id: first?.id }, second]),
  ).toMatchObject([
    { status: 'accepted' },
    { status: 'duplicate' },
    { id: first?.id, status: 'rejected', code: 'conflict', path: ['id'] },
    { status: 'accepted' },
  ]);
});

test('a clock that is ahead is noted, and the event is taken', async () => {
  await using custody = await openCustody();
  const [event] = detention('ua-05-itt-1', Date.now() - 5 * HOUR_MS);
  const recordedAt = new Date(Date.now() + 60_000).toISOString();
  const [ahead, right] = await custody.post('ua-05-itt-1', [
    { ...event, recordedAt },
    { ...event, id: crypto.randomUUID() },
  ]);
  expect(ahead).toMatchObject({ status: 'accepted', skewMs: expect.any(Number) });
  expect(ahead?.skewMs).toBeGreaterThan(50_000);
  expect(right).toEqual({ id: expect.any(String), status: 'accepted' });
});

test('a replacement cannot take the id of another event', async () => {
  await using custody = await openCustody();
  const [first, second] = detention('ua-05-itt-1', Date.now() - 6 * HOUR_MS);
  await custody.post('ua-05-itt-1', [first, second]);
  const correcting = (replacement: CustodyEvent | undefined) => ({
    id: crypto.randomUUID(),
    type: 'RECORD_CORRECTED',
    occurredAt: first?.occurredAt,
    recordedAt: first?.recordedAt,
    recordedBy: 'inspector-1',
    corrects: first?.id,
    reason: 'wrong',
    replacement,
  });
  expect(await custody.post('ua-05-itt-1', [correcting(second)])).toMatchObject([
    { status: 'rejected', code: 'conflict', path: ['replacement', 'id'] },
  ]);
  const replacement = second && { ...second, id: crypto.randomUUID() };
  expect(await custody.post('ua-05-itt-1', [correcting(replacement), replacement])).toMatchObject([
    { status: 'accepted' },
    { status: 'duplicate' },
  ]);
});

test('only facilities send events, and requests keep to their bounds', async () => {
  await using custody = await openCustody();
  await expect(custody.post('ua-68-itt-1', [])).rejects.toMatchObject({ code: 'invalid' });
  await expect(custody.post('ua-68-itt-1', Array(501).fill({}))).rejects.toMatchObject({ code: 'invalid' });
  const module = await createCustodyModule({
    redis: custody.redis,
    newConnection: () => server.connect(),
    registry: smallRegistry(),
    now: Date.now,
    log: QUIET_LOG,
  });
  await expect(
    callRoute(module.routes, 'post', '/api/v1/custody/events', {
      principal: person('situation'),
      body: { events: [{}] },
    }),
  ).rejects.toMatchObject({ code: 'forbidden' });
  await module[Symbol.asyncDispose]();
});

test('an event that was posted is seen by every replica, with its number', async () => {
  await using own = await startTestRedis();
  await using custody = await openCustody(own);
  await using live = await openLive(own);
  const events = detention('ua-68-itt-1', Date.now() - 2 * HOUR_MS).slice(0, 5);
  await custody.post('ua-68-itt-1', events.slice(0, 4));
  await custody.post('ua-68-itt-1', [
    { ...events[3], id: crypto.randomUUID(), type: 'CELL_PLACED', areaId: CELL },
  ]);
  await eventually(() => live.view.area(CELL)?.headcount).toBe(1);
  const limits = live.view.area(CELL)?.clocks.map(({ limit }) => limit);
  expect(limits).toEqual(expect.arrayContaining(['suspicion', 'court', 'decision']));
  expect(live.deltas.map(({ regionId, seq }) => [regionId, seq])).toEqual([['UA-68', 1]]);
  await expectProjected(own, 'UA-68');
});

test('while Redis is away nothing is accepted, nothing is half done, and the same batch succeeds later', async () => {
  await using own = await startTestRedis();
  await using custody = await openCustody(own);
  const events = detention('ua-68-itt-1', Date.now() - 6 * HOUR_MS);
  await own.kill();
  const refusal = await custody
    .post('ua-68-itt-1', events)
    .catch((error: unknown) => toEdgeError(error).code);
  expect(refusal).toBe('store_unavailable');
  await own.start();
  await eventually(() => custody.redis.isReady).toBe(true);
  const statuses = (await custody.post('ua-68-itt-1', events)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set(['accepted']));
  await expectProjected(own, 'UA-68');
});

test('kill -9 of Redis during intake: every event that was acknowledged is in the stream, once', async () => {
  await using own = await startTestRedis();
  await using custody = await openCustody(own);
  const acknowledged = new Set<string>();
  const retried: CustodyEvent[][] = [];
  let going = true;
  const sending = Array.from({ length: 4 }, async () => {
    while (going) {
      // What was not acknowledged is sent again, as a facility would.
      const batch = retried.pop() ?? detention('ua-68-itt-1', Date.now() - 6 * HOUR_MS);
      await custody.post('ua-68-itt-1', batch).then(
        (results) => {
          for (const { id, status } of results)
            if (status !== 'rejected' && id !== null) acknowledged.add(id);
        },
        async () => {
          retried.push(batch);
          await new Promise((resolve) => setImmediate(resolve));
        },
      );
    }
  });
  for (let round = 0; round < 5; round += 1) {
    const target = acknowledged.size + 300;
    await eventually(() => acknowledged.size).toBeGreaterThan(target);
    await own.kill();
    await own.start();
  }
  going = false;
  await Promise.all(sending);
  const ids = (await streamOf(own, 'UA-68')).map(({ stored }) => stored?.event.id);
  const there = new Set(ids);
  expect([...acknowledged].filter((id) => !there.has(id))).toEqual([]);
  expect(there.size).toBe(ids.length);
  await expectProjected(own, 'UA-68');
});

test('of two replicas that project the same events, one commits and the other learns of it', async () => {
  await using own = await startTestRedis();
  const redis = await own.connect();
  const events = new EventStore(redis);
  const states = new StateStore({ redis, basis: BASIS, now: Date.now });
  const place = { regionId: 'UA-68', facilityId: 'ua-68-itt-1' };
  await events.accept(place, detention('ua-68-itt-1', Date.now() - 6 * HOUR_MS), {
    receivedAtMs: Date.now(),
  });
  const open = () => Partition.open({ regionId: 'UA-68', events, states, basis: BASIS, log: QUIET_LOG });
  const partitions = await Promise.all([open(), open(), open()]);
  const entries = await events.readAfter('UA-68', '0-0', 100);
  const outcomes = await Promise.all(partitions.map((partition) => partition?.project(entries)));
  expect(outcomes.filter(Boolean)).toHaveLength(1);
  expect(await redis.get(keys.seq('UA-68'))).toBe('1');
  // Who was late stays so, whatever comes.
  const loser = partitions[outcomes.indexOf(false)];
  expect(await loser?.project(entries)).toBe(false);
});

// Leases of a millisecond keep nobody from anything: every replica projects every region all the time.
test.each([
  ['that take turns', 400],
  ['that get in each other’s way', 1],
])('replicas %s, they and Redis killed midway: nothing is lost, nothing counts twice', async (_, leaseMs) => {
  await using own = await startTestRedis();
  await using live = await openLive(own);
  const redis = await own.connect();
  const carryOver = { readFor: async () => new Map() };
  const take = createTaker({ store: new EventStore(redis), carryOver, now: Date.now });
  const intake = intakeRoutes({ take, registry: smallRegistry() });
  const post = async (facilityId: string, events: readonly CustodyEvent[]): Promise<boolean> => {
    const asked = { principal: equipment(facilityId), body: { events } };
    const reply = await callRoute(intake, 'post', '/api/v1/custody/events', asked).catch(() => undefined);
    return (
      reply !== undefined &&
      CustodyEventsReply.parse(reply).results.every(({ status }) => status !== 'rejected')
    );
  };
  const projected = async () => Number(await redis.get(keys.seq('UA-68')).catch(() => 0));

  const replicas = [startReplica(own, leaseMs), startReplica(own, leaseMs)];
  const batches = shuffled(FACILITIES.flatMap((facilityId) => toBatches(facilityId, 80)));
  for (const [index, { facilityId, events }] of batches.entries()) {
    await eventually(() => post(facilityId, events)).toBe(true);
    if (index % 20 !== 10) continue;
    // In the middle of the work: something has been projected since the last time, and more is waiting.
    const before = await projected();
    await eventually(projected).toBeGreaterThan(before);
    const victim = replicas.shift();
    if (victim) await killReplica(victim);
    replicas.push(startReplica(own, leaseMs));
    if (index % 40 === 10) continue;
    await own.kill();
    await own.start();
    await eventually(() => redis.isReady).toBe(true);
  }
  for (const regionId of REGIONS) await expectProjected(own, regionId);

  // Whatever became of whom, consoles got every number, in order.
  for (const regionId of REGIONS) {
    const last = Number(await redis.get(keys.seq(regionId)));
    const numbers = () => live.deltas.filter((delta) => delta.regionId === regionId).map(({ seq }) => seq);
    await eventually(() => numbers().at(-1)).toBe(last);
    expect(numbers()).toEqual(Array.from({ length: last }, (_, index) => index + 1));
    const stored = Object.values(await redis.hGetAll(keys.areas(regionId)));
    expect(live.view.snapshot(regionId).areas).toHaveLength(stored.length);
    for (const json of stored) {
      const status = AreaStatus.parse(JSON.parse(json));
      expect(live.view.area(status.areaId)).toEqual(status);
    }
  }
});

test('the work goes on when the replica that did it is killed', async () => {
  await using own = await startTestRedis();
  const first = startReplica(own, 1_000);
  const redis = await own.connect();
  await eventually(() => redis.get(keys.lease('custody:UA-68'))).not.toBeNull();
  const holder = await redis.get(keys.lease('custody:UA-68'));
  await using custody = await openCustody(own);
  await killReplica(first);
  await custody.post('ua-68-itt-1', detention('ua-68-itt-1', Date.now() - 6 * HOUR_MS));
  await expectProjected(own, 'UA-68');
  expect(await redis.get(keys.lease('custody:UA-68'))).not.toBe(holder);
});

test('other norms: the state is built anew from the stream, and equals what it would always have been', async () => {
  await using own = await startTestRedis();
  const events = Array.from({ length: 40 }, () => detention('ua-68-itt-1', Date.now() - 4 * HOUR_MS)).flat();
  {
    const [cpc] = NORMS.sets;
    const lax = { ...NORMS, sets: cpc ? [{ ...cpc, limits: cpc.limits.slice(0, 1) }] : [] };
    await using custody = await openCustody(own, lax);
    for (let start = 0; start < events.length; start += 100)
      await custody.post('ua-68-itt-1', events.slice(start, start + 100));
    const last = (await streamOf(own, 'UA-68')).at(-1)?.streamId;
    await eventually(
      async () => (await custody.redis.get(keys.custodyPosition('UA-68')))?.split(' ')[1],
    ).toBe(last);
  }
  await using live = await openLive(own);
  const clocks = () =>
    live.view.snapshot('UA-68').areas.flatMap((status) => status.clocks.map(({ limit }) => limit));
  expect(new Set(clocks())).toEqual(new Set(['suspicion']));
  await using custody = await openCustody(own);
  await eventually(() => clocks().includes('court')).toBe(true);
  await expectProjected(own, 'UA-68');
  expect(live.deltas).toHaveLength(1);
  await custody.post('ua-68-itt-1', detention('ua-68-itt-1', Date.now() - 4 * HOUR_MS));
  await expectProjected(own, 'UA-68');
});

test('an entry that cannot be read stops nothing', async () => {
  await using own = await startTestRedis();
  await using custody = await openCustody(own);
  await custody.redis.xAdd(keys.custody('UA-68'), '*', { json: '{"facilityId":' });
  await custody.redis.xAdd(keys.custody('UA-68'), '*', { other: 'x' });
  await custody.post('ua-68-itt-1', detention('ua-68-itt-1', Date.now() - 6 * HOUR_MS));
  await expectProjected(own, 'UA-68');
});
