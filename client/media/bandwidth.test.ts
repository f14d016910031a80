import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import { type BandwidthReading, type BandwidthState, stepBandwidth, UNLIMITED } from './bandwidth.ts';
import { type Allowed, allocate, approach, demandOf, lesser, type TileWant } from './bandwidth-share.ts';

const RANK: Record<Allowed, number> = { still: 0, low: 1, high: 2 };
const COSTS = { byFeed: new Map(), mean: { low: 150_000, high: 500_000 } };
const wall = (count: number, layer: Layer = 'low', priority = 5_000): TileWant[] =>
  Array.from({ length: count }, (_, index) => ({ feedId: `f-${index}`, layer, priority: priority + index }));

/** A second of a line: what is over its rate waits in a queue, and what is over the queue is lost. */
interface Line {
  rateBps: number;
  /** Loss that does not depend on the load, as on a bad radio. */
  radioLoss?: number;
  busy?: boolean;
}

const BPS: Record<Layer, number> = { low: 150_000, high: 500_000 };
const PACKET_BYTES = 1_000;
const QUEUE_MS = 200;
const RTT_MS = 30;

function createSimulation(first: readonly TileWant[]) {
  let state: BandwidthState = UNLIMITED;
  let wants = first;
  let nowMs = 0;
  let queuedBits = 0;
  const shareOf = ({ feedId, layer }: TileWant): Allowed => lesser(layer, state.allowed.get(feedId) ?? layer);

  function second({ rateBps, radioLoss = 0, busy = false }: Line): number {
    nowMs += 1_000;
    const flowing = wants.filter((want) => shareOf(want) !== 'still');
    const offered = flowing.reduce((sum, want) => sum + BPS[shareOf(want) as Layer], 0);
    const room = rateBps + (rateBps * QUEUE_MS) / 1_000 - queuedBits;
    const congestion = offered === 0 ? 0 : Math.max(0, 1 - room / offered);
    const loss = 1 - (1 - congestion) * (1 - radioLoss);
    queuedBits = Math.min((rateBps * QUEUE_MS) / 1_000, Math.max(0, queuedBits + offered - rateBps));
    const streams = new Map(
      flowing.map((want) => {
        const bytes = (BPS[shareOf(want) as Layer] / 8) * (1 - loss);
        const packets = bytes / PACKET_BYTES;
        const lost = (packets * loss) / Math.max(0.001, 1 - loss);
        return [want.feedId, { layer: shareOf(want) as Layer, bytes, packets, lost }] as const;
      }),
    );
    const sum = (pick: (stream: { bytes: number; packets: number; lost: number }) => number) =>
      [...streams.values()].reduce((total, stream) => total + pick(stream), 0);
    const reading: BandwidthReading = {
      nowMs,
      periodMs: 1_000,
      bytes: sum(({ bytes }) => bytes),
      packets: sum(({ packets }) => packets),
      lost: sum(({ lost }) => lost),
      rttMs: RTT_MS + (1_000 * queuedBits) / rateBps,
      busy,
      streams,
    };
    const before = new Map(wants.map((want) => [want.feedId, shareOf(want)]));
    state = stepBandwidth(state, reading, wants);
    for (const want of wants) {
      const step = RANK[before.get(want.feedId) ?? 'still'] - RANK[shareOf(want)];
      expect(step, 'never more than one step down at once').toBeLessThanOrEqual(1);
    }
    return loss;
  }

  return {
    run(seconds: number, line: Line): number[] {
      return Array.from({ length: seconds }, () => second(line));
    },
    shares: () => wants.map(shareOf),
    count: (share: Allowed) => wants.filter((want) => shareOf(want) === share).length,
    want(next: readonly TileWant[]) {
      wants = next;
    },
    state: () => state,
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a thin line', () => {
  test('one tile on 300 kbit/s gets the small layer, and keeps moving', () => {
    const page = createSimulation(wall(1, 'high'));
    page.run(6, { rateBps: 300_000 });
    for (let minute = 0; minute < 5; minute++) {
      const losses = page.run(60, { rateBps: 300_000 });
      expect(page.count('still')).toBe(0);
      expect(mean(losses)).toBeLessThan(0.06);
    }
  });

  test('a wall of 64 on 2 Mbit/s is shared out within seconds; alarms move, the rest are stills', () => {
    const alarms = wall(3, 'low', 1_000).map((want) => ({ ...want, feedId: `alarm-${want.feedId}` }));
    const page = createSimulation([...wall(61), ...alarms]);
    page.run(8, { rateBps: 2_000_000 });
    const losses = page.run(20, { rateBps: 2_000_000 });
    expect(mean(losses)).toBeLessThan(0.05);
    expect(page.shares().slice(-3)).toEqual(['low', 'low', 'low']);
    expect(page.count('low')).toBeGreaterThan(8);
    // 13 fit; one more may be on trial.
    expect(page.count('low')).toBeLessThanOrEqual(14);
  });

  test('large pictures get small before any picture stands', () => {
    const page = createSimulation([...wall(8, 'high', 1_000), ...wall(8).map(rename('low'))]);
    page.run(10, { rateBps: 3_600_000 });
    expect(page.count('still')).toBe(0);
    expect(page.shares().slice(8)).toEqual(Array.from({ length: 8 }, () => 'low'));
  });

  test('another page of tiles starts within what the line is known to carry', () => {
    const page = createSimulation(wall(64));
    page.run(15, { rateBps: 2_000_000 });
    page.want(wall(64).map(rename('next')));
    const losses = page.run(5, { rateBps: 2_000_000 });
    expect(Math.max(...losses.slice(1))).toBeLessThan(0.05);
  });
});

test('a line that is wide again gives everything back, carefully', () => {
  const page = createSimulation(wall(64));
  page.run(20, { rateBps: 2_000_000 });
  const losses = page.run(240, { rateBps: 100_000_000 });
  expect(page.count('low')).toBe(64);
  expect(Math.max(...losses.slice(1))).toBe(0);
  page.run(70, { rateBps: 100_000_000 });
  expect(page.state().budgetBps).toBeUndefined();
});

test('an attempt that fails is taken back, and the next one waits twice as long', () => {
  const page = createSimulation(wall(16));
  page.run(10, { rateBps: 1_500_000 });
  const waits: number[] = [];
  for (let second = 0; second < 400; second++) {
    page.run(1, { rateBps: 1_500_000 });
    if (waits.at(-1) !== page.state().waitMs) waits.push(page.state().waitMs);
  }
  expect(Math.max(...waits)).toBeGreaterThanOrEqual(32_000);
});

describe('what is not the line', () => {
  test('a page that does not keep up keeps its layers', () => {
    const page = createSimulation(wall(64, 'high'));
    page.run(120, { rateBps: 1_000_000_000, busy: true });
    expect(page.count('high')).toBe(64);
  });

  test('nor is a second of loss', () => {
    const page = createSimulation(wall(16));
    page.run(10, { rateBps: 100_000_000 });
    page.run(1, { rateBps: 100_000_000, radioLoss: 0.1 });
    page.run(10, { rateBps: 100_000_000 });
    expect(page.count('low')).toBe(16);
  });

  test('a radio that always loses some is not starved for it', () => {
    const page = createSimulation(wall(16, 'high'));
    page.run(300, { rateBps: 100_000_000, radioLoss: 0.08 });
    expect(page.count('still')).toBe(0);
    expect(page.count('high')).toBe(16);
  });
});

const tiles = fc.uniqueArray(
  fc.record({
    feedId: fc.stringMatching(/^f-[a-z]{1,4}$/) as fc.Arbitrary<FeedId>,
    layer: fc.constantFrom<Layer>('low', 'high'),
    priority: fc.integer({ min: 0, max: 9_000 }),
  }),
  { selector: ({ feedId }) => feedId, maxLength: 80 },
);

describe('shares of a budget', () => {
  test('fit it, are never above what is wanted, and never favour the less important', () => {
    fc.assert(
      fc.property(tiles, fc.integer({ min: 0, max: 50_000_000 }), (wants, budgetBps) => {
        const shares = allocate(wants, budgetBps, COSTS);
        const [first, ...rest] = wants.toSorted(
          (a, b) => a.priority - b.priority || (a.feedId < b.feedId ? -1 : 1),
        );
        if (!first) return;
        expect(shares.get(first.feedId)).not.toBe('still');
        for (const { feedId, layer } of wants)
          expect(RANK[shares.get(feedId) ?? 'still']).toBeLessThanOrEqual(RANK[layer]);
        let above = first;
        for (const want of rest) {
          if (shares.get(above.feedId) === 'still') expect(shares.get(want.feedId)).toBe('still');
          above = want;
        }
        const isOnlyFirst = [...shares.values()].filter((share) => share !== 'still').length === 1;
        if (!isOnlyFirst) expect(demandOf(shares, wants, COSTS)).toBeLessThanOrEqual(budgetBps);
      }),
    );
  });

  test('are approached down by one step at a time', () => {
    const [want] = wall(1, 'high');
    if (!want) throw new Error('there is one');
    const target = new Map<FeedId, Allowed>([[want.feedId, 'still']]);
    expect(approach(() => 'high', target, [want]).get(want.feedId)).toBe('low');
    expect(approach(() => 'low', target, [want]).get(want.feedId)).toBe('still');
  });

  test('whatever comes: the most important tile moves, and nobody has more than asked', () => {
    const reading = fc.record({
      loss: fc.double({ min: 0, max: 0.99, noNaN: true }),
      mbit: fc.double({ min: 0, max: 40, noNaN: true }),
      rttMs: fc.option(fc.integer({ min: 1, max: 5_000 }), { nil: undefined }),
      busy: fc.boolean(),
      periodMs: fc.integer({ min: 1, max: 20_000 }),
      wants: tiles,
    });
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 60 }), (readings) => {
        let state = UNLIMITED;
        let nowMs = 0;
        for (const { loss, mbit, rttMs, busy, periodMs, wants } of readings) {
          nowMs += periodMs;
          const bytes = (mbit * 1_000_000) / 8;
          const packets = bytes / PACKET_BYTES;
          const lost = (packets * loss) / (1 - loss);
          state = stepBandwidth(
            state,
            { nowMs, periodMs, bytes, packets, lost, rttMs, busy, streams: new Map() },
            wants,
          );
          const shareOf = ({ feedId, layer }: TileWant) => lesser(layer, state.allowed.get(feedId) ?? layer);
          if (wants.length > 0) expect(wants.some((want) => shareOf(want) !== 'still')).toBe(true);
          expect(state.allowed.size).toBeLessThanOrEqual(80);
        }
      }),
    );
  });
});

function rename(prefix: string) {
  return (want: TileWant): TileWant => ({ ...want, feedId: `${prefix}-${want.feedId}` });
}
