import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byUrgency, clockStateAt, clockUrgency } from '#contract/clocks.ts';
import type { Deadline, NormSet } from '../../../config/norms/norm-set.ts';
import { NORMS } from '../../../config/norms/norms.ts';
import { ADULT, basisOf, caseEvent, lawOf, START_MS } from '../../test/fixtures/custody.ts';
import { clocksOf } from './clocks.ts';
import { compareEvents, toKept } from './kept-event.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CASE = 'cr-68-1-one';

function clocks(events: ReturnType<typeof caseEvent>[], norms = NORMS) {
  const kept = events.map((event) => toKept(event)).sort(compareEvents);
  return clocksOf(CASE, kept, basisOf(norms).lawOf('ua-68-itt-1'));
}

/** The tables of the two codes: when each clock turns, in hours after its anchor. */
test.each([
  ['suspicion', 'criminal', [18, 21.6, 24]],
  ['court', 'criminal', [45, 54, 60]],
  ['decision', 'criminal', [54, 64.8, 72]],
  ['detention', 'administrative', [2.25, 2.7, 3]],
] as const)('%s (%s): amber, red and breached after %j hours', (limit, regime, [amber, red, due]) => {
  const events = [caseEvent('DELIVERED', { id: 1, at: 0, person: { ...ADULT, regime } })];
  const clock = clocks(events).find((one) => one.limit === limit);
  if (!clock) throw new Error('no clock');
  const stateAt = (hours: number, shiftMs = 0) =>
    clockStateAt(clock, START_MS + Math.round(hours * HOUR_MS) + shiftMs);
  expect(stateAt(0)).toBe('ok');
  expect([stateAt(amber, -1), stateAt(amber)]).toEqual(['ok', 'amber']);
  expect([stateAt(red, -1), stateAt(red)]).toEqual(['amber', 'red']);
  expect([stateAt(due, -1), stateAt(due)]).toEqual(['red', 'breached']);
});

test('hours are hours: neither daylight saving in Kyiv nor a leap day makes a limit longer', () => {
  for (const start of [
    '2026-10-25T00:30:00+03:00',
    '2027-03-28T02:30:00+02:00',
    '2028-02-28T23:00:00+02:00',
  ]) {
    const event = { ...caseEvent('APPREHENDED', { id: 1, at: 0 }), occurredAt: start };
    const due = clocks([event]).find(({ limit }) => limit === 'court')?.dueAt ?? '';
    expect(Date.parse(due) - Date.parse(start)).toBe(60 * HOUR_MS);
  }
});

test('who is not said to be held administratively is held under the criminal code', () => {
  const limits = clocks([caseEvent('DELIVERED', { id: 1, at: 0 })]).map(({ normSet }) => normSet);
  expect(new Set(limits)).toEqual(new Set(['ua-cpc']));
});

test('a case uses the set that was valid at its anchor', () => {
  const [cpc] = NORMS.sets;
  if (!cpc) throw new Error('no set');
  const change = new Date(START_MS).toISOString();
  const shorter = cpc.limits.flatMap((limit) =>
    limit.kind === 'deadline' ? [{ ...limit, minutes: 60 }] : [],
  );
  const sets: NormSet[] = [
    { ...cpc, validTo: change },
    { ...cpc, version: 2, validFrom: change, limits: shorter },
  ];
  const dueIn = (at: number) => {
    const [clock] = clocks([caseEvent('APPREHENDED', { id: 1, at })], { ...NORMS, sets });
    return (Date.parse(clock?.dueAt ?? '') - Date.parse(clock?.anchorAt ?? '')) / HOUR_MS;
  };
  expect([dueIn(-1), dueIn(0)]).toEqual([24, 1]);
});

test('pauses move every instant on by as long as they were, and a clock that stands is paused', () => {
  const [cpc] = NORMS.sets;
  const limit = cpc?.limits.find((one): one is Deadline => one.kind === 'deadline');
  if (!cpc || !limit) throw new Error('no set');
  const pauses = [
    { from: 'AMBULANCE' as const, until: 'CELL_PLACED' as const },
    { from: 'REST_STARTED' as const, until: 'REST_ENDED' as const },
  ];
  const norms = { ...NORMS, sets: [{ ...cpc, limits: [{ ...limit, pauses }] }] };
  const start = caseEvent('APPREHENDED', { id: 1, at: 0 });
  const away = caseEvent('AMBULANCE', { id: 2, at: 100 });
  const back = caseEvent('CELL_PLACED', { id: 3, at: 160, area: 'cell-1' });
  const [standing] = clocks([start, away], norms);
  expect(standing?.pausedAt).toBe(new Date(START_MS + 100 * MINUTE_MS).toISOString());
  const shiftOf = (events: ReturnType<typeof caseEvent>[]) => {
    const [clock] = clocks(events, norms);
    expect(clock?.pausedAt).toBeUndefined();
    return (Date.parse(clock?.dueAt ?? '') - START_MS) / MINUTE_MS - limit.minutes;
  };
  expect(shiftOf([start, away, back])).toBe(60);
  // Pauses within one another are not counted twice.
  const rest = [caseEvent('REST_STARTED', { id: 4, at: 120 }), caseEvent('REST_ENDED', { id: 5, at: 170 })];
  expect(shiftOf([start, away, back, ...rest])).toBe(70);
});

test('the order of urgency is total, and the most urgent is first', () => {
  const minutes = fc.integer({ min: -10_000, max: 10_000 });
  fc.assert(
    fc.property(fc.array(minutes, { maxLength: 8 }), minutes, (starts, now) => {
      const all = starts.flatMap((at, index) =>
        clocksOf(`cr-68-1-n${index}`, [toKept(caseEvent('APPREHENDED', { id: index, at }))], lawOf()),
      );
      const nowMs = START_MS + now * MINUTE_MS;
      const sorted = byUrgency(all, nowMs);
      expect(byUrgency(all.toReversed(), nowMs)).toEqual(sorted);
      const ranks = sorted.map((clock) => clockUrgency(clock, nowMs));
      expect(ranks).toEqual(ranks.toSorted());
    }),
  );
});
