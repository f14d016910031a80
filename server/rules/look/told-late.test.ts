import { expect, test } from 'vitest';
import type { CustodyEvent } from '#contract/custody-events.ts';
import {
  after,
  areaEvent,
  caseEvent,
  correction,
  eventId,
  START_MS,
  stored,
} from '../../test/fixtures/custody.ts';
import { type Contact, withContact } from '../contact.ts';
import { lookAtEvent } from './event.ts';
import { lookAtTelling } from './told-late.ts';

const HOUR = 60;
const ms = (minutes: number) => START_MS + minutes * 60_000;
/** Has been talking to us for ten days. */
const CONNECTED: Contact = { firstMs: ms(-240 * HOUR), sinceMs: ms(-240 * HOUR), lastMs: ms(0) };
const told = (event: CustodyEvent, receivedMinute: number, contact = CONNECTED) =>
  lookAtTelling(stored(event, after(receivedMinute)), contact).map(
    ({ rule, params }) => `${rule} ${params.minutes}`,
  );

test('a death and force are news a day later as well, and it is asked why they were told late', () => {
  for (const [event, rule] of [
    [caseEvent('DIED', { id: 1, at: 0 }), 'death'],
    [caseEvent('FORCE_USED', { id: 2, at: 0, reason: 'resisted' }), 'force-used'],
  ] as const) {
    const one = stored(event, after(25 * HOUR));
    const place = { areaOf: () => undefined, contact: CONNECTED };
    expect(lookAtEvent(one, place)?.rule).toBe(rule);
    expect(told(event, 25 * HOUR)).toEqual(['learned-late 1500', 'sent-late 1500']);
    // What is less grave, and the past that a facility brings along when it joins, is history.
    expect(lookAtEvent(one, { ...place, contact: withContact(undefined, ms(25 * HOUR)) })).toBeUndefined();
  }
  const complaint = stored(caseEvent('COMPLAINT', { id: 3, at: 0 }), after(25 * HOUR));
  expect(lookAtEvent(complaint, { areaOf: () => undefined, contact: CONNECTED })).toBeUndefined();
});

test('what a correction only spells otherwise was not learned from it', () => {
  const unexplained = caseEvent('FORCE_USED', { id: 1, at: 0, area: 'cell-1' });
  const force = { ...unexplained, reason: 'resisted' };
  const spelt = correction({ id: 2, at: 3 * HOUR, corrects: 1, replacement: { ...force, id: eventId(3) } });
  const learned = (original: Parameters<typeof lookAtTelling>[2]) =>
    lookAtTelling(stored(spelt), CONNECTED, original).map(({ rule, areaId }) => [rule, areaId]);
  expect(learned(force)).toEqual([]);
  // Why it was used was said late; that it was used was known.
  expect(learned(unexplained)).toEqual([]);
  expect(learned(caseEvent('MEAL', { id: 1, at: 0 }))).toEqual([['learned-late', 'ua-68-itt-1-cell-1']]);
});

test('what is told in good time, or could not come before, is not late', () => {
  const meal = caseEvent('MEAL', { id: 1, at: 0 });
  expect(told(meal, 60)).toEqual([]);
  expect(told(meal, 61)).toEqual(['sent-late 61']);
  // Written down late is another matter: see `recording.ts`.
  expect(told(caseEvent('MEAL', { id: 2, at: 0, recorded: 90 }), 91)).toEqual([]);
  expect(told(meal, 300, withContact(CONNECTED, ms(300)))).toEqual([]);
});

test('a check that is entered afterwards is asked after, by the time at which it came', () => {
  const check = (recorded: number) => areaEvent('CELL_CHECK', { id: 1, at: 0, recorded, area: 'cell-1' });
  expect(told(check(0), 15)).toEqual([]);
  expect(told(check(0), 16)).toEqual(['check-told-late 16']);
  expect(told(check(40), 40)).toEqual(['check-told-late 40']);
  // What waited on the device of somebody who is signed in, the server vouches for.
  const waited = { ...stored(check(0), after(300)), via: { kind: 'person' as const, id: 'inspector' } };
  expect(lookAtTelling(waited, CONNECTED)).toEqual([]);
  // What they wrote down afterwards it does not; nor what a facility that just joined says so of itself.
  const entered = { ...stored(check(16), after(300)), via: { kind: 'person' as const, id: 'inspector' } };
  expect(lookAtTelling(entered, CONNECTED).map(({ rule, params }) => [rule, params.minutes])).toEqual([
    ['check-told-late', 16],
  ]);
  expect(told(check(16), 16, withContact(undefined, ms(16)))).toEqual(['check-told-late 16']);
});

test('a connection begins anew after a long silence, whatever is read twice', () => {
  const first = withContact(undefined, ms(0));
  expect(first).toEqual({ firstMs: ms(0), sinceMs: ms(0), lastMs: ms(0) });
  const second = withContact(first, ms(3 * HOUR));
  expect(second).toEqual({ firstMs: ms(0), sinceMs: ms(0), lastMs: ms(3 * HOUR) });
  expect(withContact(second, ms(1))).toEqual(second);
  expect(withContact(second, ms(6 * HOUR + 1)).sinceMs).toBe(ms(6 * HOUR + 1));
});
