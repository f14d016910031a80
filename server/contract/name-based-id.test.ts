import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { nameBasedId } from './name-based-id.ts';

test('an id is a UUID of version 8 over the SHA-256 of its name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
      const id = nameBasedId(name);
      expect(z.uuid({ version: 'v8' }).safeParse(id).success).toBe(true);
      const isOfHash = (index: number) => index !== 12 && index !== 16;
      const digits = (hex: string) => [...hex].filter((_, index) => isOfHash(index)).join('');
      const hash = createHash('sha256').update(name).digest('hex').slice(0, 32);
      expect(digits(id.replaceAll('-', ''))).toBe(digits(hash));
    }),
  );
  expect(nameBasedId('varta')).toBe(nameBasedId('varta'));
});
