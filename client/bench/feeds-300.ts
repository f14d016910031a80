import type { Figure } from '../../bench/report.ts';
import { openConsole, openSession } from '../e2e/fixtures/api.ts';
import { launchBrowser, signIn } from '../e2e/fixtures/browser.ts';
import { eventually } from '../e2e/fixtures/processes.ts';
import { type System, startSystem } from '../e2e/fixtures/system.ts';
import { sampleNation } from '../e2e/fixtures/tiles.ts';
import { longestGapOf, readMotion, type TileMotion, watchMotion } from './stalls.ts';

const TILES = 64;
const FEEDS = 300;
const MINUTES = 5;
/** Feeds of one viewer that takes nothing off the network: it has no transport on its end, but the feeds come in. */
const HELD_PER_VIEWER = 150;
/** A tile that has been there for less says nothing of its rate; what is urgent moves to the front of a wall. Seconds. */
const LEAST_S = 30;

/**
 * The wall of 64 tiles while 300 feeds come in: frames a second of the slowest tile, and the longest time without a frame,
 * as it is. Fails if fewer feeds or tiles were there at the end; a shorter run than the bar's prints what it found, and
 * has no figure. What a packet costs the node is measured against bare mediasoup by the suite `packet-cost`.
 */
export async function measureFeeds300(minutes = MINUTES): Promise<Figure[]> {
  await using owned = new AsyncDisposableStack();
  const system = owned.use(await startSystem());
  const browser = owned.adopt(await launchBrowser(), (it) => it.close());
  const { page } = owned.use(
    await signIn(browser, system.url, 'situation', { path: `/?grid=${TILES}&feedSource=edge&kind=cell` }),
  );
  await watchMotion(page);
  await eventually('the wall plays', 90_000, async () => {
    const { tiles } = await readMotion(page);
    return tiles.filter(({ frames }) => frames > 15).length >= TILES;
  });
  const shown = new Set((await readMotion(page)).tiles.map(({ feedId }) => feedId));
  const others = sampleNation()
    .areas.flatMap(({ feeds }) => feeds)
    .filter(({ id, source }) => source === 'edge' && !shown.has(id))
    .map(({ id }) => id)
    // Some areas become confidential in five minutes, and their feeds end: there are to be 300 all the same.
    .slice(0, FEEDS);
  if (others.length < FEEDS) throw new Error(`the sample nation has ${others.length} feeds beside`);
  for (let at = 0; at < others.length; at += HELD_PER_VIEWER)
    owned.use(await hold(system, others.slice(at, at + HELD_PER_VIEWER)));
  await eventually(`${FEEDS} feeds come in`, 60_000, async () => (await countLive(system)) >= FEEDS);

  await page.waitForTimeout(5_000);
  // From here on it counts: a new watch knows nothing of what was before.
  await watchMotion(page);
  await page.waitForTimeout(minutes * 60_000);
  const { tiles } = await readMotion(page);
  const live = await countLive(system);
  if (live < FEEDS) throw new Error(`only ${live} of ${FEEDS} feeds came in at the end`);
  const rates = tiles
    .map(rateOf)
    .filter((rate) => rate !== undefined)
    .sort((a, b) => a - b);
  if (rates.length < TILES) throw new Error(`only ${rates.length} of ${TILES} tiles have a rate`);
  const stall = Math.max(...tiles.map(longestGapOf)) / 1000;
  const note = `${live} feeds live, ${rates.length} tiles, ${minutes} min: ${rates[0]?.toFixed(2)}–${rates.at(-1)?.toFixed(2)} fps, longest time without a frame ${stall.toFixed(2)} s`;
  console.log(`  ${note}`);
  if (minutes < MINUTES) return [];
  return [
    { id: 'wall-300-feeds-fps', figure: rates[0] ?? 0, note },
    { id: 'wall-300-feeds-stall', figure: stall, note },
  ];
}

/** Frames a second while the tile was there; undefined for one that was not there for long. */
function rateOf({ frames, sinceMs, shownMs }: TileMotion): number | undefined {
  const seconds = (shownMs - sinceMs) / 1000;
  return seconds < LEAST_S ? undefined : frames / seconds;
}

/** Wants these feeds as a page does that has no network: they come in, and nothing goes out. */
async function hold(system: System, feedIds: readonly string[]): Promise<AsyncDisposable> {
  const session = await openSession(system.url, 'situation');
  const socket = await openConsole(system.url, session.cookie);
  const ask = async (message: string, payload: object) => {
    const reply = await socket.timeout(20_000).emitWithAck(message, payload);
    if (!reply.ok) throw new Error(`${message}: ${reply.code} ${reply.message}`);
    return reply.result;
  };
  const { routerRtpCapabilities } = await ask('media:join', {});
  const { feeds } = await ask('media:watch', {
    rtpCapabilities: routerRtpCapabilities,
    feeds: feedIds.map((feedId) => ({ feedId, layer: 'low' })),
  });
  const consumerIds = feeds.flatMap((feed: { ok: boolean; consumer?: { id: string } }) =>
    feed.ok && feed.consumer ? [feed.consumer.id] : [],
  );
  await ask('media:resume', { consumerIds });
  return {
    async [Symbol.asyncDispose]() {
      socket.disconnect();
    },
  };
}

/** Feeds that the sfu itself says packets come of. */
async function countLive(system: System): Promise<number> {
  const session = await openSession(system.url, 'situation');
  let live = 0;
  let cursor: string | null = '';
  while (cursor !== null) {
    const reply = await session.get(`/api/v1/areas?limit=200${cursor ? `&cursor=${cursor}` : ''}`);
    const page = (await reply.json()) as {
      items: { feeds: { state: string }[] }[];
      nextCursor: string | null;
    };
    for (const { feeds } of page.items) live += feeds.filter(({ state }) => state === 'live').length;
    cursor = page.nextCursor;
  }
  return live;
}
