import type { Page } from 'playwright-core';
import { cutUdp, isInOwnNetwork } from '../../bench/own-network.ts';
import type { Figure } from '../../bench/report.ts';
import { openSession } from '../e2e/fixtures/api.ts';
import { type Console, launchBrowser, signIn } from '../e2e/fixtures/browser.ts';
import { type MeshSystem, type NodeName, type Part, startMesh } from '../e2e/fixtures/mesh.ts';
import { eventually } from '../e2e/fixtures/processes.ts';
import { linkBackS, newsAtMs, noteNews } from './link-news.ts';
import { readMotion, stoodStillMs, watchMotion } from './stalls.ts';

const REGION = 'UA-68';
const FACILITY = 'ua-68-itt-1';
/** What comes from the facility's edge, and what nodes pull from a camera of another facility. */
const CELLS = [1, 2, 4].map((cell) => `${FACILITY}-cell-${cell}`);
const PULLED_CELLS = ['ua-68-itt-2-cell-1'];
const toFeed = (areaId: string) => `${areaId}-cam-1`;
const FEEDS = CELLS.map(toFeed);
const PULLED = PULLED_CELLS.map(toFeed);
const TILES = FEEDS.length + PULLED.length;
const [FEED = ''] = FEEDS;
const PATH = `/?grid=${TILES}${[...CELLS, ...PULLED_CELLS].map((areaId) => `&place=${areaId}`).join('')}`;
const ROUNDS = 3;
/** All tiles have moved for so long before a kill and after it. */
const CALM_MS = 4_000;
/** So long after a kill it is looked at the earliest, and so long something hangs: grants that nobody renews have not run out before. */
const SETTLE_MS = 8_000;
const BOUND_MS = 60_000;
/** A way is cut for so long. */
const CUT_MS = 15_000;
/** Who loses the process that its pictures come through sees less than this nowhere. */
const STOOD_STILL_MS = 300;

/** What is killed, as seen from the node at which the feeds enter, and the bars of what the pages see of it. */
const VICTIMS: readonly Victim[] = [
  { name: 'worker', gap: 'kill-worker', of: ({ home }) => ({ part: home, child: 'worker' }) },
  {
    name: 'hung worker',
    gap: 'stop-worker',
    of: ({ home }) => ({ part: home, child: 'worker' }),
    by: 'SIGSTOP',
  },
  { name: 'other worker', gap: 'kill-other-worker', of: ({ other }) => ({ part: other, child: 'worker' }) },
  { name: 'edge worker', gap: 'kill-edge-worker', of: () => ({ part: 'edge', child: 'worker' }) },
  { name: 'node', gap: 'kill-node', of: ({ home }) => ({ part: home }) },
  { name: 'hung node', gap: 'stop-node', of: ({ home }) => ({ part: home }), hangs: true },
  { name: 'half-dead node', gap: 'cut-node', of: ({ home }) => ({ part: home }), isCut: true },
  { name: 'other node', gap: 'kill-other-node', of: ({ other }) => ({ part: other }) },
  {
    name: 'drained node',
    gap: 'drain-node',
    of: ({ home }) => ({ part: home }),
    by: 'SIGTERM',
    tilesGoOn: true,
  },
  { name: 'edge', gap: 'kill-edge', of: () => ({ part: 'edge' }) },
  { name: 'server', both: 'kill-server', of: () => ({ part: 'server' }), tilesGoOn: true },
  {
    name: 'redis',
    gap: 'kill-redis-gap',
    news: 'kill-redis-news',
    of: () => ({ part: 'redis' }),
    tilesGoOn: true,
  },
];

interface Victim {
  name: string;
  /** Bars of the longest time that a tile stood still, of the time until the news are back, and of the worse of both. */
  gap?: string;
  news?: string;
  both?: string;
  of(nodes: { home: NodeName; other: NodeName }): { part: Part | 'redis'; child?: 'worker' };
  /** @default SIGKILL */
  by?: NodeJS.Signals;
  /** It lives and does nothing any more, its media workers neither; nobody puts another in its place. */
  hangs?: true;
  /** It lives and answers, and no media get through to it or from it. Only where there is a network for that. */
  isCut?: true;
  /** Media do not go through it. */
  tilesGoOn?: boolean;
}

/** What the pages saw of one kill, in seconds. */
interface Seen {
  /** The longest time that any tile stood still. */
  gap: number;
  /** From the kill (of Redis: from when it is back) until the last page has its live news again; 0 if no page lost them. */
  news: number;
}

/**
 * Seconds for which a tile has no moving picture after `kill -9` (a worker or a node that hangs: after SIGSTOP; a node that
 * drains: after SIGTERM), the worst tile of two pages on two nodes, and the worst of some rounds. If no tile stands still when a
 * process of the media's way dies, it was the wrong one, and the run fails. When a server or Redis dies tiles go on, and it
 * counts until the pages have their news again.
 */
export async function measureKills(rounds = ROUNDS): Promise<Figure[]> {
  await using owned = new AsyncDisposableStack();
  const mesh = owned.use(
    await startMesh({
      facilityId: FACILITY,
      regionId: REGION,
      feedIds: FEEDS,
      pulledIds: PULLED,
    }),
  );
  const browser = owned.adopt(await launchBrowser(), (it) => it.close());
  const open = async (username: string): Promise<Console> =>
    owned.use(await signIn(browser, mesh.url, username, { path: PATH, prepare: noteNews }));
  const pages = [(await open('duty-68')).page, (await open('situation')).page];
  const figures: Figure[] = [];
  const victims = VICTIMS.filter(({ isCut = false }) => !isCut || isInOwnNetwork());
  if (victims.length < VICTIMS.length) console.log('  lines are left whole: only root may cut them');
  for (const victim of victims) {
    const seen: Seen[] = [];
    for (let round = 0; round < rounds; round++) seen.push(await strike(mesh, pages, victim));
    const gaps = seen.map(({ gap }) => gap);
    const news = seen.map((one) => one.news);
    const list = (values: readonly number[]) => values.map((one) => one.toFixed(2)).join(' ');
    const told = victim.news || victim.both ? `; news back after ${list(news)} s` : '';
    const note = `2 nodes and an edge, ${TILES} tiles on each of 2 pages, ${rounds} rounds; longest time that a tile stood still ${list(gaps)} s${told}`;
    console.log(`  ${victim.name}: ${note}`);
    for (const [id, values] of [
      [victim.gap, gaps],
      [victim.news, news],
      [victim.both, [...gaps, ...news]],
    ] as const)
      if (id !== undefined) figures.push({ id, figure: Math.max(...values), note });
  }
  return figures;
}

async function strike(mesh: MeshSystem, pages: readonly Page[], victim: Victim): Promise<Seen> {
  await toOwnNodes(mesh, pages);
  const home = await mesh.homeOf(FEED);
  const { part, child } = victim.of({ home, other: home === 'national' ? 'regional' : 'national' });
  await Promise.all(pages.map(watchMotion));
  await calm(pages);
  await Promise.all(pages.map(watchMotion));
  const struckAtMs = Date.now();
  const news = part === 'redis' ? await loseRedis(mesh, pages) : await lose(mesh, victim, { part, child });
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, struckAtMs + SETTLE_MS - Date.now())));
  await calm(pages);
  const motions = await Promise.all(pages.map(readMotion));
  const gapMs = Math.max(...motions.flatMap(({ tiles }) => tiles.map(stoodStillMs)));
  if (!victim.tilesGoOn && gapMs < STOOD_STILL_MS)
    throw new Error(`the ${victim.name} died (${part}) and no tile stood still: it was the wrong one`);
  if (part !== 'server') return { gap: gapMs / 1000, news };
  return {
    gap: gapMs / 1000,
    news: Math.max(...(await Promise.all(pages.map((page) => linkBackS(page, struckAtMs))))),
  };
}

/** Until another process has taken the victim's place. */
async function lose(
  mesh: MeshSystem,
  { name, by = 'SIGKILL', hangs, isCut }: Victim,
  { part, child }: { part: Part; child: 'worker' | undefined },
): Promise<number> {
  if (isCut) {
    if (part !== 'national' && part !== 'regional') throw new Error(`${part} has no way to cut`);
    await using _cut = await cutUdp(mesh.mediaPorts[part]);
    await new Promise((resolve) => setTimeout(resolve, CUT_MS));
    return 0;
  }
  const readPid = () => (child ? mesh.workersOf(part)[0] : mesh.pidOf(part));
  const pid = readPid();
  if (pid === undefined) throw new Error(`no ${name} runs`);
  if (hangs) await hang([...mesh.workersOf(part), pid]);
  else process.kill(pid, by);
  await eventually(`another ${name} runs`, BOUND_MS, async () => {
    const now = readPid();
    return now !== undefined && now !== pid && (await mesh.isReady(part));
  });
  return 0;
}

/** Stops these processes for a while, and ends them whatever happens: a worker that is stopped does not see its node die. */
async function hang(pids: readonly number[]): Promise<void> {
  try {
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  } finally {
    for (const pid of pids) endIfThere(pid);
  }
}

function endIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Until both pages have heard of something that was done after Redis was back; in seconds from then on. */
async function loseRedis(mesh: MeshSystem, pages: readonly Page[]): Promise<number> {
  const session = await openSession(mesh.url, 'situation');
  const flagId = crypto.randomUUID();
  await mesh.killRedis();
  const backAtMs = Date.now();
  const flag = { id: flagId, areaId: `${FACILITY}-cell-1`, category: 'other', severity: 4, note: 'bench' };
  await eventually('a flag is raised', BOUND_MS, async () => (await session.post('/api/v1/flags', flag)).ok);
  const heardAtMs = await Promise.all(
    pages.map((page) => eventually('its news are heard', BOUND_MS, () => newsAtMs(page, flagId))),
  );
  return (Math.max(...heardAtMs) - backAtMs) / 1000;
}

/** Each page has its media from the node of its own people: a page that fled from a node that died goes back. */
async function toOwnNodes(mesh: MeshSystem, pages: readonly Page[]): Promise<void> {
  const nodes = ['national', 'regional'] as const;
  await eventually('each node has its page', 2 * BOUND_MS, async () => {
    const ready = await Promise.all(nodes.map((node) => mesh.isReady(node)));
    if (!ready.every(Boolean)) return false;
    await Promise.all(pages.map(watchMotion));
    await calm(pages);
    const counts = await Promise.all(nodes.map((node) => mesh.viewersOf(node)));
    if (counts.every((count) => count === 1)) return true;
    for (const page of pages) await page.reload();
    return false;
  });
}

/** Until every tile of every page has moved for a while without a noted gap. */
async function calm(pages: readonly Page[]): Promise<void> {
  const beganMs = performance.now();
  await eventually('the walls are calm', BOUND_MS, async () => {
    const motions = await Promise.all(pages.map(readMotion));
    return (
      performance.now() - beganMs >= CALM_MS &&
      motions.every(
        ({ nowMs, tiles }) =>
          tiles.filter(({ frames }) => frames > 0).length >= TILES &&
          tiles.every(
            ({ gaps, lastMs }) => nowMs - lastMs < 500 && nowMs - (gaps.at(-1)?.toMs ?? 0) >= CALM_MS,
          ),
      )
    );
  });
}
