import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Area } from '#contract/nation.ts';
import type { Figure } from '../../bench/report.ts';
import { createEventSource, postBatch, quantile, samplePlaces } from '../../server/bench/events.ts';
import { type BenchServer, startBenchServer } from '../../server/bench/server-process.ts';
import { openSilentConsole, type SilentConsole } from '../../server/bench/silent-console.ts';
import { launchBrowser, signIn } from '../e2e/fixtures/browser.ts';
import { cpuSecondsOf, descendantsOf, eventually } from '../e2e/fixtures/processes.ts';
import { sampleNation } from '../e2e/fixtures/tiles.ts';

/** Pages that follow the whole country; the one of the browser is one more. */
const CONSOLES = 200;
const EVENTS_PER_SECOND = 500;
/** Facilities send what happened in the last moment, a few events at a time. */
const BATCH = 5;
/** Its cells all fit on one page of the wall, so no tile comes or goes. */
const REGION = 'UA-68';
const GRID = 16;
/** In each cell that is shown, somebody is placed or released so often; these events are part of the rate. */
const PROBE_EVERY_MS = 1_000;
const WARM_UP_MS = 5_000;
const TIMED_MS = 45_000;
const PAINTED_WITHIN_MS = 15_000;

type Cell = Pick<Area, 'id' | 'facilityId'>;

/** An event that changes how many people a tile shows. Times are milliseconds since the epoch. */
interface Probe {
  areaId: string;
  headcount: number;
  postedAtMs: number;
}

/** A frame in which a tile showed another number of people. */
interface Painted {
  areaId: string;
  headcount: number;
  atMs: number;
}

/**
 * Time from the posting of an event until the frame has been drawn in which the tile's text is another, on the wall of a
 * real page, while two hundred more pages follow the whole country. All of it shares this machine; media are not there.
 */
export async function measureEventToTile(timedMs = TIMED_MS): Promise<Figure[]> {
  await using owned = new AsyncDisposableStack();
  const server = owned.use(await startBenchServer());
  const cookie = await server.signIn('situation');
  const consoles: SilentConsole[] = [];
  for (let index = 0; index < CONSOLES; index += 1) {
    const one = await openSilentConsole({ origin: server.origin, cookie });
    owned.defer(() => one.close());
    consoles.push(one);
  }
  const cells = sampleNation().areas.filter(({ regionId, kind }) => regionId === REGION && kind === 'cell');
  const browser = owned.adopt(await launchBrowser(), (it) => it.close());
  const path = `/?grid=${GRID}&region=${REGION}&kind=cell`;
  const { page } = owned.use(await signIn(browser, server.origin, 'situation', { path }));
  await eventually('the wall shows every cell', 60_000, async () => {
    const ids = await page.$$eval('[data-area-id][data-state]', (tiles) =>
      tiles.map((tile) => (tile as HTMLElement).dataset.areaId),
    );
    return cells.every(({ id }) => ids.includes(id));
  });
  await notePaints(page);

  const before = consoleBytes(consoles);
  const costs = createCosts();
  const startMs = performance.now();
  const { probes, sent, last } = await postAtRate(server, cells, WARM_UP_MS + timedMs);
  const tookS = (performance.now() - startMs) / 1_000;
  const spent = costs.read();
  const perConsole = (consoleBytes(consoles) - before) / CONSOLES / tookS;
  await eventually('the last number of every cell is painted', PAINTED_WITHIN_MS, async () => {
    const shown = lastPaints(await readPaints(page));
    return last.every(({ areaId, headcount }) => shown.get(areaId) === headcount);
  });
  const fromMs = (probes[0]?.postedAtMs ?? 0) + WARM_UP_MS;
  const all = waitsOf([...probes, ...last], await readPaints(page));
  if (all.length < probes.length + last.length)
    throw new Error(`${all.length} of ${probes.length + last.length} events were painted`);
  const untilMs = last[0]?.postedAtMs ?? Number.POSITIVE_INFINITY;
  const waits = all.filter(({ postedAtMs }) => postedAtMs >= fromMs && postedAtMs < untilMs);
  const times = waits.map(({ waitMs }) => waitMs);
  const overtaken = waits.filter(({ isOvertaken }) => isOvertaken).length;
  return [
    {
      id: 'event-to-tile-p99',
      figure: quantile(times, 0.99),
      note: `to the frame with the new text on a tile of a wall of ${cells.length}; ${Math.round(sent / tookS)} events/s, ${CONSOLES} consoles beside with ${Math.round(perConsole / 1_000)} kB/s each, ${waits.length} events timed, median ${quantile(times, 0.5).toFixed(0)} ms, longest ${Math.max(...times).toFixed(0)} ms, ${overtaken} overtaken by the next before they were painted; CPU of a core: ${spent}`,
    },
  ];
}

function consoleBytes(consoles: readonly SilentConsole[]): number {
  return consoles.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Processes of the run by a word of their command line; senders and consoles are this one. */
const PARTS = { server: 'server/main.ts', redis: 'redis-server', browser: 'chrom' } as const;

/** What share of a core each part takes from now on. */
function createCosts() {
  const read = () => {
    const processes = descendantsOf(process.pid);
    const parts = Object.entries(PARTS).map(([name, word]) => {
      const own = processes.filter(({ command }) => command.includes(word));
      return [name, own.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0)] as const;
    });
    return new Map([...parts, ['bench', cpuSecondsOf(process.pid)] as const]);
  };
  const [before, fromMs] = [read(), performance.now()];
  return {
    read() {
      const seconds = (performance.now() - fromMs) / 1_000;
      return Array.from(read(), ([name, used]) => {
        const share = (used - (before.get(name) ?? 0)) / seconds;
        return `${name} ${Math.round(share * 100)} %`;
      }).join(', ');
    },
  };
}

/** Posts at a fixed pace, whether or not what went before is answered; the cells that are shown get probes only. */
async function postAtRate(
  server: BenchServer,
  cells: readonly Cell[],
  ms: number,
): Promise<{ probes: readonly Probe[]; last: readonly Probe[]; sent: number }> {
  const shown = new Set(cells.map(({ facilityId }) => facilityId));
  const sources = (await samplePlaces())
    .filter(({ facilityId }) => !shown.has(facilityId))
    .map((place) => ({ place, next: createEventSource(place) }));
  const probes: Probe[] = [];
  const answers: Promise<number>[] = [];
  const inside = new Map<string, string>();
  const background = async () => {
    const perSecond = EVENTS_PER_SECOND - (cells.length * 1_000) / PROBE_EVERY_MS;
    await pace((BATCH / perSecond) * 1_000, ms, (index) => {
      const source = sources[index % sources.length];
      if (!source) return;
      const events = Array.from({ length: BATCH }, () => source.next(Date.now()));
      answers.push(postBatch(server, source.place.facilityId, events));
    });
  };
  const probe = (cell: Cell) => {
    const leaving = inside.get(cell.id);
    const caseId = leaving ?? `cr-bench-${randomUUID()}`;
    if (leaving === undefined) inside.set(cell.id, caseId);
    else inside.delete(cell.id);
    const postedAtMs = Date.now();
    const at = new Date(postedAtMs).toISOString();
    const event = {
      id: randomUUID(),
      type: leaving === undefined ? 'CELL_PLACED' : 'RELEASED',
      occurredAt: at,
      recordedAt: at,
      recordedBy: 'bench',
      areaId: cell.id,
      caseId,
    };
    answers.push(postBatch(server, cell.facilityId, [event]));
    return { areaId: cell.id, headcount: leaving === undefined ? 1 : 0, postedAtMs };
  };
  const probing = () =>
    pace(PROBE_EVERY_MS / cells.length, ms, (index) => {
      const cell = cells[index % cells.length];
      if (cell) probes.push(probe(cell));
    });
  await Promise.all([background(), probing()]);
  await Promise.all(answers);
  const sent = (answers.length - probes.length) * BATCH + probes.length;
  // One more of each, so that what was overtaken at the end is known to have been.
  const last = cells.map(probe);
  await Promise.all(answers);
  return { probes, last, sent };
}

async function pace(everyMs: number, ms: number, act: (index: number) => void): Promise<void> {
  const startMs = performance.now();
  for (let index = 0; index * everyMs < ms; index += 1) {
    await delay(Math.max(0, startMs + index * everyMs - performance.now()));
    act(index);
  }
}

/** Notes every frame in which a tile of the page shows another number of people. */
async function notePaints(page: Page): Promise<void> {
  await page.evaluate(() => {
    const paints: Painted[] = [];
    const known = new Map<string, number>();
    // "2/3" on the lower edge; an empty cell has no number.
    const headcountOf = (tile: Element) =>
      Number(/(\d+)\//.exec(tile.querySelector('footer')?.textContent ?? '')?.[1] ?? 0);
    const look = (tile: HTMLElement) => {
      const areaId = tile.dataset.areaId ?? '';
      const headcount = headcountOf(tile);
      if (known.get(areaId) === headcount) return;
      known.set(areaId, headcount);
      // The task after the callback comes when the frame has been drawn.
      requestAnimationFrame(() => setTimeout(() => paints.push({ areaId, headcount, atMs: Date.now() })));
    };
    const TILE = '[data-area-id][data-state]';
    for (const tile of document.querySelectorAll<HTMLElement>(TILE)) look(tile);
    // On the body, so that a tile that is drawn anew is seen as well.
    new MutationObserver((changes) => {
      const changed = changes.map(({ target }) =>
        (target instanceof Element ? target : target.parentElement)?.closest<HTMLElement>(TILE),
      );
      for (const tile of new Set(changed)) if (tile) look(tile);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    Object.assign(window, { vartaPaints: paints });
  });
}

function readPaints(page: Page): Promise<Painted[]> {
  return page.evaluate(() => (window as unknown as { vartaPaints: Painted[] }).vartaPaints);
}

function lastPaints(painted: readonly Painted[]): ReadonlyMap<string, number> {
  return new Map(painted.map(({ areaId, headcount }) => [areaId, headcount]));
}

interface Wait {
  postedAtMs: number;
  waitMs: number;
  isOvertaken: boolean;
}

/**
 * How long each event waited for its frame. A frame shows the earliest event that it can; those before, which the next one
 * overtook on the way, have waited until then as well. What no frame has shown after the run was not painted, ever.
 */
function waitsOf(probes: readonly Probe[], painted: readonly Painted[]): Wait[] {
  const frames = Map.groupBy(painted, ({ areaId }) => areaId);
  return [...Map.groupBy(probes, ({ areaId }) => areaId)].flatMap(([areaId, own]) => {
    const waits: Wait[] = [];
    let next = 0;
    for (const { headcount, atMs } of frames.get(areaId) ?? []) {
      const shown = own.findIndex(
        (probe, index) => index >= next && probe.headcount === headcount && probe.postedAtMs <= atMs,
      );
      for (; next <= shown; next += 1) {
        const postedAtMs = own[next]?.postedAtMs ?? atMs;
        waits.push({ postedAtMs, waitMs: atMs - postedAtMs, isOvertaken: next < shown });
      }
    }
    return waits;
  });
}
