import { expect, test } from 'vitest';
import type { FeedReport } from '#contract/registry.ts';
import type { FeedKnowledge } from './feed-book.ts';
import { isNews, toFeedStatus } from './feed-status.ts';

const NOW_MS = Date.parse('2026-11-22T14:05:00.000Z');
const REPORTED_AT = '2026-11-22T14:04:58.000Z';
const reported = (
  state: FeedReport['state'],
  layers: FeedReport['layers'] = ['low', 'high'],
): FeedKnowledge => ({
  state: 'reported',
  byNode: new Map([
    [
      'node-a',
      {
        feedId: 'cam-1',
        facilityId: 'ua-68-itt-1',
        regionId: 'UA-68',
        nodeId: 'node-a',
        state,
        layers,
        at: REPORTED_AT,
      },
    ],
  ]),
});
const now = (
  knowledge: FeedKnowledge | undefined,
  change: Partial<Parameters<typeof toFeedStatus>[0]> = {},
) =>
  toFeedStatus({
    feedId: 'cam-1',
    areaId: 'cell-1',
    knowledge,
    isAreaClosed: false,
    awaySinceMs: undefined,
    previous: undefined,
    nowMs: NOW_MS,
    ...change,
  });

test('as reported, since it was reported', () => {
  expect(now(reported('live'))).toEqual({
    feedId: 'cam-1',
    areaId: 'cell-1',
    state: 'live',
    layers: ['low', 'high'],
    since: REPORTED_AT,
  });
});

test('a closed area is confidential, whatever the camera does, and shows no layer', () => {
  expect(now(reported('live'), { isAreaClosed: true })).toMatchObject({ state: 'confidential', layers: [] });
  expect(now(undefined, { isAreaClosed: true })).toMatchObject({ state: 'confidential' });
});

test('a feed whose node died is lost; one that nobody speaks of is idle', () => {
  expect(now({ state: 'orphaned', sinceMs: NOW_MS - 1000 })).toMatchObject({
    state: 'lost',
    since: '2026-11-22T14:04:59.000Z',
  });
  expect(now(undefined).state).toBe('idle');
});

test('one whose equipment is away is lost though nobody watches it; what a node says of it counts more', () => {
  const away = { awaySinceMs: NOW_MS - 60_000 };
  expect(now(undefined, away)).toMatchObject({ state: 'lost', since: '2026-11-22T14:04:00.000Z' });
  // It has lost its server, and sends on.
  expect(now(reported('live'), away)).toMatchObject({ state: 'live', since: REPORTED_AT });
  expect(now(undefined, { ...away, isAreaClosed: true })).toMatchObject({ state: 'confidential' });
});

test('one that is held back by equipment that is away is lost; nobody is there who holds it back', () => {
  const held = faulty(['uplink-cut', 'keyframe-interval'], 'stalled');
  const away = { awaySinceMs: NOW_MS - 60_000 };
  expect(now(held)).toMatchObject({ state: 'stalled', faults: ['uplink-cut', 'keyframe-interval'] });
  expect(now(held, away)).toMatchObject({
    state: 'lost',
    layers: [],
    faults: ['keyframe-interval'],
    since: '2026-11-22T14:04:00.000Z',
  });
  expect(now(held, { ...away, isAreaClosed: true })).toMatchObject({ state: 'confidential' });
  // Another node gets it, or its picture stands still for another reason.
  expect(now(faulty(['uplink-cut']), away).state).toBe('live');
  expect(now(faulty([], 'stalled'), away).state).toBe('stalled');
});

test('the state’s beginning stays while the state does', () => {
  const before = { ...now(reported('live', ['low'])), since: '2026-11-22T10:00:00.000Z' };
  const after = now(reported('live'), { previous: before });
  expect(after.since).toBe(before.since);
  expect(isNews(after, before)).toBe(true);
  expect(isNews(after, after)).toBe(false);
});

test('nothing is told of feeds that were always idle', () => {
  expect(isNews(now(undefined), undefined)).toBe(false);
  expect(isNews(now(reported('connecting')), undefined)).toBe(true);
  expect(isNews(now(undefined), now(reported('live')))).toBe(true);
});

const faulty = (faults: FeedReport['faults'], state: FeedReport['state'] = 'live'): FeedKnowledge => {
  const known = reported(state);
  if (known.state !== 'reported') throw new Error('expected a report');
  return {
    state: 'reported',
    byNode: new Map([...known.byNode].map(([nodeId, report]) => [nodeId, { ...report, faults }])),
  };
};

test.each(['frozen', 'black', 'covered'] as const)('a %s picture makes the feed faulty', (fault) => {
  const status = now(faulty([fault, 'keyframe-interval']));
  expect(status).toMatchObject({
    state: 'faulty',
    layers: ['low', 'high'],
    faults: [fault, 'keyframe-interval'],
  });
  // Without packets there is no picture to be wrong.
  expect(now(faulty([fault], 'stalled')).state).toBe('stalled');
});

test('a camera with wrong settings is named, and is live', () => {
  expect(now(faulty(['keyframe-interval']))).toMatchObject({ state: 'live', faults: ['keyframe-interval'] });
  expect(now(faulty([]))).not.toHaveProperty('faults');
});

test('faults are news when they come and when they go', () => {
  const good = now(faulty(undefined));
  const bad = now(faulty(['keyframe-interval']));
  expect(isNews(bad, good)).toBe(true);
  expect(isNews(good, bad)).toBe(true);
  expect(isNews(now(faulty(['black', 'frozen'])), now(faulty(['frozen', 'black'])))).toBe(false);
});

test('of a closed area not even its faults are told', () => {
  expect(now(faulty(['black']), { isAreaClosed: true })).not.toHaveProperty('faults');
});
