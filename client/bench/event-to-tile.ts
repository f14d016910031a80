import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Figure } from '../../bench/report.ts';
import { createEventSource, postBatch, quantile, samplePlaces } from '../../server/bench/events.ts';
import { openRawConsole } from '../../server/bench/raw-console.ts';
import { type BenchServer, startBenchServer } from '../../server/bench/server-process.ts';
import { launchBrowser, signIn } from '../e2e/fixtures/browser.ts';
import { eventually } from '../e2e/fixtures/processes.ts';
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
  for (let index = 0; index < CONSOLES; index += 1) {
    const raw = await openRawConsole({ origin: server.origin, cookie, batched: true });
    owned.defer(() => raw.close());
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

  const startMs = performance.now();
  const { probes, sent } = await postAtRate(server, cells, WARM_UP_MS + timedMs);
  const rate = (sent * 1_000) / (performance.now() - startMs);
  let painted: Painted[] = [];
  let missing: Probe[] = [];
  await eventually('every event is painted', PAINTED_WITHIN_MS, async () => {
    painted = await readPaints(page);
    missing = probes.filter((probe) => waitOf(probe, painted) === undefined);
    return missing.length === 0;
  }).catch((cause: unknown) => {
    const [first] = missing;
    const seen = painted.filter(({ areaId }) => areaId === first?.areaId).length;
    const text = `${missing.length} of ${probes.length} events were not painted, such as one in ${first?.areaId}, painted ${seen} times`;
    throw new Error(text, { cause });
  });
  const fromMs = (probes[0]?.postedAtMs ?? 0) + WARM_UP_MS;
  const waits = probes
    .filter(({ postedAtMs }) => postedAtMs >= fromMs)
    .map((probe) => waitOf(probe, painted) ?? Number.POSITIVE_INFINITY);
  return [
    {
      id: 'event-to-tile-p99',
      figure: quantile(waits, 0.99),
      note: `to the frame with the new text on a tile of a wall of ${cells.length}; ${Math.round(rate)} events/s, ${CONSOLES} consoles beside, ${waits.length} events timed, median ${quantile(waits, 0.5).toFixed(0)} ms, longest ${Math.max(...waits).toFixed(0)} ms`,
    },
  ];
}

/** Posts at a fixed pace, whether or not what went before is answered; the cells that are shown get probes only. */
async function postAtRate(
  server: BenchServer,
  cells: readonly { id: string; facilityId: string }[],
  ms: number,
): Promise<{ probes: Probe[]; sent: number }> {
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
  const probing = () =>
    pace(PROBE_EVERY_MS / cells.length, ms, (index) => {
      const cell = cells[index % cells.length];
      if (!cell) return;
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
      probes.push({ areaId: cell.id, headcount: leaving === undefined ? 1 : 0, postedAtMs });
      answers.push(postBatch(server, cell.facilityId, [event]));
    });
  await Promise.all([background(), probing()]);
  await Promise.all(answers);
  return { probes, sent: (answers.length - probes.length) * BATCH + probes.length };
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

/** The first frame with this number after the posting. One that was overtaken has the wait of the next of its kind. */
function waitOf({ areaId, headcount, postedAtMs }: Probe, painted: readonly Painted[]): number | undefined {
  const first = painted.find(
    (one) => one.areaId === areaId && one.headcount === headcount && one.atMs >= postedAtMs,
  );
  return first && first.atMs - postedAtMs;
}
