import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FeedHealth } from '#contract/feeds.ts';
import type { Layer } from '#contract/nation.ts';
import { type StreamCounts, toFeedHealth } from './layer-figures.ts';

const T0_MS = Date.parse('2026-11-22T14:00:00.000Z');
const counts = (change: Partial<StreamCounts> = {}): StreamCounts => ({
  ssrc: 7,
  bytes: 1_000_000,
  packets: 1_000,
  lost: 10,
  jitterTicks: 270,
  ...change,
});
const facts = (before: StreamCounts[] | undefined, now: StreamCounts[], afterMs = 3_000) => ({
  feedId: 'cell-1-cam-1',
  layers: new Map<number, Layer>([
    [7, 'low'],
    [8, 'high'],
  ]),
  before: before && { at: T0_MS, streams: before },
  now: { at: T0_MS + afterMs, streams: now },
  fps: (layer: Layer) => (layer === 'low' ? 15 : undefined),
  keyframeIntervalMs: () => 2_000,
  lastKeyframeAt: T0_MS + 1_000,
  lastFrameAt: T0_MS + 2_900,
});

test('rates are those between the two readings', () => {
  const now = counts({ bytes: 1_056_250, packets: 1_090, lost: 20 });
  expect(toFeedHealth(facts([counts()], [now]))).toEqual({
    feedId: 'cell-1-cam-1',
    layers: [
      { layer: 'low', bitrateBps: 150_000, fps: 15, keyframeIntervalMs: 2_000, loss: 0.1, jitterMs: 3 },
    ],
    lastKeyframeAt: '2026-11-22T14:00:01.000Z',
    lastFrameAt: '2026-11-22T14:00:02.900Z',
    at: '2026-11-22T14:00:03.000Z',
  });
});

test('nothing is said of a stream that was read once, or that is no layer', () => {
  expect(toFeedHealth(facts(undefined, [counts()])).layers).toEqual([]);
  expect(toFeedHealth(facts([counts()], [counts(), counts({ ssrc: 8 })])).layers).toHaveLength(1);
  expect(toFeedHealth(facts([counts({ ssrc: 9 })], [counts({ ssrc: 9 })])).layers).toEqual([]);
});

test('whatever the worker counts, also backwards, fits the contract', () => {
  const anyCounts = fc.record({
    ssrc: fc.constantFrom(7, 8),
    bytes: fc.nat(),
    packets: fc.nat(),
    lost: fc.integer({ min: -1_000, max: 1_000 }),
    jitterTicks: fc.nat(),
  });
  const streams = fc.uniqueArray(anyCounts, { selector: ({ ssrc }) => ssrc });
  fc.assert(
    fc.property(streams, streams, fc.nat(10_000), (before, now, afterMs) => {
      expect(FeedHealth.safeParse(toFeedHealth(facts(before, now, afterMs))).error).toBeUndefined();
    }),
  );
});
