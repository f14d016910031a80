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
  const time = { nowMs: NOON_MS, idleMs: 0 };
  const ticks = new Set<(ms: number, textMayChange: boolean) => void>();
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
    serverClock: { nowMs: () => time.nowMs },
    ticker: {
      add: (tick) => {
        ticks.add(tick);
        return () => ticks.delete(tick);
      },
    },
    idleMs: () => time.idleMs,
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
  /** Time goes by, with nobody touching anything for the given part of it. */
  const pass = (seconds: number, idleSeconds: number) => {
    time.nowMs += seconds * 1_000;
    time.idleMs = idleSeconds * 1_000;
    vi.advanceTimersByTime(1_000);
    for (const tick of ticks) tick(0, true);
  };
  return { live, view, selection, send, pass, state: () => selection.store.getState() };
}

const flag = (areaId: string, number: number, severity: 1 | 2 | 3 | 4 = 1) =>
  sampleFlag({ id: `00000000-0000-4000-8000-00000000000${number}`, areaId, severity });

test('pages through what matches, and never past the end', () => {
  const { view, state } = createWall();
  expect(state()).toMatchObject({ placed: ['area-a', 'area-b'], page: 0, pages: 3, total: 6 });
  view.setPage(2);
  expect(state().placed).toEqual(['area-e', 'area-f']);
  view.setPage(9);
  expect(state()).toMatchObject({ page: 2, placed: ['area-e', 'area-f'] });
});

test('who needs somebody at once changes places with the first who needs nobody; everybody else stays', () => {
  const { send, view, state } = createWall(3);
  expect(state().placed).toEqual(['area-a', 'area-b', 'area-c']);
  send(11, { flags: [flag('area-f', 1, 2)] });
  expect(state().placed).toEqual(['area-f', 'area-b', 'area-c']);
  send(12, { flags: [flag('area-e', 2, 1)] });
  expect(state().placed).toEqual(['area-f', 'area-e', 'area-c']);
  expect(state().matched).toEqual(['area-f', 'area-e', 'area-c', 'area-d', 'area-b', 'area-a']);
  // The one who needed somebody and no longer does stays until somebody asks for the order, or after a while.
  send(13, { flags: [{ ...flag('area-f', 1, 2), state: 'resolved' }] });
  vi.advanceTimersByTime(1_000);
  expect(state().placed).toEqual(['area-f', 'area-e', 'area-c']);
  view.setPage(1);
  expect(state().placed).toEqual(['area-d', 'area-b', 'area-a']);
});

test('what is only to be watched or gone through moves nobody', () => {
  const { send, state } = createWall(3);
  send(11, { flags: [flag('area-f', 1, 3), flag('area-e', 2, 4)] });
  vi.advanceTimersByTime(1_000);
  expect(state().placed).toEqual(['area-a', 'area-b', 'area-c']);
});

test('after a while with nobody touching anything, who is to be watched comes; who stays keeps the place', () => {
  const { send, pass, state } = createWall(3);
  send(11, { flags: [flag('area-f', 1, 3)] });
  pass(61, 5);
  expect(state().placed).toEqual(['area-a', 'area-b', 'area-c']);
  pass(20, 25);
  expect(state().placed).toEqual(['area-a', 'area-b', 'area-f']);
  send(12, { flags: [flag('area-e', 2, 3)] });
  pass(30, 60);
  expect(state().placed).toEqual(['area-a', 'area-b', 'area-f']);
  send(13, { flags: [flag('area-d', 3, 4)] });
  pass(31, 91);
  expect(state().placed).toEqual(['area-a', 'area-e', 'area-f']);
  pass(90, 181);
  expect(state().placed).toEqual(['area-a', 'area-e', 'area-f']);
});

test('another page than the first is left alone, whatever is raised', () => {
  const { send, pass, view, state } = createWall(2);
  view.setPage(1);
  expect(state().placed).toEqual(['area-c', 'area-d']);
  send(11, { flags: [flag('area-f', 1, 3)] });
  pass(100, 100);
  expect(state().placed).toEqual(['area-c', 'area-d']);
});

test('somebody who filters or turns to the first page gets the order', () => {
  const { send, view, state } = createWall(3);
  send(11, { flags: [flag('area-f', 1, 3)] });
  view.setPage(1);
  expect(state().placed).toEqual(['area-d', 'area-e', 'area-f']);
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
