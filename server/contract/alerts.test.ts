import { expect, test } from 'vitest';
import { type AlertPath, pathTroubles } from './alerts.ts';

const AT = '2026-11-22T12:00:00.000Z';
const AT_MS = Date.parse(AT);
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const path = (change: Partial<AlertPath> = {}): AlertPath => ({
  everyS: 3_600,
  canary: { at: AT, expected: 3, shown: 1, shownAt: AT },
  provedAt: AT,
  webhook: null,
  push: null,
  ...change,
});

test('a canary in time that somebody has seen is well', () => {
  expect(pathTroubles(path(), AT_MS + HOUR_MS + 5 * MINUTE_MS, AT_MS)).toEqual([]);
});

test('a canary that does not come is late, also for who has heard nothing for long', () => {
  expect(pathTroubles(path(), AT_MS + HOUR_MS + 5 * MINUTE_MS + 1, AT_MS)).toEqual(['late']);
  const none = path({ canary: null });
  expect(pathTroubles(none, AT_MS + HOUR_MS, AT_MS)).toEqual([]);
  expect(pathTroubles(none, AT_MS + HOUR_MS + 6 * MINUTE_MS, AT_MS)).toEqual(['late']);
});

test('a canary that nobody has seen is told after a while', () => {
  const unseen = path({ canary: { at: AT, expected: 3, shown: 0, shownAt: null } });
  expect(pathTroubles(unseen, AT_MS + 5 * MINUTE_MS, AT_MS)).toEqual([]);
  expect(pathTroubles(unseen, AT_MS + 5 * MINUTE_MS + 1, AT_MS)).toEqual(['unanswered']);
});

test('a duty centre that has not seen a canary is told, though others have', () => {
  const silent = [{ role: 'duty', regionId: 'UA-05', place: { uk: 'А', en: 'A' } }] as const;
  const partly = path({ canary: { at: AT, expected: 3, shown: 2, shownAt: AT, silent: [...silent] } });
  expect(pathTroubles(partly, AT_MS + 5 * MINUTE_MS, AT_MS)).toEqual([]);
  expect(pathTroubles(partly, AT_MS + 5 * MINUTE_MS + 1, AT_MS)).toEqual(['silent']);
});

test('a channel that fails is told, one that is off is not', () => {
  const failing = { state: 'failing', since: AT, dead: 2 } as const;
  const working = { state: 'working', since: AT, dead: 2 } as const;
  expect(pathTroubles(path({ webhook: failing, push: working }), AT_MS, AT_MS)).toEqual(['webhook']);
  expect(pathTroubles(path({ push: failing }), AT_MS, AT_MS)).toEqual(['push']);
});
