import { expect, test } from 'vitest';
import { MediaSeen, SEEN_EVERY_MS } from '#contract/media.ts';
import { failure } from '../session/failure.ts';
import { createSightings } from './sightings.ts';

function openPage() {
  const page = { nowMs: 0, visible: true, connected: true, report: () => {}, ended: false };
  const told: MediaSeen['feeds'][] = [];
  const sightings = createSightings({
    tell: async (seen) => {
      if (!page.connected) return failure('offline');
      told.push(MediaSeen.parse(seen).feeds);
      return { ok: true, value: {} };
    },
    isPageVisible: () => page.visible,
    monotonicMs: () => page.nowMs,
    setInterval: (run, periodMs) => {
      expect(periodMs).toBe(SEEN_EVERY_MS);
      page.report = run;
      return 1;
    },
    clearInterval: () => {
      page.ended = true;
    },
  });
  /** Ticks four times a second, in which these tiles show moving frames. */
  const watch = (seconds: number, ...tiles: [string, 'low' | 'high'][]) => {
    for (let tick = 0; tick < seconds * 4; tick += 1) {
      page.nowMs += 250;
      for (const [feedId, layer] of tiles) sightings.see(feedId, layer);
    }
  };
  const report = async () => {
    page.report();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { page, told, sightings, watch, report };
}

test('tells how long each feed was seen, and in which layer', async () => {
  const { told, watch, report } = openPage();
  watch(4, ['cam-1', 'low'], ['cam-2', 'high']);
  watch(1, ['cam-1', 'high']);
  await report();
  expect(told).toEqual([
    [
      { feedId: 'cam-1', layer: 'low', ms: 3_750 },
      { feedId: 'cam-2', layer: 'high', ms: 3_750 },
      { feedId: 'cam-1', layer: 'high', ms: 1_000 },
    ],
  ]);
  await report();
  expect(told).toHaveLength(1);
});

test('a feed in two tiles is seen once', async () => {
  const { told, watch, report } = openPage();
  watch(4, ['cam-1', 'low'], ['cam-1', 'low']);
  await report();
  expect(told).toEqual([[{ feedId: 'cam-1', layer: 'low', ms: 3_750 }]]);
});

test('what runs on a page that nobody sees, and time in which the page stood, is not seen', async () => {
  const { page, told, watch, report } = openPage();
  page.visible = false;
  watch(20, ['cam-1', 'low']);
  await report();
  expect(told).toEqual([]);
  page.visible = true;
  watch(1, ['cam-1', 'low']);
  page.nowMs += 3_600_000;
  watch(1, ['cam-1', 'low']);
  await report();
  expect(told).toEqual([[{ feedId: 'cam-1', layer: 'low', ms: 1_500 }]]);
});

test('what could not be told waits for the connection, bounded', async () => {
  const { page, told, watch, report } = openPage();
  page.connected = false;
  watch(100, ['cam-1', 'low']);
  await report();
  page.connected = true;
  watch(5, ['cam-1', 'low']);
  await report();
  expect(told).toEqual([[{ feedId: 'cam-1', layer: 'low', ms: 60_000 }]]);
});
