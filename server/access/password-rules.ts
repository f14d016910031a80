import { randomInt } from 'node:crypto';

/** NIST SP 800-63B-4 §3.1.1.2: length, no composition rules, and a list of what is commonly used. */
const MIN_LENGTH = 12;

/** What remains of common passwords without digits and signs. Short on purpose: length does the most. */
const COMMON: ReadonlySet<string> = new Set([
  'password',
  'passw',
  'passwordpassword',
  'qwerty',
  'qwertyuiop',
  'qwertyqwerty',
  'qwertyuiopasdf',
  'asdfghjkl',
  'asdfghjklzxcvbnm',
  'qazwsxedc',
  'admin',
  'administrator',
  'letmein',
  'welcome',
  'iloveyou',
  'changeme',
  'secret',
  'varta',
  'vartasample',
  'ukraine',
  'slavaukraini',
  'пароль',
  'парольпароль',
  'йцукен',
  'йцукенгшщз',
  'україна',
  'славаукраїні',
  '',
]);

export type WeakPassword = 'too_short' | 'has_username' | 'common' | 'same_as_before';

/** Why a password is not taken; undefined when it is good. */
export function passwordWeakness(password: string, username: string): WeakPassword | undefined {
  if ([...password].length < MIN_LENGTH) return 'too_short';
  const lower = password.toLowerCase();
  if (lower.includes(username.toLowerCase())) return 'has_username';
  if (COMMON.has(lower.replace(/[^\p{L}]/gu, '')) || new Set(lower).size < 5) return 'common';
  return undefined;
}

/** Letters and digits that nobody takes for one another, on paper or by telephone. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Groups of random characters: `abcde-fghjk-…`; about five bits a character. */
export function randomWords(groups: number, groupLength: number): string {
  return Array.from({ length: groups }, () =>
    Array.from({ length: groupLength }, () => ALPHABET[randomInt(ALPHABET.length)]).join(''),
  ).join('-');
}

/** A password for one sign-in, to be changed there: 20 characters, about 99 bits. */
export function createOneTimePassword(): string {
  return randomWords(4, 5);
}
