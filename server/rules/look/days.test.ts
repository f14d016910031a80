import { expect, test } from 'vitest';
import type { AreaHistory } from '../../custody/state/area-history.ts';
import { createCalendar } from '../../custody/state/local-day.ts';
import { caseEvent, stored } from '../../test/fixtures/custody.ts';
import { lookAtGate } from './record-and-video.ts';
import { lookAtRecording } from './recording.ts';

/** Two hours ahead of Greenwich in November. */
const KYIV = createCalendar('Europe/Kyiv');
const MIDNIGHT = '2026-11-21T22:00:00.000Z';

test('one day of a case is one flag, whatever offset its sender writes', () => {
  const written = (recordedAt: string) => {
    const late = { ...caseEvent('MEAL', { id: 1, at: 0 }), occurredAt: '2026-11-21T12:00:00Z', recordedAt };
    const [finding] = lookAtRecording(stored(late), { calendar: KYIV });
    return finding && [finding.key, finding.sinceMs];
  };
  const first = written('2026-11-21T22:30:00Z');
  expect(first?.[1]).toBe(Date.parse(MIDNIGHT));
  // The same instant in the words of other places, and the evening of that day.
  expect(written('2026-11-22T00:30:00+02:00')).toEqual(first);
  expect(written('2026-11-21T17:30:00-05:00')).toEqual(first);
  expect(written('2026-11-22T21:59:59Z')).toEqual(first);
  // The next day there, which is not yet the next in Greenwich.
  expect(written('2026-11-22T22:00:00Z')).not.toEqual(first);
});

test('an area that is closed too often is told of once in a day of the nation', () => {
  const noon = Date.parse('2026-11-22T10:00:00.000Z');
  const history: AreaHistory = {
    knownFromMs: 0,
    occupied: [],
    confidential: Array.from({ length: 9 }, (_, index) => [noon + index, noon + index + 1]),
  };
  const closed = (occurredAt: string) => {
    const event = { ...caseEvent('LAWYER_ARRIVED', { id: 1, at: 0, area: 'cell-1' }), occurredAt };
    const area = { id: 'ua-68-itt-1-cell-1', kind: 'cell' as const };
    return lookAtGate(stored(event), { area, history }, KYIV).map(({ rule, sinceMs }) => [rule, sinceMs]);
  };
  const once = [['gate-overused', Date.parse(MIDNIGHT)]];
  expect(closed('2026-11-22T15:00:00Z')).toEqual(once);
  expect(closed('2026-11-22T17:00:00+02:00')).toEqual(once);
  expect(closed('2026-11-23T00:30:00+09:00')).toEqual(once);
});

test('closed again at once counts as another time, and minutes count whatever they are made of', () => {
  const MINUTE_MS = 60_000;
  const nowMs = Date.parse('2026-11-22T15:00:00Z');
  const ago = (minutes: number) => nowMs - minutes * MINUTE_MS;
  const look = (history: Partial<AreaHistory>, kind: 'cell' | 'lawyer-room' = 'cell') => {
    const event = {
      ...caseEvent('LAWYER_LEFT', { id: 1, at: 0 }),
      occurredAt: new Date(nowMs).toISOString(),
    };
    const whole = { knownFromMs: 0, occupied: [], confidential: [], ...history };
    const area = { id: 'ua-68-itt-1-cell-1', kind };
    return lookAtGate(stored(event), { area, history: whole }, KYIV).map(({ rule, params }) => [
      rule,
      params.count ?? params.minutes,
    ]);
  };
  const closings = Array.from({ length: 7 }, (_, index) => ago(70 - index * 10));
  expect(look({ confidential: [[ago(70), ago(0)]], closings })).toEqual([['gate-overused', 7]]);
  expect(look({ confidential: [[ago(70), ago(0)]], closings: closings.slice(1) })).toEqual([]);
  expect(look({ confidential: [[ago(360), ago(0)]] })).toEqual([]);
  expect(look({ confidential: [[ago(361), null]] })).toEqual([['gate-minutes-overused', 361]]);
  // Only what lies within the day counts.
  expect(look({ confidential: [[ago(24 * 60 + 300), ago(24 * 60 - 300)]] })).toEqual([]);
  expect(look({ confidential: [[ago(900), null]] }, 'lawyer-room')).toEqual([]);
  expect(look({ confidential: [[ago(961), null]] }, 'lawyer-room')).toEqual([['gate-minutes-overused', 961]]);
});
