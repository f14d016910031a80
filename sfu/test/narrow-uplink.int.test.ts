import { afterEach, beforeAll, expect, it } from 'vitest';
import { HELD_FOR_MS } from '#contract/facility-link.ts';
import type { Layer } from '#contract/nation.ts';
import type { FeedReport } from '#contract/registry.ts';
import { COMING_FACTOR } from '../edge/uplink-room.ts';
import { EdgeWorld, feed, play } from './fixtures/edge-world.ts';
import { eventually } from './fixtures/eventually.ts';
import type { TestNode } from './fixtures/test-node.ts';
import { launchTestBrowser, type TestBrowser } from './fixtures/test-page.ts';
import { TestViewer } from './fixtures/test-viewer.ts';
import { encodeTestVideo, FRAMES_PER_SECOND, type Picture } from './fixtures/video.ts';

const CELLS = ['cell-1', 'cell-2', 'medical'].map((area) => `ua-68-itt-1-${area}-cam-1`);
const [ONE = '', TWO = '', THREE = ''] = CELLS;
/** What RTP, SRTP, UDP and IP add to a packet, and reports to a stream. */
const PACKET_BYTES = 12 + 44;
const REPORTS = 1.05;

let video: Awaited<ReturnType<typeof encodeTestVideo>>;
let browser: TestBrowser;
/** What the test's cameras send at most. */
let peaks: Record<Layer, number>;
let owned = new AsyncDisposableStack();

beforeAll(async () => {
  [video, browser] = await Promise.all([encodeTestVideo(), launchTestBrowser()]);
  peaks = { low: peakBps(video.low), high: peakBps(video.high) };
  return () => browser[Symbol.asyncDispose]();
});
afterEach(async () => {
  const done = owned;
  owned = new AsyncDisposableStack();
  await done.disposeAsync();
});

/** The most that a camera sends in a second. */
function peakBps(pictures: readonly Picture[]): number {
  const bytes = pictures.map(({ payloads }) =>
    payloads.reduce((sum, { length }) => sum + length + PACKET_BYTES, 0),
  );
  const seconds = bytes.map((_, from) =>
    Array.from({ length: FRAMES_PER_SECOND }, (__, index) => bytes[(from + index) % bytes.length] ?? 0),
  );
  return Math.max(...seconds.map((second) => second.reduce((sum, it) => sum + it, 0))) * 8 * REPORTS;
}

const reportOf = async (node: TestNode, feedId: string): Promise<FeedReport | undefined> =>
  (await node.reports(feedId)).at(-1);

/** Which of the cells move, and what is said of the others. */
async function picturesOf(node: TestNode): Promise<(string | undefined)[]> {
  const reports = await Promise.all(CELLS.map((feedId) => reportOf(node, feedId)));
  return reports.map((report) => [report?.state, ...(report?.faults ?? [])].join(' '));
}

it('a narrow uplink carries what matters most, says what it leaves out, and never more than it may', async () => {
  const world = await EdgeWorld.create({ owned, video, cells: CELLS, hasUplink: true });
  // Room for two of three small pictures, one of which may be new.
  const maxBps = Math.ceil(2.4 * peaks.low);
  const node = await world.startNode('sfu-home');
  await world.startEdge(undefined, { EDGE_UPLINK_MAX_BPS: String(maxBps) });
  const viewer = await TestViewer.join(node, browser, 'viewer-wall');
  const renewing = setInterval(() => void viewer.renew(CELLS.map(feed)).catch(() => undefined), 3_000);
  owned.defer(() => clearInterval(renewing));
  const watchAll = async () => (await viewer.watch(CELLS.map(feed))).every(({ ok }) => ok);

  await play(node, viewer, 'low', ONE);
  await eventually('the others are there as well', watchAll, { withinMs: 20_000 });
  await viewer.resume(TWO, THREE);
  await eventually(
    'two of three cross',
    async () => (await picturesOf(node)).join() === 'live,live,stalled uplink-cut',
  );
  await viewer.seesAll([ONE, TWO], 15);

  // An alarm in the third: it goes before one of the others, which is said of that one.
  await viewer.prefer(THREE, 'low', 'alarm');
  await viewer.sees(THREE, 15);
  await eventually('one of the wall is left out', async () => {
    const [one, two, three] = await picturesOf(node);
    return three === 'live' && [one, two].sort().join() === 'live,stalled uplink-cut';
  });

  // What goes over the line, over some seconds, is what was allowed.
  const before = { bytes: world.uplink.sentBytes, atMs: performance.now() };
  await viewer.sees(THREE, 75, 15_000);
  const bps = ((world.uplink.sentBytes - before.bytes) * 8_000) / (performance.now() - before.atMs);
  expect(bps).toBeLessThanOrEqual(maxBps);
  expect(bps).toBeGreaterThan(maxBps / 4);
  // Left out for longer than a camera may be silent, it is still not lost.
  const states = await Promise.all(CELLS.map((feedId) => node.reports(feedId)));
  expect(states.flat().map(({ state }) => state)).not.toContain('lost');

  // Somebody looks away: there is room for all that is left, and nothing is said any more.
  await viewer.unwatch(THREE);
  await viewer.seesAll([ONE, TWO], 15, 20_000);
  expect((await picturesOf(node)).slice(0, 2)).toEqual(['live', 'live']);
});

it('what an edge holds back is not lost while the edge lives, however long it lasts, and is lost when it dies', async () => {
  const world = await EdgeWorld.create({ owned, video, cells: [ONE, TWO], hasUplink: true });
  const node = await world.startNode('sfu-home');
  // Room for one of two small pictures.
  await world.startEdge(undefined, { EDGE_UPLINK_MAX_BPS: String(Math.ceil(1.4 * peaks.low)) });
  const viewer = await TestViewer.join(node, browser, 'viewer-wall');
  const renewing = setInterval(() => void viewer.renew([ONE, TWO].map(feed)).catch(() => undefined), 3_000);
  owned.defer(() => clearInterval(renewing));
  const watchBoth = async () => (await viewer.watch([ONE, TWO].map(feed))).every(({ ok }) => ok);
  await play(node, viewer, 'low', ONE);
  await eventually('the other is there as well', watchBoth, { withinMs: 20_000 });
  await viewer.resume(TWO);
  const ofTwo = async () => (await picturesOf(node))[1];
  // One who gets both from there by way of another node.
  const other = await world.startNode('sfu-other');
  const far = await TestViewer.join(other, browser, 'viewer-far');
  const renewingFar = setInterval(() => void far.renew([ONE, TWO].map(feed)).catch(() => undefined), 3_000);
  owned.defer(() => clearInterval(renewingFar));
  await eventually(
    'one crosses, the other is held back',
    async () => (await ofTwo()) === 'stalled uplink-cut',
  );
  await play(other, far, 'low', ONE);
  await far.watch([ONE, TWO].map(feed));
  await far.resume(TWO);
  await eventually('it is held back there as well', () => other.node.figures().states.stalled === 1);
  const closed = () => other.control.news('viewer:consumers-closed').length;
  const closedBefore = closed();

  // Nothing else is told of it for longer than an edge is believed that has said so once.
  const stoodForMs = HELD_FOR_MS + 2_000;
  await eventually(
    'it is held back for long',
    async () => {
      const report = await reportOf(node, TWO);
      return report?.state === 'stalled' && Date.now() - Date.parse(report.at) > stoodForMs;
    },
    { withinMs: 4 * HELD_FOR_MS, everyMs: 250 },
  );
  const states = (await node.reports(TWO)).map(({ state }) => state);
  expect(states).not.toContain('lost');
  await viewer.sees(ONE, 15);
  await eventually('the other node tells them apart', () => {
    const { live, stalled } = other.node.figures().states;
    return live === 1 && stalled === 1;
  });
  expect(closed()).toBe(closedBefore);

  // Its turn comes: it is there without anybody's asking again.
  await far.unwatch(ONE);
  await viewer.unwatch(ONE);
  await far.sees(TWO, 15, 20_000);
  await eventually('the other can be had again', watchBoth, { withinMs: 20_000 });
  await viewer.resume(ONE);
  const held = await eventually(
    'one of them is held back',
    async () => {
      const index = (await picturesOf(node)).indexOf('stalled uplink-cut');
      return index >= 0 && { index };
    },
    { withinMs: 20_000 },
  );

  world.uplink.cut();
  await eventually('it is lost', async () => (await picturesOf(node))[held.index] === 'lost', {
    withinMs: 3 * HELD_FOR_MS,
  });
}, 150_000);

it('where the large picture does not fit, the small one crosses in its place, and that is said', async () => {
  const world = await EdgeWorld.create({ owned, video, cells: [ONE, TWO], hasUplink: true });
  // Room for a small and a large one, not for another small one beside.
  const maxBps = Math.ceil(1.25 * peaks.low + COMING_FACTOR * peaks.high);
  const node = await world.startNode('sfu-home');
  await world.startEdge(undefined, { EDGE_UPLINK_MAX_BPS: String(maxBps) });
  const viewer = await TestViewer.join(node, browser, 'viewer-large');
  const renewing = setInterval(() => void viewer.renew([ONE, TWO].map(feed)).catch(() => undefined), 3_000);
  owned.defer(() => clearInterval(renewing));
  await play(node, viewer, 'low', ONE);
  const watchBoth = async () => (await viewer.watch([ONE, TWO].map(feed))).every(({ ok }) => ok);
  await eventually('the other is there as well', watchBoth, { withinMs: 20_000 });
  await viewer.resume(TWO);
  await viewer.seesAll([ONE, TWO], 15);
  await viewer.prefer(ONE, 'high', 'focused');
  await eventually('it is said', async () => (await picturesOf(node))[0] === 'live uplink-thin');
  await viewer.seesAll([ONE, TWO], 15);
  expect((await viewer.stats(ONE)).width).toBe(320);

  await viewer.unwatch(TWO);
  await eventually('the large picture', async () => (await viewer.stats(ONE)).width === 640, {
    withinMs: 20_000,
  });
  await eventually('nothing is said', async () => (await picturesOf(node))[0] === 'live');
});
