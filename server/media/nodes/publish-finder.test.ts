import { expect, test } from 'vitest';
import type { FeedReport, NodeRecord } from '#contract/registry.ts';
import { createPublishFinder } from './publish-finder.ts';

const AT = '2026-11-22T14:00:00.000Z';
const FEED = 'ua-68-itt-1-yard-cam-1';

interface World {
  home?: string;
  draining?: boolean;
  deaf?: boolean;
  reachable?: boolean;
  state?: FeedReport['state'];
}

/** `home` is the node that the registry names; `best` is where something new goes, unless it is excluded. */
async function find({
  home,
  draining = false,
  deaf = false,
  reachable = true,
  state,
}: World): Promise<string> {
  const report = { feedId: FEED, facilityId: 'ua-68-itt-1', regionId: 'UA-68', nodeId: 'home' };
  const record: NodeRecord = {
    nodeId: 'home',
    controlUrl: 'http://127.0.0.1:44300',
    regionId: null,
    workers: 1,
    load: 0,
    viewers: 0,
    feeds: 0,
    draining,
    deaf,
    gone: false,
    startedAt: AT,
    at: AT,
  };
  const findNode = createPublishFinder({
    homeOf: async (feedId) => (feedId === FEED ? (home ?? null) : null),
    reportOf: async (nodeId) =>
      nodeId === 'home' && state ? JSON.stringify({ ...report, state, layers: [], at: AT }) : null,
    candidates: () => [{ record, reachable, assigned: 0 }],
    find: async (_region, exclude) => (exclude.has('home') ? 'other' : 'best'),
  });
  return findNode(FEED, 'UA-68');
}

test('an encoder meets the one before at the home of the feed', async () => {
  expect(await find({ home: 'home' })).toBe('home');
  expect(await find({ home: 'home', state: 'lost' })).toBe('home');
});

test('a feed without a home, or whose home nobody reaches, goes to the best node', async () => {
  expect(await find({})).toBe('best');
  expect(await find({ home: 'gone' })).toBe('best');
  expect(await find({ home: 'home', reachable: false })).toBe('best');
});

test.each([
  [{ draining: true }, 'other'],
  [{ deaf: true }, 'best'],
])('a home (%o) keeps what comes, and gets nothing new if there is a better one', async (record, found) => {
  expect(await find({ home: 'home', ...record, state: 'live' })).toBe('home');
  expect(await find({ home: 'home', ...record, state: 'lost' })).toBe(found);
  expect(await find({ home: 'home', ...record })).toBe(found);
});
