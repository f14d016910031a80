import { expect, test } from 'vitest';
import { createFacilityKey, digestFacilityKey, facilityOfKey, matchesDigest } from './facility-key.ts';

test('a key says whose it is, and is never the same', () => {
  const key = createFacilityKey('ua-68-itt-1');
  expect(facilityOfKey(key)).toBe('ua-68-itt-1');
  expect(createFacilityKey('ua-68-itt-1')).not.toBe(key);
});

test.each([
  '',
  'vk_ua-68-itt-1_short',
  'Bearer',
  `vk_UA-68_${'a'.repeat(43)}`,
  `vk__${'a'.repeat(43)}`,
  'vk_a_b\n',
])('%j is no key', (text) => {
  expect(facilityOfKey(text)).toBeUndefined();
});

test('only the kept key matches, and rotation may keep two', () => {
  const [old, fresh, other] = [1, 2, 3].map(() => createFacilityKey('ua-68-itt-1')) as [
    string,
    string,
    string,
  ];
  const digests = [digestFacilityKey(old), digestFacilityKey(fresh)];
  expect(matchesDigest(old, digests)).toBe(true);
  expect(matchesDigest(fresh, digests)).toBe(true);
  expect(matchesDigest(other, digests)).toBe(false);
  expect(matchesDigest(old, [])).toBe(false);
  expect(matchesDigest(old, ['not hexadecimal'])).toBe(false);
});
