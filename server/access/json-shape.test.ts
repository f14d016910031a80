import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findPoison, isTooDeep, MAX_JSON_DEPTH } from './json-shape.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** How deep a value is, counted from the value. */
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map((inner) => depthOf(inner)))
    : 0;

describe('how deep JSON is', () => {
  test('is counted as it is, whatever stands in its texts', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.boolean(), (value, isWide) => {
        const json = bytes(JSON.stringify(value, null, isWide ? 2 : 0));
        const depth = depthOf(JSON.parse(JSON.stringify(value)));
        expect(isTooDeep(json, depth)).toBe(false);
        if (depth > 0) expect(isTooDeep(json, depth - 1)).toBe(true);
      }),
    );
  });

  test.each([
    ['["[[[[[["]', 1],
    ['{"a\\"[{":1}', 1],
    ['["\\\\",[]]', 2],
  ])('%s is %i deep', (json, depth) => {
    expect(isTooDeep(bytes(json), depth)).toBe(false);
    expect(isTooDeep(bytes(json), depth - 1)).toBe(true);
  });

  test('without an end it is known as soon as it is too much', () => {
    expect(isTooDeep(bytes('['.repeat(64)))).toBe(false);
    expect(isTooDeep(bytes('['.repeat(65)))).toBe(true);
  });
});

test.each([
  ['{"__proto__":{"a":1}}', ['__proto__']],
  ['{"\\u005f_proto__":1}', ['__proto__']],
  ['[{"a":{"constructor":{"prototype":{"b":1}}}}]', ['0', 'a', 'constructor', 'prototype']],
  ['{"constructor":"x","prototype":{}}', undefined],
  ['{"note":"__proto__"}', undefined],
  ['null', undefined],
])('in %s the key is %j', (json, path) => {
  expect(findPoison(JSON.parse(json))).toEqual(path && { kind: 'pollution', path });
});

describe('what was parsed and is deep', () => {
  const nested = (levels: number, within = '1') => `${'['.repeat(levels)}${within}${']'.repeat(levels)}`;

  test('is told from what may be that deep', () => {
    expect(findPoison([JSON.parse(nested(MAX_JSON_DEPTH))])).toBeUndefined();
    expect(findPoison([JSON.parse(nested(MAX_JSON_DEPTH + 1))])).toEqual({ kind: 'deep' });
    const polluted = JSON.parse(nested(MAX_JSON_DEPTH - 1, '{"__proto__":1}'));
    expect(findPoison([polluted])).toEqual({
      kind: 'pollution',
      path: [...Array<string>(MAX_JSON_DEPTH).fill('0'), '__proto__'],
    });
  });

  test.each([
    ['lists', nested(100_000)],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('is found in 100,000 levels of %s', (_, json) => {
    expect(findPoison(JSON.parse(json))).toEqual({ kind: 'deep' });
  });

  test('many values beside one another are looked at to the last', () => {
    const values = JSON.parse(`[{"__proto__":1}${',{"a":{}}'.repeat(200_000)}]`);
    expect(findPoison(values)).toEqual({ kind: 'pollution', path: ['0', '__proto__'] });
  });
});
