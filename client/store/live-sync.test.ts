import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LiveSnapshot } from '#contract/live.ts';
import { failure, type Outcome } from '../session/failure.ts';
import {
  NOON,
  sampleArea,
  sampleDelta,
  sampleFacility,
  sampleRegion,
  sampleSnapshot,
  sampleStatus,
  sampleWireRegistry,
} from '../test/samples.ts';
import { createLiveStore, isCurrent, pageTroubleOf, statusOf } from './live-store.ts';
import { createLiveSync } from './live-sync.ts';

const AREA = 'ua-68-itt-2-cell-4';

/** A page with a server whose answers the test decides, one by one. */
function createPage({ registry = Promise.resolve() }: { registry?: Promise<void> } = {}) {
  /** What the server knows, and whoever answers for it. */
  const known = { registry: sampleWireRegistry(), version: sampleWireRegistry().version };
  const store = createLiveStore();
  const time = { monotonicMs: 0 };
  const calls: string[] = [];
  const answers: Outcome<LiveSnapshot>[] = [];
  const sync = createLiveSync({
    store,
    api: {
      // The port is generic over schemas; these answers are valid by construction.
      call: (async (path: string) => {
        calls.push(path);
        if (path.includes('registry')) {
          await registry;
          return { ok: true, value: known.registry };
        }
        return answers.shift() ?? failure('offline');
      }) as never,
    },
    subscribe: async () => {
      calls.push('subscribe');
      return { ok: true, value: { regions: [{ regionId: 'UA-68', seq: 10 }], registry: known.version } };
    },
    observeServerTime: () => {},
    serverNowMs: () => 0,
    monotonicMs: () => time.monotonicMs,
    ownBuild: 'index-own.js',
  });
  const headcount = () => statusOf(store.getState(), sampleArea({ id: AREA }))?.headcount;
  return { store, time, calls, answers, sync, headcount, known };
}

function snapshot(seq: number, headcount: number): Outcome<LiveSnapshot> {
  return {
    ok: true,
    value: { at: NOON, regions: [sampleSnapshot({ seq, areas: [sampleStatus({ headcount })] })] },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('subscribes before it takes the snapshot, and shows what came between', async () => {
  const { sync, store, calls, answers, headcount } = createPage();
  answers.push(snapshot(10, 2));
  sync.start();
  sync.handleOpen();
  sync.handleDeltas([sampleDelta(11, { areas: [sampleStatus({ headcount: 3 })] })]);
  await vi.advanceTimersByTimeAsync(100);
  expect(calls).toEqual([
    '/api/v1/live/registry?form=packed',
    'subscribe',
    '/api/v1/live/snapshot?form=packed&format=3',
  ]);
  expect(isCurrent(store.getState())).toBe(true);
  expect(headcount()).toBe(3);
});

test('a snapshot that is there before the registry is shown with it, and with what came meanwhile', async () => {
  const registry = Promise.withResolvers<void>();
  const { sync, store, answers, headcount } = createPage({ registry: registry.promise });
  answers.push(snapshot(10, 2));
  sync.start();
  sync.handleOpen();
  await vi.advanceTimersByTimeAsync(100);
  sync.handleDeltas([sampleDelta(11, { areas: [sampleStatus({ headcount: 3 })] })]);
  await vi.advanceTimersByTimeAsync(100);
  const shown: boolean[] = [];
  store.subscribe(({ registry: known }) => {
    if (known) shown.push(headcount() === 3);
  });
  registry.resolve();
  await vi.advanceTimersByTimeAsync(100);
  expect(shown[0]).toBe(true);
  expect(isCurrent(store.getState())).toBe(true);
});

test('a gap asks for that region only', async () => {
  const { sync, store, calls, answers, headcount } = createPage();
  answers.push(snapshot(10, 2));
  sync.start();
  sync.handleOpen();
  await vi.advanceTimersByTimeAsync(100);
  answers.push(snapshot(13, 4));
  sync.handleDeltas([sampleDelta(13, { areas: [sampleStatus({ headcount: 4 })] })]);
  await vi.advanceTimersByTimeAsync(100);
  expect(calls.at(-1)).toBe('/api/v1/live/snapshot?form=packed&format=3&region=UA-68');
  expect(isCurrent(store.getState())).toBe(true);
  expect(headcount()).toBe(4);
});

test('after a break it subscribes and takes everything anew, and the age of the data tells of the break', async () => {
  const { sync, store, time, calls, answers, headcount } = createPage();
  answers.push(snapshot(10, 2));
  sync.start();
  sync.handleOpen();
  await vi.advanceTimersByTimeAsync(100);
  expect(sync.dataAgeMs()).toBe(0);
  sync.handleLost('offline');
  time.monotonicMs = 20_000;
  sync.handleHeartbeat(NOON);
  expect(sync.dataAgeMs()).toBe(20_000);
  expect(store.getState().link).toMatchObject({ state: 'lost', code: 'offline' });
  expect(headcount()).toBe(2);
  answers.push(snapshot(30, 1));
  sync.handleOpen();
  await vi.advanceTimersByTimeAsync(100);
  expect(calls.filter((call) => call === 'subscribe')).toHaveLength(2);
  expect(headcount()).toBe(1);
  expect(sync.dataAgeMs()).toBe(0);
});

test('a snapshot that fails is asked for again, more and more slowly', async () => {
  const { sync, store, calls, answers } = createPage();
  answers.push(failure('store_unavailable'), failure('store_unavailable'), snapshot(10, 2));
  sync.start();
  sync.handleOpen();
  await vi.advanceTimersByTimeAsync(100);
  expect(isCurrent(store.getState())).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(isCurrent(store.getState())).toBe(true);
  expect(calls.filter((call) => call.includes('snapshot'))).toHaveLength(3);
});

test('nothing is asked for once it was disposed of', async () => {
  const { sync, calls } = createPage();
  sync.start();
  await vi.advanceTimersByTimeAsync(10);
  sync[Symbol.dispose]();
  sync.handleOpen();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(calls).toEqual(['/api/v1/live/registry?form=packed']);
});

test('a server that knows another registry after a break is asked for it, until it is the one that it told of', async () => {
  const { sync, store, calls, answers, known } = createPage();
  const registries = () => calls.filter((call) => call.includes('registry'));
  const places = () => store.getState().registry?.areas.map(({ id }) => id);
  answers.push(snapshot(10, 2));
  sync.start();
  sync.handleOpen();
  await vi.advanceTimersByTimeAsync(100);
  sync.handleLost('offline');
  answers.push(snapshot(11, 2));
  sync.handleOpen();
  await vi.advanceTimersByTimeAsync(100);
  // The same one: nothing is loaded again.
  expect(registries()).toHaveLength(1);

  sync.handleLost('offline');
  const region = { ...sampleRegion({ id: 'UA-05' }) };
  const facility = sampleFacility({ id: 'ua-05-itt-1', regionId: 'UA-05' });
  const area = sampleArea({ id: 'ua-05-itt-1-cell-1', regionId: 'UA-05', facilityId: 'ua-05-itt-1' });
  known.version = 'second';
  answers.push(snapshot(12, 2));
  sync.handleOpen();
  await vi.advanceTimersByTimeAsync(100);
  // A replica that was not started anew has answered: what is shown stays.
  expect(places()).toEqual([AREA]);
  known.registry = sampleWireRegistry({
    version: 'second',
    regions: [region],
    facilities: [facility],
    areas: [area],
  });
  answers.push({ ok: true, value: { at: NOON, regions: [sampleSnapshot({ regionId: 'UA-05', seq: 1 })] } });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(places()).toEqual(['ua-05-itt-1-cell-1']);
  expect(isCurrent(store.getState())).toBe(true);
  const asked = registries().length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(registries()).toHaveLength(asked);
});

test('what cannot be read is said, until everything is asked for anew', async () => {
  const { sync, store, answers } = createPage();
  const trouble = () => pageTroubleOf(store.getState());
  answers.push(failure('unreadable'), snapshot(10, 2));
  sync.start();
  sync.handleOpen();
  await vi.advanceTimersByTimeAsync(100);
  expect(trouble()).toBe('unreadable');
  // The next answer can be read, and holds all that the one before did.
  await vi.advanceTimersByTimeAsync(1_000);
  expect([isCurrent(store.getState()), trouble()]).toEqual([true, undefined]);

  sync.handleUnreadable();
  // The next one shows that one is missing, and an answer makes up for it; of what else was lost nobody knows.
  sync.handleDeltas([sampleDelta(12)]);
  answers.push(snapshot(12, 3));
  await vi.advanceTimersByTimeAsync(1_000);
  expect([isCurrent(store.getState()), trouble()]).toEqual([true, 'unreadable']);
  sync.handleLost('offline');
  sync.handleOpen();
  expect(trouble()).toBeUndefined();
  sync.handleLost('protocol_unsupported');
  expect(trouble()).toBe('unreadable');
});

test('a server that serves another build of the page is told apart from one that serves this one', () => {
  const { sync, store } = createPage();
  const trouble = () => pageTroubleOf(store.getState());
  sync.handleBuild('index-own.js');
  expect(trouble()).toBeUndefined();
  sync.handleBuild('index-other.js');
  expect(trouble()).toBe('other');
  expect(store.getState().servedBuild).toBe('index-other.js');
  sync.handleBuild('index-own.js');
  expect(trouble()).toBeUndefined();
});
