import { expect, test } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import { KeyedQueue } from '../concurrency/keyed-queue.ts';
import { RelaySource } from '../mesh/relay-source.ts';
import { testFeed } from '../test/fixtures/authority.ts';
import type { Feed } from './feed.ts';
import { Reopening } from './reopening.ts';
import type { Source } from './source.ts';

const FEED = testFeed('cell-1');

/** A feed that comes from a node that is to be left; `open`: what becomes of taking it over. */
function setUp(open: (world: { feeds: Map<string, Feed> }) => Promise<Source>) {
  const producer = { closed: false, close: () => undefined };
  const relay = new RelaySource({ home: 'sfu-left', producer, leave: () => undefined } as never);
  const feed = { info: FEED, isRelayed: true, source: relay } as unknown as Feed;
  const feeds = new Map([[FEED.id, feed]]);
  const [attached, released, told]: [Source[], string[], string[]] = [[], [], []];
  const reopening = new Reopening({
    table: {
      all: () => [...feeds.values()],
      get: (feedId) => feeds.get(feedId),
      has: (one) => feeds.get(one.info.id) === one,
      attach: (_, source) => {
        attached.push(source);
        return feed;
      },
    },
    queue: new KeyedQueue(),
    homes: { releaseLater: (feedId) => void released.push(feedId) },
    open: () => open({ feeds }),
    news: { available: (feedId) => void told.push(feedId) },
    log: { info: () => undefined, warn: () => undefined },
    now: () => 0,
  });
  const drain = async (nodeId = 'sfu-left') => {
    reopening.handleHomeDrains(nodeId);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { drain, attached, released, told };
}

function createSource() {
  const closings: string[] = [];
  const source = { kind: 'edge', close: () => void closings.push('closed') } as unknown as Source;
  return { source, closings };
}

test('what comes from a node that is to be left is taken over, and who sees it is told', async () => {
  const { source } = createSource();
  const { drain, attached, released, told } = setUp(async () => source);
  await drain('sfu-other');
  expect(attached).toEqual([]);
  await drain();
  expect([attached, released, told]).toEqual([[source], [], [FEED.id]]);
});

test('one that cannot be had is not kept as entering here', async () => {
  const { drain, attached, released } = setUp(() => Promise.reject(new VartaError('feed_not_live')));
  await drain();
  expect([attached, released]).toEqual([[], [FEED.id]]);
});

test('nor one that nobody needs any more when it comes', async () => {
  const { source, closings } = createSource();
  const { drain, attached, released } = setUp(async ({ feeds }) => {
    feeds.clear();
    return source;
  });
  await drain();
  expect([attached, released, closings]).toEqual([[], [FEED.id], ['closed']]);
});
