import type { Page } from 'playwright-core';
import type { Figure } from '../../bench/report.ts';
import { launchBrowser, signIn } from '../e2e/fixtures/browser.ts';
import {
  allTilesLive,
  installCounters,
  type PageCost,
  readPageCostNow,
  turnPages,
} from '../e2e/fixtures/page-turns.ts';
import { startSystem } from '../e2e/fixtures/system.ts';
import { installTileReader, readTiles } from '../e2e/fixtures/tiles.ts';
import { BLACK_MS, foundTiles, LATE_MS, watchTiles } from './late-tiles.ts';
import { slopeOf } from './slope.ts';

const TILES = 64;
const TURN_MS = 10_000;
/** What must last for a figure; a shorter run prints what it found. */
const MINUTES = 60;
/** A part of the run in which everything is made that is made once; it is not in the slope. */
const WARM_UP = 0.1;

/** Once a minute: what the page and the node hold on to, and how many tiles' pixels are no picture. */
interface Reading {
  minute: number;
  cost: PageCost;
  unreadable: number;
}

/**
 * The wall of 64 tiles for an hour (`SOAK_MIN` minutes), a page turned every ten seconds: how its memory grows, what is
 * left over, tiles that ought to play and do not, and tiles that say they are live and show nothing.
 */
export async function measureSoak(minutes = Number(process.env.SOAK_MIN ?? MINUTES)): Promise<Figure[]> {
  if (!(minutes > 0)) throw new RangeError('SOAK_MIN is a number of minutes');
  await using stack = new AsyncDisposableStack();
  const system = stack.use(await startSystem());
  const browser = stack.adopt(await launchBrowser(), (it) => it.close());
  const { page } = stack.use(
    await signIn(browser, system.url, 'situation', {
      path: `/?grid=${TILES}&feedSource=edge&kind=cell`,
      prepare: installCounters,
    }),
  );
  await allTilesLive(page, TILES);
  await installTileReader(page);
  await watchTiles(page);

  const begunAt = performance.now();
  const minutesNow = () => (performance.now() - begunAt) / 60_000;
  const readings: Reading[] = [];
  let [turns, whole] = [0, 0];
  while (minutesNow() < minutes) {
    const turnAt = performance.now() + TURN_MS;
    whole += await turnPages(page, 1, LATE_MS);
    turns += 1;
    if (minutesNow() >= readings.length + 1) {
      const cost = await readPageCostNow(page, system);
      const unreadable = await countUnreadable(page);
      const reading = { minute: minutesNow(), cost, unreadable };
      readings.push(reading);
      console.log(`  ${reading.minute.toFixed(1)} min, ${turns} turns: ${describe(reading)}`);
    }
    await page.waitForTimeout(Math.max(0, turnAt - performance.now()));
  }
  const { late, black, worst } = await foundTiles(page);
  const blackTiles = sumOf(black) + readings.reduce((sum, one) => sum + one.unreadable, 0);
  const counted = readings.filter(({ minute }) => minute >= WARM_UP * minutes);
  const perHour = (field: keyof PageCost) =>
    slopeOf(counted.map(({ minute, cost }) => ({ x: minute / 60, y: cost[field] })));
  const mb = (field: keyof PageCost) => `${(perHour(field) / 1_000).toFixed(2)} MB`;
  const heapMb = perHour('heapBytes') / 1_000_000;
  const first = counted[0];
  const last = counted.at(-1);
  const note = [
    `${turns} turns of ${TILES} tiles in ${minutes} min, ${whole} of them with no tile that still connects after ${LATE_MS / 1_000} s`,
    `longest without a new frame, from coming on the screen: ${(worst.ms / 1_000).toFixed(1)} s (${worst.feedId}, ${worst.state})`,
    `late: ${namesOf(late)}`,
    `black: ${namesOf(black)}`,
    first && last ? `${describe(first)} → ${describe(last)}` : 'no reading',
    `growth an hour: heap ${heapMb.toFixed(2)} MB, detached nodes ${perHour('detachedNodes').toFixed(0)}, transceivers ${perHour('transceivers').toFixed(1)}, handles ${perHour('sfuHandles').toFixed(1)}, worker ${mb('workerRssKb')}, node ${mb('sfuRssKb')}, server ${mb('serverRssKb')}, browser ${mb('browserKb')}`,
  ].join('; ');
  console.log(`  ${note}`);
  if (minutes < MINUTES) {
    console.log(`  ${minutes} of ${MINUTES} minutes: no figure`);
    return [];
  }
  return [
    { id: 'soak-heap', figure: heapMb, note },
    { id: 'soak-late', figure: sumOf(late), note },
    { id: 'soak-black', figure: blackTiles, note },
  ];
}

/** Tiles whose pixels are no picture of the sample, {@link BLACK_MS} long, whatever they say of themselves. */
async function countUnreadable(page: Page): Promise<number> {
  const unread = async () =>
    new Set(
      (await readTiles(page))
        .filter(({ state, seenIndex }) => state !== 'confidential' && seenIndex === undefined)
        .map(({ feedId }) => feedId),
    );
  const before = await unread();
  if (before.size === 0) return 0;
  await page.waitForTimeout(BLACK_MS);
  return (await unread()).intersection(before).size;
}

function sumOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, times) => sum + times, 0);
}

function namesOf(counts: Record<string, number>): string {
  return (
    Object.entries(counts)
      .map(([name, times]) => `${name} ×${times}`)
      .join(', ') || 'none'
  );
}

function describe({ cost, unreadable }: Reading): string {
  return [
    `${(cost.heapBytes / 1_000_000).toFixed(1)} MB heap`,
    `${cost.pageNodes} nodes and ${cost.detachedNodes} detached`,
    `${cost.videosMade} players`,
    `${cost.transceivers} transceivers`,
    `${cost.sfuHandles}+${cost.workerHandles} sfu handles`,
    `${Math.round(cost.workerRssKb / 1_000)} MB worker, ${Math.round(cost.sfuRssKb / 1_000)} MB node, ${Math.round(cost.serverRssKb / 1_000)} MB server`,
    `${Math.round(cost.browserKb / 1_000)} MB browser`,
    `${unreadable} black`,
  ].join(', ');
}
