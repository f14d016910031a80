import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NodeRecord, SFU_KEYS } from '#contract/registry.ts';
import { startTestRedis, type TestRedis } from '../../server/test/fixtures/redis.ts';
import { RedisHomeStore } from '../adapters/home-store.ts';
import { openRedis } from '../adapters/redis.ts';
import { Homes } from '../mesh/homes.ts';
import { testFeed } from './fixtures/authority.ts';
import { eventually } from './fixtures/eventually.ts';

const FEED: { id: string; source: 'edge' } = { id: 'cell-1', source: 'edge' };
const WHIP = testFeed('whip-1', { source: 'whip' });
const NOBODY = { failed: new Map(), forPeer: false };
const NOW = Date.parse('2026-11-22T14:00:00.000Z');

let owned: AsyncDisposableStack;
let redis: TestRedis;
let client: Awaited<ReturnType<TestRedis['connect']>>;

beforeEach(async () => {
  owned = new AsyncDisposableStack();
  redis = owned.use(await startTestRedis());
  client = await redis.connect();
});
afterEach(() => owned.disposeAsync());

interface TestHomes {
  homes: Homes;
  lost: string[];
  givenUp: string[];
  clock: { now: number };
  /** How often it was said that it hears nothing. */
  announced(): number;
}

/** What a node knows of homes; its connection is a settled one. */
async function open(
  nodeId: string,
  options: { pulls?: string[]; draining?: boolean } = {},
): Promise<TestHomes> {
  const connection = openRedis({
    url: redis.url,
    log: { info: () => undefined, warn: () => undefined },
    onReady: () => undefined,
  });
  owned.defer(() => connection.destroy());
  await eventually('a connection', () => connection.isReady);
  const clock = { now: NOW };
  const lost: string[] = [];
  const givenUp: string[] = [];
  let announced = 0;
  const homes = new Homes({
    nodeId,
    store: new RedisHomeStore(connection, nodeId),
    pulls: new Set(options.pulls),
    isDraining: () => options.draining ?? false,
    onLost: (feedId) => lost.push(feedId),
    onGivenUp: (feedId) => givenUp.push(feedId),
    onDeaf: () => {
      announced += 1;
    },
    now: () => clock.now,
  });
  homes.handleConnected();
  clock.now += 10_000;
  return { homes, lost, givenUp, clock, announced: () => announced };
}

/** Says that a node lives, for another `leaseMs`. */
async function register(nodeId: string, change: Partial<NodeRecord> = {}, leaseMs = 5_000): Promise<void> {
  const at = new Date(NOW).toISOString();
  const record: NodeRecord = {
    nodeId,
    controlUrl: 'http://127.0.0.1:1',
    mesh: { url: 'http://127.0.0.1:1', address: '127.0.0.1' },
    regionId: null,
    workers: 1,
    load: 0,
    viewers: 0,
    feeds: 0,
    draining: false,
    deaf: false,
    gone: false,
    startedAt: at,
    at,
    ...change,
  };
  await client.sAdd(SFU_KEYS.nodes, nodeId);
  await client.set(SFU_KEYS.node(nodeId), JSON.stringify(record), {
    expiration: { type: 'PX', value: leaseMs },
  });
}

const holder = (feedId = FEED.id) => client.hGet(SFU_KEYS.homes, feedId);

describe('homes', () => {
  it('are whoever needs a feed first, whichever of many asks at once', async () => {
    const nodes = await Promise.all(['sfu-a', 'sfu-b', 'sfu-c'].map((nodeId) => open(nodeId)));
    await Promise.all(['sfu-a', 'sfu-b', 'sfu-c'].map((nodeId) => register(nodeId)));
    const answers = await Promise.all(nodes.map(({ homes }) => homes.locate(FEED, NOBODY)));
    expect(answers.filter((answer) => answer === 'here')).toHaveLength(1);
    const first = await holder();
    for (const answer of answers) if (answer !== 'here') expect(answer.nodeId).toBe(first);
    expect(nodes.reduce((sum, { homes }) => sum + homes.size, 0)).toBe(1);
  });

  it('are released by those who have them, and by nobody else', async () => {
    const [a, b] = await Promise.all([open('sfu-a'), open('sfu-b')]);
    await register('sfu-a');
    await a.homes.locate(FEED, NOBODY);
    b.homes.release(FEED.id);
    await b.homes.flush();
    expect(await holder()).toBe('sfu-a');
    a.homes.release(FEED.id);
    expect([a.givenUp, b.givenUp]).toEqual([[FEED.id], []]);
    await eventually('it is nobody’s', async () => (await holder()) === null);
  });

  it('are taken again at once without being released afterwards', async () => {
    const { homes } = await open('sfu-a');
    await homes.locate(FEED, NOBODY);
    homes.release(FEED.id);
    expect(await homes.locate(FEED, NOBODY)).toBe('here');
    await homes.flush();
    expect(await holder()).toBe('sfu-a');
  });

  it('are taken over from the dead and the draining, and the loser learns it with its next heartbeat', async () => {
    const [a, b, c] = await Promise.all([open('sfu-a'), open('sfu-b'), open('sfu-c')]);
    await a.homes.locate(FEED, NOBODY);
    expect(await b.homes.locate(FEED, NOBODY)).toBe('here');
    await a.homes.renew();
    expect(a.lost).toEqual([FEED.id]);
    expect(a.givenUp).toEqual([FEED.id]);
    await register('sfu-b');
    expect(await c.homes.locate(FEED, NOBODY)).toMatchObject({ nodeId: 'sfu-b' });
    await register('sfu-b', { draining: true });
    expect(await c.homes.locate(FEED, NOBODY)).toBe('here');
    await c.homes.renew();
    expect([await holder(), c.lost]).toEqual(['sfu-c', []]);
  });

  it('are taken from a node that lives by one of those that get nothing from it, and only from that one', async () => {
    const names = ['sfu-a', 'sfu-b', 'sfu-c', 'sfu-d'];
    const [a, ...others] = await Promise.all(names.map((name) => open(name)));
    if (!a) throw new Error('no node');
    await Promise.all(names.map((name) => register(name)));
    for (let round = 0; round < 10; round += 1) {
      await a.homes.locate(FEED, NOBODY);
      const taken = await Promise.all(others.map(({ homes }) => homes.takeOver(FEED, 'sfu-a')));
      expect(taken.filter(Boolean)).toHaveLength(1);
      const winner = others[taken.indexOf(true)]?.homes;
      expect([await holder(), winner?.holds(FEED.id)]).toEqual([names[1 + taken.indexOf(true)], true]);
      await a.homes.renew();
      expect(a.lost).toHaveLength(round + 1);
      // Whoever comes late with the same suspicion changes nothing.
      expect(await Promise.all(others.map(({ homes }) => homes.takeOver(FEED, 'sfu-a')))).toEqual(taken);
      winner?.release(FEED.id);
      await eventually('it is nobody’s', async () => (await holder()) === null);
    }
    await a.homes.take(WHIP, 'refuse');
    expect(await others[0]?.homes.takeOver(WHIP, 'sfu-a')).toBe(false);
    expect(await holder('whip-1')).toBe('sfu-a');
  });

  it('are left to another node by one that hears nothing, for as long as there is one', async () => {
    const [a, b] = await Promise.all([open('sfu-a'), open('sfu-b')]);
    await register('sfu-a');
    expect(await a.homes.noteDeaf()).toBe(false);
    expect(await a.homes.locate(FEED, NOBODY)).toBe('here');
    a.homes.release(FEED.id);
    await register('sfu-b');
    expect(a.announced()).toBe(0);
    expect(await a.homes.noteDeaf()).toBe(true);
    expect([a.announced(), a.homes.saysDeaf]).toEqual([0, false]);
    a.homes.sayDeaf();
    expect([a.announced(), a.homes.saysDeaf]).toEqual([1, true]);
    expect(await a.homes.takeOver(FEED, 'sfu-b')).toBe(false);
    expect(await a.homes.locate(FEED, NOBODY)).toMatchObject({ nodeId: 'sfu-b' });
    expect(await holder()).toBeNull();
    // That one is asked, and takes it; who is asked takes it though it is deaf itself.
    expect(await b.homes.noteDeaf()).toBe(true);
    expect(await b.homes.locate(FEED, { ...NOBODY, forPeer: true })).toBe('here');
    await register('sfu-b', { draining: true });
    expect(await a.homes.locate({ ...FEED, id: 'cell-2' }, NOBODY)).toBe('here');
    a.clock.now += 60_000;
    expect([a.homes.isDeaf, a.homes.saysDeaf]).toEqual([false, false]);
  });

  it('are not taken from a node whose record may only be late, right after the registry came back', async () => {
    const [a, b] = await Promise.all([open('sfu-a'), open('sfu-b')]);
    await a.homes.locate(FEED, NOBODY);
    b.homes.handleConnected();
    await expect(b.homes.locate(FEED, NOBODY)).rejects.toMatchObject({ code: 'store_unavailable' });
    b.clock.now += 2_000;
    expect(await b.homes.locate(FEED, NOBODY)).toBe('here');
  });

  it('of published feeds go to where the encoder is', async () => {
    const [a, b] = await Promise.all([open('sfu-a'), open('sfu-b')]);
    await Promise.all([register('sfu-a'), register('sfu-b')]);
    await expect(a.homes.locate(WHIP, NOBODY)).rejects.toMatchObject({ code: 'feed_not_live' });
    expect(await holder('whip-1')).toBeNull();
    await a.homes.take(WHIP, 'refuse');
    expect(await b.homes.locate(WHIP, NOBODY)).toMatchObject({ nodeId: 'sfu-a' });
    await b.homes.take(WHIP, 'replace');
    expect(await holder('whip-1')).toBe('sfu-b');
    await a.homes.renew();
    expect(a.lost).toEqual(['whip-1']);
  });

  it('of published feeds stay with who has media, for who is to be refused, and one of two at once gets them', async () => {
    const [a, b] = await Promise.all([open('sfu-a'), open('sfu-b')]);
    await Promise.all([register('sfu-a'), register('sfu-b')]);
    const says = (nodeId: string, state: string) =>
      client.hSet(SFU_KEYS.feeds(nodeId), WHIP.id, JSON.stringify({ state }));
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.allSettled([a, b].map(({ homes }) => homes.take(WHIP, 'refuse')));
      const [refused, ...more] = answers.filter(({ status }) => status === 'rejected');
      expect(refused).toMatchObject({ reason: { code: 'feed_busy' } });
      expect(more).toEqual([]);
      await client.del([SFU_KEYS.homes, SFU_KEYS.feeds('sfu-a'), SFU_KEYS.feeds('sfu-b')]);
    }
    await a.homes.take(WHIP, 'refuse');
    for (const state of ['connecting', 'live']) {
      await says('sfu-a', state);
      await expect(b.homes.take(WHIP, 'refuse')).rejects.toMatchObject({ code: 'feed_busy' });
    }
    for (const state of ['stalled', 'lost']) {
      await says('sfu-a', state);
      await b.homes.take(WHIP, 'refuse');
      await a.homes.take(WHIP, 'replace');
    }
    // It holds the feed and says nothing of it; it has not renewed its record for 3.5 s; it has none.
    await client.del(SFU_KEYS.feeds('sfu-a'));
    await b.homes.take(WHIP, 'refuse');
    await register('sfu-b', {}, 1_500);
    await a.homes.take(WHIP, 'refuse');
    await client.del(SFU_KEYS.node('sfu-a'));
    await b.homes.take(WHIP, 'refuse');
    expect(await holder('whip-1')).toBe('sfu-b');
  });

  it('of cameras are nodes that can pull them; others are told which', async () => {
    const [a, b] = await Promise.all([open('sfu-a'), open('sfu-b', { pulls: ['cam-1'] })]);
    const camera = { id: 'cam-1', source: 'rtsp' } as const;
    await expect(a.homes.locate(camera, NOBODY)).rejects.toMatchObject({ code: 'feed_not_live' });
    await register('sfu-b');
    await client.sAdd(SFU_KEYS.pulls('sfu-b'), 'cam-1');
    expect(await a.homes.locate(camera, NOBODY)).toMatchObject({ nodeId: 'sfu-b' });
    expect(await b.homes.locate(camera, { ...NOBODY, forPeer: true })).toBe('here');
    expect(await holder('cam-1')).toBe('sfu-b');
    expect(await b.homes.hasOtherPuller('cam-1')).toBe(false);
    expect(await a.homes.hasOtherPuller('cam-1')).toBe(true);
  });

  it('are written again when Redis has lost them', async () => {
    const { homes, lost } = await open('sfu-a');
    await homes.locate(FEED, NOBODY);
    await client.del(SFU_KEYS.homes);
    await homes.renew();
    expect([await holder(), lost]).toEqual(['sfu-a', []]);
  });

  it('of feeds that could not be opened are kept for a while, unless they come to use', async () => {
    const { homes, clock } = await open('sfu-a');
    await homes.locate(FEED, NOBODY);
    await homes.locate({ ...FEED, id: 'cell-2' }, NOBODY);
    homes.releaseLater(FEED.id);
    homes.releaseLater('cell-2');
    clock.now += 20_000;
    await homes.renew();
    await homes.locate({ ...FEED, id: 'cell-2' }, NOBODY);
    clock.now += 20_000;
    await homes.renew();
    expect([await holder(), await holder('cell-2')]).toEqual([null, 'sfu-a']);
  });

  it('are nobody’s to take while Redis is away', async () => {
    const { homes } = await open('sfu-a');
    await redis.kill();
    for (const asked of [homes.locate(FEED, NOBODY), homes.take(WHIP, 'refuse'), homes.lookUp('sfu-b')])
      await expect(asked).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(homes.size).toBe(0);
  });
});
