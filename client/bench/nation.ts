import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Figure } from '../../bench/report.ts';
import { quantile } from '../../server/bench/events.ts';
import { generateLargeNation } from '../../server/bench/large-nation.ts';
import { fillNation } from '../../server/bench/nation-events.ts';
import { type BenchServer, startBenchServer } from '../../server/bench/server-process.ts';
import { launchBrowser, signIn } from '../e2e/fixtures/browser.ts';
import { cpuSecondsOf } from '../e2e/fixtures/processes.ts';

const LOADS = 5;
const TYPED = 'камера 4 хмельницький';
/** Snapshots that are taken in a row to see what one costs the server. */
const SNAPSHOTS = 20;

/**
 * A country of 45,000 areas and as many people on a real server and Redis: how long a page takes from its first question
 * for data until the wall shows who is where, what goes over the wire for that, and how long a keystroke in the search
 * holds the page up. The picture of every page is there; media are not.
 */
export async function measureNation(): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'varta-nation-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const nation = generateLargeNation();
  const nationFile = join(folder, 'nation.json');
  await writeFile(nationFile, JSON.stringify(nation));
  const server = stack.use(await startBenchServer({ nationFile }));
  const told = await fillNation(server.redis, nation);
  await server.settled();
  const browser = stack.adopt(await launchBrowser(), (it) => it.close());

  const loads = [];
  for (let turn = 0; turn < LOADS; turn += 1) loads.push(await loadPage(browser, server));
  const times = loads.map(({ usableMs }) => usableMs);
  const bytes = Math.max(...loads.map((load) => load.bytes));
  const { keys, idleMs } = await typeInSearch(browser, server);
  const held = keys.map(({ heldMs }) => heldMs);
  const echo = keys.map(({ echoMs }) => echoMs);
  const done = keys.map(({ doneMs }) => doneMs);
  const replica = await replicaCost(server);
  const [first] = loads;
  return [
    {
      id: 'snapshot-45000-time',
      figure: quantile(times, 0.5) / 1_000,
      note: `registry and snapshot asked for → wall drawn; median of ${LOADS}, longest ${Math.round(Math.max(...times))} ms; ${told.people} people, ${told.events} events; ${replica}`,
    },
    {
      id: 'snapshot-45000-bytes',
      figure: bytes / 1_000_000,
      note: `registry ${kB(first?.registryBytes)} and snapshot ${kB(first?.snapshotBytes)} together, as they went over the wire`,
    },
    {
      id: 'filter-45000',
      figure: quantile(held, 0.95),
      note: `longest time for which a keystroke in the search keeps the page from anything else, frames and all; 95th percentile of ${held.length}, median ${quantile(held, 0.5).toFixed(1)} ms, longest ${Math.max(...held).toFixed(1)} ms (with nobody typing ${quantile(idleMs, 0.5).toFixed(1)} ms); letter on the screen after ${quantile(echo, 0.5).toFixed(0)} ms (95th percentile ${quantile(echo, 0.95).toFixed(0)}), wall after ${quantile(done, 0.5).toFixed(0)} ms (${quantile(done, 0.95).toFixed(0)})`,
    },
  ];
}

interface Load {
  usableMs: number;
  bytes: number;
  registryBytes: number;
  snapshotBytes: number;
}

async function loadPage(browser: Browser, server: BenchServer): Promise<Load> {
  await using console = await signIn(browser, server.origin, 'situation', { prepare: noteWhenUsable });
  const usable = await console.page.waitForFunction(() => Reflect.get(globalThis, 'usableAtMs'), undefined, {
    timeout: 60_000,
  });
  const usableAtMs = Number(await usable.jsonValue());
  const asked = await console.page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => entry instanceof PerformanceResourceTiming)
      .filter(({ name }) => name.includes('/api/v1/live/'))
      .map(({ name, startTime, transferSize }) => ({ name, startTime, transferSize })),
  );
  const bytesOf = (part: string) =>
    asked.filter(({ name }) => name.includes(part)).reduce((sum, { transferSize }) => sum + transferSize, 0);
  const [registryBytes, snapshotBytes] = [bytesOf('/registry'), bytesOf('/snapshot')];
  return {
    usableMs: usableAtMs - Math.min(...asked.map(({ startTime }) => startTime)),
    bytes: registryBytes + snapshotBytes,
    registryBytes,
    snapshotBytes,
  };
}

/** Usable: a tile with people in it has been drawn, which only a snapshot can tell. */
async function noteWhenUsable(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const look = () => {
      if (document.querySelector('[data-area-id][data-state]:not([data-empty])') === null)
        requestAnimationFrame(look);
      else
        requestAnimationFrame(() =>
          setTimeout(() => Reflect.set(globalThis, 'usableAtMs', performance.now())),
        );
    };
    look();
  });
}

/** What a keystroke cost the page, in milliseconds. */
interface Keystroke {
  /** The longest time for which the page's thread did nothing else, until the results were on the screen. */
  heldMs: number;
  /** Until the frame with the letter, and until the last one in which the wall changed. */
  echoMs: number;
  doneMs: number;
}

/**
 * Types in the search, letter by letter, and measures what each letter costs. A message that the page sends itself over and
 * over shows how long its thread was busy with anything else: event, rendering, layout and paint of a frame.
 */
async function typeInSearch(
  browser: Browser,
  server: BenchServer,
): Promise<{ keys: Keystroke[]; idleMs: number[] }> {
  await using console = await signIn(browser, server.origin, 'situation', { prepare: noteWhenUsable });
  const { page } = console;
  await page.waitForFunction(() => Reflect.get(globalThis, 'usableAtMs'), undefined, { timeout: 60_000 });
  await page.evaluate(watchTyping);
  const search = page.getByRole('searchbox');
  await search.focus();
  const keys: Keystroke[] = [];
  const idleMs: number[] = [];
  const readIdle = async () => void idleMs.push(Number(await page.evaluate('vartaTyping.idle()')));
  for (let turn = 0; turn < 3; turn += 1) {
    await readIdle();
    for (const letter of TYPED) {
      await page.keyboard.insertText(letter);
      keys.push((await page.evaluate('vartaTyping.last()')) as Keystroke);
    }
    for (const _ of TYPED) {
      await page.keyboard.press('Backspace');
      keys.push((await page.evaluate('vartaTyping.last()')) as Keystroke);
    }
  }
  return { keys, idleMs };
}

/** In the page: `last()` is fulfilled when nothing has changed for a while after the last keystroke. */
function watchTyping(): void {
  const SETTLED_MS = 150;
  let [heldMs, beganMs, echoMs, doneMs, beatMs] = [0, 0, 0, 0, performance.now()];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    const nowMs = performance.now();
    heldMs = Math.max(heldMs, nowMs - beatMs);
    beatMs = nowMs;
    port2.postMessage(null);
  };
  port2.postMessage(null);
  /** The task after the callback comes when the frame has been drawn. */
  const afterFrame = (act: () => void) => requestAnimationFrame(() => setTimeout(act));
  const begin = () => {
    beganMs = performance.now();
    [heldMs, echoMs, doneMs, beatMs] = [0, 0, 0, beganMs];
    afterFrame(() => {
      echoMs = performance.now() - beganMs;
      doneMs = Math.max(doneMs, echoMs);
    });
  };
  addEventListener('input', begin, { capture: true });
  new MutationObserver(() => {
    if (beganMs === 0) return;
    afterFrame(() => {
      doneMs = performance.now() - beganMs;
    });
  }).observe(document.querySelector('main') ?? document.body, { subtree: true, childList: true });
  const settled = async () => {
    while (echoMs === 0 || performance.now() - beganMs - doneMs < SETTLED_MS)
      await new Promise((resolve) => setTimeout(resolve, 10));
  };
  Reflect.set(globalThis, 'vartaTyping', {
    last: async () => {
      await settled();
      return { heldMs, echoMs, doneMs };
    },
    /** The same for as long as nobody types. */
    idle: async () => {
      heldMs = 0;
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      return heldMs;
    },
  });
}

/** What a replica of this size needs. */
async function replicaCost(server: BenchServer): Promise<string> {
  const cookie = await server.signIn('situation');
  const beforeS = cpuSecondsOf(server.pid);
  for (let turn = 0; turn < SNAPSHOTS; turn += 1) {
    const answer = await fetch(`${server.origin}/api/v1/live/snapshot?form=packed`, { headers: { cookie } });
    if (!answer.ok) throw new Error(`the snapshot was refused: ${answer.status}`);
    await answer.arrayBuffer();
  }
  const perSnapshotMs = ((cpuSecondsOf(server.pid) - beforeS) / SNAPSHOTS) * 1_000;
  return `replica ${Math.round(server.residentMb())} MB, ${perSnapshotMs.toFixed(0)} ms of CPU a snapshot that nothing changed before`;
}

function kB(bytes: number | undefined): string {
  return `${Math.round((bytes ?? 0) / 1_000)} kB`;
}
