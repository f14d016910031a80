import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { AreaFilter, NO_FILTER } from '#contract/area-filter.ts';
import { filterFromUrl, filterToQuery } from '#contract/area-filter-url.ts';
import { AreaId } from '#contract/ids.ts';
import type { LayoutContent, Pin, WallGrid } from '#contract/layouts.ts';
import { MEASURES, type Measure } from '../map/measure.ts';
import { type Fit, parseGrid } from './grid-fit.ts';
import { pinsFromUrl, pinToUrl, withSwap } from './pins.ts';

/** What this page shows of the nation. The URL holds what a link should bring back. */
export interface WallViewState {
  filter: AreaFilter;
  grid: WallGrid;
  /** Areas that have a place of their own. */
  pins: readonly Pin[];
  /** The kept layout that this came from. */
  layoutId: string | null;
  /** What the signs on the map tell. */
  measure: Measure;
  /** From 0. May be beyond the last page; the selection takes the last one then. */
  page: number;
  /** The area that is enlarged. */
  focus: AreaId | null;
  /** How many tiles the grid has on this screen. */
  capacity: number;
  /** Columns and rows of the tiles as they lie on this screen; null until they were laid out. */
  shape: Fit | null;
  /** The tile that somebody asked to see, until another one is chosen. */
  marked: AreaId | null;
  /** The area on which a flag is about to be raised. */
  raising: AreaId | null;
}

export interface WallView extends Disposable {
  readonly store: StoreApi<WallViewState>;
  setFilter(change: Partial<AreaFilter>): void;
  /** A letter more or less in the text of the filter. */
  type(text: string): void;
  resetFilter(): void;
  setGrid(grid: WallGrid): void;
  setMeasure(measure: Measure): void;
  /** Two areas change places, and keep them. */
  swap(first: Pin, second: Pin): void;
  /** No area has a place of its own any more. */
  resetPins(): void;
  /** Brings back what was kept, or with `null` says that what is shown is nobody's layout. */
  openLayout(layout: ({ id: string } & Pick<LayoutContent, 'grid' | 'filter' | 'pins'>) | null): void;
  setPage(page: number): void;
  setCapacity(capacity: number): void;
  setShape(shape: Fit): void;
  focus(areaId: AreaId | null): void;
  /** Enlarges an area in place of the one that is: "back" leads to where that one was opened from. */
  focusInstead(areaId: AreaId): void;
  mark(areaId: AreaId | null): void;
  /** What these changes make of the view is one step of the browser's history: "back" leads to what was shown before. */
  step(changes: () => void): void;
  /** Opens the dialog that raises a flag on an area. */
  raise(areaId: AreaId | null): void;
  /** Writes the state into the URL of the page at this path, if it is the one that is open. */
  writeUrl(path: string): void;
}

/** What of a window is needed; tests give their own. */
export type Place = Pick<Window, 'location' | 'history' | 'addEventListener' | 'removeEventListener'>;

export function createWallView(place: Place): WallView {
  const store = createStore<WallViewState>(() => ({
    ...readQuery(new URLSearchParams(place.location.search)),
    capacity: 1,
    shape: null,
    marked: null,
    raising: null,
  }));

  function url(): string {
    const kept = new URLSearchParams(place.location.search);
    const query = toQuery(store.getState());
    // What belongs to others, such as the language, stays.
    for (const [key, value] of kept) if (!OWN_KEYS.has(key)) query.append(key, value);
    const text = query.toString();
    return `${place.location.pathname}${text === '' ? '' : `?${text}`}`;
  }

  /** What is typed stands in the URL when a hand has paused: browsers take their time for it, and allow it so often only. */
  let typed: ReturnType<typeof setTimeout> | undefined;
  const forgetTyped = () => {
    clearTimeout(typed);
    typed = undefined;
  };
  const writeTyped = () => {
    if (typed !== undefined) writeUrl();
  };

  /** Inside a step: its changes are written together. */
  let isHeld = false;

  function isWritten(): boolean {
    const { pathname, search } = place.location;
    return ADDRESSED.has(pathname) || url() === `${pathname}${search}`;
  }

  function writeUrl(): void {
    if (isHeld) return;
    forgetTyped();
    if (!isWritten()) place.history.replaceState(place.history.state, '', url());
  }

  function change(state: Partial<WallViewState>): void {
    store.setState(state);
    writeUrl();
  }

  function type(text: string): void {
    store.setState({ filter: { ...store.getState().filter, text }, page: 0 });
    clearTimeout(typed);
    typed = setTimeout(writeUrl, TYPING_MS);
  }

  const readUrl = () => {
    forgetTyped();
    store.setState(readQuery(new URLSearchParams(place.location.search)));
  };
  place.addEventListener('popstate', readUrl);
  place.addEventListener('pagehide', writeTyped);

  return {
    store,
    setFilter: (wish) => change({ filter: { ...store.getState().filter, ...wish }, page: 0 }),
    type,
    resetFilter: () => change({ filter: NO_FILTER, page: 0 }),
    setGrid: (grid) => change({ grid, page: 0 }),
    setMeasure: (measure) => change({ measure }),
    swap: (first, second) => change({ pins: withSwap(store.getState().pins, first, second) }),
    resetPins: () => change({ pins: [] }),
    openLayout(layout) {
      if (layout === null) return change({ layoutId: null });
      const { id, grid, filter, pins } = layout;
      change({ layoutId: id, grid, filter, pins, page: 0, focus: null, marked: null });
    },
    setPage: (page) => change({ page: Math.max(0, page), marked: null }),
    setCapacity(capacity) {
      if (capacity !== store.getState().capacity) store.setState({ capacity });
    },
    setShape(shape) {
      const before = store.getState().shape;
      if (shape.columns !== before?.columns || shape.rows !== before.rows) store.setState({ shape });
    },
    focus(areaId) {
      if (areaId === store.getState().focus) return;
      writeTyped();
      // Whoever comes back to a tile is led to it, also when it was the last one that was asked for.
      store.setState(areaId === null ? { focus: null } : { focus: areaId, marked: null });
      // A step of its own, so that "back" leads to the wall.
      if (areaId === null) writeUrl();
      else place.history.pushState(place.history.state, '', url());
    },
    focusInstead: (areaId) => change({ focus: areaId }),
    mark: (areaId) => store.setState({ marked: areaId }),
    step(changes) {
      writeTyped();
      const { pathname } = place.location;
      isHeld = true;
      try {
        changes();
      } finally {
        isHeld = false;
      }
      // Another page is a step already.
      if (place.location.pathname !== pathname) writeUrl();
      else if (!isWritten()) place.history.pushState(place.history.state, '', url());
    },
    raise: (areaId) => store.setState({ raising: areaId }),
    writeUrl(path) {
      if (path === place.location.pathname) writeUrl();
    },
    [Symbol.dispose]() {
      forgetTyped();
      place.removeEventListener('popstate', readUrl);
      place.removeEventListener('pagehide', writeTyped);
    },
  };
}

/** A pause in typing. */
const TYPING_MS = 300;

/** Pages whose addresses mean something else by the same names. */
const ADDRESSED: ReadonlySet<string> = new Set(['/oncall']);

const OWN_KEYS = new Set([
  ...Object.keys(AreaFilter.shape),
  'grid',
  'pin',
  'layout',
  'measure',
  'page',
  'area',
]);

type UrlState = Pick<WallViewState, 'filter' | 'grid' | 'pins' | 'layoutId' | 'measure' | 'page' | 'focus'>;

/** A URL that asks for something unknown asks for nothing: old links still open. */
function readQuery(query: URLSearchParams): UrlState {
  const page = Number(query.get('page') ?? 1);
  return {
    filter: filterFromUrl(query),
    grid: parseGrid(query.get('grid')),
    pins: pinsFromUrl(query.getAll('pin')),
    layoutId: z.uuid().safeParse(query.get('layout')).data ?? null,
    measure: MEASURES.find((one) => one === query.get('measure')) ?? 'state',
    page: Number.isInteger(page) && page > 0 ? page - 1 : 0,
    focus: AreaId.safeParse(query.get('area')).data ?? null,
  };
}

function toQuery({ filter, grid, pins, layoutId, measure, page, focus }: UrlState): URLSearchParams {
  const query = filterToQuery(filter);
  if (grid !== 'auto') query.set('grid', grid);
  for (const pin of pins) query.append('pin', pinToUrl(pin));
  if (layoutId !== null) query.set('layout', layoutId);
  if (measure !== 'state') query.set('measure', measure);
  if (page > 0) query.set('page', String(page + 1));
  if (focus !== null) query.set('area', focus);
  return query;
}
