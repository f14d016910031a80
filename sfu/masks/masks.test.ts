import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AnnexB } from './annex-b.ts';
import { Lateness } from './lateness.ts';
import { Masks } from './masks.ts';
import { PacketOrder } from './packet-order.ts';

const region = { x: 0.1, y: 0.2, width: 0.3, height: 0.4 };
const ALL = [{ x: 0, y: 0, width: 1, height: 1 }];

beforeEach(() => void vi.useFakeTimers({ now: 10_000 }));
afterEach(() => void vi.useRealTimers());

function setUp() {
  const passed: string[] = [];
  const covered: string[] = [];
  const masks = new Masks({
    now: Date.now,
    onNewer: (feedId, proof) => passed.push(`${feedId} ${proof}`),
    onMasked: (feedId) => covered.push(feedId),
  });
  const say = (version: number, change: object = {}, proof?: string) =>
    masks.note({ id: 'cell-1', mask: { regions: [region], version, ...change } }, proof);
  return { masks, say, passed, covered, now: () => masks.regionsOf('cell-1') };
}

test('of what nobody has said anything, all is covered', () => {
  expect(setUp().now()).toEqual(ALL);
});

test('the newest word counts, whenever it comes; of two of one version the one that covers', () => {
  const { say, now } = setUp();
  say(5);
  expect(now()).toEqual([region]);
  say(6, { liftedUntil: 20_000 });
  expect(now()).toEqual([]);
  say(5);
  expect(now()).toEqual([]);
  say(6);
  expect(now()).toEqual([region]);
  say(6, { liftedUntil: 20_000 });
  expect(now()).toEqual([region]);
});

test('a first mask is told, and known whoever says nothing of it afterwards', () => {
  const { masks, say, covered, now } = setUp();
  masks.note({ id: 'cell-1' });
  expect([masks.has('cell-1'), covered]).toEqual([false, []]);
  say(0);
  say(1);
  masks.note({ id: 'cell-1' });
  expect([masks.has('cell-1'), covered, now()]).toEqual([true, ['cell-1'], [region]]);
});

test('servers with different nation files: what any of them names is covered, whichever word is newer', () => {
  const { masks, say, passed, now } = setUp();
  const other = { x: 0.6, y: 0.2, width: 0.3, height: 0.4 };
  let told = 0;
  masks.follow('cell-1', () => {
    told += 1;
  });
  say(5);
  say(5, { regions: [other] }, 'of the same version');
  expect([now(), told, passed]).toEqual([[region, other], 2, ['cell-1 of the same version']]);
  say(4, { regions: [region, other] });
  say(6, { regions: [region] });
  expect([now(), told]).toEqual([[region, other], 2]);
  say(7, { regions: [other], liftedUntil: 20_000 });
  expect(now()).toEqual([]);
  vi.setSystemTime(20_000);
  expect(now()).toEqual([region, other]);
});

test('so many boxes that they are a muddle cover the whole picture', () => {
  const { say, now } = setUp();
  for (let at = 0; at < 40; at += 1)
    say(at, { regions: [{ x: at / 100, y: at / 100, width: 0.2, height: 0.2 }] });
  expect(now()).toEqual(ALL);
});

test('a lift ends at its time, and whoever draws is told then and at each change', () => {
  const { masks, say, now } = setUp();
  let told = 0;
  masks.follow('cell-1', () => {
    told += 1;
  });
  say(1, { liftedUntil: 12_000 });
  expect([told, now()]).toEqual([1, []]);
  vi.advanceTimersByTime(2_000);
  expect([told, now()]).toEqual([2, [region]]);
  say(2);
  say(3);
  expect(told).toBe(3);
});

test('news are passed on with the grant that brought them, once', () => {
  const { masks, say, passed } = setUp();
  say(1, {}, 'first');
  say(1, {}, 'again');
  say(2, { liftedUntil: 30_000 }, 'lifted');
  say(1, {}, 'old');
  expect(passed).toEqual(['cell-1 first', 'cell-1 lifted']);
  expect(masks.proofOf('cell-1')).toBe('lifted');
});

test('packets come out in order, whatever order they came in, each at most once', () => {
  const swapped = fc
    .tuple(fc.nat(0xffff), fc.array(fc.nat(3), { minLength: 1, maxLength: 120 }))
    .map(([first, delays]) => ({
      first,
      order: delays.map((delay, index) => ({ index, at: index + delay })).toSorted((a, b) => a.at - b.at),
    }));
  fc.assert(
    fc.property(swapped, ({ first, order }) => {
      const packets = new PacketOrder<number>();
      const out = order.flatMap(({ index }) => packets.push((first + index) % 0x1_0000, index, 0));
      expect(out).toEqual(out.toSorted((a, b) => a - b));
      expect(new Set(out).size).toBe(out.length);
    }),
  );
});

test('a packet that never comes holds the others up no longer than a while', () => {
  const packets = new PacketOrder<number>();
  const out = [0, ...Array.from({ length: 80 }, (_, index) => index + 2)].flatMap((index) =>
    packets.push(index, index, 0),
  );
  expect(out.at(0)).toBe(0);
  expect(out.length).toBeGreaterThan(60);
  expect(out).not.toContain(1);
});

test('nor for longer than 400 ms, however few come', () => {
  const packets = new PacketOrder<number>();
  const push = (index: number, atMs: number) => packets.push(index, index, atMs);
  expect([push(0, 0), push(2, 1_000), push(3, 1_399)]).toEqual([[0], [], []]);
  expect(push(4, 1_400)).toEqual([2, 3, 4]);
  expect(push(1, 1_401)).toEqual([]);
  // Each wait has its own time.
  expect([push(6, 2_000), push(5, 2_100), push(8, 2_450), push(7, 2_460)]).toEqual([[], [5, 6], [], [7, 8]]);
});

test('ffmpeg is late by its oldest picture, once it has started and caught up', () => {
  const lateness = new Lateness();
  expect(lateness.isTooLate(0)).toBe(false);
  lateness.noteIn(0);
  expect([lateness.isTooLate(10_000), lateness.isTooLate(10_001)]).toEqual([false, true]);
  lateness.noteIn(100);
  expect(lateness.noteOut(1_500)).toBe(1_500);
  expect([lateness.isTooLate(6_500), lateness.isTooLate(6_501)]).toEqual([false, true]);
  lateness.noteOut(6_600);
  expect(lateness.isTooLate(60_000)).toBe(false);
  lateness.noteIn(60_000);
  expect([lateness.isTooLate(61_000), lateness.isTooLate(61_001)]).toEqual([false, true]);
});

test('units come out whole, from the first parameter sets on, and a cut one not at all', () => {
  const stream = new AnnexB();
  const push = (bytes: number[], marker = false, isContinuous = true) =>
    Buffer.concat(stream.push(Buffer.from(bytes), { marker, isContinuous })).toString('hex');
  expect(push([0x41, 1], true)).toBe('');
  expect(push([0x67, 2])).toBe('000000016702');
  expect(push([0x78, 0, 2, 0x68, 3, 0, 1, 0x06])).toBe('00000001680300000001' + '06');
  expect(push([0x7c, 0x85, 4])).toBe('');
  expect(push([0x7c, 0x45, 5], true)).toBe('00000001650405' + '0000000109f0');
  expect(push([0x7c, 0x81, 6])).toBe('');
  // One was lost between: what is left of the unit is none.
  expect(push([0x7c, 0x41, 7], true, false)).toBe('0000000109f0');
});
