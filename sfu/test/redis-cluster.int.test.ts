import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NodeRecord } from '#contract/registry.ts';
import { connectRedis } from '../../server/adapters/redis/connect.ts';
import { liveNodes } from '../../server/adapters/redis/readiness.ts';
import { PosterStore } from '../../server/media/posters/poster-store.ts';
import { QUIET_LOG } from '../../server/test/fixtures/quiet-log.ts';
import { startTestCluster, type TestCluster } from '../../server/test/fixtures/redis-cluster.ts';
import { RedisHomeStore } from '../adapters/home-store.ts';
import { PictureStore } from '../adapters/picture-store.ts';
import { closeRedis, openRedis } from '../adapters/redis.ts';
import { RegistryStore } from '../adapters/registry-store.ts';
import { eventually } from './fixtures/eventually.ts';

const T0 = Date.parse('2026-11-22T14:00:00.000Z');
const NODE = 'sfu-one';
/** More than one node of the cluster has, whichever they fall to. */
const FEEDS = Array.from({ length: 12 }, (_, index) => `ua-68-itt-1-cell-${index + 1}-cam-1`);

const owned = new AsyncDisposableStack();
let cluster: TestCluster;
beforeAll(async () => {
  cluster = owned.use(await startTestCluster());
}, 60_000);
afterAll(() => owned.disposeAsync());

test('a node says who it is, claims feeds, reports and keeps stills on a cluster, where servers find them', async () => {
  let readies = 0;
  const redis = openRedis({
    url: cluster.url,
    log: QUIET_LOG,
    onReady: () => {
      readies += 1;
    },
  });
  owned.defer(() => closeRedis(redis));
  await eventually('a connection', () => redis.isReady && readies > 0);
  const server = await connectRedis(cluster.url, 'test', QUIET_LOG);
  owned.defer(() => server.destroy());

  const at = new Date(T0).toISOString();
  const record: NodeRecord = {
    ...{ nodeId: NODE, controlUrl: 'http://127.0.0.1:1', regionId: null },
    ...{ workers: 1, load: 0, viewers: 0, feeds: 0 },
    ...{ draining: false, deaf: false, gone: false, startedAt: at, at },
  };
  const refused: string[] = [];
  const registry = new RegistryStore(redis, {
    nodeId: NODE,
    standing: () => ({ demands: [], reports: [], pulls: FEEDS }),
    onNotHome: (feedId) => refused.push(feedId),
  });
  await registry.register(record);
  await registry.renew(record);
  expect((await liveNodes(server)).map(({ nodeId }) => nodeId)).toEqual([NODE]);

  const homes = new RedisHomeStore(redis, NODE);
  for (const feedId of FEEDS) expect((await homes.claim(feedId, { mode: 'free' })).state).toBe('mine');
  const other = await new RedisHomeStore(redis, 'sfu-two').claim(FEEDS[0] ?? '', { mode: 'free' });
  expect(other).toMatchObject({ state: 'other', nodeId: NODE });
  await registry.write({
    demands: [],
    releases: [],
    reports: FEEDS.map((feedId) => ({
      ...{ feedId, facilityId: 'ua-68-itt-1', regionId: 'UA-68', nodeId: NODE },
      ...{ state: 'live' as const, layers: ['low' as const], at },
    })),
  });
  expect(refused).toEqual([]);

  const pictures = new PictureStore(redis, NODE);
  const posters = new PosterStore(server, () => T0 + 1_000);
  const jpeg = (feedId: string) => Buffer.from(`\xff\xd8${feedId}\xff`, 'latin1');
  for (const feedId of FEEDS) await pictures.keepStill(feedId, { jpeg: jpeg(feedId), at: T0, masks: [] });
  for (const feedId of FEEDS) expect((await posters.poster(feedId))?.jpeg).toEqual(jpeg(feedId));
  await posters.erase(FEEDS);
  expect(await posters.poster(FEEDS[0] ?? '')).toBeUndefined();
  await registry.withdraw({ ...record, gone: true });
  expect(await liveNodes(server)).toEqual([]);
});
