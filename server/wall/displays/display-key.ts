import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { type DisplayId, PAIRING_ALPHABET, PAIRING_LENGTH } from '#contract/displays.ts';

/** What a display proves itself with: its id and 32 random bytes, in a cookie. Only the SHA-256 of the bytes is kept. */
export interface DisplayKey {
  displayId: DisplayId;
  secret: string;
}

export const DISPLAY_COOKIE = 'varta.display';

const COOKIE = /(?:^|;\s*)varta\.display=(?<displayId>d-[a-z2-9]{10})\.(?<secret>[A-Za-z0-9_-]{43})(?:;|$)/;
const ID_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** The key in a `Cookie` header; undefined when there is none. */
export function readDisplayKey(cookieHeader: string | undefined): DisplayKey | undefined {
  const { displayId, secret } = COOKIE.exec(cookieHeader ?? '')?.groups ?? {};
  return displayId !== undefined && secret !== undefined ? { displayId, secret } : undefined;
}

/** A key for a screen that nobody knows yet. */
export function newDisplayKey(): DisplayKey {
  return { displayId: `d-${pick(ID_ALPHABET, 10)}`, secret: newSecret() };
}

export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function newPairingCode(): string {
  return pick(PAIRING_ALPHABET, PAIRING_LENGTH);
}

/** SHA-256 in hexadecimal; 256 random bits need no slow hash. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function isSameDigest(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')];
  return left.length === right.length && timingSafeEqual(left, right);
}

function pick(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
