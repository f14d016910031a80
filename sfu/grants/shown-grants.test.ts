import { expect, test } from 'vitest';
import { ShownGrants } from './shown-grants.ts';

test('a grant is good once for as long as it lives, and forgotten afterwards', () => {
  let nowMs = 1_000_000;
  const shown = new ShownGrants(() => nowMs);
  const grant = { jti: 'one', exp: 1_015 };
  expect(shown.accept(grant)).toBe(true);
  expect(shown.accept(grant)).toBe(false);
  expect(shown.accept({ jti: 'two', exp: 1_015 })).toBe(true);
  nowMs = 1_015_000;
  expect(shown.accept(grant)).toBe(false);
  nowMs = 1_030_000;
  expect(shown.accept({ jti: 'three', exp: 1_045 })).toBe(true);
  expect(shown.size).toBe(1);
});

test('it remembers so many and no more', () => {
  const shown = new ShownGrants(() => 0);
  for (let n = 0; n < 12_000; n += 1) expect(shown.accept({ jti: `${n}`, exp: 15 })).toBe(true);
  expect(shown.size).toBe(10_000);
  expect(shown.accept({ jti: '11999', exp: 15 })).toBe(false);
});
