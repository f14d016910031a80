import { expect, test } from 'vitest';
import { MAX_WATCHED } from '#contract/media.ts';
import {
  type FeedLink,
  type FeedWant,
  KEEP_MS,
  MAX_ASKED,
  MAX_KEPT,
  planFeeds,
  retryDelayMs,
} from './feed-plan.ts';
import { toPriority } from './importance.ts';

const NOW_MS = 100_000;

/** Of a place on the wall, or with a flag of this severity. */
const priority = (slot: number, severity?: number) => toPriority({ severity, rank: 'wall', slot });

function want(over: Partial<FeedWant> = {}): FeedWant {
  return { layer: 'low', priority: priority(5), show: true, ...over };
}

function held(over: Partial<Extract<FeedLink, { state: 'held' }>> = {}): FeedLink {
  return {
    state: 'held',
    consumerId: 'consumer-1',
    layer: 'low',
    flow: 'flowing',
    unwantedSinceMs: undefined,
    ...over,
  };
}

function plan(wants: Record<string, FeedWant>, links: Record<string, FeedLink>, nowMs = NOW_MS) {
  return planFeeds({
    wants: new Map(Object.entries(wants)),
    links: new Map(Object.entries(links)),
    nowMs,
    busyUntilMs: 0,
  });
}

test('a whole page is asked for at once, alarms first', () => {
  const { watch } = plan(
    {
      calm: want(),
      alarm: want({ priority: priority(9, 1), layer: 'high' }),
      watched: want({ priority: priority(3) }),
    },
    {},
  );
  expect(watch).toEqual([
    { feedId: 'alarm', layer: 'high', importance: 'alarm' },
    { feedId: 'watched', layer: 'low' },
    { feedId: 'calm', layer: 'low' },
  ]);
});

test('how much a picture matters is told when it changes, with its layer', () => {
  const alarm = want({ priority: priority(2, 3) });
  const changed = plan(
    { a: alarm, b: alarm, c: want() },
    { a: held(), b: held({ importance: 'alarm' }), c: held() },
  );
  expect(changed.layers).toEqual([{ feedId: 'a', layer: 'low', importance: 'alarm' }]);
  const calm = plan({ b: want() }, { b: held({ importance: 'alarm' }) });
  expect(calm.layers).toEqual([{ feedId: 'b', layer: 'low', importance: undefined }]);
});

test('what is on its way, held and right, or waiting its turn is left alone', () => {
  const result = plan(
    { asked: want(), held: want(), waiting: want() },
    {
      asked: { state: 'asked' },
      held: held(),
      waiting: { state: 'waiting', code: 'feed_not_live', attempts: 1, retryAtMs: NOW_MS + 500 },
    },
  );
  expect(result).toEqual({
    watch: [],
    resume: [],
    pause: [],
    layers: [],
    unwatch: [],
    forget: [],
    againAtMs: NOW_MS + 500,
  });
});

test('a feed that was refused is asked for again when its time has come', () => {
  const waiting: FeedLink = { state: 'waiting', code: 'no_sfu', attempts: 1, retryAtMs: NOW_MS };
  expect(plan({ feed: want() }, { feed: waiting }).watch).toHaveLength(1);
  expect(plan({}, { feed: waiting }).forget).toEqual(['feed']);
});

test('a consumer is resumed when its tile is ready, paused when it cannot be seen, and follows the size', () => {
  expect(plan({ feed: want() }, { feed: held({ flow: 'paused' }) }).resume).toEqual(['feed']);
  expect(plan({ feed: want({ show: false }) }, { feed: held() }).pause).toEqual(['feed']);
  expect(plan({ feed: want({ show: false }) }, { feed: held({ flow: 'paused' }) }).resume).toEqual([]);
  expect(plan({ feed: want({ layer: 'high' }) }, { feed: held() }).layers).toEqual([
    { feedId: 'feed', layer: 'high' },
  ]);
});

test('a feed that nobody wants is paused at once, kept for a while, and then let go', () => {
  const first = plan({}, { feed: held() });
  expect(first).toMatchObject({ pause: ['feed'], unwatch: [], againAtMs: NOW_MS + KEEP_MS });
  const later = plan({}, { feed: held({ flow: 'paused', unwantedSinceMs: NOW_MS - KEEP_MS }) });
  expect(later).toMatchObject({ pause: [], unwatch: ['feed'] });
});

test('while a page is turned nothing is let go, unless there would be too many', () => {
  const old = held({ flow: 'paused', unwantedSinceMs: NOW_MS - KEEP_MS });
  const turn = (links: Record<string, FeedLink>) =>
    planFeeds({
      wants: new Map([['new', want()]]),
      links: new Map(Object.entries(links)),
      nowMs: NOW_MS,
      busyUntilMs: NOW_MS + 500,
    });
  expect(turn({ old })).toMatchObject({ unwatch: [], againAtMs: NOW_MS + 500 });
  const many = Array.from({ length: MAX_WATCHED }, (_, index) => [`old-${index}`, old]);
  expect(turn(Object.fromEntries(many)).unwatch).toHaveLength(MAX_WATCHED);
});

test('only so many are kept: the longest unwanted go', () => {
  const links = Object.fromEntries(
    Array.from({ length: MAX_KEPT + 3 }, (_, index) => [
      `feed-${index}`,
      held({ flow: 'paused', unwantedSinceMs: NOW_MS - 1_000 + index }),
    ]),
  );
  expect(plan({}, links).unwatch.toSorted()).toEqual(['feed-0', 'feed-1', 'feed-2']);
});

test('no more is watched than a page may, and no more asked for at once than a message holds', () => {
  const wants = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`feed-${index}`, want()]));
  expect(plan(wants, {}).watch).toHaveLength(MAX_ASKED);
  const asked = Object.fromEntries(
    Array.from({ length: MAX_WATCHED - 2 }, (_, index) => [`feed-${index}`, { state: 'asked' } as const]),
  );
  expect(plan(wants, asked).watch).toHaveLength(2);
});

test('what passes by itself is tried soon and then more slowly, what does not is tried rarely', () => {
  const soon = [0, 1, 2, 9].map((attempts) => retryDelayMs('no_sfu', attempts, 0.5));
  expect(soon).toEqual([400, 800, 1_600, 10_000]);
  expect(retryDelayMs('offline', 0, 0.5)).toBe(400);
  expect(retryDelayMs('feed_not_live', 0, 0.5)).toBe(10_000);
  expect(retryDelayMs('forbidden', 0, 0.5)).toBe(60_000);
  expect(retryDelayMs('no_sfu', 0, 0)).toBeLessThan(retryDelayMs('no_sfu', 0, 1));
});
