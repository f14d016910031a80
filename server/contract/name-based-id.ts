import { sha256 } from '@noble/hashes/sha2.js';

const encoder = new TextEncoder();
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * An id that follows from a name: the same on every replica, on every page and after every restart. A name-based UUID
 * (RFC 9562, version 8) over SHA-256.
 */
export function nameBasedId(name: string): string {
  const hash = sha256(encoder.encode(name));
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  let hex = '';
  for (let place = 0; place < 16; place += 1) hex += HEX[hash[place] ?? 0];
  return toUuid(hex);
}

/** A UUID of 32 digits, with its dashes. */
export function toUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
