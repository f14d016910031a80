import type { Figure } from '../../bench/report.ts';
import { launchBrowser, signIn } from '../e2e/fixtures/browser.ts';
import {
  allTilesLive,
  installCounters,
  type PageCost,
  readPageCost,
  readPageCostNow,
  turnPages,
} from '../e2e/fixtures/page-turns.ts';
import { startSystem } from '../e2e/fixtures/system.ts';
import { KEEP_MS } from '../media/feed-plan.ts';
import { type HeapSizes, readHeapSizes, TRACKS_AT_MOST } from './heap-sizes.ts';
import { growthOf, slopeOf } from './slope.ts';

const TILES = 9;
/** Eight hours, a turn in ten seconds. */
const TURNS = 2_880;
/** However slow the machine is, the turning ends after this time; there is no figure then, for it was no eight hours. */
const AT_MOST_MS = 1_500_000;
/** A quarter of an hour: by then everything that is made once is there. */
const WARM_UP = 90;
/** A turn is given so long to bring pictures, then the next one comes: harder than any hand is on a wall. */
const PATIENCE_MS = 250;
/** Readings between the first and the last: what grows is seen as a slope, not as two points. */
const READINGS = 16;

/** What must not grow with the turns. */
const WATCHED = [
  'heapBytes',
  'pageNodes',
  'detachedNodes',
  'listeners',
  'transceivers',
  'sfuHandles',
  'workerHandles',
  'workerRssKb',
  'sfuRssKb',
  'serverRssKb',
  'browserKb',
  'sfuConsumers',
] as const;

/** Processes beside the worker that page turning goes through. */
const PROCESSES = ['sfuRssKb', 'serverRssKb', 'browserKb'] as const;

/**
 * Eight hours of page turning, as fast as pictures come: the next turn comes with the last picture of the one before, or
 * after {@link PATIENCE_MS}. What the page and the media node hold on to afterwards, and what grows on the way. A run of
 * fewer turns prints what it found, and has no figure.
 */
export async function measurePageTurns(turns = TURNS): Promise<Figure[]> {
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
  await turnPages(page, WARM_UP, PATIENCE_MS);
  const before = await readPageCost(page, system);
  const heapBefore = await readHeapSizes(page);
  const readings: { turn: number; cost: PageCost }[] = [];
  const step = Math.max(1, Math.ceil((turns - WARM_UP) / READINGS));
  const endsAt = performance.now() + AT_MOST_MS;
  let whole = 0;
  let turned = WARM_UP;
  while (turned < turns && performance.now() < endsAt) {
    const next = Math.min(step, turns - turned);
    whole += await turnPages(page, next, PATIENCE_MS);
    turned += next;
    const cost = await readPageCostNow(page, system);
    readings.push({ turn: turned, cost });
    console.log(`  after ${turned} turns: ${describe(cost)}`);
  }
  const after = await readPageCost(page, system);
  const heapAfter = await readHeapSizes(page);
  const slopes = WATCHED.map((field) => `${field} ${toSlope(readings, field)}`);
  const note = [
    `${turned} turns of ${TILES} tiles, ${whole} of them to the last picture; ${describe(before)} → ${describe(after)}`,
    `of the page's memory ${describeHeap(heapBefore)} → ${describeHeap(heapAfter)}`,
    `growth per 1,000 turns: ${slopes.join(', ')}`,
  ].join('; ');
  console.log(`  ${note}`);
  if (turned < TURNS) {
    console.log(`  ${turned} of ${TURNS} turns: not eight hours, no figure`);
    return [];
  }
  return [
    { id: 'page-turns-heap', figure: heapAfter.heldBytes / heapBefore.heldBytes, note },
    { id: 'page-turns-worker-memory', figure: growthIn(readings, 'workerRssKb'), note },
    {
      id: 'page-turns-memory',
      figure: Math.max(...PROCESSES.map((field) => growthIn(readings, field))),
      note,
    },
    {
      id: 'page-turns-left',
      figure: leftOver(before, after) + Math.max(0, heapAfter.tracks - TRACKS_AT_MOST),
      note,
    },
  ];
}

/** The last reading against the first, by the line through all of them. */
function growthIn(readings: readonly { turn: number; cost: PageCost }[], field: keyof PageCost): number {
  return growthOf(readings.map(({ turn, cost }) => ({ x: turn, y: cost[field] })));
}

/** By least squares over the readings, per 1,000 turns. */
function toSlope(readings: readonly { turn: number; cost: PageCost }[], field: keyof PageCost): string {
  const slope = slopeOf(readings.map(({ turn, cost }) => ({ x: turn / 1_000, y: cost[field] })));
  return field === 'heapBytes' ? `${(slope / 1_000_000).toFixed(2)} MB` : slope.toFixed(1);
}

/** Things that are more than they were. What is shown differs by page, so no page may have more than its tiles need. */
function leftOver(before: PageCost, after: PageCost): number {
  const more = (field: keyof PageCost, slack = 0) => Math.max(0, after[field] - before[field] - slack);
  return (
    more('videosMade') +
    more('connectionsOpen') +
    // Sections of ended consumers wait to be taken: as many as are kept out of sight where pages are turned so fast.
    more('transceivers', (TILES * KEEP_MS) / PATIENCE_MS) +
    more('sfuHandles', 2) +
    more('sfuViewers') +
    // A page in which fewer cells had a picture may come first.
    more('sfuConsumers', TILES) +
    more('sfuHomes', TILES) +
    // A port of the node for each feed that is sent in: those of the page that is shown, and of the one before.
    more('workerHandles', 2 * TILES)
  );
}

function describe(cost: PageCost): string {
  const mb = (kb: number) => `${Math.round(kb / 1_000)} MB`;
  return [
    `${cost.videosMade} videos`,
    `${cost.connectionsOpen} connection`,
    `${cost.transceivers} transceivers`,
    `${(cost.heapBytes / 1_000_000).toFixed(1)} MB heap`,
    `${cost.pageNodes} nodes and ${cost.detachedNodes} detached`,
    `${cost.sfuHandles}+${cost.workerHandles} sfu handles`,
    `${mb(cost.workerRssKb)} worker, ${mb(cost.sfuRssKb)} node, ${mb(cost.serverRssKb)} server, ${mb(cost.browserKb)} browser`,
    `node: ${cost.sfuViewers} transport, ${cost.sfuConsumers} consumers, ${cost.sfuHomes} feeds in`,
  ].join(', ');
}

function describeHeap({ heldBytes, codeBytes, nativeBytes, tracks }: HeapSizes): string {
  const mb = (bytes: number) => `${(bytes / 1_000_000).toFixed(2)} MB`;
  return `${mb(heldBytes)} held, ${mb(codeBytes)} code, ${mb(nativeBytes)} the browser's, ${tracks} tracks`;
}
