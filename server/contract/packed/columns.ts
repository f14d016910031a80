import { z } from 'zod';

/**
 * The live state of a country as columns: what is alike stands side by side, so that gzip finds it and a page reads it
 * without parsing 45,000 records one by one. The pieces here are checked by hand, since a schema that looks at every number
 * takes longer than everything else together: lengths, ranges and indices.
 */

/** Thrown when columns do not fit together; whoever asked takes it for an answer that cannot be read. */
export class UnreadableColumns extends Error {
  override readonly name = 'UnreadableColumns';
}

function isWholeNumbers(value: unknown): value is number[] {
  if (!Array.isArray(value)) return false;
  for (const item of value) if (!Number.isSafeInteger(item)) return false;
  return true;
}

function isNumbersOrNulls(value: unknown): value is (number | null)[] {
  if (!Array.isArray(value)) return false;
  for (const item of value) if (item !== null && !Number.isFinite(item)) return false;
  return true;
}

export const Ints = z.custom<number[]>(isWholeNumbers, 'must be an array of whole numbers');
export const Numbers = z.custom<(number | null)[]>(isNumbersOrNulls, 'must be an array of numbers');

/** One character for how much of an id stands in the one before: 0 to 64. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.!';
const VALUE_OF = new Map([...DIGITS].map((digit, value) => [digit, value]));
const MAX_IDS = 100_000;

/** Ids (slugs of at most 64 characters) as text: each says how much it shares with the one before, and then the rest. */
export function packIds(ids: readonly string[]): string {
  let before = '';
  return ids
    .map((id) => {
      let shared = 0;
      while (shared < id.length && shared < 64 && id[shared] === before[shared]) shared += 1;
      before = id;
      return DIGITS[shared] + id.slice(shared);
    })
    .join(',');
}

const CODE_OF = new Int8Array(128).fill(-1);
for (const [digit, value] of VALUE_OF) CODE_OF[digit.charCodeAt(0)] = value;
const COMMA = 44;

/** How many ids a text holds. Throws {@link UnreadableColumns} for one that {@link packIds} did not make. Makes no id. */
export function countIds(text: string): number {
  if (text === '') return 0;
  let [count, before, place] = [0, 0, 0];
  while (place <= text.length) {
    const shared = CODE_OF[text.charCodeAt(place)] ?? -1;
    if (shared < 0 || shared > before) throw new UnreadableColumns(`id ${count} shares ${shared}`);
    const from = ++place;
    for (let code = text.charCodeAt(place); place < text.length && code !== COMMA; ) {
      if (!isOfSlug(code)) throw new UnreadableColumns(`id ${count} has a wrong character`);
      code = text.charCodeAt(++place);
    }
    before = shared + place - from;
    if (before < 1 || before > 64) throw new UnreadableColumns(`id ${count} has ${before} characters`);
    count += 1;
    place += 1;
  }
  if (count > MAX_IDS) throw new UnreadableColumns('too many ids');
  return count;
}

function isOfSlug(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 45;
}

/** Throws {@link UnreadableColumns} for a text that {@link packIds} did not make. */
export function unpackIds(text: string): string[] {
  const count = countIds(text);
  const ids = new Array<string>(count);
  let [before, from] = ['', 0];
  for (let index = 0; index < count; index += 1) {
    const comma = text.indexOf(',', from);
    const end = comma < 0 ? text.length : comma;
    before = before.slice(0, CODE_OF[text.charCodeAt(from)]) + text.slice(from + 1, end);
    ids[index] = before;
    from = end + 1;
  }
  return ids;
}

/** Gives each different value a place in a table. */
export function createTable<T>(keyOf: (value: T) => string = JSON.stringify) {
  const places = new Map<string, number>();
  const values: T[] = [];
  return {
    values,
    place(value: T): number {
      const key = keyOf(value);
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, values.length);
      values.push(value);
      return values.length - 1;
    },
  };
}

/** The value of a table at a place. Throws {@link UnreadableColumns} when there is none. */
export function at<T>(table: readonly T[], place: number | undefined): T {
  const value = place === undefined ? undefined : table[place];
  if (value === undefined) throw new UnreadableColumns(`nothing stands at ${place}`);
  return value;
}

/** Throws {@link UnreadableColumns} unless every column has so many values. */
export function demandLength(length: number, ...columns: readonly { readonly length: number }[]): void {
  for (const column of columns)
    if (column.length !== length) throw new UnreadableColumns(`${column.length} values instead of ${length}`);
}

/** Years 1970 to 9999: what an instant of the wire can be. */
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Throws {@link UnreadableColumns} for what is no instant. */
export function demandInstant(ms: number): void {
  if (!(ms >= 0 && ms <= LATEST_MS)) throw new UnreadableColumns(`${ms} is no instant`);
}

export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}
