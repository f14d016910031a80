import type { Page } from 'playwright-core';
import type { Figure } from '../../bench/report.ts';
import type { Bare } from '../../client/bench/bare-page.ts';
import { bundleBarePage } from '../../client/bench/bundle.ts';
import { launchBrowser } from '../../client/e2e/fixtures/browser.ts';
import { cpuSecondsOf, eventually } from '../../client/e2e/fixtures/processes.ts';
import { encodeLoop, startSending } from './rtp-source.ts';
import { type Side, startBare, startVarta } from './sides.ts';

const FEEDS = 36;
const VIEWERS = 8;
const SETTLE_MS = 5_000;
/** One reading; both sides are read over the same time, so that a busy machine is busy for both. */
const READING_MS = 15_000;
const READINGS = 5;

/**
 * CPU of the worker per packet that reached a browser: the whole sfu against bare mediasoup. Both run at the same time,
 * get the same packets and serve the same number of viewers in the same browser, which takes packets in without
 * decoding them.
 */
export async function measurePacketCost(): Promise<Figure[]> {
  const feedIds = Array.from({ length: FEEDS }, (_, index) => `bench-feed-${index}`);
  await using owned = new AsyncDisposableStack();
  const sides = [
    owned.use(await startVarta(feedIds)),
    owned.use(await startBare(feedIds, process.env.MEDIASOUP_WORKER_BIN)),
  ];
  const browser = owned.adopt(await launchBrowser(), (it) => it.close());
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  await page.exposeFunction(
    'benchConnect',
    (side: number, viewer: string, transportId: string, dtls: unknown) =>
      sides[side]?.connect(viewer, transportId, dtls),
  );
  await page.evaluate(await bundleBarePage());

  for (let viewer = 0; viewer < VIEWERS; viewer++) {
    for (const [index, side] of sides.entries())
      await openViewer(page, side, { index, viewer: `viewer-${viewer}` });
  }
  const targets = await Promise.all(sides.map((side) => side.targets()));
  using _sending = await startSending(
    encodeLoop(),
    // Whoever is sent to second has the warmer caches, so the sides take turns.
    feedIds.map((_, feed) =>
      (feed % 2 === 0 ? targets : targets.toReversed()).flatMap((ofSide) => ofSide[feed] ?? []),
    ),
  );
  const expected = FEEDS * VIEWERS * 15;
  await eventually('packets flow on both sides', 30_000, async () => {
    const counts = await Promise.all(sides.map((_, index) => packetsOf(page, index)));
    return counts.every((count) => count > expected);
  });

  const costs: number[][] = [];
  await page.waitForTimeout(SETTLE_MS);
  for (let reading = 0; reading < READINGS; reading++) costs.push(await readCosts(page, sides));
  const ratios = costs.map(([ours = Number.NaN, bare = Number.NaN]) => ours / bare).sort((a, b) => a - b);
  const median = (side: number) =>
    costs
      .map((cost) => cost[side] ?? Number.NaN)
      .sort((a, b) => a - b)
      [Math.floor(READINGS / 2)]?.toFixed(1);
  const note = `${median(0)} µs against ${median(1)} µs a packet; ${FEEDS} feeds × ${VIEWERS} viewers; ratios ${ratios.map((ratio) => ratio.toFixed(3)).join(' ')}`;
  console.log(`  packet cost: ${note}`);
  return [{ id: 'sfu-cpu-per-packet', figure: ratios[Math.floor(READINGS / 2)] ?? Number.NaN, note }];
}

async function openViewer(
  page: Page,
  side: Side,
  { index, viewer }: { index: number; viewer: string },
): Promise<void> {
  const joined = await side.join(viewer);
  const name = `${index}/${viewer}`;
  const capabilities = await page.evaluate(
    ({ name, joined, index, viewer }) => {
      const { bare, benchConnect } = window as unknown as {
        bare: Bare;
        benchConnect(...args: unknown[]): Promise<unknown>;
      };
      return bare.open(
        name,
        { ...(joined as unknown as Parameters<Bare['open']>[1]), decode: false },
        (dtls) => benchConnect(index, viewer, joined.transport.id, dtls),
      );
    },
    { name, joined, index, viewer },
  );
  const consumers = await side.watch(viewer, capabilities);
  await page.evaluate(
    ({ name, consumers }) =>
      (window as unknown as { bare: Bare }).bare.receive(
        name,
        consumers as unknown as Parameters<Bare['receive']>[1],
      ),
    { name, consumers },
  );
  await side.resume(
    viewer,
    consumers.map(({ id }) => id),
  );
}

async function packetsOf(page: Page, index: number): Promise<number> {
  const names = Array.from({ length: VIEWERS }, (_, viewer) => `${index}/viewer-${viewer}`);
  const counts = await page.evaluate(
    (all) => Promise.all(all.map((name) => (window as unknown as { bare: Bare }).bare.packets(name))),
    names,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Microseconds of worker CPU per packet received, for each side. */
async function readCosts(page: Page, sides: readonly Side[]): Promise<number[]> {
  const sample = () =>
    Promise.all(
      sides.map(async (side, index) => ({
        cpu: cpuSecondsOf(side.workerPid()),
        packets: await packetsOf(page, index),
      })),
    );
  const before = await sample();
  await page.waitForTimeout(READING_MS);
  const after = await sample();
  return after.map(
    ({ cpu, packets }, index) =>
      ((cpu - (before[index]?.cpu ?? 0)) * 1e6) / (packets - (before[index]?.packets ?? 0)),
  );
}
