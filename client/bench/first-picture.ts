import type { Page } from 'playwright-core';
import type { Figure } from '../../bench/report.ts';
import { type Console, launchBrowser, signIn } from '../e2e/fixtures/browser.ts';
import { allTilesLive } from '../e2e/fixtures/page-turns.ts';
import { type System, startSystem } from '../e2e/fixtures/system.ts';
import { sampleNation } from '../e2e/fixtures/tiles.ts';
import { installPictureWatch, type TileFirsts, watchClick, watchLink, watchTurn } from './picture-watch.ts';

/** Areas that are opened, one after the other, in each of the two ways. */
const CLICKS = 30;
const GRID = 36;
/** Page turns that are measured: there and back through all pages, none of which was shown shortly before. */
const TURNS = 12;
const TILES = 64;
const BETWEEN_TURNS_MS = 3_000;
const STILLS_MS = 30_000;
/** The page keeps feeds that went out of sight at hand for 20 s, and the node waits some seconds more. */
const FORGOTTEN_MS = 45_000;
/** An on-demand source starts only after the click; longer than this it has failed. */
const PATIENCE_MS = 15_000;

const WAITING = {
  patienceMs: PATIENCE_MS,
  indexOf: Object.fromEntries(sampleNation().areas.map(({ id }, index) => [id, index])),
};

/**
 * From what a person does to what a person sees: the first picture of any kind, and the first frame that moves and shows
 * the right area, as painted. Areas are opened by a click on their tile, which plays already in the small layer; and by
 * a link, when nothing of them flows. The worse of the two counts.
 */
export async function measureFirstPicture(): Promise<Figure[]> {
  await using system = await startSystem();
  const { clicks, links } = await measureOpening(system);
  const turns = await measureTurns(system);
  const worse = (q: number, value: (firsts: TileFirsts) => number) =>
    Math.max(quantile(clicks.map(value), q), quantile(links.map(value), q));
  const noteOf = (value: (firsts: TileFirsts) => number) =>
    `tile that plays ${describe(clicks.map(value))}; link to one that does not ${describe(links.map(value))}`;
  return [
    { id: 'click-poster', figure: worse(0.95, seen), note: noteOf(seen) },
    { id: 'click-picture-p50', figure: worse(0.5, moving), note: noteOf(moving) },
    { id: 'click-picture-p95', figure: worse(0.95, moving), note: noteOf(moving) },
    toTurnFigure(turns),
  ];
}

/** What never came counts as long as it was waited for. */
const seen = ({ seenMs }: TileFirsts) => seenMs ?? PATIENCE_MS;
const moving = ({ movingMs }: TileFirsts) => movingMs ?? PATIENCE_MS;

function toTurnFigure(turns: readonly TileFirsts[][]): Figure {
  const tiles = turns.flat().map(moving);
  const last = turns.map((ofTurn) => Math.max(...ofTurn.map(moving)));
  const note = [
    `${tiles.length} tiles over ${turns.length} turns by key`,
    `median ${toSeconds(quantile(tiles, 0.5))}`,
    `last tile of a turn ${toSeconds(quantile(last, 0.5))}, at most ${toSeconds(Math.max(...last))}`,
  ].join('; ');
  console.log(`  ${note}`);
  return { id: 'page-turn-p95', figure: quantile(tiles, 0.95) / 1_000, note };
}

async function measureOpening(system: System): Promise<{ clicks: TileFirsts[]; links: TileFirsts[] }> {
  await using stack = new AsyncDisposableStack();
  const { page } = await openWall(system, stack, GRID);
  const before = await areasOf(page);
  const clicks = await open(page, watchClick, async () => (await areasOf(page)).toReversed());
  // Two pages of areas, each for as long as it takes until stills of all are there; then another page, until the feeds
  // of those have ended altogether.
  await page.waitForTimeout(STILLS_MS);
  await turnTo(page, 1);
  const known = [...(await areasOf(page)), ...before];
  await page.waitForTimeout(STILLS_MS);
  await turnTo(page, 3);
  await page.waitForTimeout(FORGOTTEN_MS);
  const links = await open(page, watchLink, async () => {
    const shown = new Set(await areasOf(page));
    return known.filter((id) => !shown.has(id));
  });
  return { clicks, links };
}

/** Turns to a page that lies further back, from 0, and waits until all of it plays. */
async function turnTo(page: Page, to: number): Promise<void> {
  const isThere = async () =>
    (await page.evaluate(() => new URL(location.href).searchParams.get('page'))) === `${to + 1}`;
  while (!(await isThere())) await page.keyboard.press('PageDown');
  await allTilesLive(page, GRID);
}

/** Opens areas one after another. What is urgent moves to the front of the wall, so it is asked anew which there are. */
async function open(
  page: Page,
  by: typeof watchClick,
  candidates: () => Promise<readonly string[]>,
): Promise<TileFirsts[]> {
  const firsts = new Map<string, TileFirsts>();
  for (let click = 0; click < CLICKS; click++) {
    const areaId = (await candidates()).find((id) => !firsts.has(id));
    if (areaId === undefined) break;
    const one = await by(page, areaId, WAITING);
    firsts.set(areaId, one);
    await page.keyboard.press('Escape');
    await page.waitForTimeout(1_000);
  }
  return [...firsts.values()];
}

async function measureTurns(system: System): Promise<TileFirsts[][]> {
  await using stack = new AsyncDisposableStack();
  const { page } = await openWall(system, stack, TILES);
  const turns: TileFirsts[][] = [];
  const isEnd = (name: string) => page.getByRole('button', { name }).isDisabled();
  let key: 'PageDown' | 'PageUp' = 'PageDown';
  for (let turn = 0; turn < TURNS; turn++) {
    if (await isEnd('Наступна сторінка')) key = 'PageUp';
    else if (await isEnd('Попередня сторінка')) key = 'PageDown';
    turns.push(await watchTurn(page, key, WAITING));
    await page.waitForTimeout(BETWEEN_TURNS_MS);
  }
  return turns;
}

async function openWall(system: System, stack: AsyncDisposableStack, tiles: number): Promise<Console> {
  const browser = stack.adopt(await launchBrowser(), (it) => it.close());
  const path = `/?grid=${tiles}&feedSource=edge&kind=cell`;
  const wall = stack.use(await signIn(browser, system.url, 'situation', { path }));
  await allTilesLive(wall.page, tiles);
  await installPictureWatch(wall.page);
  return wall;
}

function areasOf(page: Page): Promise<string[]> {
  return page.$$eval('[data-area-id][data-state]', (tiles) =>
    tiles.map((tile) => (tile as HTMLElement).dataset.areaId ?? ''),
  );
}

function describe(times: readonly number[]): string {
  return `${quantile(times, 0.5).toFixed(0)} / ${quantile(times, 0.95).toFixed(0)} ms (median / p95 of ${times.length})`;
}

function toSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}
