import { createStore, type StoreApi } from 'zustand/vanilla';
import { type AreaFilter, matchesFilter } from '#contract/area-filter.ts';
import type { AreaId } from '#contract/ids.ts';
import type { ServerClock } from '../clock/server-clock.ts';
import type { Ticker } from '../clock/ticker.ts';
import type { AreaRow, FactsIndex } from '../store/facts.ts';
import type { LiveState, LiveStore } from '../store/live-store.ts';
import { liveOf } from '../store/region-sync.ts';
import { orderAreas, placeAreas } from './order.ts';
import type { WallViewState } from './wall-view.ts';

/** Which areas are on the wall, and where. */
export interface SelectionState {
  /** All areas that match the filter, in the wall's order. */
  matched: readonly AreaId[];
  /** All areas that the page knows. */
  total: number;
  /** The page that is shown, from 0, and how many there are (at least one). */
  page: number;
  pages: number;
  /** The areas of this page, in their places. */
  placed: readonly AreaId[];
  /** Areas with people inside whose video is lost or faulty. */
  unseen: readonly AreaId[];
}

export interface Selection extends Disposable {
  readonly store: StoreApi<SelectionState>;
  /** The page on which an area is, from 0; undefined when it does not match the filter. */
  pageOf(areaId: AreaId): number | undefined;
}

interface Ports {
  live: LiveStore;
  view: StoreApi<WallViewState>;
  facts: FactsIndex;
  serverClock: Pick<ServerClock, 'nowMs'>;
  ticker: Pick<Ticker, 'add'>;
}

/** Status that comes all the time changes the wall's membership at most so often; flags and people's wishes at once. */
const CALM_MS = 500;

/**
 * Decides what the wall shows. The order is made anew only when a flag changes, or when somebody filters, turns the page
 * or changes the grid; in between areas keep their order, and on a page their places, so that nothing jumps.
 */
export function createSelection({ live, view, facts, serverClock, ticker }: Ports): Selection {
  const store = createStore<SelectionState>(() => ({
    matched: [],
    total: 0,
    page: 0,
    pages: 1,
    placed: [],
    unseen: [],
  }));
  let order: readonly AreaId[] = [];
  let shownFor: Pick<WallViewState, 'filter' | 'page' | 'capacity'> | undefined;
  let flagsBefore: readonly unknown[] = [];
  /** Regions that were known at all when tiles were last placed: what comes with the first snapshot is placed in order. */
  let knownRegions = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function update(): void {
    clearTimeout(timer);
    timer = undefined;
    const nowMs = serverClock.nowMs();
    const rows = facts.rows(live.getState());
    const wish = view.getState();
    const flags = flagRecords(live.getState());
    const known = flags.filter((record) => record !== undefined).length;
    const asked = !shownFor || !isSameWish(shownFor, wish) || known !== knownRegions;
    knownRegions = known;
    if (asked || !isSameList(flags, flagsBefore) || order.length !== rows.length)
      order = orderAreas(rows, nowMs);
    flagsBefore = flags;
    shownFor = { filter: wish.filter, page: wish.page, capacity: wish.capacity };

    const matched = matching(rows, order, { filter: wish.filter, nowMs });
    const pages = Math.max(1, Math.ceil(matched.length / wish.capacity));
    const page = Math.min(wish.page, pages - 1);
    const wanted = matched.slice(page * wish.capacity, (page + 1) * wish.capacity);
    const before = store.getState();
    const placed = asked ? wanted : placeAreas(before.placed, wanted);
    store.setState({
      matched: keep(before.matched, matched),
      total: rows.length,
      page,
      pages,
      placed: keep(before.placed, placed),
      unseen: keep(before.unseen, unseenAreas(rows)),
    });
  }

  function handleLive(): void {
    if (!isSameList(flagRecords(live.getState()), flagsBefore)) update();
    else timer ??= setTimeout(update, CALM_MS);
  }

  const stop = [
    live.subscribe(handleLive),
    view.subscribe((now, before) => {
      if (!isSameWish(now, before)) update();
    }),
    // A clock that reaches its limit matches another filter, without any message.
    ticker.add((_, textMayChange) => {
      if (textMayChange && view.getState().filter.clock !== null) timer ??= setTimeout(update, CALM_MS);
    }),
  ];

  return {
    store,
    pageOf(areaId) {
      const index = store.getState().matched.indexOf(areaId);
      return index < 0 ? undefined : Math.floor(index / view.getState().capacity);
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      for (const end of stop) end();
    },
  };
}

function matching(
  rows: readonly AreaRow[],
  order: readonly AreaId[],
  { filter, nowMs }: { filter: AreaFilter; nowMs: number },
): readonly AreaId[] {
  const matches = new Set<AreaId>();
  for (const row of rows) if (matchesFilter(row, filter, nowMs)) matches.add(row.area.id);
  return order.filter((id) => matches.has(id));
}

/** Confidential areas are not meant to be seen, and an idle camera comes when somebody looks. */
function unseenAreas(rows: readonly AreaRow[]): readonly AreaId[] {
  return rows
    .filter(
      ({ status, feeds }) =>
        (status?.headcount ?? 0) > 0 &&
        status?.confidentialSince === null &&
        feeds.some((feed) => feed?.state === 'lost' || feed?.state === 'faulty'),
    )
    .map(({ area }) => area.id);
}

function isSameWish(
  a: Pick<WallViewState, 'filter' | 'page' | 'capacity'>,
  b: Pick<WallViewState, 'filter' | 'page' | 'capacity'>,
): boolean {
  return a.filter === b.filter && a.page === b.page && a.capacity === b.capacity;
}

/** The flag records of all regions: the same objects as long as no flag changed. */
function flagRecords(state: LiveState): readonly unknown[] {
  return Object.values(state.regions).map((sync) => liveOf(sync)?.flagsByArea);
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function keep<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  return isSameList(before, now) ? before : now;
}
