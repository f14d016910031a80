import { expect, test } from 'vitest';
import { NIGHT_WATCHING } from '../../../config/watching/watching.ts';
import { createCalendar } from '../../custody/state/local-day.ts';
import { longWatching, nightsBefore, type WatchedSpan } from './night-watching.ts';

// Kyiv is two hours ahead in winter: the night is from 20:00 to 04:00 UTC.
const dayStartOf = (atMs: number) => createCalendar('Europe/Kyiv').dayOf(atMs).fromMs;
const at = (text: string) => Date.parse(`2026-11-${text}:00.000Z`);
const NIGHT = { fromMs: at('20T20:00'), toMs: at('21T04:00') };
const span = (from: string, to: string, seenHigh?: number): WatchedSpan => ({
  person: 'duty',
  areaId: 'cell-1',
  fromMs: at(from),
  toMs: at(to),
  seenHigh,
});
const found = (...spans: WatchedSpan[]) => longWatching(spans, NIGHT, NIGHT_WATCHING);

test('nights are those of the place, begun and of the last two days', () => {
  expect(nightsBefore(at('21T21:00'), dayStartOf, NIGHT_WATCHING)).toEqual([
    { fromMs: at('19T20:00'), toMs: at('20T04:00') },
    NIGHT,
    { fromMs: at('21T20:00'), toMs: at('22T04:00') },
  ]);
  expect(nightsBefore(at('21T19:59'), dayStartOf, NIGHT_WATCHING)).toHaveLength(2);
});

test('a wall of small pictures through the night is no question; one large picture for long is', () => {
  expect(found(span('20T20:00', '21T04:00', 0))).toEqual([]);
  expect(found(span('20T21:00', '20T22:00', 45 * 60 - 1))).toEqual([]);
  expect(found(span('20T21:00', '20T22:00', 45 * 60))).toEqual([
    { person: 'duty', areaId: 'cell-1', seconds: 2_700 },
  ]);
});

test('looks of one night add up, by person and area; by day they do not count', () => {
  const short = [span('20T21:00', '20T21:30', 1_500), span('21T01:00', '21T01:30', 1_500)];
  expect(found(...short)).toMatchObject([{ seconds: 3_000 }]);
  expect(found(short[0] as WatchedSpan, { ...(short[1] as WatchedSpan), person: 'other' })).toEqual([]);
  expect(found(short[0] as WatchedSpan, { ...(short[1] as WatchedSpan), areaId: 'cell-2' })).toEqual([]);
  expect(found(span('20T08:00', '20T20:00', 12 * 3_600))).toEqual([]);
  // From 19:00 to 21:00, half of it in the night.
  expect(found(span('20T19:00', '20T21:00', 7_200))).toMatchObject([{ seconds: 3_600 }]);
});

test('a page that says nothing is taken to have shown a large picture', () => {
  expect(found(span('20T21:00', '20T21:45'))).toMatchObject([{ seconds: 2_700 }]);
});
