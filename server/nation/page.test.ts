import { expect, test } from 'vitest';
import { sortById, toPage } from './page.ts';

const things = sortById(['c', 'a', 'b', 'd', 'e'].map((id) => ({ id })));
const idsOf = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id);

test('pages follow each other to the end', () => {
  const first = toPage(things, { limit: 2 });
  expect(idsOf(first)).toEqual(['a', 'b']);
  const second = toPage(things, { limit: 2, cursor: first.nextCursor ?? '' });
  expect(idsOf(second)).toEqual(['c', 'd']);
  const third = toPage(things, { limit: 2, cursor: second.nextCursor ?? '' });
  expect(idsOf(third)).toEqual(['e']);
  expect(third.nextCursor).toBeNull();
});

test('a page that is exactly full is the last one', () => {
  expect(toPage(things, { limit: 5 }).nextCursor).toBeNull();
});

test('a cursor stays right when its thing is gone', () => {
  const { nextCursor } = toPage(things, { limit: 2 });
  const without = things.filter(({ id }) => id !== 'b');
  expect(idsOf(toPage(without, { limit: 2, cursor: nextCursor ?? '' }))).toEqual(['c', 'd']);
});

test('a cursor of somebody else is refused', () => {
  expect(() => toPage(things, { limit: 2, cursor: 'b' })).toThrow(
    expect.objectContaining({ code: 'invalid' }),
  );
});

test('an empty list has one empty page', () => {
  expect(toPage([], { limit: 2 })).toEqual({ items: [], nextCursor: null });
});
