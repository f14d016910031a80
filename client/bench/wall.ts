import type { Page } from 'playwright-core';
import type { Figure } from '../../bench/report.ts';
import { type Console, launchBrowser, signIn } from '../e2e/fixtures/browser.ts';
import { cpuSecondsOf, descendantsOf, eventually } from '../e2e/fixtures/processes.ts';
import { type System, startSystem } from '../e2e/fixtures/system.ts';
import type { Bare } from './bare-page.ts';
import { bundleBarePage } from './bundle.ts';

/** How long CPU and frames are counted for one reading, after everything plays. */
const READING_MS = 15_000;
const SETTLE_MS = 5_000;
/** Readings of each side; wall and bare page take turns, and the median of the pairs counts. */
const PAIRS = 3;

/** What one reading of a page with videos gave. */
interface Reading {
  /** CPU of all of Chromium's processes, in percent of one core. */
  cpuPercent: number;
  /** Frames per second, by video, lowest first. */
  fps: number[];
}

interface Shown {
  feedIds: string[];
  places: { left: number; top: number; width: number; height: number }[];
}

/** The wall of 16, 36 and 64 tiles against a bare page with the same feeds at the same places. */
export async function measureWall(): Promise<Figure[]> {
  await using system = await startSystem();
  const script = await bundleBarePage();
  const figures: Figure[] = [];
  for (const tiles of [16, 36, 64]) {
    const pairs: { wall: Reading; bare: Reading }[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      const { reading: wall, shown } = await readWall(system, tiles);
      pairs.push({ wall, bare: await readBare(system, script, shown) });
    }
    const ratio = median(pairs.map(({ wall, bare }) => wall.cpuPercent / bare.cpuPercent));
    const note = [
      `wall ${medianOf(pairs, ({ wall }) => wall.cpuPercent)} %`,
      `bare ${medianOf(pairs, ({ bare }) => bare.cpuPercent)} % of one core`,
      `fps wall ${medianOf(pairs, ({ wall }) => wall.fps[0] ?? 0)}–${medianOf(pairs, ({ wall }) => wall.fps.at(-1) ?? 0)}`,
      `bare ${medianOf(pairs, ({ bare }) => bare.fps[0] ?? 0)}–${medianOf(pairs, ({ bare }) => bare.fps.at(-1) ?? 0)}`,
    ].join(', ');
    console.log(`  ${tiles} tiles: ${note}`);
    figures.push({ id: `wall-cpu-${tiles}`, figure: ratio, note });
    if (tiles === 64)
      figures.push({ id: 'wall-fps-64', figure: median(pairs.map(({ wall }) => wall.fps[0] ?? 0)) });
  }
  return figures;
}

async function readWall(system: System, tiles: number): Promise<{ reading: Reading; shown: Shown }> {
  await using stack = new AsyncDisposableStack();
  const browser = stack.adopt(await launchBrowser(), (it) => it.close());
  const console: Console = stack.use(
    await signIn(browser, system.url, 'situation', { path: `/?grid=${tiles}&feedSource=edge&kind=cell` }),
  );
  await allPlay(console.page, tiles);
  const shown = await console.page.evaluate(() => {
    const elements = [...document.querySelectorAll<HTMLElement>('[data-feed-id][data-state]')];
    return {
      feedIds: elements.map(({ dataset }) => dataset.feedId ?? ''),
      places: elements.map((element) => {
        const { left, top, width, height } = (
          element.querySelector('video') ?? element
        ).getBoundingClientRect();
        return { left, top, width, height };
      }),
    };
  });
  return { reading: await read(console.page), shown };
}

async function readBare(system: System, script: string, shown: Shown): Promise<Reading> {
  await using stack = new AsyncDisposableStack();
  const browser = stack.adopt(await launchBrowser(), (it) => it.close());
  const console: Console = stack.use(await signIn(browser, system.url, 'situation', { path: '/healthz' }));
  await console.page.evaluate(script);
  await console.page.evaluate(({ feedIds, places }) => {
    const { bare } = window as unknown as { bare: Bare };
    return bare.playWall(feedIds, places, 'low');
  }, shown);
  await allPlay(console.page, shown.feedIds.length);
  // Awaited here: the browser is closed when this function returns.
  return await read(console.page);
}

function allPlay(page: Page, count: number): Promise<unknown> {
  return eventually(`${count} videos play`, 90_000, async () => {
    const playing = await page.evaluate(
      () =>
        [...document.querySelectorAll('video')].filter(
          (video) => video.videoWidth > 0 && video.getVideoPlaybackQuality().totalVideoFrames > 15,
        ).length,
    );
    return playing >= count;
  });
}

/** CPU of the whole browser and frames of each video over one reading. */
async function read(page: Page): Promise<Reading> {
  await page.waitForTimeout(SETTLE_MS);
  const before = await framesOf(page);
  const cpuBefore = chromiumCpuSeconds();
  const begun = performance.now();
  await page.waitForTimeout(READING_MS);
  const cpu = chromiumCpuSeconds() - cpuBefore;
  const seconds = (performance.now() - begun) / 1000;
  const after = await framesOf(page);
  const fps = after.frames.map(
    (frames, index) => ((frames - (before.frames[index] ?? 0)) * 1000) / (after.at - before.at),
  );
  return { cpuPercent: (100 * cpu) / seconds, fps: fps.sort((a, b) => a - b) };
}

function framesOf(page: Page): Promise<{ at: number; frames: number[] }> {
  return page.evaluate(() => ({
    at: performance.now(),
    frames: [...document.querySelectorAll('video')]
      .filter((video) => video.videoWidth > 0)
      .map((video) => video.getVideoPlaybackQuality().totalVideoFrames),
  }));
}

/** All of Chromium's processes below this one. Renderers and helpers live as long as their browser, so nothing is lost between readings. */
function chromiumCpuSeconds(): number {
  return descendantsOf(process.pid)
    .filter(({ command }) => command.includes('chromium'))
    .reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function medianOf<T>(items: readonly T[], value: (item: T) => number): string {
  return median(items.map(value)).toFixed(1);
}
