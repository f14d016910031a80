import { expect, test, vi } from 'vitest';
import { NO_FILTER } from '#contract/area-filter.ts';
import { createWallView, type Place } from './wall-view.ts';

/** A window's address bar in small. */
function createPlace(start: string) {
  const urls = [new URL(start, 'http://varta.test')];
  const listeners = new Set<() => void>();
  const here = () => urls.at(-1) ?? new URL('http://varta.test');
  const go = (url: string) => new URL(url, here());
  const place = {
    get location() {
      return here();
    },
    history: {
      state: null,
      pushState: (_state: unknown, _title: string, url: string) => void urls.push(go(url)),
      replaceState: (_state: unknown, _title: string, url: string) => void urls.splice(-1, 1, go(url)),
    },
    addEventListener: (_name: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_name: string, listener: () => void) => listeners.delete(listener),
  } as unknown as Place;
  return {
    place,
    url: () => `${here().pathname}${decodeURIComponent(here().search)}`,
    back() {
      urls.pop();
      for (const listener of listeners) listener();
    },
  };
}

test('what is asked for stands in the URL, and comes back from it', () => {
  const first = createPlace('/');
  const view = createWallView(first.place);
  view.setFilter({ region: ['UA-68', 'UA-05'], kind: ['cell'], text: 'камера' });
  view.setGrid('16');
  view.setPage(2);
  expect(first.url()).toBe('/?region=UA-68&region=UA-05&kind=cell&text=камера&grid=16&page=3');
  const again = createWallView(createPlace(first.url()).place);
  const { filter, grid, page } = again.store.getState();
  expect({ filter, grid, page }).toEqual({
    filter: { ...NO_FILTER, region: ['UA-68', 'UA-05'], kind: ['cell'], text: 'камера' },
    grid: '16',
    page: 2,
  });
});

test('what is typed filters at once, and stands in the URL when the hand pauses or goes elsewhere', () => {
  vi.useFakeTimers();
  try {
    const { place, url, back } = createPlace('/?kind=cell');
    const view = createWallView(place);
    for (const text of ['к', 'ка', 'кам']) {
      view.type(text);
      vi.advanceTimersByTime(100);
      expect(view.store.getState()).toMatchObject({ filter: { kind: ['cell'], text }, page: 0 });
    }
    expect(url()).toBe('/?kind=cell');
    vi.advanceTimersByTime(300);
    expect(url()).toBe('/?kind=cell&text=кам');
    // What an area is opened from is what "back" leads to.
    view.type('каме');
    view.focus('ua-68-itt-2-cell-4');
    back();
    expect(url()).toBe('/?kind=cell&text=каме');
    // Whoever goes back asks for what is there, not for what was typed after it.
    view.type('камер');
    back();
    vi.advanceTimersByTime(1_000);
    expect(view.store.getState().filter.text).not.toBe('камер');
  } finally {
    vi.useRealTimers();
  }
});

test('what belongs to others stays in the URL', () => {
  const { place, url } = createPlace('/?lang=en&scale=2');
  createWallView(place).setGrid('9');
  expect(url()).toBe('/?grid=9&lang=en&scale=2');
});

test('an enlarged area is a step of its own, and "back" leads to the wall', () => {
  const { place, url, back } = createPlace('/?grid=4');
  const view = createWallView(place);
  view.focus('ua-68-itt-2-cell-4');
  expect(url()).toBe('/?grid=4&area=ua-68-itt-2-cell-4');
  back();
  expect(view.store.getState().focus).toBeNull();
});

test('the neighbour of an enlarged area takes its place, and "back" leads to the wall', () => {
  const { place, url, back } = createPlace('/?grid=4');
  const view = createWallView(place);
  view.focus('ua-68-itt-2-cell-4');
  view.focusInstead('ua-68-itt-2-cell-5');
  expect(url()).toBe('/?grid=4&area=ua-68-itt-2-cell-5');
  back();
  expect(url()).toBe('/?grid=4');
  expect(view.store.getState().focus).toBeNull();
});

test('what is changed as a step is one, and "back" leads to what was asked for before it', () => {
  const { place, url, back } = createPlace('/?kind=cell&page=2&area=ua-68-itt-2-cell-4');
  const view = createWallView(place);
  view.step(() => {
    view.focus(null);
    view.setFilter({ ...NO_FILTER, place: ['ua-68-itt-2'] });
  });
  expect(url()).toBe('/?place=ua-68-itt-2');
  back();
  expect(url()).toBe('/?kind=cell&page=2&area=ua-68-itt-2-cell-4');
  expect(view.store.getState()).toMatchObject({
    filter: { ...NO_FILTER, kind: ['cell'] },
    page: 1,
    focus: 'ua-68-itt-2-cell-4',
  });
});

test('a step that leads to another page is that page; one that changes nothing is none', () => {
  vi.useFakeTimers();
  try {
    const { place, url, back } = createPlace('/flags?kind=cell');
    const view = createWallView(place);
    view.type('кам');
    view.step(() => {
      place.history.pushState(null, '', '/');
      view.resetFilter();
      view.setPage(3);
    });
    expect(url()).toBe('/?page=4');
    view.step(() => view.mark('ua-68-itt-2-cell-4'));
    back();
    expect(url()).toBe('/flags?kind=cell&text=кам');
  } finally {
    vi.useRealTimers();
  }
});

test('an old link that asks for something unknown still opens', () => {
  const view = createWallView(createPlace('/?kind=dungeon&grid=7&page=-3&area=..%2Fetc').place);
  expect(view.store.getState()).toMatchObject({ filter: NO_FILTER, grid: 'auto', page: 0, focus: null });
});

test('another filter starts on its first page', () => {
  const view = createWallView(createPlace('/?page=5').place);
  view.setFilter({ flag: 'open' });
  expect(view.store.getState().page).toBe(0);
});
