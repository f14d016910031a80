import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Clock, clockStateAt, mostUrgentClock, remainingMsAt } from '#contract/clocks.ts';
import type { CaseEvent } from '#contract/custody-events.ts';
import { ADULT, after, caseEvent, lawOf, START_MS } from '../../test/fixtures/custody.ts';
import { factsOf } from './case-facts.ts';
import { compareEvents, toKept } from './kept-event.ts';
import type { LimitRun } from './limit-run.ts';
import { runsOf, toClock } from './limit-runs.ts';

const MINUTE_MS = 60_000;
const HOUR = 60;

function runs(events: readonly CaseEvent[], ...sets: string[]): LimitRun[] {
  const kept = events.map((event) => toKept(event)).sort(compareEvents);
  return runsOf(kept, factsOf(kept), lawOf(...sets));
}

test('a case keeps the versions of its anchor: Kazakhstan before and after July 2026', () => {
  const border = Date.parse('2026-07-01T00:00:00+05:00');
  const versionAt = (atMs: number) => {
    const begun = {
      ...caseEvent('APPREHENDED', { id: 1, at: 0, person: ADULT }),
      occurredAt: new Date(atMs).toISOString(),
    };
    // A step after the border belongs to the case all the same.
    const later = {
      ...caseEvent('PROTOCOL_DRAWN', { id: 2, at: 0 }),
      occurredAt: new Date(border + 1).toISOString(),
    };
    return [...new Set(runs([begun, later], 'kz').map(({ set }) => set.version))];
  };
  expect([versionAt(border - 1), versionAt(border)]).toEqual([[1], [2]]);
});

const HOSPITAL = fc
  .uniqueArray(fc.integer({ min: 1, max: 40 * HOUR }), { maxLength: 10 })
  .map((all) => all.toSorted((a, b) => a - b))
  .map((all) => all.slice(0, all.length - (all.length % 2)));

/** Minutes that have run, counted one by one, until so many have. */
function minuteAfter(count: number, edges: readonly number[]): number {
  let ran = 0;
  for (let minute = 0; ; minute += 1) {
    if (ran === count) return minute;
    const isAway = edges.filter((edge) => edge <= minute).length % 2 === 1;
    if (!isAway) ran += 1;
  }
}

test('a clock that stands in a hospital is due exactly when counting minutes says so', () => {
  fc.assert(
    fc.property(HOSPITAL, (edges) => {
      const events = [
        caseEvent('DELIVERED', { id: 1, at: 0, person: ADULT }),
        ...edges.map((at, index) =>
          caseEvent(index % 2 === 0 ? 'HOSPITAL_LEFT' : 'HOSPITAL_RETURNED', { id: index + 2, at }),
        ),
      ];
      const run = runs(events, 'uk-pace').find(({ limit }) => limit.id === 'detention');
      expect(run && (run.dueMs - START_MS) / MINUTE_MS).toBe(minuteAfter(24 * HOUR, edges));
      expect(run && (run.amberMs - START_MS) / MINUTE_MS).toBe(minuteAfter(18 * HOUR, edges));
    }),
    { numRuns: 100 },
  );
});

test('while a clock stands, what remains stands as well', () => {
  const events = [
    caseEvent('DELIVERED', { id: 1, at: 0, person: ADULT }),
    caseEvent('HOSPITAL_LEFT', { id: 2, at: 10 * HOUR }),
  ];
  const [run] = runs(events, 'uk-pace').filter(({ limit }) => limit.id === 'detention');
  if (!run) throw new Error('no run');
  const clock = toClock('cr-68-1-one', run);
  for (const hours of [10, 20, 200]) {
    const nowMs = START_MS + hours * HOUR * MINUTE_MS;
    expect(clockStateAt(clock, nowMs)).toBe('paused');
    expect(remainingMsAt(clock, nowMs) / MINUTE_MS).toBe(14 * HOUR);
  }
});

test('no number of extensions reaches further than the ground allows, and none shortens', () => {
  const grant = fc.record({
    at: fc.integer({ min: 0, max: 100 * HOUR }),
    until: fc.integer({ min: -HOUR, max: 400 * HOUR }),
    ground: fc.constantFrom('superintendent', 'court-warrant', 'border-regime'),
  });
  fc.assert(
    fc.property(fc.array(grant, { maxLength: 6 }), HOSPITAL, (grants, edges) => {
      const start = caseEvent('DELIVERED', { id: 1, at: 0, person: ADULT });
      const away = edges.map((at, index) =>
        caseEvent(index % 2 === 0 ? 'HOSPITAL_LEFT' : 'HOSPITAL_RETURNED', { id: index + 2, at }),
      );
      const granted = grants.map(({ at, until, ground }, index) =>
        caseEvent('EXTENSION_GRANTED', {
          id: 100 + index,
          at,
          extension: { ground, until: after(until), authorisedBy: 'supt' },
        }),
      );
      const due = (events: readonly CaseEvent[]) => {
        const run = runs(events, 'uk-pace').find(({ limit }) => limit.id === 'detention');
        return ((run?.dueMs ?? 0) - START_MS) / MINUTE_MS;
      };
      const dueMinute = due([start, ...away, ...granted]);
      expect(dueMinute).toBeGreaterThanOrEqual(due([start, ...away]));
      const most = granted.some(({ extension }) => extension?.ground === 'court-warrant') ? 96 : 36;
      expect(dueMinute).toBeLessThanOrEqual(minuteAfter(most * HOUR, edges));
      // Who comes too late extends nothing.
      const late = caseEvent('EXTENSION_GRANTED', {
        id: 200,
        at: Math.ceil(dueMinute) + 1,
        extension: { ground: 'court-warrant', until: after(1_000 * HOUR), authorisedBy: 'court' },
      });
      expect(due([start, ...away, ...granted, late])).toBe(dueMinute);
    }),
    { numRuns: 150 },
  );
});

test('a clock in shadow presses nobody', () => {
  const clock: Clock = {
    normSet: 'ua-cpc',
    limit: 'court',
    caseId: 'cr-68-1-one',
    anchorAt: after(0),
    amberAt: after(1),
    redAt: after(2),
    dueAt: after(3),
  };
  const nowMs = START_MS + 10 * MINUTE_MS;
  expect(mostUrgentClock([{ ...clock, shadowed: true }], nowMs)).toBeUndefined();
  const calm = { ...clock, limit: 'other', amberAt: after(100), redAt: after(100), dueAt: after(100) };
  expect(mostUrgentClock([{ ...clock, shadowed: true }, calm], nowMs)).toBe(calm);
});
