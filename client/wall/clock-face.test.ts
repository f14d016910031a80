import { expect, test } from 'vitest';
import type { AreaStatus } from '#contract/status.ts';
import { indexRegistry } from '../store/registry.ts';
import { inMinutes, NOON, NOON_MS, sampleClock, sampleStatus, sampleWireRegistry } from '../test/samples.ts';
import { clockFace, pressingClock } from './clock-face.ts';

const words = {
  toCheck: 'до перевірки',
  checkOverdue: 'перевірку прострочено',
  checkOverdueShort: 'прострочено',
  paused: 'зупинено',
};
const { limits } = indexRegistry(sampleWireRegistry());

function face(over: Partial<AreaStatus>) {
  return clockFace(sampleStatus({ nextCheckDueAt: null, ...over }), {
    limits,
    words,
    language: 'uk',
    nowMs: NOON_MS,
  });
}

const calm = sampleClock({ amberAt: inMinutes(600), redAt: inMinutes(700) });

test('says what it counts to, how long still, and by which law', () => {
  expect(face({ clocks: [calm] })).toEqual({
    label: 'до суду',
    text: '14 год 05 хв',
    level: 'ok',
    source: 'КПК України, ст. 211',
  });
});

test('says in a word or two what has a long name', () => {
  const named = Object.fromEntries(
    Object.entries(limits).map(([key, limit]) => [
      key,
      { ...limit, label: { uk: 'копія прокурору', en: '' }, short: { uk: 'прокурору', en: '' } },
    ]),
  );
  const status = sampleStatus({ nextCheckDueAt: null, clocks: [calm] });
  expect(clockFace(status, { limits: named, words, language: 'uk', nowMs: NOON_MS })).toMatchObject({
    label: 'копія прокурору',
    short: 'прокурору',
  });
});

test('seconds come under an hour, a minus when it is over', () => {
  const due = (minutes: number) =>
    sampleClock({ amberAt: inMinutes(-60), redAt: inMinutes(-30), dueAt: inMinutes(minutes) });
  expect(face({ clocks: [due(41)] })).toMatchObject({ text: '41 хв 00 с', level: 'red' });
  expect(face({ clocks: [due(-12)] })).toMatchObject({
    text: '\u221212 хв 00 с',
    level: 'breached',
  });
});

test('a clock that stands still says so', () => {
  expect(face({ clocks: [sampleClock({ pausedAt: NOON })] })).toMatchObject({
    text: 'зупинено',
    level: 'paused',
  });
});

test('a check that is overdue goes before a limit that is far, not before one that is close', () => {
  const overdue = { nextCheckDueAt: inMinutes(-4) };
  expect(face({ ...overdue, clocks: [calm] })).toMatchObject({
    label: 'перевірку прострочено',
    short: 'прострочено',
    text: '4 хв 00 с',
    level: 'red',
  });
  const close = sampleClock({ amberAt: inMinutes(-60), redAt: inMinutes(-1) });
  expect(face({ ...overdue, clocks: [close] })).toMatchObject({ label: 'до суду', level: 'red' });
  expect(face({ nextCheckDueAt: inMinutes(24), clocks: [] })).toMatchObject({ label: 'до перевірки' });
});

test('an empty area has no clock', () => {
  expect(face({ headcount: 0, clocks: [calm] })).toBeUndefined();
  expect(clockFace(undefined, { limits, words, language: 'uk', nowMs: NOON_MS })).toBeUndefined();
});

test('of the clock that is shown it presses when a limit is close or over, or a check is overdue', () => {
  const pressing = (over: Partial<AreaStatus>) =>
    pressingClock(sampleStatus({ nextCheckDueAt: null, ...over }), NOON_MS);
  const due = (minutes: number) =>
    sampleClock({ amberAt: inMinutes(-60), redAt: inMinutes(-30), dueAt: inMinutes(minutes) });
  expect(pressing({ clocks: [calm] })).toBeUndefined();
  expect(pressing({ clocks: [calm], nextCheckDueAt: inMinutes(1) })).toBeUndefined();
  expect(pressing({ clocks: [calm], nextCheckDueAt: inMinutes(-1) })).toBe('check');
  expect(pressing({ clocks: [due(41)] })).toBe('red');
  expect(pressing({ clocks: [due(-12)], nextCheckDueAt: inMinutes(-1) })).toBe('breached');
  expect(pressing({ clocks: [due(-12)], headcount: 0 })).toBeUndefined();
  expect(pressingClock(undefined, NOON_MS)).toBeUndefined();
});
