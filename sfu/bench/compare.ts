import type { Page } from 'playwright-core';
import type { Bare } from '../../client/bench/bare-page.ts';
import { bundleBarePage } from '../../client/bench/bundle.ts';
import { launchBrowser } from '../../client/e2e/fixtures/browser.ts';
import { cpuSecondsOf, eventually } from '../../client/e2e/fixtures/processes.ts';
import { encodeLoop, startSending } from './rtp-source.ts';
import type { Side } from './side.ts';

const SETTLE_MS = 5_000;
/** One reading; both sides are read over the same time, so that a busy machine is busy for both. */
const READING_MS = 15_000;
const READINGS = 5;

export interface Comparison {
  /** CPU per packet, ours through theirs: the median of the readings. */
  ratio: number;
  note: string;
}

/**
 * CPU per packet that reached a browser, ours against theirs. Both run at the same time, get the same packets and serve
 * the same number of viewers in the same browser, which takes packets in without decoding them.
 */
export async function compareSides(
  sides: readonly [ours: Side, theirs: Side],
  { feeds, viewers }: { feeds: number; viewers: number },
): Promise<Comparison> {
  await using owned = new AsyncDisposableStack();
  const browser = owned.adopt(await launchBrowser(), (it) => it.close());
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  for (const side of sides) await side.expose?.(page);
  await page.evaluate(await bundleBarePage());
  const names = sides.map((_, index) => Array.from({ length: viewers }, (_, at) => `${index}-viewer-${at}`));
  for (let viewer = 0; viewer < viewers; viewer++)
    for (const [index, side] of sides.entries()) await side.openViewer(page, names[index]?.[viewer] ?? '');
  const targets = await Promise.all(sides.map((side) => side.targets()));
  using _sending = await startSending(
    encodeLoop(),
    // Whoever is sent to second has the warmer caches, so the sides take turns.
    Array.from({ length: feeds }, (_, feed) =>
      (feed % 2 === 0 ? targets : targets.toReversed()).flatMap((ofSide) => ofSide[feed] ?? []),
    ),
  );
  const packets = () => Promise.all(names.map((ofSide) => packetsOf(page, ofSide)));
  await eventually('packets flow on both sides', 30_000, async () =>
    (await packets()).every((count) => count > feeds * viewers * 15),
  );
  await page.waitForTimeout(SETTLE_MS);
  const costs: number[][] = [];
  for (let reading = 0; reading < READINGS; reading++) {
    const sample = async () => {
      const counts = await packets();
      return sides.map((side, index) => ({ cpu: cpuOf(side), packets: counts[index] ?? 0 }));
    };
    const before = await sample();
    await page.waitForTimeout(READING_MS);
    const after = await sample();
    costs.push(
      after.map(
        ({ cpu, packets: count }, index) =>
          ((cpu - (before[index]?.cpu ?? 0)) * 1e6) / (count - (before[index]?.packets ?? 0)),
      ),
    );
  }
  const ratios = costs.map(([ours = Number.NaN, theirs = Number.NaN]) => ours / theirs).sort((a, b) => a - b);
  const median = (index: number) => middle(costs.map((cost) => cost[index] ?? Number.NaN)).toFixed(1);
  const spread = ratios.map((ratio) => ratio.toFixed(3)).join(' ');
  return {
    ratio: middle(ratios),
    note: `${median(0)} µs against ${median(1)} µs a packet; ${feeds} feeds × ${viewers} viewers; ratios ${spread}`,
  };
}

const cpuOf = (side: Side) => side.processIds().reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);

const middle = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function packetsOf(page: Page, names: readonly string[]): Promise<number> {
  const counts = await page.evaluate(
    (all) => Promise.all(all.map((name) => (window as unknown as { bare: Bare }).bare.packets(name))),
    names,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
