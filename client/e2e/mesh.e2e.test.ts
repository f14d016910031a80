import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRANT_TTL_SECONDS } from '#contract/grants.ts';
import type { Layer } from '#contract/nation.ts';
import { readMotion, watchMotion } from '../bench/stalls.ts';
import { type Console, launchBrowser, signIn } from './fixtures/browser.ts';
import { countRtp } from './fixtures/link-counts.ts';
import { type MeshSystem, type NodeName, type Part, startMesh } from './fixtures/mesh.ts';
import { eventually } from './fixtures/processes.ts';
import { installTileReader, readTiles } from './fixtures/tiles.ts';

const REGION = 'UA-68';
const FACILITY = 'ua-68-itt-1';
const FEEDS = [1, 2, 3, 4].map((cell) => `${FACILITY}-cell-${cell}-cam-1`);
const [FEED = ''] = FEEDS;
const PATH = `/?grid=4&region=${REGION}&feedSource=edge&kind=cell`;

/**
 * By themselves, that is, and twice as long as the bars, which are 3 s for a worker, 5 s for a node and 1 s for a drain: this
 * machine may be busy with other tests. The benchmark of kills measures against the bars.
 */
const BACK_WITHIN_MS = { worker: 6_000, process: 10_000 };
const DRAIN_GAP_MS = 2_000;
/** Times that two things are killed one after the other: what goes wrong then is a matter of moments. */
const ROUNDS = 5;
/** A tile that has moved for this long moves. */
const STEADY_MS = 1_500;
/** A tile without a new frame for this long does not move. */
const STILL_MS = 500;

let mesh: MeshSystem;
let browser: Browser;
let pages: Record<NodeName, Console>;

beforeAll(async () => {
  [mesh, browser] = await Promise.all([
    startMesh({ facilityId: FACILITY, regionId: REGION, feedIds: FEEDS, env: { SFU_DRAIN_MS: '6000' } }),
    launchBrowser(),
  ]);
  const regional = await signIn(browser, mesh.url, 'duty-68', { path: PATH });
  const national = await signIn(browser, mesh.url, 'situation', { path: PATH });
  pages = { regional, national };
  await onBothNodes();
});

afterAll(async () => {
  await browser?.close();
  await mesh?.[Symbol.asyncDispose]();
});

const consoles = () => Object.values(pages).map(({ page }) => page);

/** Each page has its media from the node that is nearest to its person, and all tiles of both move. */
async function onBothNodes(): Promise<void> {
  await eventually('each node has its page', 20_000, async () => {
    const counts = await Promise.all([mesh.viewersOf('regional'), mesh.viewersOf('national')]);
    return counts.every((count) => count === 1);
  });
  await Promise.all(consoles().map(watchMotion));
  await allSteady('on both nodes');
}

/** Puts each page back to where it belongs, after its node was gone. */
async function goBack(): Promise<void> {
  await eventually('both nodes are there', 20_000, async () => {
    const ready = await Promise.all([mesh.isReady('regional'), mesh.isReady('national')]);
    return ready.every(Boolean) && (await mesh.isReady('server'));
  });
  await eventually('each page finds its node', 20_000, async () => {
    for (const page of consoles()) await page.reload();
    await Promise.all(consoles().map(watchMotion));
    await allSteady('after going back');
    const counts = await Promise.all([mesh.viewersOf('regional'), mesh.viewersOf('national')]);
    return counts.every((count) => count === 1);
  });
}

/** All tiles of both pages have moved without a pause for a while. */
async function allSteady(when: string): Promise<void> {
  let sinceMs = performance.now();
  await eventually(`every tile moves ${when}`, 30_000, async () => {
    const motions = await Promise.all(consoles().map(readMotion));
    const isMoving = motions.every(
      ({ nowMs, tiles }) =>
        tiles.length === FEEDS.length &&
        tiles.every(({ frames, lastMs }) => frames > 0 && nowMs - lastMs < STILL_MS),
    );
    if (!isMoving) sinceMs = performance.now();
    return performance.now() - sinceMs > STEADY_MS;
  });
}

interface Pauses {
  /** From the beginning to the end of the last pause of any tile; pauses too short to be noted count by their length. */
  backAfterMs: number;
  /** Of any tile. */
  longestMs: number;
}

/** What both pages see of something that is done to the system, until all is well again. */
async function watchThrough(what: string, act: () => Promise<void>): Promise<Pauses> {
  await Promise.all(consoles().map(watchMotion));
  await allSteady(`before ${what}`);
  const begins = (await Promise.all(consoles().map(readMotion))).map(({ nowMs }) => nowMs);
  await act();
  await allSteady(`after ${what}`);
  const motions = await Promise.all(consoles().map(readMotion));
  const tiles = motions.flatMap((motion, index) =>
    motion.tiles.map((tile) => ({ ...tile, beganMs: begins[index] ?? 0 })),
  );
  const longestMs = Math.max(...tiles.map(({ longestGapMs }) => longestGapMs));
  const pauseEndsMs = tiles.flatMap((it) => it.gaps.map(({ toMs }) => toMs - it.beganMs));
  return { backAfterMs: Math.max(longestMs, ...pauseEndsMs), longestMs };
}

/** Kills a process, and gives the time until it ran again. */
async function kill(part: Part, pid: number | undefined): Promise<number> {
  const begunMs = performance.now();
  process.kill(pid ?? Number.NaN, 'SIGKILL');
  await eventually(`another ${part} runs`, 20_000, () => {
    const pids = [mesh.pidOf(part), ...mesh.workersOf(part)];
    return pids.length > 1 === (part !== 'server') && !pids.includes(undefined) && !pids.includes(pid);
  });
  await eventually(`${part} is ready`, 20_000, () => mesh.isReady(part));
  return performance.now() - begunMs;
}

/** The layer that each tile of a page shows. */
async function readLayers(page: Page): Promise<[feedId: string, layer: Layer][]> {
  const tiles = await readTiles(page);
  return tiles.map(({ feedId, width }) => [feedId, width > 320 ? 'high' : 'low']);
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
// Said for the reader of the log.
const say = (text: string) => process.stdout.write(`${text}\n`);

describe('two nodes and an edge', () => {
  it('a feed that enters at the edge is seen on both nodes and crosses each link once', async ({ skip }) => {
    skip(process.getuid?.() !== 0, 'packets on the wire are root’s to read');
    const home = await mesh.homeOf(FEED);
    const other = home === 'national' ? 'regional' : 'national';
    const { edge, [home]: homeAddress, [other]: otherAddress } = mesh.addresses;
    await Promise.all(consoles().map(installTileReader));
    // Masked areas are shown in the low layer until somebody says what for; the others settle on the high one.
    const layers = new Map<string, Layer>();
    await eventually('both pages show each feed in one layer', 20_000, async () => {
      const [first = [], second = []] = await Promise.all(consoles().map(readLayers));
      for (const [feedId, layer] of first) layers.set(feedId, layer);
      return layers.size === FEEDS.length && second.every(([feedId, layer]) => layers.get(feedId) === layer);
    });
    const cameras = FEEDS.map((feedId) => {
      const layer = layers.get(feedId) ?? 'low';
      return { layer, camera: mesh.cameras.camera(feedId, layer) };
    });
    const sentSoFar = () => ({
      packets: cameras.reduce((sum, { camera, layer }) => sum + camera.counts.packets[layer], 0),
      bytes: cameras.reduce((sum, { camera }) => sum + camera.totalBytes, 0),
    });
    const sent = { packets: 0, bytes: 0 };
    const counts = await countRtp([edge, homeAddress, otherAddress], async () => {
      const before = sentSoFar();
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      const after = sentSoFar();
      sent.packets = after.packets - before.packets;
      sent.bytes = after.bytes - before.bytes;
    });
    const between = (from: string, to: string) => {
      const found = counts.filter((it) => it.from === from && it.to === to);
      return {
        packets: found.reduce((sum, { packets }) => sum + packets, 0),
        bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    };
    for (const [name, link] of [
      ['uplink', between(edge, homeAddress)],
      ['node to node', between(homeAddress, otherAddress)],
    ] as const) {
      const ratio = { packets: link.packets / sent.packets, bytes: link.bytes / sent.bytes };
      say(`${name}: ${ratio.packets.toFixed(3)} × packets, ${ratio.bytes.toFixed(3)} × bytes of the cameras`);
      for (const value of Object.values(ratio)) {
        expect(value, name).toBeGreaterThan(0.9);
        expect(value, name).toBeLessThanOrEqual(1.1);
      }
    }
    expect(between(edge, otherAddress).packets).toBe(0);
    expect(between(otherAddress, homeAddress).packets).toBe(0);
  });

  it('kill -9 of the edge: tiles move soon after it runs again', async () => {
    let awayMs = 0;
    const { backAfterMs } = await watchThrough('the edge was killed', async () => {
      awayMs = await kill('edge', mesh.pidOf('edge'));
    });
    say(`kill -9 edge: runs after ${seconds(awayMs)}, all tiles move ${seconds(backAfterMs - awayMs)} later`);
    expect(backAfterMs - awayMs).toBeLessThan(BACK_WITHIN_MS.process);
  });

  it('kill -9 of a worker of the home node: tiles are back', async () => {
    const home = await mesh.homeOf(FEED);
    const { backAfterMs } = await watchThrough('a worker was killed', async () => {
      await kill(home, mesh.workersOf(home)[0]);
    });
    say(`kill -9 worker of the home: all tiles move after ${seconds(backAfterMs)}`);
    expect(backAfterMs).toBeLessThan(BACK_WITHIN_MS.worker);
  });

  // The home has just been left with ports whose sender is gone, and now has to ask on new ones.
  describe('kill -9 of a worker of the home node right after the edge was killed', () => {
    const killWorker = async () => {
      const home = await mesh.homeOf(FEED);
      await kill(home, mesh.workersOf(home)[0]);
    };
    const measure = async (what: string, withinMs: number, round: () => Promise<number>) => {
      const backMs: number[] = [];
      while (backMs.length < ROUNDS) backMs.push(await round());
      say(`kill -9 edge, then worker ${what}: all tiles move after ${backMs.map(seconds).join(', ')}`);
      expect(Math.max(...backMs)).toBeLessThan(withinMs);
    };

    it('the moment the edge runs: tiles are back', () =>
      measure('the moment it runs', BACK_WITHIN_MS.process, async () => {
        let awayMs = 0;
        const { backAfterMs } = await watchThrough('an edge and a worker were killed', async () => {
          awayMs = await kill('edge', mesh.pidOf('edge'));
          await killWorker();
        });
        return backAfterMs - awayMs;
      }));

    it('when its tiles move again: tiles are back', () =>
      measure('when tiles move again', BACK_WITHIN_MS.worker, async () => {
        await kill('edge', mesh.pidOf('edge'));
        const { backAfterMs } = await watchThrough('a worker was killed', killWorker);
        return backAfterMs;
      }));
  });

  it.each(['home', 'other'] as const)('kill -9 of the %s node: tiles are back', async (which) => {
    await goBack();
    const home = await mesh.homeOf(FEED);
    const victim = (which === 'home') === (home === 'national') ? 'national' : 'regional';
    const { backAfterMs } = await watchThrough(`the ${which} node was killed`, async () => {
      await kill(victim, mesh.pidOf(victim));
    });
    say(`kill -9 ${which} node (${victim}): all tiles move after ${seconds(backAfterMs)}`);
    expect(backAfterMs).toBeLessThan(BACK_WITHIN_MS.process);
  });

  it('kill -9 of the server: tiles go on', async () => {
    const { backAfterMs, longestMs } = await watchThrough('the server was killed', async () => {
      const killedMs = performance.now();
      await kill('server', mesh.pidOf('server'));
      // What the one before had granted has run out then.
      const grantsEndMs = killedMs + GRANT_TTL_SECONDS * 1_000;
      await new Promise((resolve) => setTimeout(resolve, grantsEndMs - performance.now()));
    });
    say(`kill -9 server: longest pause ${seconds(longestMs)}, all tiles move after ${seconds(backAfterMs)}`);
    expect(backAfterMs).toBeLessThan(BACK_WITHIN_MS.process);
  });

  it('a node that drains leaves no visible stall', async () => {
    await goBack();
    const home = await mesh.homeOf(FEED);
    const { longestMs } = await watchThrough('a node has drained', async () => {
      const pid = mesh.pidOf(home) ?? Number.NaN;
      process.kill(pid, 'SIGTERM');
      await eventually('the node is empty and has gone', 15_000, () => mesh.pidOf(home) !== pid);
      // A node that only stopped would be back nearly as soon.
      expect(mesh.hasDrained(pid)).toBe(true);
    });
    say(`drain of the home node (${home}): longest pause of a tile ${seconds(longestMs)}`);
    expect(longestMs).toBeLessThan(DRAIN_GAP_MS);
  });
});
