import { expect, test } from 'vitest';
import type { StoredEvent } from '#contract/custody-events.ts';
import { flagIdOf } from '#contract/rule-flags.ts';
import { RULES } from '../../../config/rules/rules.ts';
import { foldRecord } from '../../custody/cases/case-record.ts';
import { CASE, CASE_BASIS, lookAtEventsOf } from '../../test/fixtures/case-look.ts';
import {
  ADULT,
  after,
  caseEvent,
  correction,
  eventId,
  START_MS,
  stored,
} from '../../test/fixtures/custody.ts';
import { lookAtClocks } from './clocks.ts';

const HOUR = 60;
const FACILITY = CASE.facilityId;
const basis = CASE_BASIS;
const look = lookAtEventsOf;
const said = (events: readonly StoredEvent[], fresh?: readonly StoredEvent[]) =>
  look(events, fresh).map(({ rule, params }) =>
    [rule, params.limit ?? params.what].filter(Boolean).join(' '),
  );

const ARRIVAL = [
  stored(caseEvent('APPREHENDED', { id: 1, at: 0, person: ADULT })),
  stored(caseEvent('REGISTERED', { id: 2, at: 40 })),
  stored(caseEvent('CELL_PLACED', { id: 3, at: 50, area: 'cell-1' })),
];

test('a whole detention that is told at its end says which limits were breached', () => {
  const batch = [
    ...ARRIVAL,
    stored(caseEvent('SUSPICION_SERVED', { id: 4, at: 90 * HOUR })),
    stored(caseEvent('RELEASED', { id: 5, at: 100 * HOUR })),
  ].map(({ event }) => stored(event, after(100 * HOUR + 1)));
  expect(said(batch)).toEqual([
    'deadline-breached ua-cpc/suspicion',
    'deadline-breached ua-cpc/court',
    'deadline-breached ua-cpc/decision',
  ]);
});

test('the flag of a breach is the one that its running clock has raised', () => {
  const open = foldRecord(CASE, ARRIVAL, basis);
  const clocks = open?.view.clocks ?? [];
  const live = lookAtClocks(
    { facilityId: FACILITY, areaId: `${FACILITY}-cell-1`, clocks },
    START_MS + 61 * HOUR * 60_000,
  );
  const ids = (findings: typeof live.findings) =>
    findings
      .filter(({ rule, params }) => rule === 'deadline-breached' && params.limit === 'ua-cpc/court')
      .map(({ key, sinceMs }) => flagIdOf(key, new Date(sinceMs ?? 0).toISOString()));
  const closed = [...ARRIVAL, stored(caseEvent('RELEASED', { id: 5, at: 62 * HOUR }))];
  expect(ids(look(closed))).toHaveLength(1);
  expect(ids(look(closed))).toEqual(ids(live.findings));
});

test('limits that were kept, and those that end after the release, are not breached', () => {
  const quick = [...ARRIVAL, stored(caseEvent('RELEASED', { id: 5, at: 5 * HOUR }))];
  expect(said(quick)).toEqual([]);
});

test('a release that is followed by a cell meets no limit, and is asked after at once', () => {
  const again = [
    ...ARRIVAL,
    stored(caseEvent('RELEASED', { id: 5, at: 20 * HOUR })),
    stored(caseEvent('CELL_PLACED', { id: 6, at: 20 * HOUR + 1, area: 'cell-1' })),
  ];
  expect(said(again)).toEqual(['held-after-release record/held-after-release']);
  expect(RULES.get('held-after-release')?.severity).toBe(2);
  const later = [...again, stored(caseEvent('RELEASED', { id: 7, at: 61 * HOUR }))];
  expect(said(later)).toEqual([
    'held-after-release record/held-after-release',
    'deadline-breached ua-cpc/suspicion',
    'deadline-breached ua-cpc/court',
  ]);
});

test('a clock that stood until the release did not run out', () => {
  const drunk = [
    stored(
      caseEvent('APPREHENDED', {
        id: 9,
        at: 0,
        person: { ...ADULT, regime: 'administrative', intoxicated: true },
      }),
    ),
    stored(caseEvent('DELIVERED', { id: 1, at: 0 })),
    stored(caseEvent('REGISTERED', { id: 2, at: 1 })),
    stored(caseEvent('RELEASED', { id: 3, at: 10 * HOUR })),
  ];
  expect(said(drunk)).toEqual([]);
});

test('a contradiction is flagged once for each case and code', () => {
  const events = [
    stored(caseEvent('CELL_PLACED', { id: 1, at: 0, area: 'cell-1', person: ADULT })),
    stored(caseEvent('APPREHENDED', { id: 2, at: 90 })),
  ];
  const more = [...events, stored(caseEvent('REGISTERED', { id: 3, at: 95 }))];
  const flagsOf = (given: readonly StoredEvent[]) =>
    look(given)
      .filter(({ rule }) => rule === 'record-contradicts-itself')
      .map(({ key, sinceMs, params }) => [params.what, key, sinceMs]);
  expect(flagsOf(events).map(([what]) => what)).toContain('record/placed-before-actual');
  expect(new Set(flagsOf(events).map(([, key]) => key)).size).toBe(flagsOf(events).length);
  expect(flagsOf(more)).toEqual(expect.arrayContaining(flagsOf(events)));
});

test('a correction is held against what stood there before', () => {
  const moved = (id: number, corrects: number, replacement: ReturnType<typeof caseEvent>) =>
    stored(correction({ id, at: 58 * HOUR, corrects, replacement }));
  const time = moved(10, 1, caseEvent('APPREHENDED', { id: 11, at: 40 * HOUR, person: ADULT }));
  const area = moved(12, 3, caseEvent('CELL_PLACED', { id: 13, at: 50, area: 'cell-2' }));
  const type = moved(14, 2, caseEvent('MEAL', { id: 15, at: 40 }));
  const spelling = moved(16, 2, caseEvent('REGISTERED', { id: 17, at: 41 }));
  const elsewhere = moved(18, 99, caseEvent('REGISTERED', { id: 19, at: 41 }));
  const only = (one: StoredEvent) =>
    said([...ARRIVAL, one], [one]).filter(
      (text) => text.startsWith('record-moved') || text.includes('edited'),
    );
  expect(only(time)).toEqual(['record-moved time', 'record-edited-late']);
  expect(only(area)).toEqual(['record-moved area', 'record-edited-late']);
  expect(only(type)).toEqual(['record-moved type', 'record-edited-late']);
  expect(only(spelling)).toEqual(['record-edited-late']);
  expect(only(elsewhere)).toEqual(['record-moved case', 'record-edited-late']);
  // What was corrected once is held against the correction.
  const again = stored({
    ...correction({ id: 20, at: 59 * HOUR, corrects: 10 }),
    corrects: eventId(11),
    replacement: caseEvent('APPREHENDED', { id: 21, at: 0, person: ADULT }),
  });
  expect(said([...ARRIVAL, time, again], [again])).toContain('record-moved time');
});

test('who states the regime or the age anew, and every decision that gives more time, is asked', () => {
  const restated = stored(
    caseEvent('MEAL', { id: 40, at: 3 * HOUR, person: { ...ADULT, regime: 'administrative', minor: true } }),
  );
  const same = stored(caseEvent('MEAL', { id: 41, at: 4 * HOUR, person: ADULT }));
  const extension = { ground: 'until-court', until: after(300 * HOUR), authorisedBy: 'chief' };
  const extended = stored(caseEvent('EXTENSION_GRANTED', { id: 42, at: 2 * HOUR, extension }));
  const overlay = { normSet: 'ua-cpc-615', authorisedBy: 'chief', reason: 'flight is feared' };
  const special = stored(caseEvent('OVERLAY_APPLIED', { id: 43, at: 2 * HOUR, overlay }));
  expect(said([...ARRIVAL, restated], [restated])).toEqual([
    'facts-changed fact/regime',
    'facts-changed fact/minor',
  ]);
  expect(said([...ARRIVAL, same], [same])).toEqual([]);
  expect(said([...ARRIVAL, extended], [extended])).toEqual(['extension-granted']);
  expect(said([...ARRIVAL, special], [special])).toEqual(['overlay-applied']);
  // A limit that is three times as long is told of at once, one that somebody extended within the half hour.
  expect(RULES.get('overlay-applied')?.severity).toBe(2);
  expect(RULES.get('extension-granted')?.severity).toBe(3);
  // What is no news is not said again.
  expect(said([...ARRIVAL, extended, special], [])).toEqual([]);
});

test('what drops a binding limit in silence is asked after: a second apprehension, on a ruling now', () => {
  const onRuling = (id: number, at: number) =>
    stored(caseEvent('APPREHENDED', { id, at, person: ADULT, basis: 'ruling' }));
  const again = onRuling(40, HOUR);
  expect(said([...ARRIVAL, again], [again])).toEqual(['facts-changed fact/onRuling']);
  // Who comes on a ruling says so first; and who says the same again says nothing.
  const first = [onRuling(1, 0), ...ARRIVAL.slice(1)];
  expect(said(first)).toEqual([]);
  const same = stored(caseEvent('APPREHENDED', { id: 41, at: HOUR, person: ADULT, basis: 'ruling' }));
  expect(said([...first, same], [same])).toEqual([]);
  // A correction that says so is asked after as well.
  const replacement = caseEvent('APPREHENDED', { id: 43, at: 0, person: ADULT, basis: 'ruling' });
  const corrected = stored(correction({ id: 42, at: HOUR, corrects: 1, replacement }));
  expect(said([...ARRIVAL, corrected], [corrected])).toEqual(['record-moved ua-cpc/suspicion']);
});

test('who becomes intoxicated later has other limits, and is asked after', () => {
  const person = { ...ADULT, regime: 'administrative' as const };
  const sober = [
    stored(caseEvent('APPREHENDED', { id: 1, at: 0, person })),
    stored(caseEvent('DELIVERED', { id: 2, at: 10 })),
    stored(caseEvent('REGISTERED', { id: 3, at: 20 })),
  ];
  const drunk = stored(caseEvent('MEAL', { id: 4, at: 170, person: { ...person, intoxicated: true } }));
  const sobered = stored(caseEvent('SOBERED', { id: 5, at: 175 }));
  expect(said([...sober, drunk], [drunk])).toEqual(['facts-changed fact/arrivedIntoxicated']);
  expect(said([...sober, sobered], [sobered])).toEqual(['facts-changed fact/arrivedIntoxicated']);
  expect(said([...sober, drunk, sobered], [sobered])).toEqual([]);
});

test('a correction that meets a limit earlier, or not at all, is asked after', () => {
  const served = stored(caseEvent('SUSPICION_SERVED', { id: 4, at: 25 * HOUR }));
  const brought = stored(caseEvent('COURT_BROUGHT', { id: 5, at: 50 * HOUR }));
  const told = [...ARRIVAL, served, brought];
  const corrected = (corrects: number, type: 'SUSPICION_SERVED' | 'COURT_BROUGHT', at: number) => {
    const replacement = caseEvent(type, { id: 61, at });
    const one = stored(correction({ id: 60, at: 51 * HOUR, corrects, replacement }));
    return said([...told, one], [one]).filter((text) => text.startsWith('record-moved'));
  };
  expect(corrected(4, 'SUSPICION_SERVED', 23 * HOUR)).toEqual(['record-moved ua-cpc/suspicion']);
  expect(corrected(5, 'COURT_BROUGHT', 40 * HOUR)).toEqual(['record-moved ua-cpc/court']);
  // One of writing is not; unless it decides whether the limit was kept.
  expect(corrected(5, 'COURT_BROUGHT', 50 * HOUR + 4)).toEqual([]);
  const late = stored(caseEvent('SUSPICION_SERVED', { id: 6, at: 24 * HOUR + 1 }));
  const replacement = caseEvent('SUSPICION_SERVED', { id: 63, at: 24 * HOUR });
  const inTime = stored(correction({ id: 62, at: 30 * HOUR, corrects: 6, replacement }));
  expect(said([...ARRIVAL, late, inTime], [inTime])).toEqual(['record-moved ua-cpc/suspicion']);
  const withdrawn = stored(correction({ id: 64, at: 51 * HOUR, corrects: 5 }));
  expect(said([...told, withdrawn], [withdrawn])).toContain('record-moved ua-cpc/court');
});

test('a limit that was met late and is told a second time, in time now, is asked after', () => {
  const late = stored(caseEvent('SUSPICION_SERVED', { id: 4, at: 30 * HOUR }));
  const early = stored(caseEvent('SUSPICION_SERVED', { id: 5, at: 20 * HOUR, recorded: 31 * HOUR }));
  expect(said([...ARRIVAL, late, early], [early])).toEqual(['facts-changed ua-cpc/suspicion']);
  // What only comes late to a limit that nobody has met is another matter: see `told-late.ts`.
  expect(said([...ARRIVAL, early], [early])).toEqual([]);
});

test('a lawyer in an ordinary cell is asked after, one in a lawyers’ room is not', () => {
  const inCell = stored(caseEvent('LAWYER_ARRIVED', { id: 50, at: 70 }));
  const inRoom = stored(caseEvent('LAWYER_ARRIVED', { id: 51, at: 70, area: 'lawyer-room' }));
  expect(look([...ARRIVAL, inCell], [inCell]).map(({ rule, areaId }) => [rule, areaId])).toEqual([
    ['gate-in-cell', `${FACILITY}-cell-1`],
  ]);
  expect(said([...ARRIVAL, inRoom], [inRoom])).toEqual([]);
});
