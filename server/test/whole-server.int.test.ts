import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AreaView } from '#contract/areas.ts';
import { CustodyEventsReply } from '#contract/custody-events.ts';
import { ackOf, Problem } from '#contract/errors.ts';
import {
  LIVE_MESSAGES,
  LiveRegistry,
  LiveSnapshot,
  LiveSubscribed,
  RegionDelta,
  type RegionSnapshot,
} from '#contract/live.ts';
import { RegistryFromColumns } from '#contract/packed/registry.ts';
import {
  FORMER_FORMAT,
  PACKED_FORMAT,
  SnapshotFromColumns,
  toRegionSnapshot,
} from '#contract/packed/snapshot.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { ask, type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const FACILITY = 'ua-68-itt-1';
const AREA = 'ua-68-itt-1-cell-1';

let redis: TestRedis;
let server: TestServer;
let replica: TestServer;
beforeAll(async () => {
  redis = await startTestRedis();
  [server, replica] = await Promise.all([
    startTestServer({ redisUrl: redis.url }),
    startTestServer({ redisUrl: redis.url }),
  ]);
});
afterAll(async () => {
  await Promise.all([server, replica].map((one) => one[Symbol.asyncDispose]()));
  await redis[Symbol.asyncDispose]();
});

function placement(areaId: string) {
  const at = new Date().toISOString();
  return {
    id: randomUUID(),
    type: 'CELL_PLACED',
    occurredAt: at,
    recordedAt: at,
    recordedBy: 'inspector-1',
    caseId: `cr-68-1-${Math.floor(Math.random() * 1e6)}`,
    areaId,
    person: { sex: 'male', minor: false, regime: 'criminal', atRisk: false },
  };
}

async function post(events: unknown[], facilityId = FACILITY) {
  return server.stranger().call('POST', '/api/v1/custody/events', {
    body: { events },
    headers: { authorization: `Bearer ${await server.facilityKey(facilityId)}` },
  });
}

/** A page that follows everything it may see, with the deltas that it got. */
async function follow(on: TestServer, caller: Caller): Promise<{ page: Socket; deltas: RegionDelta[] }> {
  const page = await on.connect('/console', { caller });
  const deltas: RegionDelta[] = [];
  page.on(LIVE_MESSAGES.delta, (delta: unknown) => deltas.push(RegionDelta.parse(delta)));
  const subscribed = ackOf(LiveSubscribed).parse(await ask(page, LIVE_MESSAGES.subscribe, { regions: [] }));
  expect(subscribed.ok).toBe(true);
  return { page, deltas };
}

test('an event that one replica took is on the pages of the other, and in its API', async () => {
  const duty = await replica.signIn('duty-68');
  const { page, deltas } = await follow(replica, duty);
  const reply = await post([placement(AREA)]);
  expect(reply.status).toBe(200);
  expect(CustodyEventsReply.parse(reply.body).results).toMatchObject([{ status: 'accepted' }]);
  await expect
    .poll(() => deltas.flatMap(({ areas }) => areas ?? []), { timeout: 10_000 })
    .toContainEqual(expect.objectContaining({ areaId: AREA, headcount: 1 }));
  const area = AreaView.parse((await duty.get(`/api/v1/areas/${AREA}`)).body);
  expect(area.headcount).toBe(1);
  expect(area.clocks.length).toBeGreaterThan(0);
  const { body } = await server.stranger().get('/metrics');
  expect(body).toContain('varta_custody_events_total{status="accepted"} 1');
  page.disconnect();
});

test('registry and snapshot in columns say what the plain ones say, whole or in part, compressed or not', async () => {
  await post([placement('ua-68-itt-1-cell-2')]);
  for (const username of ['situation', 'inspector']) {
    const caller = await server.signIn(username);
    const read = async (path: string, headers = {}) => (await caller.call('GET', path, { headers })).body;
    await expect
      .poll(async () => JSON.stringify(await read('/api/v1/live/snapshot')), { timeout: 10_000 })
      .toContain('ua-68-itt');
    const plain = LiveRegistry.parse(await read('/api/v1/live/registry'));
    for (const encoding of ['gzip', 'identity']) {
      const headers = { 'accept-encoding': encoding };
      const registry = await read('/api/v1/live/registry?form=packed', headers);
      expect(RegistryFromColumns.parse(registry)).toEqual(plain);
      const columns = '/api/v1/live/snapshot?form=packed';
      const packed = SnapshotFromColumns.parse(await read(`${columns}&format=${PACKED_FORMAT}`, headers));
      const snapshot = LiveSnapshot.parse(await read('/api/v1/live/snapshot'));
      const facts = (regions: readonly RegionSnapshot[]) =>
        regions.map(({ regionId, areas, feeds, flags }) => ({
          regionId,
          areas: areas
            .map(({ areaId, headcount, clocks }) => ({ areaId, headcount, clocks }))
            .sort((a, b) => (a.areaId < b.areaId ? -1 : 1)),
          feeds: feeds.map(({ feedId, state }) => `${feedId} ${state}`).sort(),
          flags: flags.map(({ id }) => id).sort(),
        }));
      expect(facts(packed.regions.map(toRegionSnapshot))).toEqual(facts(snapshot.regions));
      // A page of the version before, which names no format, finds flags whole.
      const former = await read(columns, headers);
      expect(former).toMatchObject({
        format: FORMER_FORMAT,
        regions: snapshot.regions.map(({ flags }) => ({ flags })),
      });
    }
  }
});

test('a flag is on every page that may see it, and on no other', async () => {
  const situation = await server.signIn('situation');
  const here = await follow(server, situation);
  const there = await follow(replica, await replica.signIn('duty-68'));
  const raise = (areaId: string) =>
    situation.call('POST', '/api/v1/flags', {
      body: { id: randomUUID(), areaId, category: 'medical', severity: 1, note: 'test' },
    });
  expect((await raise('ua-05-itt-1-cell-1')).status).toBeLessThan(300);
  expect((await raise(AREA)).status).toBeLessThan(300);
  const flagged = (deltas: RegionDelta[]) =>
    deltas.flatMap(({ flags }) => flags ?? []).map(({ areaId }) => areaId);
  await expect.poll(() => flagged(here.deltas).toSorted()).toEqual(['ua-05-itt-1-cell-1', AREA]);
  await expect.poll(() => flagged(there.deltas)).toEqual([AREA]);
  expect(new Set(there.deltas.map(({ regionId }) => regionId))).toEqual(new Set(['UA-68']));
  expect(AreaView.parse((await situation.get(`/api/v1/areas/${AREA}`)).body).flags).toHaveLength(1);
  for (const { page } of [here, there]) page.disconnect();
});

test('one facility cannot speak for another, nor for an area that does not exist', async () => {
  const reply = await post([placement('ua-68-itt-2-cell-1'), placement('no-such-area'), placement(AREA)]);
  expect(CustodyEventsReply.parse(reply.body).results).toMatchObject([
    { status: 'rejected', code: 'wrong_facility' },
    { status: 'rejected', code: 'unknown_area' },
    { status: 'accepted' },
  ]);
});

test('an acknowledged event survives the sudden end of Redis', async () => {
  const duty = await server.signIn('duty-68');
  const events = [placement('ua-68-itt-1-cell-3')];
  expect((await post(events)).status).toBe(200);
  await redis.kill();
  await redis.start();
  await expect
    .poll(async () => AreaView.safeParse((await duty.get('/api/v1/areas/ua-68-itt-1-cell-3')).body).data, {
      timeout: 15_000,
    })
    .toMatchObject({ headcount: 1 });
  const again = CustodyEventsReply.parse((await post(events)).body);
  expect(again.results).toMatchObject([{ status: 'duplicate' }]);
});

test('while Redis is away, an event is not acknowledged', async () => {
  await redis.kill();
  const reply = await post([placement(AREA)]);
  expect(reply.status).toBe(503);
  expect(Problem.parse(reply.body).code).toBe('store_unavailable');
  await redis.start();
});
