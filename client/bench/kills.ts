import type { Page } from 'playwright-core';
import type { Figure } from '../../bench/report.ts';
import { type Console, launchBrowser, signIn } from '../e2e/fixtures/browser.ts';
import { type MeshSystem, type NodeName, type Part, startMesh } from '../e2e/fixtures/mesh.ts';
import { eventually } from '../e2e/fixtures/processes.ts';
import { longestGapOf, readMotion, watchMotion } from './stalls.ts';

const REGION = 'UA-68';
const FACILITY = 'ua-68-itt-1';
const FEEDS = [1, 2, 3, 4].map((cell) => `${FACILITY}-cell-${cell}-cam-1`);
const [FEED = ''] = FEEDS;
const PATH = `/?grid=${FEEDS.length}&region=${REGION}&feedSource=edge&kind=cell`;
const ROUNDS = 3;
/** All tiles have moved for so long before a kill and after it. */
const CALM_MS = 4_000;
/** So long after a kill it is looked at the earliest: grants that nobody renews have not run out before. */
const SETTLE_MS = 8_000;
const BOUND_MS = 60_000;
/** Who loses the process that its pictures come through sees less than this nowhere. */
const STOOD_STILL_MS = 300;

/** Who is killed, as seen from the node at which the feeds enter. */
const VICTIMS = [
  { name: 'worker', bar: 'kill-worker' },
  { name: 'hung worker', bar: 'stop-worker' },
  { name: 'node', bar: 'kill-node' },
  { name: 'other node', bar: 'kill-other-node' },
  { name: 'edge', bar: 'kill-edge' },
  { name: 'server', bar: 'kill-server' },
] as const;
type Victim = (typeof VICTIMS)[number]['name'];

/** What the pages saw of one kill, in seconds. */
interface Seen {
  /** The longest time that any tile had no new frame. */
  gap: number;
  /** From the kill until the last page had its live news again; undefined if no page lost its connection. */
  back: number | undefined;
}

/**
 * Seconds for which a tile has no moving picture after `kill -9` (a worker that hangs: after SIGSTOP), the worst tile of
 * two pages on two nodes, and the worst of some rounds. If no tile stands still when a process of the media's way dies, it
 * was the wrong one, and the run fails. When a server dies tiles go on: it counts until the pages have their news again.
 */
export async function measureKills(rounds = ROUNDS): Promise<Figure[]> {
  await using owned = new AsyncDisposableStack();
  const mesh = owned.use(await startMesh({ facilityId: FACILITY, regionId: REGION, feedIds: FEEDS }));
  const browser = owned.adopt(await launchBrowser(), (it) => it.close());
  const open = async (username: string): Promise<Console> =>
    owned.use(await signIn(browser, mesh.url, username, { path: PATH, prepare: noteLink }));
  const pages = [(await open('duty-68')).page, (await open('situation')).page];
  const figures: Figure[] = [];
  for (const { name, bar } of VICTIMS) {
    const seen: Seen[] = [];
    for (let round = 0; round < rounds; round++) seen.push(await kill(mesh, pages, name));
    const gaps = seen.map(({ gap }) => gap);
    const backs = seen.map(({ back }) => back ?? 0);
    const figure = name === 'server' ? Math.max(...gaps, ...backs) : Math.max(...gaps);
    const list = (values: readonly number[]) => values.map((one) => one.toFixed(2)).join(' ');
    const news = name === 'server' ? `; news back after ${list(backs)} s` : '';
    const note = `2 nodes and an edge, ${FEEDS.length} tiles on each of 2 pages, ${rounds} rounds; longest time without a frame ${list(gaps)} s${news}`;
    console.log(`  ${name}: ${note}`);
    figures.push({ id: bar, figure, note });
  }
  return figures;
}

async function kill(mesh: MeshSystem, pages: readonly Page[], victim: Victim): Promise<Seen> {
  await toOwnNodes(mesh, pages);
  const { part, pid: readPid } = find(mesh, victim, await mesh.homeOf(FEED));
  const pid = readPid();
  if (pid === undefined) throw new Error(`no ${victim} runs`);
  await Promise.all(pages.map(watchMotion));
  await calm(pages);
  await Promise.all(pages.map(watchMotion));
  const killedAtMs = Date.now();
  process.kill(pid, victim === 'hung worker' ? 'SIGSTOP' : 'SIGKILL');
  await eventually(`another ${victim} runs`, BOUND_MS, async () => {
    const now = readPid();
    return now !== undefined && now !== pid && (await mesh.isReady(part));
  });
  await new Promise((resolve) => setTimeout(resolve, killedAtMs + SETTLE_MS - Date.now()));
  await calm(pages);
  const motions = await Promise.all(pages.map(readMotion));
  const gapMs = Math.max(...motions.flatMap(({ tiles }) => tiles.map(longestGapOf)));
  if (victim !== 'server' && gapMs < STOOD_STILL_MS)
    throw new Error(`the ${victim} died (${part}) and no tile stood still: it was the wrong one`);
  const backs = await Promise.all(pages.map((page) => newsBackMs(page, killedAtMs)));
  if (victim === 'server' && backs.includes(undefined))
    throw new Error('the server died and a page did not lose it: it was the wrong one');
  const known = backs.filter((back) => back !== undefined);
  return { gap: gapMs / 1000, back: known.length > 0 ? Math.max(...known) / 1000 : undefined };
}

/** The part of the system that a victim belongs to, and how its process is found. */
function find(mesh: MeshSystem, victim: Victim, home: NodeName): { part: Part; pid(): number | undefined } {
  switch (victim) {
    case 'worker':
    case 'hung worker':
      return { part: home, pid: () => mesh.workersOf(home)[0] };
    case 'node':
      return { part: home, pid: () => mesh.pidOf(home) };
    case 'other node': {
      const other = home === 'national' ? 'regional' : 'national';
      return { part: other, pid: () => mesh.pidOf(other) };
    }
    case 'edge':
    case 'server':
      return { part: victim, pid: () => mesh.pidOf(victim) };
  }
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
          tiles.filter(({ frames }) => frames > 0).length >= FEEDS.length &&
          tiles.every(
            ({ gaps, lastMs }) => nowMs - lastMs < 500 && nowMs - (gaps.at(-1)?.toMs ?? 0) >= CALM_MS,
          ),
      )
    );
  });
}

/** Notes when the page's socket closes, and when the server has answered something on a new one. */
async function noteLink(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const link = { closedAtMs: [] as number[], answeredAtMs: [] as number[] };
    Object.assign(window, { vartaLink: link });
    const Original = window.WebSocket;
    window.WebSocket = class extends Original {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        let isAnswered = false;
        this.addEventListener('message', ({ data }) => {
          // An acknowledgement: the first is that of the subscription to the live news.
          if (isAnswered || !String(data).startsWith('43')) return;
          isAnswered = true;
          link.answeredAtMs.push(Date.now());
        });
        this.addEventListener('close', () => {
          if (isAnswered) link.closedAtMs.push(Date.now());
        });
      }
    };
  });
}

/** From the kill until the server answers again; undefined if the page did not lose it. */
async function newsBackMs(page: Page, killedAtMs: number): Promise<number | undefined> {
  const { closedAtMs, answeredAtMs } = await page.evaluate(
    () => (window as unknown as { vartaLink: { closedAtMs: number[]; answeredAtMs: number[] } }).vartaLink,
  );
  const lostAtMs = closedAtMs.find((atMs) => atMs >= killedAtMs);
  if (lostAtMs === undefined) return undefined;
  const backAtMs = answeredAtMs.find((atMs) => atMs >= lostAtMs);
  if (backAtMs === undefined) throw new Error('a page did not come back to the server');
  return backAtMs - killedAtMs;
}
