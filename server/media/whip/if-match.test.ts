import { expect, test } from 'vitest';
import { parseIfMatch } from './if-match.ts';

test.each([
  ['"abc123"', 'abc123'],
  [' "a+/=b" ', 'a+/=b'],
  ['abc123', 'abc123'],
  ['*', undefined],
  ['"*"', undefined],
  [' "*" ', undefined],
  ['"a*"', 'a*'],
])('%s names %s', (header, tag) => {
  expect(parseIfMatch(header)).toBe(tag);
});

test.each([
  [undefined, 'precondition_required'],
  ['', 'precondition_required'],
  ['W/"abc"', 'precondition_failed'],
  ['W/"*"', 'precondition_failed'],
  ['"a", "b"', 'malformed'],
  ['"*", "b"', 'malformed'],
  ['""', 'malformed'],
  ['"a b"', 'malformed'],
  [`"${'a'.repeat(65)}"`, 'malformed'],
])('%s is refused', (header, code) => {
  expect(() => parseIfMatch(header)).toThrow(expect.objectContaining({ code }));
});
