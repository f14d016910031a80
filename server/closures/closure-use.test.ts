import { expect, test } from 'vitest';
import { type AreaHistory, KEEP_CLOSINGS } from '../custody/state/area-history.ts';
import { closureUse } from './closure-use.ts';

const NOW_MS = Date.parse('2026-11-22T12:00:00.000Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** An area that was closed for a minute at some times, hours ago. */
const closed = (hoursAgo: readonly number[], over: Partial<AreaHistory> = {}): AreaHistory => {
  const closings = hoursAgo.map((hours) => NOW_MS - hours * HOUR_MS).toSorted((a, b) => a - b);
  return {
    knownFromMs: 0,
    occupied: [],
    confidential: closings.map((at) => [at, at + 60_000]),
    closings,
    ...over,
  };
};
const inWeek = (history: AreaHistory | undefined) => {
  const { timesInWeek, isCut } = closureUse('cell', history, NOW_MS);
  return { timesInWeek, isCut };
};
/** Hours ago, so many times, the first of them a number of days ago. */
const evenly = (times: number, days: number) =>
  Array.from({ length: times }, (_, index) => ((index + 1) * days * 24) / times);

test('how often an area was closed in a week is told as at least where more may have been', () => {
  expect(inWeek(closed([1, 30, 200]))).toEqual({ timesInWeek: 2, isCut: false });
  expect(inWeek(closed([1, 30], { knownFromMs: NOW_MS - 3 * DAY_MS }))).toEqual({
    timesInWeek: 2,
    isCut: true,
  });
  // What is not known is not nothing.
  expect(inWeek(undefined)).toEqual({ timesInWeek: 0, isCut: true });
  const { closings: _, ...former } = closed([1, 30]);
  expect(inWeek(former)).toEqual({ timesInWeek: 2, isCut: true });
});

test('as many closings as are kept may be not all', () => {
  expect(inWeek(closed(evenly(KEEP_CLOSINGS, 3)))).toEqual({ timesInWeek: KEEP_CLOSINGS, isCut: true });
  expect(inWeek(closed(evenly(KEEP_CLOSINGS - 1, 3))).isCut).toBe(false);
  // The first of those that are kept was before the week: of the week there is none besides.
  expect(inWeek(closed(evenly(KEEP_CLOSINGS, 8))).isCut).toBe(false);
});
