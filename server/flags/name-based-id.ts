import { createHash } from 'node:crypto';

/**
 * An id that follows from a name: the same on every replica and after every restart. A name-based UUID (RFC 9562,
 * version 8) over SHA-256.
 */
export function nameBasedId(name: string): string {
  const hash = createHash('sha256').update(name).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.subarray(0, 16).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
