import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AreaView } from '#contract/areas.ts';
import { CustodyEventsReply } from '#contract/custody-events.ts';
import { ackOf } from '#contract/errors.ts';
import { FiguresReply } from '#contract/figures.ts';
import { FlagPage } from '#contract/flags.ts';
import { LIVE_MESSAGES, LiveSubscribed, RegionDelta } from '#contract/live.ts';
import { awaitRedis } from '../adapters/redis/await-redis.ts';
import { closeRedis, type Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { publishTaken, TakenViewers } from '../media/viewers/taken-viewers.ts';
import { eventually } from './fixtures/eventually.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestCluster, type TestCluster } from './fixtures/redis-cluster.ts';
import { ask, type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

/**
 * Two replicas of the whole server on a cluster of three masters: what a country that outgrows one Redis runs. Whatever
 * touches keys of two slots at once is refused there.
 */

const REGIONS = ['UA-05', 'UA-07', 'UA-12', 'UA-18', 'UA-21', 'UA-46', 'UA-51', 'UA-63', 'UA-68'];
const facilityOf = (regionId: string) => `${regionId.toLowerCase()}-itt-1`;
const cellOf = (regionId: string) => `${facilityOf(regionId)}-cell-1`;

const owned = new AsyncDisposableStack();
let cluster: TestCluster;
let replicas: [TestServer, TestServer];
let situation: Caller;
let redis: Redis;
beforeAll(async () => {
  cluster = owned.use(await startTestCluster());
  const start = async () => owned.use(await startTestServer({ redisUrl: cluster.url }));
  replicas = [await start(), await start()];
  situation = await replicas[1].signIn('situation');
  redis = await awaitRedis({ url: cluster.url, name: 'test', log: QUIET_LOG });
  owned.defer(() => closeRedis(redis));
}, 60_000);
afterAll(() => owned.disposeAsync());

interface Sent {
  status: number;
  results: string[];
}

async function post(regionId: string, events: object[]): Promise<Sent> {
  const [first] = replicas;
  const reply = await first.stranger().call('POST', '/api/v1/custody/events', {
    body: { events },
    headers: { authorization: `Bearer ${await first.facilityKey(facilityOf(regionId))}` },
  });
  const results =
    reply.status === 200 ? CustodyEventsReply.parse(reply.body).results.map(({ status }) => status) : [];
  return { status: reply.status, results };
}

function event(regionId: string, type: string, details: object = {}) {
  const at = new Date().toISOString();
  return {
    id: randomUUID(),
    type,
    occurredAt: at,
    recordedAt: at,
    recordedBy: 'inspector-1',
    areaId: cellOf(regionId),
    ...details,
  };
}

const arrivalOf = (regionId: string, caseId: string) => [
  event(regionId, 'APPREHENDED', {
    caseId,
    person: { sex: 'male', minor: false, regime: 'criminal', atRisk: false },
  }),
  event(regionId, 'CELL_PLACED', { caseId }),
];
const statusOf = async (regionId: string, on: Caller = situation) =>
  AreaView.parse((await on.get(`/api/v1/areas/${cellOf(regionId)}`)).body);

test('regions lie on all nodes, and each node is asked whether it may keep the record', async () => {
  const nodes = await Promise.all(REGIONS.map((regionId) => cluster.nodeOf(keys.custody(regionId))));
  expect([...new Set(nodes)].sort()).toEqual([0, 1, 2]);
  const [, second] = cluster.nodes;
  const link = await second?.connect();
  await link?.configSet('maxmemory-policy', 'allkeys-lru');
  const refused = awaitRedis({ url: cluster.url, name: 'refused', log: QUIET_LOG });
  await expect(refused).rejects.toThrow('maxmemory-policy');
  await link?.configSet('maxmemory-policy', 'noeviction');
});

test('that pages were taken over goes through one node, whose order all replicas hear', async () => {
  const owner = await cluster.nodeOf(keys.viewersTaken);
  const link = await cluster.nodes[owner]?.connect();
  if (!link) throw new Error('no node');
  const published = async () =>
    Number(/cmdstat_publish:calls=(\d+)/.exec(String(await link.info('commandstats')))?.[1] ?? 0);
  const viewers = new TakenViewers({
    publish: (message) => publishTaken(redis, message),
    replicaId: 'told',
    log: QUIET_LOG,
    now: Date.now,
  });
  const before = await published();
  const numbers = Array.from({ length: 60 }, (_, index) => `session.tab-${index}`);
  const heard: string[] = [];
  const others = new TakenViewers({
    publish: async () => {},
    replicaId: 'other',
    log: QUIET_LOG,
    now: Date.now,
  });
  const subscriber = await awaitRedis({ url: cluster.url, name: 'subscriber', log: QUIET_LOG });
  owned.defer(() => closeRedis(subscriber));
  await others.follow(subscriber, (viewerId) => heard.push(viewerId));
  for (const viewerId of numbers) viewers.tell(viewerId);
  await eventually(() => heard).toEqual(numbers);
  expect((await published()) - before).toBeGreaterThanOrEqual(numbers.length);
});

test('events of every region become status, flags and live news on both replicas', async () => {
  const page = await replicas[1].connect('/console', { caller: situation });
  const heard = new Map<string, RegionDelta[]>();
  page.on(LIVE_MESSAGES.delta, (raw: unknown) => {
    const delta = RegionDelta.parse(raw);
    heard.set(delta.regionId, [...(heard.get(delta.regionId) ?? []), delta]);
  });
  const subscribed = ackOf(LiveSubscribed).parse(await ask(page, LIVE_MESSAGES.subscribe, { regions: [] }));
  expect(subscribed.ok).toBe(true);

  for (const regionId of REGIONS) {
    const caseId = `cr-${randomUUID()}`;
    const sent = await post(regionId, [
      ...arrivalOf(regionId, caseId),
      event(regionId, 'FORCE_USED', { caseId, forceKind: 'physical', reason: 'resisted' }),
    ]);
    expect(sent.results).toEqual(['accepted', 'accepted', 'accepted']);
  }
  for (const regionId of REGIONS) {
    await eventually(async () => (await statusOf(regionId)).headcount).toBe(1);
    await eventually(() =>
      heard.get(regionId)?.some(({ areas }) => areas?.some(({ areaId }) => areaId === cellOf(regionId))),
    ).toBe(true);
    await eventually(async () => {
      const { items } = FlagPage.parse((await situation.get(`/api/v1/flags?region=${regionId}`)).body);
      return items.map(({ rule }) => rule?.id);
    }).toContain('force-used');
  }
  // The numbers of a region have no gap, whichever node has it.
  for (const deltas of heard.values())
    expect(deltas.map(({ seq }) => seq)).toEqual(deltas.map((_, index) => (deltas[0]?.seq ?? 0) + index));
  const sign = await replicas[0].signIn('situation');
  expect((await statusOf('UA-12', sign)).headcount).toBe(1);
});

test('flags, cases, figures, the audit and the store answer for everything at once', async () => {
  const { items } = FlagPage.parse((await situation.get('/api/v1/flags?limit=500')).body);
  expect(REGIONS.filter((regionId) => !items.some((flag) => flag.regionId === regionId))).toEqual([]);
  const [flag] = items;
  const step = await situation.call('POST', `/api/v1/flags/${flag?.id}/transitions`, {
    body: { to: 'acknowledged' },
  });
  expect(step.status).toBe(200);
  for (const path of ['/api/v1/cases', '/api/v1/live/snapshot', '/api/v1/handovers', '/api/v1/areas'])
    expect([path, (await situation.get(path)).status]).toEqual([path, 200]);
  await eventually(async () => {
    const { complete, rows } = FiguresReply.parse((await situation.get('/api/v1/figures')).body);
    return complete && rows.length >= REGIONS.length;
  }).toBe(true);
  const ombudsman = await replicas[0].signIn('ombudsman');
  expect((await ombudsman.get('/api/v1/audit/entries?chain=nation')).status).toBe(200);
  const admin = await replicas[0].signIn('admin');
  expect((await admin.get('/api/v1/store')).status).toBe(200);
  expect((await situation.get('/readyz')).body).not.toMatchObject({ reason: 'redis' });
});

test('a person who is brought from the region of one node to that of another keeps their clocks', async () => {
  const caseId = `cr-${randomUUID()}`;
  const [from = '', to = ''] = REGIONS;
  expect(await cluster.nodeOf(keys.custody(from))).not.toBe(await cluster.nodeOf(keys.custody(to)));
  await post(from, [...arrivalOf(from, caseId), event(from, 'TRANSFERRED', { caseId, areaId: undefined })]);
  const sent = await post(to, [
    event(to, 'CELL_PLACED', { caseId, previousCase: { facilityId: facilityOf(from) } }),
  ]);
  expect(sent.results).toEqual(['accepted']);
  await eventually(async () => {
    const reply = await situation.get(`/api/v1/facilities/${facilityOf(to)}/cases/${caseId}`);
    return (reply.body as { times?: { actual?: string } }).times?.actual;
  }).toEqual(expect.any(String));
});

test('while a node is away its regions wait, the others go on, and nothing that was acknowledged is lost', async () => {
  const byNode = await Promise.all(
    REGIONS.map(async (regionId) => ({ regionId, node: await cluster.nodeOf(keys.custody(regionId)) })),
  );
  // People sign in, and areas are looked up, by keys of the nation: its node stays.
  const nation = await cluster.nodeOf(keys.accounts);
  const lost = byNode.find(({ node }) => node !== nation);
  const kept = byNode.find(({ node }) => node !== lost?.node);
  if (!lost || !kept) throw new Error('the regions lie on one node');
  const before = await redis.xLen(keys.custody(lost.regionId));
  const waiting = event(lost.regionId, 'CELL_CHECK');

  await cluster.nodes[lost.node]?.kill();
  await eventually(async () => (await post(lost.regionId, [waiting])).status).toBe(503);
  await eventually(
    async () => (await post(kept.regionId, [event(kept.regionId, 'CELL_CHECK')])).results,
  ).toEqual(['accepted']);
  await cluster.nodes[lost.node]?.start();
  await eventually(async () => (await post(lost.regionId, [waiting])).results[0]).toMatch(
    /accepted|duplicate/,
  );
  expect(await redis.xLen(keys.custody(lost.regionId))).toBe(before + 1);

  const caseId = `cr-${randomUUID()}`;
  const headcount = (await statusOf(lost.regionId)).headcount;
  await eventually(async () => (await post(lost.regionId, arrivalOf(lost.regionId, caseId))).results).toEqual(
    ['accepted', 'accepted'],
  );
  await eventually(async () => (await statusOf(lost.regionId)).headcount).toBe(headcount + 1);
}, 90_000);
