import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GATE_MAX_MINUTES, GATE_TOTAL_MINUTES } from '../../../config/gate/gate.ts';
import type { GateEvent } from './area-log.ts';
import { foldGates } from './gates.ts';

const MINUTE = 60_000;
const opened = (at: number, until?: number, by = 'duty-68'): GateEvent => ({
  id: `o-${at}`,
  at: at * MINUTE,
  recordedAt: at * MINUTE,
  opens: true,
  ...(until === undefined ? {} : { until: until * MINUTE }),
  by,
});
const closed = (at: number, until?: number): GateEvent => ({ ...opened(at, until, 'varta'), opens: false });
const standing = (...events: GateEvent[]) => {
  const { standing: one } = foldGates(events);
  return one && [one.sinceMs / MINUTE, one.untilMs / MINUTE, one.by];
};
const spans = (...events: GateEvent[]) =>
  foldGates(events).spans.map(([from, to]) => [from / MINUTE, to === null ? null : to / MINUTE]);

test('a gate stands from when it was opened, by whom, until its end', () => {
  expect(standing(opened(5, 35))).toEqual([5, 35, 'duty-68']);
  expect(standing(opened(5, 35), closed(20))).toBeUndefined();
  expect(spans(opened(5, 35), closed(20), opened(50, 60))).toEqual([
    [5, 20],
    [50, null],
  ]);
});

test('whatever an event asks for, a gate is no longer than it may be', () => {
  expect(standing(opened(0, 10_000))).toEqual([0, GATE_MAX_MINUTES, 'duty-68']);
  expect(standing(opened(0))).toEqual([0, GATE_MAX_MINUTES, 'duty-68']);
  // An end before its beginning is none.
  expect(standing(opened(10, 5))).toEqual([10, 10 + GATE_MAX_MINUTES, 'duty-68']);
});

test('more time is given from when it was asked for, never less, and never beyond the whole', () => {
  expect(standing(opened(0, 30), opened(20, 50, 'situation'))).toEqual([0, 50, 'duty-68']);
  expect(standing(opened(0, 30), opened(5, 10))).toEqual([0, 30, 'duty-68']);
  const long = Array.from({ length: 30 }, (_, index) => opened(index * 10, index * 10 + 60));
  expect(standing(...long)?.[1]).toBeLessThanOrEqual(Number(standing(...long)?.[0]) + GATE_TOTAL_MINUTES);
});

test('an end by itself is for one end: not for that of a gate which was given more time meanwhile', () => {
  expect(standing(opened(0, 30), closed(30, 30))).toBeUndefined();
  expect(standing(opened(0, 30), opened(29, 59), closed(30, 30))).toEqual([0, 59, 'duty-68']);
  expect(standing(opened(0, 30), opened(29, 59), closed(59, 59))).toBeUndefined();
});

test('an opening after the end is another gate, also when that end was never recorded', () => {
  expect(standing(opened(0, 30), opened(31, 40, 'situation'))).toEqual([31, 40, 'situation']);
  expect(spans(opened(0, 30), opened(31, 40))).toEqual([
    [0, 30],
    [31, null],
  ]);
});

test('spans are in order, never overlap, and never last longer than a gate may', () => {
  const event = fc
    .record({ at: fc.nat(2_000), opens: fc.boolean(), until: fc.option(fc.nat(4_000), { nil: undefined }) })
    .map(({ at, opens, until }) => (opens ? opened(at, until) : closed(at, until)));
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const inOrder = events.toSorted((a, b) => a.at - b.at);
      let lastMs = -1;
      for (const [from, to] of foldGates(inOrder).spans) {
        expect(from).toBeGreaterThanOrEqual(lastMs);
        lastMs = to ?? Number.MAX_SAFE_INTEGER;
        if (to !== null) expect(to - from).toBeLessThanOrEqual(GATE_TOTAL_MINUTES * MINUTE);
      }
    }),
  );
});
