import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AreaEvent, CaseEvent, CustodyEvent, CustodyEventResult } from '#contract/custody-events.ts';
import {
  ADULT,
  after,
  areaEvent,
  caseEvent,
  correction,
  eventId,
  START_MS,
} from '../test/fixtures/custody.ts';
import { equipment, smallRegistry } from '../test/fixtures/nation.ts';
import { checkEvent } from './check-event.ts';

const given = {
  principal: equipment('ua-68-itt-1'),
  facilityId: 'ua-68-itt-1',
  action: 'custody.ingest',
  registry: smallRegistry(),
  nowMs: START_MS,
} as const;
const PLACED = caseEvent('CELL_PLACED', { id: 1, at: -10, area: 'cell-1', person: ADULT });
const overlay = { normSet: 'ua-cpc-615', authorisedBy: 'prosecutor-7', reason: 'flight is feared' };
const OVERLAY = caseEvent('OVERLAY_APPLIED', { id: 11, at: -10, overlay });
const extension = { ground: 'narcotics', until: after(60), authorisedBy: 'head-1' };
const EXTENSION = caseEvent('EXTENSION_GRANTED', { id: 12, at: -10, extension });
const CHECK = areaEvent('CELL_CHECK', { id: 2, at: -10, area: 'cell-1' });
const SENT = caseEvent('TRANSFERRED', { id: 13, at: -10, destination: 'ua-05-itt-1' });
const DAY = 24 * 60;

function refusal(element: unknown): CustodyEventResult {
  const checked = checkEvent(element, given);
  if (checked.ok) throw new Error('was accepted');
  expect(checked.result.status).toBe('rejected');
  return CustodyEventResult.parse(checked.result);
}

test('what is right is accepted as it is', () => {
  const late = caseEvent('REGISTERED', { id: 4, at: -90 * DAY, recorded: -1 });
  const replaced = correction({ id: 5, at: -1, corrects: 1, replacement: { ...PLACED, id: eventId(6) } });
  for (const event of [
    PLACED,
    CHECK,
    OVERLAY,
    EXTENSION,
    SENT,
    { ...PLACED, schema: 1 as const },
    late,
    replaced,
    correction({ id: 7, at: -1, corrects: 1 }),
  ])
    expect(checkEvent(event, given)).toEqual({ ok: true, event });
});

test.each<[string, unknown, string, (string | number)[]]>([
  ['nothing', undefined, 'invalid', []],
  ['a list', [PLACED], 'invalid', []],
  ['an unknown type', { ...PLACED, type: 'VANISHED' }, 'invalid', ['type']],
  ['a bad id', { ...PLACED, id: '1' }, 'invalid', ['id']],
  ['a bad instant', { ...PLACED, occurredAt: 'yesterday' }, 'invalid', ['occurredAt']],
  ['a local time', { ...PLACED, occurredAt: '2026-11-22T06:00:00' }, 'invalid', ['occurredAt']],
  ['a bad person', { ...PLACED, person: { ...ADULT, minor: 'no' } }, 'invalid', ['person', 'minor']],
  ['no case', { ...PLACED, caseId: undefined }, 'invalid', ['caseId']],
  ['a name for a case', { ...PLACED, caseId: 'Іван Петренко' }, 'invalid', ['caseId']],
  ['a note that is too long', { ...PLACED, note: 'x'.repeat(2_001) }, 'invalid', ['note']],
  [
    'an overlay that nobody authorised',
    { ...OVERLAY, overlay: { normSet: 'ua-cpc-615', reason: 'flight' } },
    'invalid',
    ['overlay', 'authorisedBy'],
  ],
  ['an overlay without a word of it', { ...OVERLAY, overlay: undefined }, 'invalid', ['overlay']],
  [
    'an extension that never ends',
    { ...EXTENSION, extension: { ground: 'narcotics', authorisedBy: 'head' } },
    'invalid',
    ['extension', 'until'],
  ],
  ['a way to nowhere', { ...SENT, destination: 'ua-99-itt-1' }, 'unknown_facility', ['destination']],
  ['a way to where one is', { ...SENT, destination: 'ua-68-itt-1' }, 'invalid', ['destination']],
  ['a detail of another type', { ...PLACED, forceKind: 'baton' }, 'invalid', ['forceKind']],
  ['warmth of a check', { ...CHECK, temperatureC: 20 }, 'invalid', ['temperatureC']],
  ['air that nobody breathes', { ...CHECK, type: 'CONDITIONS_MEASURED', co2Ppm: 1e6 }, 'invalid', ['co2Ppm']],
  [
    'an incident of an unknown kind',
    { ...CHECK, type: 'INCIDENT', incidentKind: 'ghost' },
    'invalid',
    ['incidentKind'],
  ],
  ['a schema of another version', { ...PLACED, schema: 2 }, 'invalid', ['schema']],
  ['a placement without a place', { ...PLACED, areaId: undefined }, 'invalid', ['areaId']],
  ['an unknown area', { ...PLACED, areaId: 'ua-68-itt-1-cell-9' }, 'unknown_area', ['areaId']],
  ['a neighbour’s area', { ...CHECK, areaId: 'ua-68-itt-2-cell-1' }, 'wrong_facility', ['areaId']],
  ['another region’s area', { ...CHECK, areaId: 'ua-05-itt-1-cell-1' }, 'wrong_facility', ['areaId']],
  ['a future event', caseEvent('MEAL', { id: 3, at: 6 }), 'invalid', ['occurredAt']],
  ['a future record', caseEvent('MEAL', { id: 3, at: 0, recorded: 6 }), 'invalid', ['recordedAt']],
  ['an event of years ago', caseEvent('MEAL', { id: 3, at: -367 * DAY }), 'invalid', ['occurredAt']],
  [
    'a record before the event',
    caseEvent('MEAL', { id: 3, at: -10, recorded: -20 }),
    'invalid',
    ['recordedAt'],
  ],
  ['a correction of itself', correction({ id: 3, at: -1, corrects: 3 }), 'invalid', ['corrects']],
  [
    'a replacement with the id of the replaced',
    correction({ id: 3, at: -1, corrects: 1, replacement: PLACED }),
    'invalid',
    ['replacement', 'id'],
  ],
  [
    'a replacement elsewhere',
    correction({ id: 3, at: -1, corrects: 1, replacement: { ...CHECK, areaId: 'ua-68-itt-2-cell-1' } }),
    'wrong_facility',
    ['replacement', 'areaId'],
  ],
  [
    'a replacement in the future',
    correction({ id: 3, at: -1, corrects: 1, replacement: caseEvent('MEAL', { id: 4, at: 60 }) }),
    'invalid',
    ['replacement', 'occurredAt'],
  ],
])('%s is refused by its code and path', (_, element, code, path) => {
  expect(refusal(element)).toMatchObject({ code, path });
});

test('what is refused because a clock is ahead says how far', () => {
  const aheadOf = (event: CustodyEvent) => {
    const checked = checkEvent(event, given);
    return checked.ok ? 'accepted' : checked.aheadMs;
  };
  expect(aheadOf(caseEvent('MEAL', { id: 3, at: 6 }))).toBe(6 * 60_000);
  expect(aheadOf(caseEvent('MEAL', { id: 3, at: 0, recorded: 60 }))).toBe(60 * 60_000);
  const replacement = caseEvent('MEAL', { id: 4, at: 60 });
  expect(aheadOf(correction({ id: 3, at: -1, corrects: 1, replacement }))).toBe(60 * 60_000);
  expect(aheadOf(caseEvent('MEAL', { id: 3, at: -10, recorded: -20 }))).toBeUndefined();
  expect(aheadOf({ ...PLACED, areaId: 'ua-68-itt-2-cell-1' })).toBeUndefined();
});

test('clocks that are a little off are forgiven', () => {
  expect(checkEvent(caseEvent('MEAL', { id: 3, at: 5 }), given).ok).toBe(true);
  expect(checkEvent(caseEvent('MEAL', { id: 3, at: -10, recorded: -15 }), given).ok).toBe(true);
});

test('a refusal says the event’s id, if it can be read', () => {
  expect(refusal({ ...PLACED, type: 'X' }).id).toBe(PLACED.id);
  expect(refusal({ ...PLACED, id: 7 }).id).toBeNull();
  expect(refusal({ ...PLACED, id: 'x'.repeat(5_000) }).id).toBeNull();
  expect(refusal('event').id).toBeNull();
});

test('an unknown field is refused, wherever it is, and nothing can be smuggled into prototypes', () => {
  expect(refusal({ ...PLACED, name: 'Іван' })).toMatchObject({ code: 'invalid' });
  expect(refusal({ ...PLACED, person: { ...ADULT, age: 17 } })).toMatchObject({ code: 'invalid' });
  const polluting = JSON.parse(JSON.stringify(PLACED).replace('{', '{"__proto__":{"ok":true},'));
  expect(refusal(polluting)).toMatchObject({ code: 'invalid' });
  expect(({} as Record<string, unknown>).ok).toBeUndefined();
});

test('whatever a field holds, the answer is an event that keeps to its schema or a refusal with a path', () => {
  const fields = fc.constantFrom(
    ...Object.keys(CaseEvent.shape),
    ...Object.keys(AreaEvent.shape),
    'corrects',
    'replacement',
    'no-such-field',
  );
  fc.assert(
    fc.property(
      fc.constantFrom(PLACED, CHECK, OVERLAY, EXTENSION, correction({ id: 9, at: -1, corrects: 1 })),
      fields,
      fc.jsonValue(),
      (event, field, value) => {
        const checked = checkEvent({ ...event, [field]: value }, given);
        if (checked.ok) expect(CustodyEvent.parse(checked.event)).toEqual(checked.event);
        else {
          expect(CustodyEventResult.safeParse(checked.result).success).toBe(true);
          expect(checked.result.code).toBeDefined();
          expect(checked.result.path).toBeDefined();
        }
      },
    ),
    { numRuns: 1_000 },
  );
});
