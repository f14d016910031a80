import type { Page } from 'playwright-core';
import type { Figure } from '../../bench/report.ts';
import { launchBrowser, signIn } from '../e2e/fixtures/browser.ts';
import { eventually } from '../e2e/fixtures/processes.ts';
import { type System, startSystem } from '../e2e/fixtures/system.ts';
import { readMotion, type TileMotion, watchMotion } from './stalls.ts';

const TILES = 16;
const ROUNDS = 3;
/** After this time without a gap the wall counts as back. */
const CALM_MS = 4_000;
/** So long after a kill it is looked at the earliest: grants that nobody renews have not run out before. */
const SETTLE_MS = 8_000;
const BOUND_MS = 60_000;

const VICTIMS = [
  { part: 'worker', bar: 'kill-worker' },
  { part: 'sfu', bar: 'kill-node' },
  { part: 'server', bar: 'kill-server' },
] as const;

/** Seconds from `kill -9` until every tile of a wall has moving pictures again; the worst of some rounds. */
export async function measureKills(): Promise<Figure[]> {
  await using owned = new AsyncDisposableStack();
  const system = owned.use(await startSystem());
  const browser = owned.adopt(await launchBrowser(), (it) => it.close());
  const { page } = owned.use(
    await signIn(browser, system.url, 'situation', { path: `/?grid=${TILES}&feedSource=edge&kind=cell` }),
  );
  await watchMotion(page);
  const figures: Figure[] = [];
  for (const { part, bar } of VICTIMS) {
    const seconds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) seconds.push(await kill(system, page, part));
    const note = `${TILES} tiles, ${ROUNDS} rounds: ${seconds.map((one) => one.toFixed(1)).join(' ')} s`;
    console.log(`  kill -9 ${part}: ${note}`);
    figures.push({ id: bar, figure: Math.max(...seconds), note });
  }
  return figures;
}

/** Seconds until the last tile's first frame after the kill; 0 when no tile stood still. */
async function kill(system: System, page: Page, part: (typeof VICTIMS)[number]['part']): Promise<number> {
  await calm(page);
  const victim = system.processOf(part);
  if (!victim) throw new Error(`no ${part} runs`);
  const { nowMs: killedMs } = await readMotion(page);
  process.kill(victim.pid, 'SIGKILL');
  await eventually(`another ${part} runs`, BOUND_MS, () => {
    const now = system.processOf(part);
    return now !== undefined && now.pid !== victim.pid;
  });
  // A tile that has only just stopped has no gap yet.
  await calm(page, killedMs + SETTLE_MS);
  const { tiles } = await readMotion(page);
  return Math.max(...tiles.map((tile) => backAfterMs(tile, killedMs))) / 1000;
}

function backAfterMs({ gaps }: TileMotion, killedMs: number): number {
  const ends = gaps.filter(({ toMs }) => toMs > killedMs).map(({ toMs }) => toMs - killedMs);
  return Math.max(0, ...ends);
}

/** Until every tile has moved without a gap for a while, and this instant of the page's clock is over. */
async function calm(page: Page, notBeforeMs = 0): Promise<void> {
  await eventually('the wall is calm', BOUND_MS, async () => {
    const { nowMs, tiles } = await readMotion(page);
    return (
      nowMs >= notBeforeMs &&
      tiles.filter(({ frames }) => frames > 0).length >= TILES &&
      tiles.every(({ gaps, lastMs }) => nowMs - lastMs < 1_000 && nowMs - (gaps.at(-1)?.toMs ?? 0) >= CALM_MS)
    );
  });
}
