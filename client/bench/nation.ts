import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { SnapshotFromColumns } from '#contract/packed/snapshot.ts';
import type { Figure } from '../../bench/report.ts';
import { quantile } from '../../server/bench/events.ts';
import { generateLargeNation } from '../../server/bench/large-nation.ts';
import { fillNation } from '../../server/bench/nation-events.ts';
import { type BenchServer, startBenchServer } from '../../server/bench/server-process.ts';
import { launchBrowser, signIn } from '../e2e/fixtures/browser.ts';
import { cpuSecondsOf } from '../e2e/fixtures/processes.ts';
import { moveMap } from './map-motion.ts';
import { typeInSearch } from './typing.ts';

const LOADS = 5;
/** Snapshots that are taken in a row to see what one costs the server. */
const SNAPSHOTS = 20;

/**
 * A country of 45,000 areas and as many people on a real server and Redis: how long a page takes from its first question
 * for data until the wall shows who is where, what goes over the wire for that, and how long a keystroke in the search
 * or a move of the map holds the page up. The picture of every page is there; media are not.
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
  const { keys, idleMs } = await typeInSearch(browser, server.origin, { prepare: noteWhenUsable, usable });
  const map = await moveMap(browser, server.origin);
  const held = keys.map(({ heldMs }) => heldMs);
  const echo = keys.map(({ echoMs }) => echoMs);
  const done = keys.map(({ doneMs }) => doneMs);
  const replica = await replicaCost(server);
  const [first] = loads;
  return [
    {
      id: 'snapshot-45000-time',
      figure: quantile(times, 0.5) / 1_000,
      note: `registry and snapshot asked for → wall drawn; median of ${LOADS}, longest ${Math.round(Math.max(...times))} ms; ${told.people} people, ${told.events} events; ${replica.note}`,
    },
    {
      id: 'snapshot-45000-bytes',
      figure: bytes / 1_000_000,
      note: `registry ${kB(first?.registryBytes)} and snapshot ${kB(first?.snapshotBytes)} together, as they went over the wire; ${replica.openFlags} open flags`,
    },
    {
      id: 'filter-45000',
      figure: quantile(held, 0.95),
      note: `longest time for which a keystroke in the search keeps the page from anything else, frames and all; 95th percentile of ${held.length}, median ${quantile(held, 0.5).toFixed(1)} ms, longest ${Math.max(...held).toFixed(1)} ms (with nobody typing ${quantile(idleMs, 0.5).toFixed(1)} ms); letter on the screen after ${quantile(echo, 0.5).toFixed(0)} ms (95th percentile ${quantile(echo, 0.95).toFixed(0)}), wall after ${quantile(done, 0.5).toFixed(0)} ms (${quantile(done, 0.95).toFixed(0)})`,
    },
    {
      id: 'map-45000',
      figure: quantile(map.heldMs, 0.95),
      note: `longest time for which a move of the map keeps the page from anything else; 95th percentile of ${map.heldMs.length} moves, median ${quantile(map.heldMs, 0.5).toFixed(1)} ms, longest ${Math.max(...map.heldMs).toFixed(1)} ms; ${map.fps.toFixed(0)} frames a second, drawn by software`,
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
  const usableAtMs = await usable(console.page);
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
      if (document.querySelector('[data-area-id][data-state]:not([data-empty], [data-unknown])') === null)
        requestAnimationFrame(look);
      else
        requestAnimationFrame(() =>
          setTimeout(() => Reflect.set(globalThis, 'usableAtMs', performance.now())),
        );
    };
    look();
  });
}

/** Waits for what {@link noteWhenUsable} notes; by the page's clock. */
async function usable(page: Page): Promise<number> {
  const noted = await page.waitForFunction(() => Reflect.get(globalThis, 'usableAtMs'), undefined, {
    timeout: 60_000,
  });
  return Number(await noted.jsonValue());
}

/** What a replica of this size needs, and how many flags it tells of. */
async function replicaCost(server: BenchServer): Promise<{ note: string; openFlags: number }> {
  const cookie = await server.signIn('situation');
  const ask = async () => {
    const answer = await fetch(`${server.origin}/api/v1/live/snapshot?form=packed&format=3`, {
      headers: { cookie },
    });
    if (!answer.ok) throw new Error(`the snapshot was refused: ${answer.status}`);
    return answer;
  };
  const { regions } = SnapshotFromColumns.parse(await (await ask()).json());
  const openFlags = regions.reduce((sum, { flags }) => sum + flags.length, 0);
  const beforeS = cpuSecondsOf(server.pid);
  for (let turn = 0; turn < SNAPSHOTS; turn += 1) await (await ask()).arrayBuffer();
  const perSnapshotMs = ((cpuSecondsOf(server.pid) - beforeS) / SNAPSHOTS) * 1_000;
  const note = `replica ${Math.round(server.residentMb())} MB, ${perSnapshotMs.toFixed(0)} ms of CPU a snapshot that nothing changed before`;
  return { note, openFlags };
}

function kB(bytes: number | undefined): string {
  return `${Math.round((bytes ?? 0) / 1_000)} kB`;
}
