import { createStore, type StoreApi } from 'zustand/vanilla';
import { type AreaFilter, createMatcher, isNoFilter } from '#contract/area-filter.ts';
import type { AreaId } from '#contract/ids.ts';
import { isBlindFeed } from '#contract/status.ts';
import type { ServerClock } from '../clock/server-clock.ts';
import type { Ticker } from '../clock/ticker.ts';
import type { AreaRow, FactsIndex } from '../store/facts.ts';
import type { LiveState, LiveStore } from '../store/live-store.ts';
import { liveOf } from '../store/region-sync.ts';
import { bringForward, orderAreas, placeAreas } from './order.ts';
import { pinAreas } from './pins.ts';
import { createSeverities } from './severities.ts';
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
  /** Milliseconds since somebody last pointed or typed. */
  idleMs(): number;
}

/** Status that comes all the time changes the wall's membership at most so often; what is urgent, and people's wishes, at once. */
const CALM_MS = 500;
/** An order that is no older than this, and in which nothing has changed, is as good as a new one. */
const FRESH_MS = 10_000;
/** An order in which a flag has come or gone is made anew at the earliest so long after the one before … */
const REORDER_EVERY_MS = 60_000;
/** … and when nobody has pointed or typed for so long: nothing changes under a hand, or under an eye that it leads. */
const HANDS_OFF_MS = 20_000;

/**
 * Decides what the wall shows. The order is made anew when somebody filters, turns to the first page or changes the grid;
 * and on the first page after a while in which nobody touched anything, for flags that have come meanwhile. In between
 * areas keep their places, and only those that need somebody at once come to the first page (`bringForward`).
 */
export function createSelection({ live, view, facts, serverClock, ticker, idleMs }: Ports): Selection {
  const store = createStore<SelectionState>(() => ({
    matched: [],
    total: 0,
    page: 0,
    pages: 1,
    placed: [],
    unseen: [],
  }));
  const severities = createSeverities();
  /** All areas as they were last ordered. */
  let ordered: readonly AreaId[] = [];
  /** Areas that match in the order in which they are shown, then the others. */
  let order: readonly AreaId[] = [];
  let orderedAtMs = 0;
  /** Flags that speak up have come or gone since the order was made. */
  let isOutdated = false;
  let shownFor: Wish | undefined;
  /** Regions that were known at all when tiles were last placed: what comes with the first snapshot is placed in order. */
  let knownRegions = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function update(): void {
    clearTimeout(timer);
    timer = undefined;
    const nowMs = serverClock.nowMs();
    const rows = facts.rows(live.getState());
    const wish = view.getState();
    isOutdated = severities.read(live.getState()).changed || isOutdated;
    const known = knownIn(live.getState());
    const isNew = !shownFor || known !== knownRegions || order.length !== rows.length;
    const isTurned = shownFor !== undefined && shownFor.page !== wish.page;
    const asked = isNew || isTurned || !shownFor || !isSameWish(shownFor, wish);
    const isReset = wish.pins.length === 0 && (shownFor?.pins.length ?? 0) > 0;
    const isAskedAnew =
      isNew || isReset || (isTurned && wish.page === 0) || !shownFor || !isSameGrid(shownFor, wish);
    const isFresh = !isNew && !isOutdated && nowMs - orderedAtMs < FRESH_MS;
    if (isAskedAnew && isFresh) order = ordered;
    else if (isAskedAnew || isDue(nowMs)) {
      ordered = orderAreas(rows, nowMs);
      order = ordered;
      orderedAtMs = nowMs;
      isOutdated = false;
    }
    knownRegions = known;
    shownFor = { filter: wish.filter, page: wish.page, capacity: wish.capacity, pins: wish.pins };
    const held = new Set(wish.pins.map(({ areaId }) => areaId));

    const matches = matching(rows, wish.filter, nowMs);
    const matched = bringForward(
      pinAreas(matches ? order.filter((id) => matches.has(id)) : order, wish.pins),
      wish.capacity,
      severities.of,
      (areaId) => held.has(areaId),
    );
    const pages = Math.max(1, Math.ceil(matched.length / wish.capacity));
    const page = Math.min(wish.page, pages - 1);
    const first = page * wish.capacity;
    const wanted = matched.slice(first, first + wish.capacity);
    const before = store.getState();
    const placed = asked ? wanted : placeAreas(before.placed, wanted);
    const shown = [...matched.slice(0, first), ...placed, ...matched.slice(first + wish.capacity)];
    order = matches ? [...shown, ...order.filter((id) => !matches.has(id))] : shown;
    store.setState({
      matched: keep(before.matched, shown),
      total: rows.length,
      page,
      pages,
      placed: keep(before.placed, placed),
      unseen: keep(before.unseen, unseenAreas(rows)),
    });
  }

  function isDue(nowMs: number): boolean {
    return (
      isOutdated &&
      view.getState().page === 0 &&
      nowMs - orderedAtMs >= REORDER_EVERY_MS &&
      idleMs() >= HANDS_OFF_MS
    );
  }

  function handleLive(): void {
    const { changed, urgent } = severities.read(live.getState());
    isOutdated ||= changed;
    if (urgent || knownIn(live.getState()) !== knownRegions) update();
    else timer ??= setTimeout(update, CALM_MS);
  }

  const stop = [
    live.subscribe(handleLive),
    view.subscribe((now, before) => {
      if (!isSameWish(now, before)) update();
    }),
    ticker.add((_, textMayChange) => {
      if (!textMayChange) return;
      // A clock that reaches its limit matches another filter, without any message.
      if (view.getState().filter.clock !== null) timer ??= setTimeout(update, CALM_MS);
      if (isDue(serverClock.nowMs())) update();
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

/** The areas that match; undefined when nothing is asked for, and so all do. */
function matching(
  rows: readonly AreaRow[],
  filter: AreaFilter,
  nowMs: number,
): ReadonlySet<AreaId> | undefined {
  if (isNoFilter(filter)) return undefined;
  const isMatch = createMatcher(filter, nowMs);
  const matches = new Set<AreaId>();
  for (const row of rows) if (isMatch(row)) matches.add(row.area.id);
  return matches;
}

/** Confidential areas are not meant to be seen, and an idle camera that sends on demand comes when somebody looks. */
function unseenAreas(rows: readonly AreaRow[]): readonly AreaId[] {
  return rows
    .filter(
      ({ area, status, feeds }) =>
        (status?.headcount ?? 0) > 0 &&
        status?.confidentialSince === null &&
        area.feeds.some((feed, index) => isBlindFeed(feed, feeds[index])),
    )
    .map(({ area }) => area.id);
}

type Wish = Pick<WallViewState, 'filter' | 'page' | 'capacity' | 'pins'>;

function isSameWish(a: Wish, b: Wish): boolean {
  return isSameGrid(a, b) && a.page === b.page && a.pins === b.pins;
}

function isSameGrid(a: Wish, b: Wish): boolean {
  return a.filter === b.filter && a.capacity === b.capacity;
}

/** How many regions are known. */
function knownIn(state: LiveState): number {
  return Object.values(state.regions).filter((sync) => liveOf(sync) !== undefined).length;
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function keep<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  return isSameList(before, now) ? before : now;
}
