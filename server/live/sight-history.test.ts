import { expect, test } from 'vitest';
import { SightHistory, sightsBetween, toSightArgs } from './sight-history.ts';

test('a history is read as it was written, and nothing else is', () => {
  expect(SightHistory.parse('10l,20x,35v')).toEqual([
    { atMs: 10, sight: 'live' },
    { atMs: 20, sight: 'lost' },
    { atMs: 35, sight: 'covered' },
  ]);
  for (const bad of ['', '10', 'l', '10q', '10l,', '10l;20x', '-1l'])
    expect(SightHistory.safeParse(bad).success, bad).toBe(false);
});

test.each<[string, number, number, string[] | undefined]>([
  ['before anything is known', 5, 9, undefined],
  ['partly before', 5, 15, undefined],
  ['from the first instant on', 10, 15, ['live']],
  ['over a change', 15, 20, ['live', 'lost']],
  ['short of a change', 15, 19, ['live']],
  ['over all of it', 10, 99, ['live', 'lost', 'covered']],
  ['long after', 90, 99, ['covered']],
])('what was seen %s', (_, fromMs, untilMs, expected) => {
  expect(sightsBetween(SightHistory.parse('10l,20x,35v'), fromMs, untilMs)).toEqual(expected);
});

test.each([
  ['live', undefined, 'l'],
  ['live', ['keyframe-interval'], 'l'],
  ['faulty', ['codec', 'black'], 'k'],
  ['faulty', ['frozen'], 'z'],
  ['faulty', ['covered'], 'v'],
  ['faulty', ['codec'], 'f'],
  ['lost', undefined, 'x'],
  ['confidential', undefined, 'g'],
  ['idle', undefined, 'i'],
  ['connecting', undefined, 'c'],
  ['stalled', undefined, 's'],
] as const)('a feed that is %s with %j is written as a letter', (state, faults, code) => {
  const since = new Date(1_000).toISOString();
  expect(toSightArgs({ state, since, ...(faults ? { faults: [...faults] } : {}) })).toEqual(['1000', code]);
});
