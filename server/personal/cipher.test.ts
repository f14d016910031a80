import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toVartaError } from '#contract/errors.ts';
import type { Sealed } from '#contract/sealed.ts';
import { createCipher, type PersonalKey } from './cipher.ts';

const key = (id: string): PersonalKey => ({ id, bytes: randomBytes(32) });
const OLD = key('one');
const NEW = key('two');

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'none';
  } catch (error) {
    return toVartaError(error).code;
  }
}

test('what was sealed is opened, and nothing of it can be read without', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8, unit: 'grapheme' }), fc.string(), (text, about) => {
      const sealed = createCipher([NEW]).seal(text, about);
      expect(createCipher([NEW]).open(sealed, about)).toBe(text);
      expect(Buffer.from(sealed.text, 'base64url').toString()).not.toContain(text);
    }),
  );
});

test('the same text is never sealed alike', () => {
  const cipher = createCipher([NEW]);
  const seen = new Set(Array.from({ length: 1_000 }, () => cipher.seal('Зразок', 'case').iv));
  expect(seen.size).toBe(1_000);
});

test('a changed text, another tag, another case and another key are refused', () => {
  const cipher = createCipher([NEW]);
  const sealed = cipher.seal('Зразок Перший', 'ua-68-itt-1/cr-1');
  const flipped = (name: 'iv' | 'tag' | 'text'): Sealed => {
    const bytes = Buffer.from(sealed[name], 'base64url');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    return { ...sealed, [name]: bytes.toString('base64url') };
  };
  for (const name of ['iv', 'tag', 'text'] as const)
    expect(codeOf(() => cipher.open(flipped(name), 'ua-68-itt-1/cr-1'))).toBe('internal');
  const short = Buffer.from(sealed.tag, 'base64url').subarray(0, 4).toString('base64url');
  expect(codeOf(() => cipher.open({ ...sealed, tag: short }, 'ua-68-itt-1/cr-1'))).toBe('internal');
  expect(codeOf(() => cipher.open(sealed, 'ua-68-itt-1/cr-2'))).toBe('internal');
  expect(codeOf(() => createCipher([OLD]).open(sealed, 'ua-68-itt-1/cr-1'))).toBe('personal_key_missing');
  expect(codeOf(() => createCipher([key('two')]).open(sealed, 'ua-68-itt-1/cr-1'))).toBe('internal');
});

test('after a rotation the old is readable, and known as old', () => {
  const sealed = createCipher([OLD]).seal('Зразок', 'case');
  const rotated = createCipher([NEW, OLD]);
  expect(rotated.open(sealed, 'case')).toBe('Зразок');
  expect(rotated.isOutdated(sealed)).toBe(true);
  expect(rotated.isOutdated(rotated.seal('Зразок', 'case'))).toBe(false);
});
