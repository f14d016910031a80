import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Json, toCanonicalJson } from './canonical-json.ts';

test('names are sorted by code units, at every depth, and nothing is spaced', () => {
  expect(toCanonicalJson({ b: [1, { z: null, a: true }], a: 'ї', '\u{1f600}': 1, '\ufb33': 2 })).toBe(
    '{"a":"ї","b":[1,{"a":true,"z":null}],"\u{1f600}":1,"\ufb33":2}',
  );
});

test('numbers and strings are written as RFC 8785 writes them', () => {
  expect(toCanonicalJson([333333333.3333333, 1e30, 4.5, 0.002, 1e-27, -0])).toBe(
    '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
  );
  expect(toCanonicalJson('\u20ac$\u000f\nA\'B"\\"/')).toBe('"€$\\u000f\\nA\'B\\"\\\\\\"/"');
});

test('it says the same as the value, whatever the order of names', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = toCanonicalJson(value as Json);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(toCanonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d has no place in JSON', (number) => {
  expect(() => toCanonicalJson({ number })).toThrow(TypeError);
});
