import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DarkCause } from '#contract/dark.ts';
import type { FeedStatus } from '#contract/feeds.ts';
import type { FeedSource } from '#contract/nation.ts';
import { areaStatus, feedStatus } from '../../test/fixtures/live-records.ts';
import { smallRegistry } from '../../test/fixtures/nation.ts';
import { darkPieces, NEVER_LOOKED, sumDark } from './dark-time.ts';
import { look } from './look.ts';
import { type DarkRecord, GAP_MS, planLook, type Spell } from './plan-look.ts';

const CELL = 'ua-68-itt-1-cell-1';
const START = Date.parse('2026-11-22T03:00:00.000Z');

/** An account that takes looks in, as Redis does. Times are seconds after the start. */
class Book {
  record: DarkRecord | undefined;
  readonly spells: Spell[] = [];
  readonly gaps: { fromMs: number; toMs: number }[] = [];

  look(atS: number, dark: Readonly<Record<string, [DarkCause, sinceS?: number]>>, lightSinceS?: number) {
    const looked = {
      dark: new Map(
        Object.entries(dark).map(([id, [cause, sinceS]]) => [
          id,
          { cause, sinceMs: sinceS === undefined ? Number.POSITIVE_INFINITY : START + sinceS * 1000 },
        ]),
      ),
      lightSinceMs: () => (lightSinceS === undefined ? Number.POSITIVE_INFINITY : START + lightSinceS * 1000),
    };
    const plan = planLook(this.record, looked, START + atS * 1000);
    this.record = plan.record;
    this.spells.push(...plan.spells);
    if (plan.gap) this.gaps.push(plan.gap);
  }

  darkness() {
    const { record } = this;
    if (!record) return NEVER_LOOKED;
    const open = Array.from(record.dark, ([areaId, one]) => ({ areaId, ...one, toMs: record.untilMs }));
    return { ...record, spells: [...this.spells, ...open], gaps: this.gaps };
  }

  /** Seconds by cause of people who were in an area from one second to another. */
  of(...stays: [areaId: string, fromS: number, toS: number | undefined][]) {
    const asked = stays.map(([areaId, fromS, toS]) => ({
      areaId,
      fromMs: START + fromS * 1000,
      untilMs: toS === undefined ? undefined : START + toS * 1000,
    }));
    const now = this.record?.untilMs ?? START;
    return Object.fromEntries(
      sumDark(asked, this.darkness(), now).map(({ cause, seconds }) => [cause, seconds]),
    );
  }
}

test('an area goes dark with several people inside: each has the time that they were there', () => {
  const book = new Book();
  book.look(0, {});
  book.look(5, { a: ['network', 3] });
  book.look(12, { a: ['network', 3] });
  book.look(20, {}, 18);
  expect(book.of(['a', 0, undefined])).toEqual({ network: 15 });
  expect(book.of(['a', 10, undefined])).toEqual({ network: 8 });
  expect(book.of(['a', 0, 4])).toEqual({ network: 1 });
  expect(book.of(['b', 0, undefined])).toEqual({});
});

test('who moves takes their time along, and out of the dark area into a light one it ends', () => {
  const book = new Book();
  book.look(0, { a: ['fault'] });
  book.look(8, { a: ['fault'], b: ['network', 6] });
  book.look(16, { a: ['fault'], b: ['network', 6] });
  expect(book.of(['a', 0, 4], ['b', 4, 10], ['c', 10, undefined])).toEqual({ fault: 4, network: 4 });
});

test('the cause changes: each has its time, and the seam has none', () => {
  const book = new Book();
  book.look(0, { a: ['network'] });
  book.look(8, { a: ['fault', 5] });
  book.look(16, { a: ['confidential'] });
  book.look(20, {}, undefined);
  expect(book.of(['a', 0, undefined])).toEqual({ fault: 11, network: 5, confidential: 4 });
});

test('what nobody saw is unknown: before the first look, and while nobody looked', () => {
  const book = new Book();
  expect(book.of(['a', -10, 0])).toEqual({ unknown: 10 });
  book.look(0, { a: ['fault'] });
  book.look(4, { a: ['fault'] });
  book.look(64, { a: ['fault', -100] });
  book.look(70, {}, 70);
  expect(book.of(['a', -10, undefined])).toEqual({ fault: 10, unknown: 70 });
});

test('a change that says it was long ago is not put before the last look, nor after this one', () => {
  const book = new Book();
  book.look(0, {});
  book.look(5, { a: ['network', -100] });
  expect(book.of(['a', 0, undefined])).toEqual({ network: 5 });
  book.look(8, {}, 900);
  expect(book.of(['a', 0, undefined])).toEqual({ network: 8 });
});

test('whatever is looked at whenever: no instant is counted twice, none is left out, and clocks that go back change nothing', () => {
  const causes = ['fault', 'network', 'confidential'] as const;
  const step = fc.record({
    // Also backwards, as clocks of two replicas are apart.
    laterMs: fc.integer({ min: -1_000, max: 2 * GAP_MS }),
    dark: fc.array(
      fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom(...causes), fc.integer({ max: 40_000 })),
      {
        maxLength: 2,
      },
    ),
    lightSince: fc.integer({ max: 60_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      let record: DarkRecord | undefined;
      let atMs = START;
      const spells: Spell[] = [];
      const gaps: { fromMs: number; toMs: number }[] = [];
      for (const { laterMs, dark, lightSince } of steps) {
        atMs += laterMs;
        const looked = {
          dark: new Map(dark.map(([id, cause, since]) => [id, { cause, sinceMs: START + since }] as const)),
          lightSinceMs: () => START + lightSince,
        };
        const plan = planLook(record, looked, atMs);
        expect(plan.record.untilMs).toBeGreaterThanOrEqual(record?.untilMs ?? 0);
        expect([...plan.record.dark.keys()].sort()).toEqual([...looked.dark.keys()].sort());
        record = plan.record;
        spells.push(...plan.spells);
        if (plan.gap) gaps.push(plan.gap);
      }
      if (!record) return;
      const { untilMs, begunMs } = record;
      const open = Array.from(record.dark, ([areaId, one]) => ({ areaId, ...one, toMs: untilMs }));
      for (const areaId of ['a', 'b']) {
        const stay = { areaId, fromMs: begunMs - 500, toMs: untilMs };
        const pieces = darkPieces(stay, { begunMs, untilMs, spells: [...spells, ...open], gaps });
        let lastMs = stay.fromMs;
        for (const { fromMs, toMs } of pieces) {
          expect(fromMs).toBeGreaterThanOrEqual(lastMs);
          expect(toMs).toBeGreaterThan(fromMs);
          lastMs = toMs;
        }
        expect(lastMs).toBeLessThanOrEqual(untilMs);
        expect(pieces[0]).toMatchObject({ fromMs: begunMs - 500, toMs: begunMs, cause: 'unknown' });
      }
    }),
    { numRuns: 300 },
  );
});

test('what a look sees: all cameras of an area are blind, a door is closed, or there is no camera', () => {
  const [area, ...others] = smallRegistry().areasOf('ua-68-itt-1');
  if (!area) throw new Error('no area');
  const seen = (
    state: FeedStatus['state'] | undefined,
    confidentialSince: string | null = null,
    bare = false,
    source: FeedSource = 'edge',
  ) => {
    const feeds = bare ? [] : area.feeds.map((feed) => ({ ...feed, source }));
    const view = {
      area: () => areaStatus(CELL, { confidentialSince }),
      feed: (id: string) => (state && id === `${CELL}-cam-1` ? feedStatus(CELL, { state }) : undefined),
    };
    const looked = look([{ ...area, feeds }, ...others], view, Date.parse('2026-11-22T10:00:00.000Z'));
    return looked.dark.get(CELL);
  };
  expect(seen(undefined)).toBeUndefined();
  expect(seen('idle')).toBeUndefined();
  expect(seen('stalled')).toBeUndefined();
  expect(seen('lost')).toEqual({ cause: 'unexplained', sinceMs: Date.parse('2026-11-22T10:00:00.000Z') });
  expect(seen('faulty')?.cause).toBe('fault');
  expect(seen(undefined, null, false, 'whip')).toEqual({ cause: 'unexplained', sinceMs: 0 });
  expect(seen('idle', null, false, 'whip')?.cause).toBe('unexplained');
  expect(seen('connecting', null, false, 'whip')).toBeUndefined();
  expect(seen('lost', '2026-11-22T09:00:00.000Z')).toEqual({
    cause: 'confidential',
    sinceMs: Number.POSITIVE_INFINITY,
  });
  expect(seen(undefined, null, true)?.cause).toBe('no-camera');
});
