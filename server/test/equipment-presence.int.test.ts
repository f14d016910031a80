import { connect, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FeedId } from '#contract/ids.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { keys } from '../adapters/redis/keys.ts';
import { AWAY_AFTER_MS } from '../media/projection/absences.ts';
import { lookAtVideo } from '../rules/look/video.ts';
import { unseenIn } from '../rules/look/why-unseen.ts';
import { areaStatus } from './fixtures/live-records.ts';
import { mediaNation } from './fixtures/media-nation.ts';
import { facilityKey, type MediaReplica } from './fixtures/media-replica.ts';
import { type MediaWorld, SOON, startMediaWorld } from './fixtures/media-world.ts';

const AREA = 'ua-68-itt-1-cell-1';
const CELL_1 = `${AREA}-cam-1`;
const CELL_2 = 'ua-68-itt-1-cell-2-cam-1';
/** A replica is believed to live for ten seconds after its last word. */
const REPLICA_GONE = { timeout: 30_000, interval: 50 };

let world: MediaWorld;
let first: MediaReplica;
let second: MediaReplica;
/** How far the replicas' clocks are ahead, in milliseconds. */
let aheadMs: number;

beforeEach(async () => {
  aheadMs = 0;
  world = await startMediaWorld([], () => Date.now() + aheadMs);
  first = world.replica;
  second = await world.startReplica();
});
afterEach(() => world[Symbol.asyncDispose]());

/** A facility's equipment; what nobody watches is not asked of it. */
async function connectEquipment(to: MediaReplica, ...feeds: FeedId[]): Promise<Socket> {
  const socket = connect(`${to.url}/facility`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { protocol: PROTOCOL_VERSION, facilityId: 'ua-68-itt-1', key: facilityKey('ua-68-itt-1'), feeds },
  });
  world.owned.defer(() => void socket.disconnect());
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  const redis = await world.redis.connect();
  const isKnown = () => redis.smIsMember(keys.equipmentKnown, feeds);
  await vi.waitFor(async () => expect(await isKnown()).not.toContain(0), SOON);
  return socket;
}

const states = (feedId: FeedId) => [first, second].map(({ live }) => live.view.feed(feedId)?.state ?? 'idle');

/** Whom the rules call because of the cell, with somebody in it. */
function findings(replica: MediaReplica) {
  const area = mediaNation.areas.find(({ id }) => id === AREA);
  if (!area) throw new Error('no such area');
  const feedOf = (feedId: FeedId) => replica.live.view.feed(feedId);
  const live = { area: () => areaStatus(AREA, { headcount: 1 }), feed: feedOf };
  const cause = unseenIn(mediaNation.areas, live, Date.now())(area);
  return lookAtVideo(area, { headcount: 1, feedOf, cause }).map(({ rule }) => rule);
}

test('equipment that goes is lost for every replica though nobody watches, and comes back by itself', async () => {
  const equipment = await connectEquipment(second, CELL_1, CELL_2);
  expect(findings(first)).toEqual([]);
  equipment.disconnect();
  await vi.waitFor(() => {
    aheadMs += 1_000;
    expect(states(CELL_1)).toEqual(['lost', 'lost']);
  }, REPLICA_GONE);
  // Not before it had time to come back.
  expect(aheadMs).toBeGreaterThan(AWAY_AFTER_MS / 2);
  expect(states(CELL_2)).toEqual(['lost', 'lost']);
  expect([first, second].map(findings)).toEqual([
    ['feed-lost', 'no-video'],
    ['feed-lost', 'no-video'],
  ]);

  await connectEquipment(first, CELL_1);
  await vi.waitFor(() => {
    aheadMs += 1_000;
    expect(states(CELL_1)).toEqual(['idle', 'idle']);
  }, REPLICA_GONE);
  expect(findings(second)).toEqual([]);
  expect(states(CELL_2)).toEqual(['lost', 'lost']);
});

test('with a replica goes what was connected to it, unless it is connected to another one by then', async () => {
  await connectEquipment(second, CELL_1);
  await connectEquipment(second, CELL_2);
  await second.kill();
  await connectEquipment(first, CELL_1);
  const stateAt = (feedId: FeedId) => first.live.view.feed(feedId)?.state ?? 'idle';
  await vi.waitFor(() => {
    aheadMs += 1_000;
    expect(stateAt(CELL_2)).toBe('lost');
  }, REPLICA_GONE);
  expect(stateAt(CELL_1)).toBe('idle');
});
