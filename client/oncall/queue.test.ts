import { expect, test } from 'vitest';
import { NOON, sampleFlag } from '../test/samples.ts';
import { neighboursOf, oncallQueue, waitsForAnswer } from './queue.ts';

const BY = { kind: 'person', id: 'duty-68', name: 'duty-68' } as const;
const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const flag = (number: number, over: Parameters<typeof sampleFlag>[0] = {}) =>
  sampleFlag({ id: id(number), severity: 2, ...over });
const assigned = (number: number, assignee: string, over: Parameters<typeof sampleFlag>[0] = {}) =>
  flag(number, { ...over, state: 'assigned', history: [{ state: 'assigned', by: BY, at: NOON, assignee }] });

const ME = 'oncall';

test('what is loud is there; of the rest, what one was told of or was handed', () => {
  const flags = [
    flag(1),
    flag(2, { severity: 4 }),
    flag(3, { severity: 4 }),
    assigned(4, ME, { severity: 4 }),
    assigned(5, 'duty-68', { severity: 4 }),
  ];
  const queue = oncallQueue(flags, { told: new Set([id(3)]), username: ME });
  expect(queue.map((one) => one.id)).toEqual([id(1), id(3), id(4)]);
});

test('an answer moves nothing: the order stays, only what waits gets less', () => {
  const before = [flag(1), flag(2), flag(3)];
  const after = before.map((one, index) => (index === 0 ? { ...one, state: 'acknowledged' as const } : one));
  const mine = { told: new Set<string>(), username: ME };
  expect(oncallQueue(after, mine).map((one) => one.id)).toEqual(
    oncallQueue(before, mine).map((one) => one.id),
  );
  expect(after.filter((one) => waitsForAnswer(one, ME))).toHaveLength(2);
});

test('what was handed to somebody waits for them, and for nobody else', () => {
  expect(waitsForAnswer(assigned(1, ME), ME)).toBe(true);
  expect(waitsForAnswer(assigned(1, 'duty-68'), ME)).toBe(false);
  expect(waitsForAnswer(flag(1, { state: 'acknowledged' }), ME)).toBe(false);
});

test('there is a way to both sides, and an end', () => {
  const queue = [flag(1), flag(2), flag(3)];
  expect(neighboursOf(queue, id(1), ME)).toEqual({ place: 1, previous: undefined, next: id(2) });
  expect(neighboursOf(queue, id(3), ME)).toEqual({ place: 3, previous: id(2), next: undefined });
});

test('from an alert that is closed by now one comes to the first that waits', () => {
  const queue = [flag(1, { state: 'acknowledged' }), flag(2), flag(3)];
  expect(neighboursOf(queue, id(9), ME)).toEqual({ place: undefined, previous: undefined, next: id(2) });
  expect(neighboursOf([], id(9), ME).next).toBeUndefined();
  expect(neighboursOf(queue.slice(0, 1), id(9), ME).next).toBe(id(1));
});
