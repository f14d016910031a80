import { expect, test } from 'vitest';
import { type Attack, AttackBook } from './attack-book.ts';

const MINUTE_MS = 60_000;
const attack = (from: string, kind = 'path'): Attack => ({
  actor: { kind: 'anonymous', id: 'anonymous' },
  from,
  kind,
  action: 'status.read',
  resource: 'any',
  code: 'invalid',
});

test('the first is told at once, those that follow once a minute with their number', () => {
  let nowMs = 0;
  const book = new AttackBook(() => nowMs);
  expect(book.note(attack('a'))).toEqual({ ...attack('a'), count: 1 });
  for (let more = 0; more < 41; more += 1) expect(book.note(attack('a'))).toBeUndefined();
  expect(book.note({ ...attack('a'), count: 9 })).toBeUndefined();
  nowMs = MINUTE_MS - 1;
  expect(book.take()).toEqual([]);
  nowMs = MINUTE_MS;
  expect(book.take()).toEqual([{ ...attack('a'), count: 50 }]);
  // It goes on: it is one entry a minute, not one at once and one afterwards.
  expect(book.note(attack('a'))).toBeUndefined();
  nowMs = 2 * MINUTE_MS;
  expect(book.take()).toEqual([{ ...attack('a'), count: 1 }]);
  // A minute without any, and it is new again.
  nowMs = 3 * MINUTE_MS;
  expect(book.take()).toEqual([]);
  expect(book.note(attack('a'))).toMatchObject({ count: 1 });
});

test('another source, another kind and somebody who is known are told apart', () => {
  const book = new AttackBook(() => 0);
  const known: Attack = { ...attack('a'), actor: { kind: 'person', id: 'duty-68' } };
  const told = [attack('a'), attack('b'), attack('a', 'deep'), known].map((one) => book.note(one));
  expect(told.every((one) => one?.count === 1)).toBe(true);
});

test('many sources fill nothing: those beyond a number are told as one a kind', () => {
  let nowMs = 0;
  const book = new AttackBook(() => nowMs);
  const flood = () =>
    Array.from({ length: 10_000 }, (_, index) => book.note(attack(`10.0.0.${index}`))).filter(
      (told) => told !== undefined,
    );
  const told = flood();
  expect(told).toHaveLength(201);
  expect(told.at(-1)).toMatchObject({ from: 'others', count: 1 });
  nowMs = MINUTE_MS;
  expect(book.take()).toEqual([{ ...attack('others'), count: 10_000 - 201 }]);
});

test('what is still counted when it ends is told', () => {
  const book = new AttackBook(() => 0);
  book.note(attack('a'));
  book.note(attack('a'));
  expect(book.take(true)).toEqual([{ ...attack('a'), count: 1 }]);
  expect(book.take(true)).toEqual([]);
});
