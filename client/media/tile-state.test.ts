import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PERIOD_MS } from '../clock/ticker.ts';
import { FROZEN_MS, type Freshness, NO_FRAMES, observeFrames, RED_BY_MS } from './freshness.ts';
import { isSameTileState, type TileFacts, tileState } from './tile-state.ts';

const NOW_MS = Date.parse('2026-11-22T12:00:00.000Z');

function facts(over: Partial<TileFacts> = {}): TileFacts {
  return {
    source: 'edge',
    feed: { state: 'live', sinceMs: NOW_MS - 60_000, faults: [] },
    confidentialSinceMs: undefined,
    closedByPrivacy: false,
    maybeOccupied: false,
    shown: true,
    media: { state: 'held' },
    frameAgeMs: 100,
    waitedMs: 0,
    lostSinceMs: undefined,
    stillAtMs: undefined,
    nowMs: NOW_MS,
    ...over,
  };
}

const waiting = { frameAgeMs: undefined };

test.each<[string, Partial<TileFacts>, object]>([
  ['frames come', {}, { state: 'live' }],
  ['a second old is still live', { frameAgeMs: 1_000 }, { state: 'live' }],
  ['older is stalled', { frameAgeMs: 1_001 }, { state: 'stalled', atMs: NOW_MS - 1_001, frozen: false }],
  ['amber for a while', { frameAgeMs: FROZEN_MS - 1 }, { state: 'stalled', frozen: false }],
  ['then red', { frameAgeMs: FROZEN_MS }, { state: 'stalled', frozen: true }],
  ['then the old picture is taken away', { frameAgeMs: 15_001 }, { state: 'lost', atMs: NOW_MS - 15_001 }],
  [
    'without a track no old picture stands',
    { frameAgeMs: FROZEN_MS, media: { state: 'none' } },
    { state: 'lost', atMs: NOW_MS - FROZEN_MS },
  ],
  [
    'a right that ended is said at once',
    { frameAgeMs: 500, media: { state: 'refused', code: 'forbidden' } },
    { state: 'lost', code: 'forbidden' },
  ],
  [
    'what was lost stays lost until a frame comes',
    { ...waiting, lostSinceMs: 7, media: { state: 'held' } },
    { state: 'lost', atMs: 7 },
  ],
  [
    'frames prove more than the server says',
    { feed: { state: 'lost', sinceMs: 0, faults: [] } },
    { state: 'live' },
  ],
  [
    'what its facility’s uplink has no room for is a declared still',
    {
      frameAgeMs: 4_000,
      stillAtMs: NOW_MS - 4_000,
      feed: { state: 'stalled', sinceMs: 0, faults: ['uplink-cut'] },
    },
    { state: 'stalled', atMs: NOW_MS - 4_000, frozen: false, thin: true },
  ],
  [
    'without any still it says so',
    { ...waiting, feed: { state: 'stalled', sinceMs: 0, faults: ['uplink-cut'] } },
    { state: 'idle', reason: 'thin' },
  ],
  [
    'frames that come all the same are live',
    { feed: { state: 'stalled', sinceMs: 0, faults: ['uplink-cut'] } },
    { state: 'live' },
  ],
  [
    'a camera that is lost is lost, room or not',
    { ...waiting, feed: { state: 'lost', sinceMs: 5, faults: ['uplink-cut'] } },
    { state: 'lost', atMs: 5 },
  ],
  ['an area without a camera', { source: undefined }, { state: 'idle', reason: 'no-feed' }],
  [
    'an encoder that said goodbye, however old its last picture is',
    {
      source: 'whip',
      feed: { state: 'idle', sinceMs: 0, faults: [] },
      media: { state: 'refused', code: 'feed_not_live' },
      frameAgeMs: 4_000,
    },
    { state: 'idle', reason: 'no-source' },
  ],
  ['nobody can see the tile', { shown: false }, { state: 'idle', reason: 'hidden' }],
  [
    'nothing was asked for yet',
    { ...waiting, media: { state: 'none' } },
    { state: 'connecting', slow: false },
  ],
  ['it takes long', { ...waiting, waitedMs: 3_000 }, { state: 'connecting', slow: true }],
  ['it takes too long', { ...waiting, waitedMs: 12_001 }, { state: 'lost', atMs: NOW_MS - 12_001 }],
  [
    'the server says lost, and no frame says otherwise',
    { ...waiting, feed: { state: 'lost', sinceMs: 5, faults: [] } },
    { state: 'lost', atMs: 5 },
  ],
  [
    'a rule says faulty',
    { ...waiting, feed: { state: 'faulty', sinceMs: 5, faults: [] } },
    { state: 'faulty' },
  ],
  [
    'frames come, and show nothing of the area',
    { feed: { state: 'faulty', sinceMs: 5, faults: ['covered'] } },
    { state: 'faulty', seen: true, faults: ['covered'] },
  ],
  [
    'a camera to be set otherwise is live',
    { feed: { state: 'live', sinceMs: 5, faults: ['keyframe-interval'] } },
    { state: 'live' },
  ],
  [
    'frames that stop are told before what they showed',
    { feed: { state: 'faulty', sinceMs: 5, faults: ['frozen'] }, frameAgeMs: 5_000 },
    { state: 'stalled', frozen: true },
  ],
  [
    'a still while the picture comes',
    { ...waiting, stillAtMs: NOW_MS - 9_000 },
    { state: 'connecting', stillAtMs: NOW_MS - 9_000 },
  ],
  [
    'no room on the network: never live, never red',
    { media: { state: 'held', thin: true }, frameAgeMs: 100, stillAtMs: NOW_MS - 100 },
    { state: 'stalled', thin: true, frozen: false, atMs: NOW_MS - 100 },
  ],
  [
    'no room for so long that a picture would be lost',
    { media: { state: 'held', thin: true }, frameAgeMs: 600_000, stillAtMs: NOW_MS - 600_000 },
    { state: 'stalled', thin: true, frozen: false },
  ],
  [
    'no room, and no still either',
    { ...waiting, media: { state: 'asked', thin: true } },
    { state: 'idle', reason: 'thin' },
  ],
  [
    'a camera that is lost is lost on a thin network as well',
    {
      ...waiting,
      media: { state: 'held', thin: true },
      feed: { state: 'lost', sinceMs: 5, faults: [] },
      stillAtMs: 3,
    },
    { state: 'lost', atMs: 5 },
  ],
  [
    'an encoder that does not publish',
    { ...waiting, source: 'whip', feed: undefined, media: { state: 'refused', code: 'feed_not_live' } },
    { state: 'idle', reason: 'no-source' },
  ],
  [
    'an encoder that does not publish, and somebody is inside',
    {
      ...waiting,
      source: 'whip',
      maybeOccupied: true,
      feed: { state: 'idle', sinceMs: 5, faults: [] },
      media: { state: 'refused', code: 'feed_not_live' },
    },
    { state: 'lost', atMs: 5 },
  ],
  [
    'an encoder that has never published, and somebody is inside',
    {
      ...waiting,
      source: 'whip',
      maybeOccupied: true,
      feed: undefined,
      media: { state: 'refused', code: 'feed_not_live' },
    },
    { state: 'lost', atMs: undefined },
  ],
  [
    'a camera that does not send yet',
    { ...waiting, feed: undefined, media: { state: 'refused', code: 'feed_not_live' } },
    { state: 'connecting' },
  ],
  [
    'a codec that cannot be shown',
    { ...waiting, media: { state: 'refused', code: 'codec_unsupported' } },
    { state: 'faulty', code: 'codec_unsupported' },
  ],
  [
    'no right to see it',
    { ...waiting, media: { state: 'refused', code: 'forbidden' } },
    { state: 'lost', code: 'forbidden' },
  ],
])('%s', (_, over, expected) => {
  expect(tileState(facts(over))).toMatchObject(expected);
});

test.each<[string, Partial<TileFacts>]>([
  ['by an event', { confidentialSinceMs: NOW_MS - 9 }],
  ['by its class', { closedByPrivacy: true }],
  ['by the feed', { feed: { state: 'confidential', sinceMs: NOW_MS - 9, faults: [] } }],
  ['by a refusal', { media: { state: 'refused', code: 'confidential' } }],
])('confidential %s goes before frames that still come', (_, over) => {
  expect(tileState(facts(over)).state).toBe('confidential');
});

test('an instant that was computed anew does not make another state', () => {
  const at = { state: 'stalled', atMs: 4_000, frozen: true } as const;
  expect(isSameTileState(at, { ...at, atMs: 4_090 })).toBe(true);
  expect(isSameTileState(at, { ...at, frozen: false })).toBe(false);
  expect(isSameTileState(at, { state: 'live' })).toBe(false);
});

test('freshness follows the frame counter, and starts anew with a new source', () => {
  let freshness = observeFrames(NO_FRAMES, 0, 10);
  expect(freshness.lastFrameAtMs).toBeUndefined();
  freshness = observeFrames(freshness, 4, 260);
  freshness = observeFrames(freshness, 4, 510);
  expect(freshness).toEqual({ frames: 4, lastFrameAtMs: 260 });
  expect(observeFrames(freshness, 0, 760)).toEqual(NO_FRAMES);
  expect(observeFrames(freshness, 2, 760)).toEqual({ frames: 2, lastFrameAtMs: 760 });
});

test('whenever its last picture came and however late it is looked at, a frozen camera is red within three seconds', () => {
  const lateMs = fc.double({ min: 0, max: PERIOD_MS / 2, noNaN: true });
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 4 * PERIOD_MS, noNaN: true }),
      fc.array(lateMs, { minLength: 20, maxLength: 20 }),
      (lastFrameMs, delays) => {
        let freshness: Freshness = NO_FRAMES;
        const redAtMs = delays
          .map((delayMs, look) => look * PERIOD_MS + delayMs)
          .find((nowMs) => {
            // A frame each tenth of a second until the last one.
            freshness = observeFrames(freshness, 1 + Math.floor(Math.min(nowMs, lastFrameMs) / 100), nowMs);
            const frameAgeMs = nowMs - (freshness.lastFrameAtMs ?? nowMs);
            const state = tileState(facts({ frameAgeMs }));
            return state.state === 'stalled' && state.frozen;
          });
        const shownMs = Math.floor(lastFrameMs / 100) * 100;
        expect((redAtMs ?? Infinity) - shownMs).toBeLessThanOrEqual(RED_BY_MS);
        expect((redAtMs ?? 0) - shownMs).toBeGreaterThan(2_000);
      },
    ),
  );
});
