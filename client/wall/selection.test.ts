import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NO_FILTER } from '#contract/area-filter.ts';
import { createFactsIndex } from '../store/facts.ts';
import { createLiveStore, withDeltas, withSnapshot } from '../store/live-store.ts';
import { UNKNOWN_REGION } from '../store/region-sync.ts';
import { indexRegistry } from '../store/registry.ts';
import {
  NOON,
  NOON_MS,
  sampleArea,
  sampleDelta,
  sampleFeed,
  sampleFlag,
  sampleSnapshot,
  sampleStatus,
  sampleWireRegistry,
} from '../test/samples.ts';
import { createSelection } from './selection.ts';
import { createWallView, type Place } from './wall-view.ts';

const IDS = ['area-a', 'area-b', 'area-c', 'area-d', 'area-e', 'area-f'];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function createWall(capacity = 2) {
  const live = createLiveStore();
  const place = { location: { pathname: '/', search: '' }, history: { state: null, replaceState() {} } };
  const view = createWallView({
    ...place,
    addEventListener() {},
    removeEventListener() {},
  } as unknown as Place);
  view.setCapacity(capacity);
  const selection = createSelection({
    live,
    view: view.store,
    facts: createFactsIndex(),
    serverClock: { nowMs: () => NOON_MS },
    ticker: { add: () => () => {} },
  });
  const registry = indexRegistry(sampleWireRegistry({ areas: IDS.map((id) => sampleArea({ id })) }));
  const areas = IDS.map((areaId) => sampleStatus({ areaId, clocks: [] }));
  const { regions } = withSnapshot(
    { 'UA-68': UNKNOWN_REGION },
    { at: NOON, regions: [sampleSnapshot({ areas })] },
    undefined,
  );
  live.setState({ registry, regions });
  const send = (seq: number, over: Parameters<typeof sampleDelta>[1]) =>
    live.setState(withDeltas(live.getState().regions, [sampleDelta(seq, over)]));
  return { live, view, selection, send, state: () => selection.store.getState() };
}

const flag = (areaId: string, number: number, severity: 1 | 2 | 3 = 1) =>
  sampleFlag({ id: `00000000-0000-4000-8000-00000000000${number}`, areaId, severity });

test('pages through what matches, and never past the end', () => {
  const { view, state } = createWall();
  expect(state()).toMatchObject({ placed: ['area-a', 'area-b'], page: 0, pages: 3, total: 6 });
  view.setPage(2);
  expect(state().placed).toEqual(['area-e', 'area-f']);
  view.setPage(9);
  expect(state()).toMatchObject({ page: 2, placed: ['area-e', 'area-f'] });
});

test('an alarm comes onto the first page in the place of who leaves it; the others stay', () => {
  const { send, state } = createWall(3);
  expect(state().placed).toEqual(['area-a', 'area-b', 'area-c']);
  send(11, { flags: [flag('area-f', 1)] });
  expect(state().matched[0]).toBe('area-f');
  expect(state().placed).toEqual(['area-a', 'area-b', 'area-f']);
});

test('somebody who filters or turns the page gets the order', () => {
  const { send, view, state } = createWall(3);
  send(11, { flags: [flag('area-f', 1)] });
  view.setPage(1);
  view.setPage(0);
  expect(state().placed).toEqual(['area-f', 'area-a', 'area-b']);
});

test('status alone changes nobody’s order, and the membership only after a moment', () => {
  const { send, view, state } = createWall(6);
  view.setFilter({ occupancy: ['occupied'] });
  send(11, { areas: [sampleStatus({ areaId: 'area-b', headcount: 0, clocks: [] })] });
  expect(state().placed).toHaveLength(6);
  vi.advanceTimersByTime(600);
  expect(state().placed).toEqual(['area-a', 'area-c', 'area-d', 'area-e', 'area-f']);
});

test('counts people whose camera is lost, wherever they are', () => {
  const { send, view, state } = createWall();
  view.setFilter({ text: 'нічого такого' });
  send(11, { feeds: [sampleFeed({ feedId: 'area-d-cam-1', areaId: 'area-d', state: 'lost' })] });
  vi.advanceTimersByTime(600);
  expect(state()).toMatchObject({ matched: [], unseen: ['area-d'] });
});

test('knows on which page an area is', () => {
  const { selection, view } = createWall();
  expect(selection.pageOf('area-d')).toBe(1);
  view.setFilter({ ...NO_FILTER, text: 'area-a' });
  expect(selection.pageOf('area-d')).toBeUndefined();
});
