import { createStore, type StoreApi } from 'zustand/vanilla';
import { isNoFilter } from '#contract/area-filter.ts';
import type { AreaId } from '#contract/ids.ts';
import type { ServerClock } from '../clock/server-clock.ts';
import type { Ticker } from '../clock/ticker.ts';
import { matchAreas } from '../filter/match.ts';
import type { Country } from '../store/country.ts';
import type { FactsIndex } from '../store/facts.ts';
import type { LiveState, LiveStore } from '../store/live-store.ts';
import { liveOf } from '../store/region-sync.ts';
import { bringForward, loudSeverity, orderAreas, placeAreas } from './order.ts';
import { pinAreas } from './pins.ts';
import { createSeverities } from './severities.ts';
import type { WallViewState } from './wall-view.ts';

/** Which areas are on the wall, and where. */
export interface SelectionState {
  /** All areas that match the filter, in the wall's order. */
  matched: readonly AreaId[];
  /** Whether an area matches; another function whenever that has changed for any of them. */
  isMatched: (areaId: AreaId) => boolean;
  /** The same by places in the country, 1 for each that matches; undefined when all do. */
  passes: Uint8Array | undefined;
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
export function createSelection({ live, view, facts: index, serverClock, ticker, idleMs }: Ports): Selection {
  const store = createStore<SelectionState>(() => ({
    matched: [],
    isMatched: () => false,
    passes: undefined,
    total: 0,
    page: 0,
    pages: 1,
    placed: [],
    unseen: [],
  }));
  const severities = createSeverities();
  /** All areas as they were last ordered; here and below by their places in the country. */
  let ordered: readonly number[] = [];
  /** Areas that match in the order in which they are shown, then the others. */
  let order: readonly number[] = [];
  /** What the state of the store was made from. */
  let shown: Shown = { country: undefined, matched: [], placed: [], passes: undefined };
  /** Of the columns that `unseen` was read from. */
  let seenVersion: number | undefined;
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
    const facts = index.read(live.getState());
    if (!facts) return;
    const { country, search } = facts;
    const nowMs = serverClock.nowMs();
    country.setTime(nowMs);
    const wish = view.getState();
    isOutdated = severities.read(live.getState()).changed || isOutdated;
    const known = knownIn(live.getState());
    const isNew = !shownFor || known !== knownRegions || shown.country !== country;
    const isTurned = shownFor !== undefined && shownFor.page !== wish.page;
    const asked = isNew || isTurned || !shownFor || !isSameWish(shownFor, wish);
    const isReset = wish.pins.length === 0 && (shownFor?.pins.length ?? 0) > 0;
    const isAskedAnew =
      isNew || isReset || (isTurned && wish.page === 0) || !shownFor || !isSameGrid(shownFor, wish);
    const isFresh = !isNew && !isOutdated && nowMs - orderedAtMs < FRESH_MS;
    if (isAskedAnew && isFresh) order = ordered;
    else if (isAskedAnew || isDue(nowMs)) {
      ordered = orderAreas(country, nowMs);
      order = ordered;
      orderedAtMs = nowMs;
      isOutdated = false;
    }
    knownRegions = known;
    shownFor = { filter: wish.filter, page: wish.page, capacity: wish.capacity, pins: wish.pins };
    const pins = wish.pins.flatMap(({ place, areaId }) => {
      const known = country.placeOf(areaId);
      return known === undefined ? [] : [{ place, areaId: known }];
    });
    const held = new Set(pins.map(({ areaId }) => areaId));

    const passes = isNoFilter(wish.filter) ? undefined : matchAreas(country, wish.filter, search);
    const { inside, outside } = part(order, passes);
    const matched = bringForward(
      pinAreas(inside, pins),
      wish.capacity,
      (place) => loudSeverity(country.severity[place]),
      (place) => held.has(place),
    );
    const pages = Math.max(1, Math.ceil(matched.length / wish.capacity));
    const page = Math.min(wish.page, pages - 1);
    const first = page * wish.capacity;
    const wanted = matched.slice(first, first + wish.capacity);
    const placed = asked ? wanted : placeAreas(shown.placed, wanted);
    const all =
      placed === wanted
        ? matched
        : [...matched.slice(0, first), ...placed, ...matched.slice(first + wish.capacity)];
    order = outside.length === 0 ? all : all.concat(outside);
    show({ country, matched: all, placed, passes }, { total: country.areas.length, page, pages });
  }

  /** Lists that are as they were stay the same objects, so that nothing renders again. */
  function show(next: Shown, numbers: Pick<SelectionState, 'total' | 'page' | 'pages'>): void {
    const { country, matched, placed, passes } = next;
    const before = store.getState();
    const isSame = shown.country === country && isSameList(shown.matched, matched);
    const hasSameMembers = isSame || (shown.country === country && isSameBytes(shown.passes, passes));
    const isSeenAnew = shown.country !== country || country?.version !== seenVersion;
    seenVersion = country?.version;
    shown = next;
    const idOf = (place: number) => country?.ids[place] ?? '';
    store.setState({
      ...numbers,
      matched: isSame ? before.matched : matched.map(idOf),
      isMatched: hasSameMembers ? before.isMatched : createMembership(next),
      passes: hasSameMembers ? before.passes : passes,
      placed: keep(before.placed, placed.map(idOf)),
      unseen: isSeenAnew ? keep(before.unseen, unseenAreas(country)) : before.unseen,
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

interface Shown {
  country: Country | undefined;
  matched: readonly number[];
  placed: readonly number[];
  /** 1 for each place that passes the filter; undefined when all do. */
  passes: Uint8Array | undefined;
}

function createMembership({ country, passes }: Shown): (areaId: AreaId) => boolean {
  return (areaId) => {
    const place = country?.placeOf(areaId);
    return place !== undefined && (passes === undefined || passes[place] === 1);
  };
}

function unseenAreas(country: Country | undefined): readonly AreaId[] {
  const ids: AreaId[] = [];
  country?.unseen.forEach((isUnseen, place) => {
    const area = isUnseen === 1 ? country.areas[place] : undefined;
    if (area) ids.push(area.id);
  });
  return ids;
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

/** An order in two, each part in it: the areas that pass, and the others. */
function part(
  order: readonly number[],
  passes: Uint8Array | undefined,
): { inside: readonly number[]; outside: readonly number[] } {
  if (!passes) return { inside: order, outside: [] };
  const inside: number[] = [];
  const outside: number[] = [];
  for (const place of order) (passes[place] === 1 ? inside : outside).push(place);
  return { inside, outside };
}

/** By itself: a comparison of several kinds of lists is slow for all of them. */
function isSameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === b) return true;
  if (a?.length !== b?.length || !a || !b) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

function keep<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  return isSameList(before, now) ? before : now;
}
