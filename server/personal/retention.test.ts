import { expect, test } from 'vitest';
import { eraseAtMs } from './retention.ts';

const DAY_MS = 24 * 3_600_000;
const at = (day: number) => new Date(Date.UTC(2026, 10, 1) + day * DAY_MS).toISOString();
const dayOf = (ms: number | undefined) =>
  ms === undefined ? undefined : (ms - Date.UTC(2026, 10, 1)) / DAY_MS;

test('while somebody is held, nothing is erased, however old', () => {
  const summary = { closedAt: null, updatedAt: at(-400) };
  expect(eraseAtMs({ isOpen: true, summary, receivedAt: at(-400) }, 30)).toBeUndefined();
});

test('days are counted from the end of the case, whatever was heard later', () => {
  const summary = { closedAt: at(2), updatedAt: at(9) };
  expect(dayOf(eraseAtMs({ isOpen: false, summary, receivedAt: at(0) }, 30))).toBe(32);
  expect(dayOf(eraseAtMs({ isOpen: false, summary, receivedAt: at(0) }, 0))).toBe(2);
});

test('of a case that was never closed, from the last that was heard; of an unknown one, from its coming', () => {
  const summary = { closedAt: null, updatedAt: at(5) };
  expect(dayOf(eraseAtMs({ isOpen: false, summary, receivedAt: at(0) }, 30))).toBe(35);
  expect(dayOf(eraseAtMs({ isOpen: false, summary: undefined, receivedAt: at(1) }, 30))).toBe(31);
});

test('a closing that is told as long past brings nothing forward', () => {
  const summary = { closedAt: at(-300), updatedAt: at(20) };
  const kept = { isOpen: false, summary, receivedAt: at(0), overReceivedAt: at(20) };
  expect(dayOf(eraseAtMs(kept, 30))).toBe(50);
});

test('what comes when it should be gone already can be read for a day', () => {
  const summary = { closedAt: at(0), updatedAt: at(0) };
  expect(dayOf(eraseAtMs({ isOpen: false, summary, receivedAt: at(100) }, 30))).toBe(101);
});
