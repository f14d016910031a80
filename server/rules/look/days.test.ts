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
    const area = { id: 'ua-68-itt-1-cell-1', kind: 'cell' as const, capacity: 2, feeds: [] };
    return lookAtGate(stored(event), { area, history, sights: [] }, KYIV)?.sinceMs;
  };
  expect(closed('2026-11-22T15:00:00Z')).toBe(Date.parse(MIDNIGHT));
  expect(closed('2026-11-22T17:00:00+02:00')).toBe(Date.parse(MIDNIGHT));
  expect(closed('2026-11-23T00:30:00+09:00')).toBe(Date.parse(MIDNIGHT));
});
