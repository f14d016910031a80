import { pino } from 'pino';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Layer } from '#contract/nation.ts';
import { EdgeSettings } from '../../config/edge-settings.ts';
import { parseSettings } from '../../config/settings.ts';
import {
  createGrantKeys,
  type GrantKeys,
  type MediaReplica,
  startMediaReplica,
} from '../../server/test/fixtures/media-replica.ts';
import { startTestRedis, type TestRedis } from '../../server/test/fixtures/redis.ts';
import { type EdgeNode, startEdgeNode } from '../edge/edge-node.ts';
import { createTestAuthority, type TestAuthority } from './fixtures/authority.ts';
import {
  EdgeProcess,
  edgeEnvironment,
  type FacilityCameras,
  ServerWay,
  startFacilityCameras,
} from './fixtures/edge.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { launchTestBrowser, type TestBrowser } from './fixtures/test-page.ts';
import { TestViewer } from './fixtures/test-viewer.ts';
import { encodeTestVideo, type Picture } from './fixtures/video.ts';

const FACILITY = 'ua-68-itt-1';
const CELL = 'ua-68-itt-1-cell-1-cam-1';
const OTHER_CELL = 'ua-68-itt-1-cell-2-cam-1';
/** The feed as grants name it. */
const feed = (id: string) => ({ id, facilityId: FACILITY, regionId: 'UA-68' });
const log = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });

let video: Record<Layer, Picture[]>;
let browser: TestBrowser;
let owned = new AsyncDisposableStack();

beforeAll(async () => {
  [video, browser] = await Promise.all([encodeTestVideo(), launchTestBrowser()]);
  return () => browser[Symbol.asyncDispose]();
});
afterEach(async () => {
  const done = owned;
  owned = new AsyncDisposableStack();
  await done.disposeAsync();
});

/** A nation's part: Redis, a server, a way to it, a node, and a facility's cameras. */
class World {
  readonly redis: TestRedis;
  readonly authority: TestAuthority;
  readonly grantKeys: GrantKeys;
  readonly way: ServerWay;
  readonly cameras: FacilityCameras;
  #replica: MediaReplica | undefined;

  static async create(): Promise<World> {
    const redis = owned.use(await startTestRedis());
    const authority = await createTestAuthority({ nodeId: 'sfu-home' });
    const world = new World({
      redis,
      authority,
      way: owned.use(await ServerWay.open()),
      cameras: owned.use(await startFacilityCameras([CELL, OTHER_CELL], video)),
    });
    await world.startServer();
    return world;
  }

  private constructor(parts: Pick<World, 'redis' | 'authority' | 'way' | 'cameras'>) {
    this.redis = parts.redis;
    this.authority = parts.authority;
    this.way = parts.way;
    this.cameras = parts.cameras;
    this.grantKeys = createGrantKeys();
  }

  async startServer(): Promise<void> {
    this.#replica = owned.use(await startMediaReplica(this.redis, this.grantKeys));
    this.way.lead(this.#replica.url);
  }

  async killServer(): Promise<void> {
    this.way.lead(undefined);
    await this.#replica?.kill();
  }

  async startNode(nodeId: string, settings: Record<string, string> = {}): Promise<TestNode> {
    const keys = [this.authority.publicJwks, JSON.stringify(this.grantKeys.publicJwks)];
    const sets = keys.map((text) => (JSON.parse(text) as { keys: unknown[] }).keys);
    const jwks = JSON.stringify({ keys: sets.flat() });
    return owned.use(
      await startTestNode({ SFU_NODE_ID: nodeId, GRANT_PUBLIC_JWKS: jwks, ...settings }, this),
    );
  }

  async startEdge(): Promise<EdgeNode> {
    const settings = parseSettings(EdgeSettings, edgeEnvironment(this.way.url, this.cameras));
    const edge = owned.use(
      await startEdgeNode(settings, { log, now: Date.now, rtp: this.cameras.list, rtsp: new Map() }),
    );
    await eventually('the edge is connected', () => edge.connected);
    return edge;
  }

  async spawnEdge(): Promise<EdgeProcess> {
    return owned.use(await EdgeProcess.start(this.way.url, this.cameras));
  }
}

/** Watches until it has pictures, as a page does that is told when a feed is there. */
async function play(node: TestNode, viewer: TestViewer, layer: Layer = 'low', id = CELL): Promise<void> {
  await eventually(
    `${id} can be watched`,
    async () => {
      const before = node.control.news('feed:available').length;
      const [watched] = await viewer.watch([feed(id)], layer);
      if (watched?.ok) return true;
      expect(watched?.code).toBe('feed_not_live');
      await eventually('the feed is there', () => node.control.news('feed:available').length > before, {
        withinMs: 15_000,
      });
      return false;
    },
    { withinMs: 30_000 },
  );
  await viewer.resume(id);
  await viewer.sees(id, 5, 15_000);
}

const packets = async (edge: EdgeNode, layer: Layer, id = CELL) =>
  (await edge.figures()).get(id)?.packets[layer] ?? 0;

describe('an edge in a facility', () => {
  it('sends nothing unwatched, the wanted layer when watched, and nothing again afterwards', async () => {
    const world = await World.create();
    const [node, edge] = [await world.startNode('sfu-home'), await world.startEdge()];
    const low = world.cameras.camera(CELL, 'low');
    await eventually('the camera has sent a while', () => low.counts.packets.low > 100);
    expect(await edge.figures()).toEqual(new Map());

    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await play(node, viewer);
    expect((await viewer.stats(CELL)).width).toBe(320);
    expect(await packets(edge, 'low')).toBeGreaterThan(20);
    expect(await packets(edge, 'high')).toBe(0);
    expect([...(await edge.figures()).keys()]).toEqual([CELL]);
    expect(low.counts.keyframeRequests).toBeGreaterThan(0);

    await viewer.prefer(CELL, 'high');
    await eventually('the large picture', async () => (await viewer.stats(CELL)).width === 640);
    await eventually('low is not asked for any more', async () =>
      (await node.demands()).get(CELL)?.layers.every(({ layer, wanted }) => wanted === (layer === 'high')),
    );
    const lowPackets = await packets(edge, 'low');
    await viewer.sees(CELL, 20);
    expect(await packets(edge, 'low')).toBe(lowPackets);

    await viewer.pause(CELL);
    await eventually('nothing is wanted', async () =>
      (await node.demands()).get(CELL)?.layers.every(({ wanted }) => !wanted),
    );
    await eventually('nothing is sent', async () => {
      const before = (await edge.figures()).get(CELL)?.mediaBytes;
      const sent = low.counts.packets.low;
      await eventually('the camera goes on', () => low.counts.packets.low > sent + 30);
      return (await edge.figures()).get(CELL)?.mediaBytes === before;
    });
    await viewer.resume(CELL);
    await viewer.sees(CELL, 5);

    await viewer.unwatch(CELL);
    await eventually('the uplink is closed', async () => (await edge.figures()).size === 0);
    expect((await node.demands()).size).toBe(0);
  });
});
