import type { Figure } from '../../bench/report.ts';
import { launchBrowser, signIn } from '../e2e/fixtures/browser.ts';
import {
  allTilesLive,
  installCounters,
  type PageCost,
  readPageCost,
  turnPages,
} from '../e2e/fixtures/page-turns.ts';
import { startSystem } from '../e2e/fixtures/system.ts';

const TILES = 16;
/** Eight hours, a turn in ten seconds. */
const TURNS = 2_880;
/** A quarter of an hour: by then everything that is made once is there. */
const WARM_UP = 90;
/** A turn is given so long to bring pictures, then the next one comes: harder than any hand is on a wall. */
const PATIENCE_MS = 250;

/** Eight hours of page turning, as fast as they go: what the page and the media node hold on to afterwards. */
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
  await turnPages(page, turns - WARM_UP, PATIENCE_MS);
  const after = await readPageCost(page, system);
  const note = `${turns} turns of ${TILES} tiles; ${describe(before)} → ${describe(after)}`;
  console.log(`  ${note}`);
  return [
    { id: 'page-turns-heap', figure: after.heapBytes / before.heapBytes, note },
    { id: 'page-turns-left', figure: leftOver(before, after), note },
  ];
}

/** Things that are more than they were. What is shown differs by page, so no page may have more than its tiles need. */
function leftOver(before: PageCost, after: PageCost): number {
  const more = (field: keyof PageCost, slack = 0) => Math.max(0, after[field] - before[field] - slack);
  return (
    more('videosMade') +
    more('connectionsOpen') +
    // Parts of ended consumers wait to be used again.
    more('transceivers', TILES) +
    more('sfuHandles', 2) +
    // A port of the node for each feed that is sent in: those of the page that is shown, and of the one before.
    more('workerHandles', 2 * TILES)
  );
}

function describe(cost: PageCost): string {
  return [
    `${cost.videosMade} videos`,
    `${cost.connectionsOpen} connection`,
    `${cost.transceivers} transceivers`,
    `${(cost.heapBytes / 1_000_000).toFixed(1)} MB heap`,
    `${cost.sfuHandles}+${cost.workerHandles} sfu handles`,
    `${Math.round(cost.workerRssKb / 1_000)} MB worker`,
  ].join(', ');
}
