import { expect, it } from 'vitest';
import { MAX_WATCHED } from '#contract/media.ts';
import { readHeapSizes, TRACKS_AT_MOST } from '../bench/heap-sizes.ts';
import { allTilesLive, installCounters, readPageCost, turnPages } from './fixtures/page-turns.ts';
import { systemForFile } from './fixtures/started.ts';

const TILES = 16;
/** A quarter of an hour, at one turn in ten seconds. The benchmark goes on for eight. */
const TURNS = 90;
const WARM_UP = 30;
const PATIENCE_MS = 600;

const varta = systemForFile();

// Two minutes of turns, and two times until what was seen is let go.
it('turning pages leaves nothing behind', { timeout: 300_000 }, async () => {
  await using wall = await varta.signIn('situation', {
    path: `/?grid=${TILES}&feedSource=edge&kind=cell`,
    prepare: installCounters,
  });
  await allTilesLive(wall.page, TILES);
  await turnPages(wall.page, WARM_UP, PATIENCE_MS);
  const before = await readPageCost(wall.page, varta.system);
  await turnPages(wall.page, TURNS, PATIENCE_MS);
  const after = await readPageCost(wall.page, varta.system);

  expect(after.videosShown).toBe(before.videosShown);
  // Elements are pooled: more turns make no more of them.
  expect(after.videosMade).toBeLessThanOrEqual(before.videosMade + TILES);
  expect(after.connectionsOpen).toBe(1);
  // Sections are used again: no more than the pages that are kept at most, and the one that comes.
  expect(after.transceivers).toBeLessThanOrEqual(MAX_WATCHED + TILES);
  // What the browser keeps of ended consumers is freed with their connection.
  const { tracks } = await readHeapSizes(wall.page);
  expect(tracks).toBeLessThan(TRACKS_AT_MOST);
  expect(after.pageNodes).toBeLessThan(1.1 * before.pageNodes);
  // Not one in a turn.
  expect(after.detachedNodes).toBeLessThan(before.detachedNodes + TURNS);
  expect(after.heapBytes).toBeLessThan(before.heapBytes + 8_000_000);
  expect(after.sfuHandles).toBeLessThanOrEqual(before.sfuHandles + 4);
  expect(after.workerHandles).toBeLessThanOrEqual(before.workerHandles + TILES);
});
