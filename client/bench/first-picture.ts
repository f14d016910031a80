import type { Page } from 'playwright-core';
import type { Figure } from '../../bench/report.ts';
import { launchBrowser, signIn } from '../e2e/fixtures/browser.ts';
import { eventually } from '../e2e/fixtures/processes.ts';
import { type System, startSystem } from '../e2e/fixtures/system.ts';

/** Areas that are opened, one after the other, for click to poster and click to picture. */
const CLICKS = 30;
/** Page turns that are measured; each is to a page whose tiles were not shown before, as far as there are such. */
const TURNS = 12;
const TILES = 64;
const STILLS_MS = 30_000;
/** The page keeps feeds that went out of sight at hand for 20 s, and the node waits some seconds more. */
const FORGOTTEN_MS = 45_000;
/** An on-demand source starts only after the click; longer than this it has failed. */
const PATIENCE_MS = 15_000;

/** Times of one tile, in milliseconds after the click; undefined where it never came. */
interface Firsts {
  posterMs: number | undefined;
  pictureMs: number | undefined;
}

/**
 * Click to the first still and to the first moving picture, both as painted. The area that is opened is not on the wall
 * before (a filter shows another one), so that nothing of it flows: it is found by its name, as a person would.
 */
export async function measureFirstPicture(): Promise<Figure[]> {
  await using system = await startSystem();
  const clicks = await measureClicks(system);
  const turns = await measureTurns(system);
  const posters = clicks.flatMap(({ posterMs }) => posterMs ?? []);
  const pictures = clicks.map(({ pictureMs }) => pictureMs ?? PATIENCE_MS);
  const note = `${clicks.length} areas, ${pictures.filter((ms) => ms >= PATIENCE_MS).length} without a picture`;
  console.log(`  ${note}; posters of ${posters.length}`);
  return [
    {
      id: 'click-poster',
      figure: quantile(posters, 0.95),
      note: `95th percentile of ${posters.length} areas that had a still; median ${quantile(posters, 0.5).toFixed(0)} ms`,
    },
    { id: 'click-picture-p50', figure: quantile(pictures, 0.5), note },
    { id: 'click-picture-p95', figure: quantile(pictures, 0.95), note },
    {
      id: 'page-turn-p95',
      figure: quantile(turns, 0.95) / 1_000,
      note: `${turns.length} tiles over ${TURNS} turns; median ${(quantile(turns, 0.5) / 1_000).toFixed(2)} s`,
    },
  ];
}

async function measureClicks(system: System): Promise<Firsts[]> {
  await using stack = new AsyncDisposableStack();
  const browser = stack.adopt(await launchBrowser(), (it) => it.close());
  const { page } = stack.use(
    await signIn(browser, system.url, 'situation', { path: '/?grid=36&feedSource=edge&kind=cell' }),
  );
  await allMove(page, 36);
  await page.evaluate(installWatch);
  const areaIds = await page.$$eval('[data-area-id]', (tiles) =>
    tiles.map((tile) => (tile as HTMLElement).dataset.areaId ?? ''),
  );
  // Time for stills to be taken; then for their feeds to end altogether while another page of the wall is shown.
  await page.waitForTimeout(STILLS_MS);
  await page.getByRole('button', { name: 'Наступна сторінка' }).click();
  await allMove(page, 36);
  await page.waitForTimeout(FORGOTTEN_MS);
  const firsts: Firsts[] = [];
  for (const areaId of areaIds.slice(0, CLICKS)) {
    firsts.push(await page.evaluate(watchClick, { areaId, patienceMs: PATIENCE_MS }));
    await page.keyboard.press('Escape');
    await page.waitForTimeout(500);
  }
  return firsts;
}

async function measureTurns(system: System): Promise<number[]> {
  await using stack = new AsyncDisposableStack();
  const browser = stack.adopt(await launchBrowser(), (it) => it.close());
  const { page } = stack.use(
    await signIn(browser, system.url, 'situation', { path: `/?grid=${TILES}&feedSource=edge&kind=cell` }),
  );
  await allMove(page, TILES);
  await page.evaluate(installWatch);
  const times: number[] = [];
  let isForward = true;
  for (let turn = 0; turn < TURNS; turn++) {
    const next = page.getByRole('button', { name: isForward ? 'Наступна сторінка' : 'Попередня сторінка' });
    if (await next.isDisabled()) isForward = !isForward;
    const name = isForward ? 'Наступна сторінка' : 'Попередня сторінка';
    times.push(...(await page.evaluate(watchTurn, { name, patienceMs: PATIENCE_MS })));
    await page.waitForTimeout(3_000);
  }
  return times;
}

function allMove(page: Page, count: number): Promise<unknown> {
  return eventually(`${count} tiles are live`, 120_000, async () => {
    const states = await page.$$eval('[data-area-id][data-state]', (tiles) =>
      tiles.map((tile) => (tile as HTMLElement).dataset.state),
    );
    return states.length === count && states.every((state) => state === 'live');
  });
}

/** What the page's part of the measurement offers; put there by {@link installWatch}. */
interface Watch {
  /** Resolves with the instant at which the tile's video has painted a frame that was not there before. */
  picture(tile: Element, patienceMs: number): Promise<number | undefined>;
  poster(tile: Element, patienceMs: number): Promise<number | undefined>;
}

/** Runs in the page. */
function installWatch(): void {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const watch: Watch = {
    async picture(tile, patienceMs) {
      const endsAt = performance.now() + patienceMs;
      let video = tile.querySelector('video');
      while (!video && performance.now() < endsAt) {
        await frame();
        video = tile.querySelector('video');
      }
      if (!video) return undefined;
      const painted = video;
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(undefined), Math.max(0, endsAt - performance.now()));
        painted.requestVideoFrameCallback((_, { presentationTime }) => {
          clearTimeout(timer);
          resolve(presentationTime);
        });
      });
    },
    async poster(tile, patienceMs) {
      const endsAt = performance.now() + patienceMs;
      while (performance.now() < endsAt) {
        const image = tile.querySelector('img');
        const isMoving = (tile as HTMLElement).dataset.state === 'live';
        if (image?.complete && image.naturalWidth > 0) {
          await frame();
          return performance.now();
        }
        // A picture that is there already needs no still: as good as one.
        if (isMoving) return performance.now();
        await frame();
      }
      return undefined;
    },
  };
  Object.assign(window, { vartaWatch: watch });
}

/** Runs in the page: opens an area as a link to it does, and waits. */
async function watchClick({
  areaId,
  patienceMs,
}: {
  areaId: string;
  patienceMs: number;
}): Promise<{ posterMs: number | undefined; pictureMs: number | undefined }> {
  const { vartaWatch } = window as unknown as { vartaWatch: Watch };
  const url = new URL(location.href);
  url.searchParams.set('area', areaId);
  const begunAt = performance.now();
  history.pushState(history.state, '', url);
  window.dispatchEvent(new PopStateEvent('popstate'));
  const large = () =>
    [...document.querySelectorAll(`[data-area-id="${areaId}"]`)].find(
      (tile) => tile instanceof HTMLElement && tile.offsetParent !== null && tile.clientWidth > 600,
    );
  let tile = large();
  while (!tile && performance.now() - begunAt < patienceMs) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    tile = large();
  }
  if (!tile) return { posterMs: undefined, pictureMs: undefined };
  const [posterAt, pictureAt] = await Promise.all([
    vartaWatch.poster(tile, 3_000),
    vartaWatch.picture(tile, patienceMs),
  ]);
  return {
    posterMs: posterAt && posterAt - begunAt,
    pictureMs: pictureAt && pictureAt - begunAt,
  };
}

/** Runs in the page: turns it, and gives for each new tile how long its first frame took. */
async function watchTurn({ name, patienceMs }: { name: string; patienceMs: number }): Promise<number[]> {
  const { vartaWatch } = window as unknown as { vartaWatch: Watch };
  const idsOf = () =>
    [...document.querySelectorAll<HTMLElement>('[data-area-id]')].map(({ dataset }) => dataset.areaId);
  const before = new Set(idsOf());
  const begunAt = performance.now();
  document.querySelector<HTMLElement>(`button[aria-label="${name}"]`)?.click();
  while (idsOf().every((id) => before.has(id)) && performance.now() - begunAt < patienceMs)
    await new Promise((resolve) => requestAnimationFrame(resolve));
  const fresh = [...document.querySelectorAll<HTMLElement>('[data-area-id]')].filter(
    ({ dataset }) => !before.has(dataset.areaId),
  );
  return Promise.all(
    fresh.map(
      async (tile) => ((await vartaWatch.picture(tile, patienceMs)) ?? begunAt + patienceMs) - begunAt,
    ),
  );
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}
