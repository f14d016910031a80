import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockStateAt } from '#contract/clocks.ts';
import type { Accumulation, Check, Limit, NormSet } from '../../../config/norms/norm-set.ts';
import { ALL_NORMS, chooseNorms } from '../../../config/norms/norms.ts';
import { areaEvent, basisOf, stored } from '../../test/fixtures/custody.ts';
import {
  anchorsOf,
  beginning,
  doneBy,
  eventsOf,
  facts,
  firstMsOf,
  instantsOf,
  lawOfSet,
  metAt,
  type Of,
  openRun,
  runsOfLimit,
  standsFromAnchor,
  type Told,
} from '../../test/fixtures/limit-walk.ts';
import { applyEvents } from './apply-events.ts';
import { restoreFacility } from './facility-custody.ts';
import { type LimitRun, wasMetLate } from './limit-run.ts';
import { toClock } from './limit-runs.ts';
import { spaceOf } from './space.ts';

/**
 * Every boundary of every limit of every version of every set, walked from the data: a limit that is added is walked
 * without a line here, and one that no events here can begin fails.
 */
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const TIME_ZONE = 'Europe/Kyiv';

const ALL: readonly (readonly [name: string, of: Of])[] = ALL_NORMS.sets.flatMap((set) =>
  set.limits.map((limit) => [`${set.id}/${limit.id}, version ${set.version}`, { set, limit }] as const),
);
const ofKind = <K extends Limit['kind']>(...kinds: K[]) =>
  ALL.filter((one): one is readonly [string, Of<Extract<Limit, { kind: K }>>] =>
    (kinds as Limit['kind'][]).includes(one[1].limit.kind),
  );
const TIMED = ofKind('deadline', 'duty', 'review');
const REVIEWS = ofKind('review');
const ACCUMULATIONS = ofKind('accumulation');
const CHECKS = ofKind('check');
const GRANTS = ofKind('deadline').flatMap(([name, of]) =>
  of.limit.grants.map((grant) => [`${name}, ${grant.ground}`, { ...of, grant }] as const),
);

test('every limit is walked below, by its kind; and there is no other sort of norm', () => {
  const walked = [...TIMED, ...ACCUMULATIONS, ...CHECKS].map(([name]) => name);
  expect(walked.toSorted()).toEqual(ALL.map(([name]) => name).toSorted());
  // Separation has no line in time or space; how late a check may be written down is walked in `told-in-time.test.ts`.
  expect(Object.keys(ALL_NORMS).toSorted()).toEqual(
    ['checkWrittenWithin', 'separation', 'sets', 'space', 'timeZone', 'welfareCheck'].toSorted(),
  );
});

/** The state turns in the millisecond of each instant, and what neither law nor guidance sets is at worst red. */
function expectTurns({ limit }: Of, run: LimitRun): void {
  const clock = toClock('cr-68-1-one', run);
  const isLaw = limit.kind !== 'duty' && (limit.standing === 'law' || limit.standing === 'guidance');
  for (const [atMs, before, from] of [
    [run.amberMs, 'ok', 'amber'],
    [run.redMs, 'amber', 'red'],
    [run.dueMs, 'red', isLaw ? 'breached' : 'red'],
  ] as const) {
    expect(clockStateAt(clock, atMs - 1)).toBe(before);
    expect(clockStateAt(clock, atMs)).toBe(from);
  }
}
const levelsOf = ({ warnings }: NormSet) => [warnings.amber, warnings.red, 1];

test.each(TIMED)('%s: turns exactly at its instants, whenever and however it began and was met', (_, of) => {
  const { set, limit } = of;
  const began = fc.record({
    atMs: instantsOf(set),
    by: fc.constantFrom(...anchorsOf(limit)),
    met: fc.constantFrom(...doneBy(limit)),
    stoodMs: fc.integer({ min: 0, max: standsFromAnchor(limit).length > 0 ? 2 * DAY_MS : 0 }),
  });
  fc.assert(
    fc.property(began, ({ atMs, by, met, stoodMs }) => {
      const begun = beginning(of, [by, atMs], stoodMs);
      const run = openRun(of, begun);
      expect([run.amberMs, run.redMs, run.dueMs]).toEqual(
        levelsOf(set).map((share) => atMs + stoodMs + Math.round(firstMsOf(limit) * share)),
      );
      expectTurns(of, run);
      // Met in the last moment is met; a millisecond later is late.
      const isLateAt = (metMs: number) =>
        runsOfLimit(of, [...begun, ...metAt(limit, met, metMs)])
          .filter((one) => one.metMs === metMs)
          .map(wasMetLate);
      expect([isLateAt(run.dueMs), isLateAt(run.dueMs + 1)]).toEqual([[false], [true]]);
    }),
    { numRuns: 25 },
  );
});

test.each(REVIEWS)('%s: each is held against the one before it, or against that many before it', (_, of) => {
  const { set, limit } = of;
  const { times = 1, lasting } = limit;
  const thenMs = limit.thenMinutes * MINUTE_MS;
  // What has to last cannot have begun before the last one ended.
  const leastMs = 1 + (lasting ? lasting.minutes * MINUTE_MS : 0);
  const gap = fc.oneof(fc.integer({ min: leastMs, max: 2 * thenMs }), fc.constantFrom(thenMs, thenMs + 1));
  fc.assert(
    fc.property(instantsOf(set), fc.array(gap, { minLength: 1, maxLength: 6 }), (atMs, gaps) => {
      const [by = 'DELIVERED'] = anchorsOf(limit);
      const [done = 'REVIEW_DONE'] = doneBy(limit);
      const doneMs = gaps.map((_gap, index) => gaps.slice(0, index + 1).reduce((a, b) => a + b, atMs));
      const told = [...beginning(of, [by, atMs]), ...doneMs.flatMap((ms) => metAt(limit, done, ms))];
      const own = runsOfLimit(of, told).filter(({ metMs }) => metMs === undefined || metMs > atMs);
      const dueMs = [...doneMs, 0].map((__, index) =>
        index < times ? atMs + firstMsOf(limit) : (doneMs[index - times] ?? 0) + thenMs,
      );
      expect(own.map((run) => run.dueMs)).toEqual(dueMs);
      expect(own.map(wasMetLate)).toEqual([...doneMs.map((ms, index) => ms > (dueMs[index] ?? 0)), false]);
    }),
    { numRuns: 25 },
  );
});

test.each(GRANTS)('%s: counts up to the end that it moves, and reaches no further than it may', (_, of) => {
  const { set, limit, grant } = of;
  const MOST_MS = 1_000 * DAY_MS;
  fc.assert(
    fc.property(instantsOf(set), fc.constantFrom(...anchorsOf(limit)), (atMs, by) => {
      const begun = beginning(of, [by, atMs]);
      const { dueMs } = openRun(of, begun);
      const dueAfter = (decidedMs: number) => {
        const extension = {
          ground: grant.ground,
          until: new Date(decidedMs + MOST_MS).toISOString(),
          authorisedBy: 'authority',
        };
        return openRun(of, [...begun, ['EXTENSION_GRANTED', decidedMs, { extension }]]).dueMs;
      };
      const endMs = Math.min(
        dueMs + MOST_MS,
        grant.mostMinutes === null ? Number.POSITIVE_INFINITY : atMs + grant.mostMinutes * MINUTE_MS,
        grant.spanMinutes === undefined ? Number.POSITIVE_INFINITY : dueMs + grant.spanMinutes * MINUTE_MS,
      );
      expect(dueAfter(dueMs)).toBe(endMs);
      expect(dueAfter(dueMs + 1)).toBe(dueMs);
    }),
    { numRuns: 25 },
  );
});

test.each(ACCUMULATIONS)('%s: what lasts exactly as long is kept, a millisecond more is not', (_, of) => {
  const { set, limit } = of as Of<Accumulation>;
  const lengthMs = limit.minutes * MINUTE_MS;
  const { calendar } = lawOfSet(set);
  fc.assert(
    fc.property(instantsOf(set), (anyMs) => {
      // A sum of a day needs room in its day.
      const day = calendar.dayOf(anyMs);
      const atMs = limit.per === 'day' ? Math.min(anyMs, day.untilMs - lengthMs - 1) : anyMs;
      const begun = beginning(of, [limit.from, atMs]);
      const run = openRun(of, begun);
      expect([run.amberMs, run.redMs, run.dueMs]).toEqual(
        levelsOf(set).map((share) => atMs + Math.round(lengthMs * share)),
      );
      expectTurns(of, run);
      const endedAt = (endMs: number) => runsOfLimit(of, [...begun, [limit.until, endMs]]).map(wasMetLate);
      expect([endedAt(run.dueMs), endedAt(run.dueMs + 1)]).toEqual([[], [true]]);
      if (!limit.shortestBreak) return;
      const breakMs = limit.shortestBreak.minutes * MINUTE_MS;
      const halfMs = atMs + Math.floor(lengthMs / 2);
      const goesOnAfter = (pauseMs: number) =>
        openRun(of, [...begun, [limit.until, halfMs], [limit.from, halfMs + pauseMs]]).anchorMs;
      expect([goesOnAfter(breakMs - 1), goesOnAfter(breakMs)]).toEqual([atMs, halfMs + breakMs]);
    }),
    { numRuns: 25 },
  );
});

/** When the next check of a cell is due, by its status. */
function checkDueMs(of: Of<Check>, told: readonly Told[], checkedMs?: number): number {
  const basis = basisOf(chooseNorms([of.set.id], TIME_ZONE));
  const at = new Date(checkedMs ?? 0).toISOString();
  const check = {
    ...areaEvent('CELL_CHECK', { id: 99, at: 0, area: 'cell-1' }),
    occurredAt: at,
    recordedAt: at,
  };
  const events = [
    ...eventsOf(told).map((event) => ({ ...event, areaId: 'ua-68-itt-1-cell-1' })),
    ...(checkedMs === undefined ? [] : [check]),
  ];
  const { facility } = applyEvents(
    restoreFacility('ua-68-itt-1', basis),
    events.map((event) => stored(event)),
    basis,
  );
  return Date.parse(facility.statuses.get('ua-68-itt-1-cell-1')?.nextCheckDueAt ?? '');
}

const [FIRST_SET] = ALL_NORMS.sets;
if (!FIRST_SET) throw new Error('no norm set');
test.each([
  ...CHECKS,
  // Where no set says: that of practice.
  ['practice/welfare-check', { set: FIRST_SET, limit: ALL_NORMS.welfareCheck }] as const,
])('%s: due so long after the person came, and after each check', (_, of) => {
  const lengthMs = of.limit.minutes * MINUTE_MS;
  const gap = fc.integer({ min: 1, max: 3 * lengthMs });
  fc.assert(
    fc.property(instantsOf(of.set), gap, (atMs, gapMs) => {
      const placed: Told[] = [
        ['CELL_PLACED', atMs, facts(of)],
        ['RISK_ASSESSED', atMs, facts(of)],
      ];
      expect(checkDueMs(of, placed)).toBe(atMs + lengthMs);
      expect(checkDueMs(of, placed, atMs + gapMs)).toBe(atMs + gapMs + lengthMs);
    }),
    { numRuns: 25 },
  );
});

const LINES = ALL_NORMS.space.flatMap((set) =>
  set.lines.map((line) => [`${set.id}/${line.id}`, { set, line }] as const),
);

test.each(LINES)('%s: exactly as much room is enough, a little less is not', (_, { set, line }) => {
  const people = fc.integer({ min: 1, max: line.singleOnly ? 1 : 40 });
  const less = fc.double({ min: 1e-9, max: 0.5, noNaN: true });
  fc.assert(
    fc.property(instantsOf(set), people, less, (atMs, headcount, lessM2) => {
      const norms = { ...chooseNorms([set.id], TIME_ZONE), space: [{ ...set, lines: [line] }] };
      const roomOf = (m2: number, capacity: number, whenMs = atMs) =>
        spaceOf({ kind: 'cell', capacity, netAreaM2: m2 * headcount }, headcount, { norms, atMs: whenMs });
      const capacity = line.singleOnly ? 1 : 4;
      expect(roomOf(line.belowM2, capacity)?.level).toBeUndefined();
      expect(roomOf(line.belowM2 - lessM2, capacity)).toMatchObject({
        below: { normSet: set.id, limit: line.id },
        level: line.level,
      });
      if (line.singleOnly) expect(roomOf(line.belowM2 - lessM2, 2)?.level).toBeUndefined();
      expect(roomOf(line.belowM2 - lessM2, capacity, Date.parse(set.validFrom) - 1)?.level).toBeUndefined();
    }),
    { numRuns: 25 },
  );
});

test.each(ALL_NORMS.sets.map((set) => [`${set.id}, version ${set.version}`, set] as const))(
  '%s: holds from its first instant up to, not including, its last',
  (_, set) => {
    const limit = set.limits.find((one) => one.kind === 'deadline');
    if (!limit) throw new Error('a set without a deadline');
    const of = { set, limit };
    const [by = 'DELIVERED'] = anchorsOf(limit);
    const begins = (atMs: number) => runsOfLimit(of, beginning(of, [by, atMs])).length;
    const fromMs = Date.parse(set.validFrom);
    expect([begins(fromMs - 1), begins(fromMs)]).toEqual([0, 1]);
    if (set.validTo === null) return;
    const untilMs = Date.parse(set.validTo);
    expect([begins(untilMs - 1), begins(untilMs)]).toEqual([1, 0]);
  },
);
