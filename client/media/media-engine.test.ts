import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSmallNode } from '../test/small-node.ts';
import type { ClaimRequest, FeedMedia } from './claims.ts';
import { KEEP_MS } from './feed-plan.ts';
import { createMediaEngine, type MediaEngine } from './media-engine.ts';
import { MOVE_MS } from './move.ts';
import { MAX_MADE } from './transports.ts';

let engine: MediaEngine | undefined;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  engine?.[Symbol.dispose]();
  engine = undefined;
  vi.useRealTimers();
});

function createPage() {
  const node = createSmallNode();
  const made = createMediaEngine({
    signal: node.signal,
    createReceiver: node.createReceiver,
    isLive: () => true,
    monotonicMs: () => Date.now(),
    random: () => 0.5,
  });
  engine = made;
  const media = new Map<string, FeedMedia>();
  const claim = (feedId: string, over: Partial<ClaimRequest> = {}) =>
    made.claim({ feedId, layer: 'low', priority: 16_005, show: true, ...over }, (one) =>
      media.set(feedId, one),
    );
  const flowing = () =>
    [...node.state.consumers].filter(([, { flowing }]) => flowing).map(([feedId]) => feedId);
  return { node: node.state, engine: made, media, claim, flowing };
}

/** Lets everything that is under way come to rest. */
const settle = () => vi.advanceTimersByTimeAsync(20);

test('a page of tiles is one join, one request, one resume', async () => {
  const { node, engine, claim, media, flowing } = createPage();
  engine.handleOpen();
  for (const id of ['a', 'b', 'c']) claim(id);
  await settle();
  expect(node.messages).toEqual(['join', 'watch:a,b,c', 'resume:3']);
  expect(flowing()).toEqual(['a', 'b', 'c']);
  expect(media.get('b')).toMatchObject({ state: 'held', flowing: true });
});

test('a tile that is coming has a paused consumer', async () => {
  const { engine, claim, node, flowing } = createPage();
  engine.handleOpen();
  const tile = claim('a', { show: false, coming: true });
  await settle();
  expect(node.messages).toEqual(['join', 'watch:a']);
  expect(flowing()).toEqual([]);
  tile.update({ show: true });
  await settle();
  expect(flowing()).toEqual(['a']);
});

test('feeds that are refused or unsupported delay no other', async () => {
  const { node, engine, claim, media, flowing } = createPage();
  node.refusals.set('b', 'feed_not_live');
  node.unsupported.add('c');
  engine.handleOpen();
  for (const id of ['a', 'b', 'c', 'd']) claim(id);
  await settle();
  expect(flowing()).toEqual(['a', 'd']);
  expect(media.get('b')).toEqual({ state: 'refused', code: 'feed_not_live' });
  expect(media.get('c')).toEqual({ state: 'refused', code: 'codec_unsupported' });
  node.refusals.clear();
  engine.handleAvailable('b');
  await settle();
  expect(flowing()).toContain('b');
});

test('the server is told which feeds are not waited for any more', async () => {
  const { node, engine, claim } = createPage();
  node.refusals.set('a', 'feed_not_live');
  engine.handleOpen();
  const tile = claim('a');
  await settle();
  tile.release();
  await settle();
  expect(node.messages.at(-1)).toBe('unwatch:0+1');
});

test('a feed that breaks a whole negotiation is found, and the others play', async () => {
  const { node, engine, claim, media, flowing } = createPage();
  node.poisonous.add('b');
  engine.handleOpen();
  for (const id of ['a', 'b', 'c']) claim(id);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(flowing().toSorted()).toEqual(['a', 'c']);
  expect(media.get('b')).toEqual({ state: 'refused', code: 'codec_unsupported' });
});

test('a page that is turned back within a while needs one message', async () => {
  const { node, engine, claim, flowing } = createPage();
  engine.handleOpen();
  const first = ['a', 'b'].map((id) => claim(id));
  await settle();
  for (const tile of first) tile.release();
  const second = ['c', 'd'].map((id) => claim(id));
  await settle();
  expect(flowing()).toEqual(['c', 'd']);
  for (const tile of second) tile.release();
  for (const id of ['a', 'b']) claim(id);
  node.messages.length = 0;
  await settle();
  expect(node.messages.toSorted()).toEqual(['pause:2', 'resume:2']);
  await vi.advanceTimersByTimeAsync(KEEP_MS + 1_000);
  expect([...node.consumers.keys()]).toEqual(['a', 'b']);
});

test('a tile that cannot be seen asks for nothing, so that nobody is said to have watched it', async () => {
  const { node, engine, claim } = createPage();
  engine.handleOpen();
  claim('a', { show: false });
  await settle();
  expect(node.messages).toEqual(['join']);
});

test('a page that is hidden lets nothing flow, and after a while holds nothing', async () => {
  const { node, engine, claim, flowing } = createPage();
  engine.handleOpen();
  claim('a');
  await settle();
  engine.setPageVisible(false);
  await settle();
  expect(flowing()).toEqual([]);
  expect(node.consumers.size).toBe(1);
  engine.setPageVisible(true);
  await settle();
  expect(flowing()).toEqual(['a']);
  engine.setPageVisible(false);
  await vi.advanceTimersByTimeAsync(KEEP_MS + 1_000);
  expect(node.consumers.size).toBe(0);
  engine.setPageVisible(true);
  await settle();
  expect(flowing()).toEqual(['a']);
});

test('the layer follows the tile', async () => {
  const { node, engine, claim } = createPage();
  engine.handleOpen();
  const tile = claim('a');
  await settle();
  tile.update({ layer: 'high' });
  await settle();
  expect(node.consumers.get('a')?.layer).toBe('high');
});

test('two tiles of one feed share a consumer, and the larger one decides', async () => {
  const { node, engine, claim, flowing } = createPage();
  engine.handleOpen();
  claim('a');
  const large = claim('a', { layer: 'high' });
  await settle();
  expect(node.messages.filter((message) => message.startsWith('watch'))).toEqual(['watch:a']);
  expect(node.consumers.get('a')?.layer).toBe('high');
  large.release();
  await settle();
  expect(node.consumers.get('a')?.layer).toBe('low');
  expect(flowing()).toEqual(['a']);
});

test('a connection that comes back keeps the media that it has', async () => {
  const { node, engine, claim, media } = createPage();
  engine.handleOpen();
  claim('a');
  const leaving = claim('b');
  await settle();
  const before = media.get('a');
  node.reachable = false;
  engine.handleLost();
  leaving.release();
  claim('c');
  await settle();
  expect(media.get('a')).toBe(before);
  node.reachable = true;
  node.messages.length = 0;
  engine.handleOpen();
  await settle();
  expect(node.messages).toEqual(['join:transport-1', 'watch:a', 'watch:c', 'resume:1']);
  expect([...node.consumers.keys()]).toEqual(['a', 'c']);
  expect(media.get('a')).toBe(before);
});

test('a consumer that was lost during the break is made anew', async () => {
  const { node, engine, claim, flowing } = createPage();
  engine.handleOpen();
  claim('a');
  claim('b');
  await settle();
  engine.handleLost();
  node.consumers.delete('b');
  engine.handleOpen();
  await settle();
  expect(flowing().toSorted()).toEqual(['a', 'b']);
  expect(node.consumers.get('b')?.id).toBe('consumer-3');
});

test('a transport that died during the break is made anew', async () => {
  const { node, engine, claim, flowing } = createPage();
  engine.handleOpen();
  claim('a');
  await settle();
  engine.handleLost();
  node.living = undefined;
  engine.handleOpen();
  await settle();
  expect(node.transports).toBe(2);
  expect(flowing()).toEqual(['a']);
});

test.each([
  ['its path fails', (page: ReturnType<typeof createPage>) => page.node.failTransport()],
  ['the node says so', (page: ReturnType<typeof createPage>) => page.engine.handleViewerClosed()],
])('a transport is rebuilt when %s', async (_, fail) => {
  const page = createPage();
  page.engine.handleOpen();
  page.claim('a');
  await settle();
  fail(page);
  expect(page.media.get('a')).toEqual({ state: 'none' });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(page.node.transports).toBe(2);
  expect(page.flowing()).toEqual(['a']);
});

test('a consumer that the node closed is asked for again; a confidential one waits to be told', async () => {
  const { node, engine, claim, media, flowing } = createPage();
  engine.handleOpen();
  claim('a');
  const closed = claim('b');
  await settle();
  const [a, b] = ['a', 'b'].map((feedId) => ({ feedId, consumerId: node.consumers.get(feedId)?.id ?? '' }));
  if (!a || !b) throw new Error('both are consumed');
  node.consumers.clear();
  node.refusals.set('b', 'confidential');
  engine.handleConsumersClosed({
    consumers: [
      { ...a, code: 'internal' },
      { ...b, code: 'confidential' },
    ],
  });
  expect(media.get('b')).toEqual({ state: 'refused', code: 'confidential' });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(flowing()).toEqual(['a']);
  node.refusals.clear();
  closed.nudge();
  await settle();
  expect(flowing()).toEqual(['a', 'b']);
});

test('a feed that ends and is there again while it is asked for is asked for again at once', async () => {
  const { node, engine, claim, flowing } = createPage();
  node.onAnswer = () => {
    node.onAnswer = () => {};
    const consumerId = node.consumers.get('a')?.id ?? '';
    node.consumers.clear();
    engine.handleConsumersClosed({ consumers: [{ feedId: 'a', consumerId, code: 'feed_not_live' }] });
    engine.handleAvailable('a');
  };
  engine.handleOpen();
  claim('a');
  await settle();
  expect(node.messages.filter((message) => message === 'watch:a')).toHaveLength(2);
  expect(flowing()).toEqual(['a']);
});

test('what was told while a feed was being asked for is forgotten once the feed is held', async () => {
  const { node, engine, claim, flowing } = createPage();
  node.onAnswer = () => {
    node.onAnswer = () => {};
    engine.handleAvailable('a');
  };
  engine.handleOpen();
  claim('a');
  await settle();
  expect(flowing()).toEqual(['a']);
  const consumerId = node.consumers.get('a')?.id ?? '';
  node.consumers.clear();
  engine.handleConsumersClosed({ consumers: [{ feedId: 'a', consumerId, code: 'feed_not_live' }] });
  const watches = () => node.messages.filter((message) => message === 'watch:a');
  await settle();
  expect(watches()).toHaveLength(1);
  engine.handleAvailable('a');
  await settle();
  expect(watches()).toHaveLength(2);
});

describe('a feed that its node has anew', () => {
  async function replaceOne() {
    const page = createPage();
    const tile = page.claim('a');
    page.claim('b');
    page.engine.handleOpen();
    await settle();
    const trackOf = (feedId: string) => {
      const media = page.media.get(feedId);
      if (media?.state !== 'held') throw new Error(`${feedId} is not held`);
      return media.track;
    };
    const former = trackOf('a');
    tile.paints(former);
    page.node.messages.length = 0;
    page.node.outdated.add('a');
    page.engine.handleAvailable('a');
    await settle();
    return { ...page, tile, former, trackOf };
  }

  test('goes on over its former consumer until a tile shows the other one', async () => {
    const { node, tile, former, trackOf } = await replaceOne();
    expect(node.messages).toEqual(['watch:a', 'resume:1']);
    expect(trackOf('a')).not.toBe(former);
    expect(node.replaced).toMatchObject([{ flowing: true }]);
    tile.paints(trackOf('a'));
    await settle();
    expect(node.messages.at(-1)).toBe('unwatch:1+0');
    expect(node.replaced).toEqual([]);
    expect(node.consumers.get('a')).toMatchObject({ flowing: true });
  });

  test('does not hold the former one for long where the other one shows nothing', async () => {
    const { node } = await replaceOne();
    await vi.advanceTimersByTimeAsync(2_900);
    expect(node.replaced).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(node.replaced).toEqual([]);
  });

  test('has only its former consumer end, and flows on', async () => {
    const { node, engine, media } = await replaceOne();
    const [ended] = node.replaced.splice(0);
    if (!ended) throw new Error('nothing was replaced');
    engine.handleConsumersClosed({
      consumers: [{ consumerId: ended.id, feedId: 'a', code: 'feed_not_live' }],
    });
    await settle();
    expect(media.get('a')).toMatchObject({ state: 'held', flowing: true });
    expect(node.messages).toEqual(['watch:a', 'resume:1']);
  });

  test('has not more than sixteen others with it come twice at a time', async () => {
    const { node, engine, claim } = createPage();
    const feedIds = Array.from({ length: 20 }, (_, at) => `feed-${at}`);
    for (const feedId of feedIds) claim(feedId);
    engine.handleOpen();
    await settle();
    for (const feedId of feedIds) node.outdated.add(feedId);
    for (const feedId of feedIds) engine.handleAvailable(feedId);
    await settle();
    expect(node.replaced).toHaveLength(16);
    await vi.advanceTimersByTimeAsync(3_100);
    expect([node.replaced.length, node.outdated.size]).toEqual([4, 0]);
  });

  test('is asked for once, and nothing happens where nothing is new or it is refused', async () => {
    const { node, engine, trackOf } = await replaceOne();
    const now = trackOf('a');
    engine.handleAvailable('a');
    engine.handleAvailable('b');
    await settle();
    expect(node.messages.slice(2)).toEqual(['watch:a,b']);
    node.refusals.set('b', 'feed_not_live');
    engine.handleAvailable('b');
    await settle();
    expect(trackOf('a')).toBe(now);
    expect(trackOf('b')).toBeDefined();
  });
});

test('after the feed that broke a negotiation was found, others are asked for together again', async () => {
  const { node, engine, claim } = createPage();
  node.poisonous.add('b');
  engine.handleOpen();
  for (const id of ['a', 'b', 'c']) claim(id);
  await vi.advanceTimersByTimeAsync(5_000);
  for (const id of ['d', 'e', 'f']) claim(id);
  await settle();
  expect(node.messages).toContain('watch:d,e,f');
});

describe('a move', () => {
  /** A tile as it changes over: it paints the track that it is given as soon as frames of it come. */
  function createTile(page: ReturnType<typeof createPage>, feedId: string) {
    let paints = true;
    let given: FeedMedia = { state: 'none' };
    const claim = page.engine.claim({ feedId, layer: 'low', priority: 16_005, show: true }, (media) => {
      given = media;
      page.media.set(feedId, media);
      paint();
    });
    function paint() {
      const held = given;
      if (paints && held.state === 'held' && held.flowing) queueMicrotask(() => claim.paints(held.track));
    }
    return {
      media: () => given,
      set paints(value: boolean) {
        paints = value;
        paint();
      },
    };
  }

  test('keeps each feed where it is until its tile paints the other track, then leaves', async () => {
    const page = createPage();
    page.engine.handleOpen();
    const tiles = ['a', 'b'].map((id) => createTile(page, id));
    await settle();
    const before = tiles.map((tile) => tile.media());
    const [, slow] = tiles;
    if (!slow) throw new Error('there are two');
    slow.paints = false;
    page.node.messages.length = 0;
    page.engine.handleMove({ transportId: 'transport-1' });
    await settle();
    expect(page.node.messages).toEqual(['join:beside', 'watch:a,b', 'resume:2', 'pause:1']);
    expect(page.node.former?.consumers.get('a')?.flowing).toBe(false);
    expect(page.node.former?.consumers.get('b')?.flowing).toBe(true);
    expect(tiles.map((tile) => tile.media())).not.toContain(before[0]);
    slow.paints = true;
    await settle();
    expect(page.node.messages.at(-1)).toBe('leave:transport-1');
    expect(page.node.former).toBeUndefined();
    expect(page.flowing()).toEqual(['a', 'b']);
    // What was said about the old one is old.
    page.engine.handleMove({ transportId: 'transport-1' });
    await settle();
    expect(page.node.transports).toBe(2);
  });

  test('a feed that the other node does not have stays until the old transport ends', async () => {
    const page = createPage();
    page.engine.handleOpen();
    const tile = createTile(page, 'a');
    await settle();
    page.node.refusals.set('a', 'feed_not_live');
    page.engine.handleMove({ transportId: 'transport-1' });
    await settle();
    expect(tile.media()).toMatchObject({ state: 'refused', code: 'feed_not_live' });
    expect(page.node.former).toBeUndefined();
  });

  test('that is refused keeps what there is, and is tried again', async () => {
    const page = createPage();
    page.engine.handleOpen();
    const tile = createTile(page, 'a');
    await settle();
    const before = tile.media();
    page.node.refusesBeside = true;
    page.engine.handleMove({ transportId: 'transport-1' });
    await settle();
    expect(tile.media()).toBe(before);
    page.node.refusesBeside = false;
    await vi.advanceTimersByTimeAsync(1_500);
    expect(page.node.transports).toBe(2);
    expect(page.node.former).toBeUndefined();
  });

  test('whose other path never comes up ends in the ordinary way, within a bound', async () => {
    const page = createPage();
    page.engine.handleOpen();
    const tile = createTile(page, 'a');
    await settle();
    page.node.connects = false;
    tile.paints = false;
    page.engine.handleMove({ transportId: 'transport-1' });
    await vi.advanceTimersByTimeAsync(MOVE_MS - 1_000);
    expect(page.node.former).toBeDefined();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(page.node.transports).toBeGreaterThanOrEqual(3);
    expect(page.flowing()).toEqual(['a']);
  });

  test('the old node may end meanwhile; the connection may be lost meanwhile', async () => {
    const page = createPage();
    page.engine.handleOpen();
    const tile = createTile(page, 'a');
    await settle();
    tile.paints = false;
    page.engine.handleMove({ transportId: 'transport-1' });
    await settle();
    page.engine.handleViewerClosed();
    await settle();
    expect(page.node.transports).toBe(2);
    expect(page.flowing()).toEqual(['a']);
    page.engine.handleLost();
    page.engine.handleOpen();
    await settle();
    expect(page.node.messages).toContain('join:transport-2');
    expect(page.flowing()).toEqual(['a']);
  });

  test('is made by the page itself before a transport has negotiated too much', async () => {
    const page = createPage();
    page.engine.handleOpen();
    createTile(page, 'stays');
    await settle();
    for (let turn = 0; page.node.transports === 1; turn++) {
      expect(turn).toBeLessThan(MAX_MADE);
      const claims = Array.from({ length: 50 }, (_, index) => page.claim(`turn-${turn}-${index}`));
      await vi.advanceTimersByTimeAsync(3_000);
      for (const one of claims) one.release();
    }
    await settle();
    expect(page.node.transports).toBe(2);
    expect(page.node.former).toBeUndefined();
    expect(page.flowing()).toContain('stays');
  });
});

test('a transport over which nothing comes is reported once in five seconds, until something does', async () => {
  const { node, engine, claim } = createPage();
  engine.handleOpen();
  claim('a');
  await vi.advanceTimersByTimeAsync(5_000);
  const said = () => node.messages.filter((message) => message.startsWith('silent')).length;
  expect(said()).toBe(0);
  node.second = { ...node.second, bytes: 0, packets: 0 };
  await vi.advanceTimersByTimeAsync(2_400);
  expect(said()).toBe(0);
  // Not only with the next look of every second.
  await vi.advanceTimersByTimeAsync(200);
  expect(said()).toBe(1);
  await vi.advanceTimersByTimeAsync(11_400);
  expect(said()).toBe(3);
  node.second = { ...node.second, bytes: 100, packets: 20 };
  await vi.advanceTimersByTimeAsync(20_000);
  expect(said()).toBe(3);
});

test('on a thin line the least important tiles become stills, and are told so; alarms move on', async () => {
  const { node, engine, claim, media, flowing } = createPage();
  engine.handleOpen();
  for (let index = 0; index < 20; index++) claim(`calm-${index}`, { priority: 5_000 + index, layer: 'high' });
  claim('alarm', { priority: 1_000 });
  await vi.advanceTimersByTimeAsync(2_500);
  node.second = { ...node.second, bytes: 5_000, packets: 10, lost: 30 };
  await vi.advanceTimersByTimeAsync(10_000);
  expect(flowing()).toContain('alarm');
  expect(flowing().length).toBeLessThan(12);
  expect(media.get('calm-19')).toMatchObject({ state: 'held', flowing: false, thin: true });
  expect(media.get('alarm')).not.toHaveProperty('thin');
  node.second = { ...node.second, bytes: 20_000, packets: 20, lost: 0 };
  await vi.advanceTimersByTimeAsync(300_000);
  expect(flowing()).toHaveLength(21);
  expect(node.consumers.get('calm-0')?.layer).toBe('high');
  expect(media.get('calm-19')).not.toHaveProperty('thin');
});

test('after it was disposed of nothing more is said', async () => {
  const { node, engine, claim } = createPage();
  engine.handleOpen();
  claim('a');
  await settle();
  engine[Symbol.dispose]();
  const said = node.messages.length;
  engine.handleOpen();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(node.messages).toHaveLength(said);
});
