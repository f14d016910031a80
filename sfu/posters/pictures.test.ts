import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FeedFault } from '#contract/feeds.ts';
import type { Source } from '../ingest/source.ts';
import { testFeed } from '../test/fixtures/authority.ts';
import type { TapOptions, Tapped } from './keyframe-tap.ts';
import { toPictureTimes } from './picture-times.ts';
import { Pictures, type SeenFeed } from './pictures.ts';

const EVERY_MS = 10_000;
const TICK_MS = 1_000;
const LOOK_EVERY_MS = 60_000;
/** Of one grey, as through a cloth. */
const COVERED = Buffer.alloc(160 * 90, 90);
const TAPPED: Tapped = {
  keyframe: { format: 'h264', bytes: Buffer.from('a keyframe') },
  layer: 'low',
  fps: 15,
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Cell {
  feed: SeenFeed;
  faults: Set<FeedFault>;
  /** Keyframes that were asked for. */
  taps: number;
}

/** A feed of an encoder, as far as this goes. */
function cell(id: string, watching?: AbortSignal): Cell {
  const faults = new Set<FeedFault>();
  const feed: SeenFeed = {
    info: testFeed(id, { source: 'whip' }),
    state: { state: 'live', layers: ['low'] },
    source: { id } as unknown as Source,
    watching,
    onDemand: false,
    isRelayed: false,
    setFault: (fault, isThere) => void (isThere ? faults.add(fault) : faults.delete(fault)),
  };
  return { feed, faults, taps: 0 };
}

function setUp(cells: readonly Cell[], everyMs = EVERY_MS) {
  const bySource = new Map(cells.map((it) => [it.feed.source, it]));
  const state = {
    /** What a tap gives: at once, unless told otherwise. */
    tap: async (_options: TapOptions): Promise<Tapped | undefined> => TAPPED,
    decoded: 0,
  };
  const pictures = new Pictures({
    feeds: { all: () => cells.map(({ feed }) => feed) },
    taps: {
      take: (source, options) => {
        const it = bySource.get(source);
        if (it) it.taps += 1;
        return state.tap(options);
      },
      [Symbol.dispose]: () => {},
    },
    decode: async (keyframes) => {
      state.decoded += keyframes.length;
      return {
        finished: true,
        decoded: keyframes.map(() => ({ jpeg: Buffer.alloc(0), grey: COVERED })),
      };
    },
    keep: async () => {},
    masksOf: () => [],
    times: toPictureTimes(everyMs),
    log: { warn: () => {} },
    now: Date.now,
  });
  const look = (it: Cell) =>
    pictures.look(it.feed, { untilMs: Date.now() + 15_000, againInMs: LOOK_EVERY_MS });
  return { pictures, state, look };
}

const cells = (length: number, name: string, watching?: AbortSignal) =>
  Array.from({ length }, (_, index) => cell(`${name}-${index}`, watching));
const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * TICK_MS);

test('a node whose walls take all that there is looks at what nobody watches all the same', async () => {
  const watched = cells(150, 'watched', new AbortController().signal);
  const asked = cells(10, 'asked');
  const { pictures, look } = setUp([...watched, ...asked]);
  await using _ = pictures;
  await seconds(20);
  // Not at the very moment of a tick.
  await seconds(0.5);
  for (const part of [asked.slice(0, 5), asked.slice(5)]) {
    for (const it of part) look(it);
    await seconds(2);
  }
  expect(asked.map(({ taps }) => taps)).toEqual(asked.map(() => 1));
  expect(watched.every(({ taps }) => taps > 0)).toBe(true);
});

test('where stills are rare, looks have their turn as soon, and are judged before they are over', async () => {
  const asked = cell('asked');
  const watched = cell('watched', new AbortController().signal);
  const { pictures, state, look } = setUp([asked, watched], 600_000);
  await using _ = pictures;
  look(asked);
  await seconds(LOOK_EVERY_MS / TICK_MS - 1);
  look(asked);
  await seconds(10);
  expect([asked.taps, state.decoded]).toEqual([2, 3]);
  expect(watched.taps).toBe(1);
});

test('a look that could not be begun within two seconds is not begun at all', async () => {
  const it = cell('asked');
  const { pictures, look } = setUp([it]);
  await using _ = pictures;
  const live = it.feed.state;
  Object.assign(it.feed, { state: { state: 'stalled' } });
  look(it);
  await seconds(2);
  Object.assign(it.feed, { state: live });
  await seconds(20);
  expect(it.taps).toBe(0);
  look(it);
  await seconds(2);
  expect(it.taps).toBe(1);
});

test('an area that closes before a look is begun: it is not begun', async () => {
  const it = cell('asked');
  const { pictures, look } = setUp([it]);
  await using _ = pictures;
  look(it);
  pictures.unlook(it.feed);
  await seconds(20);
  expect(it.taps).toBe(0);
});

test('an area that closes between a look and its keyframe: it is not decoded, and nothing is told', async () => {
  const it = cell('asked');
  const { pictures, state, look } = setUp([it]);
  await using _ = pictures;
  let signal: AbortSignal | undefined;
  const coming = Promise.withResolvers<Tapped>();
  state.tap = (options) => {
    signal = options.signal;
    return coming.promise;
  };
  look(it);
  await seconds(2);
  expect(signal?.aborted).toBe(false);
  pictures.unlook(it.feed);
  expect(signal?.aborted).toBe(true);
  coming.resolve(TAPPED);
  await seconds(20);
  expect([it.taps, state.decoded, it.faults.size]).toEqual([1, 0, 0]);
  expect(pictures.counts).toMatchObject({ taken: 0, discarded: 1 });
});

test('an area that closes while a keyframe waits to be decoded: it never is; later looks are', async () => {
  const it = cell('asked');
  const { pictures, state, look } = setUp([it]);
  await using _ = pictures;
  look(it);
  await seconds(2);
  expect(state.decoded).toBe(1);
  // The first one is decoded at once, the others with the next batch.
  await seconds(LOOK_EVERY_MS / TICK_MS);
  look(it);
  await seconds(1);
  expect(it.taps).toBe(2);
  pictures.unlook(it.feed);
  await seconds(20);
  expect([state.decoded, pictures.counts.discarded]).toEqual([1, 1]);
  await seconds(LOOK_EVERY_MS / TICK_MS);
  look(it);
  await seconds(10);
  expect([it.taps, state.decoded]).toEqual([3, 2]);
});

test('what was seen before an area closed does not count after it', async () => {
  const it = cell('asked');
  const { pictures, look } = setUp([it]);
  await using _ = pictures;
  const round = async () => {
    look(it);
    await seconds(LOOK_EVERY_MS / TICK_MS);
  };
  await round();
  await round();
  pictures.unlook(it.feed);
  await round();
  await round();
  expect([it.taps, it.faults.size]).toEqual([4, 0]);
  await round();
  expect([...it.faults]).toEqual(['covered']);
  // That it was covered is no picture.
  pictures.unlook(it.feed);
  expect([...it.faults]).toEqual(['covered']);
});

test('what was wrong with a picture is not known any more when an edge has held it back for long, though somebody waits', async () => {
  const it = cell('watched', new AbortController().signal);
  const { pictures } = setUp([it]);
  await using _ = pictures;
  const live = it.feed.state;
  await seconds(30);
  expect([...it.faults]).toEqual(['covered']);
  Object.assign(it.feed, { state: { state: 'stalled' } });
  await seconds(50);
  expect([...it.faults]).toEqual(['covered']);
  await seconds(20);
  expect([...it.faults]).toEqual([]);
  // It is found anew as with any other.
  const { taps } = it;
  Object.assign(it.feed, { state: live });
  await seconds(12);
  expect([it.taps > taps, it.faults.size]).toEqual([true, 0]);
  await seconds(20);
  expect([...it.faults]).toEqual(['covered']);
});
