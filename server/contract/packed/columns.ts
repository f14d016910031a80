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
const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

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

/** Throws {@link UnreadableColumns} for a text that {@link packIds} did not make. */
export function unpackIds(text: string): string[] {
  if (text === '') return [];
  const packed = text.split(',');
  if (packed.length > MAX_IDS) throw new UnreadableColumns('too many ids');
  let before = '';
  return packed.map((item) => {
    const shared = VALUE_OF.get(item.charAt(0));
    if (shared === undefined || shared > before.length)
      throw new UnreadableColumns(`an id begins with ${item}`);
    before = before.slice(0, shared) + item.slice(1);
    if (before.length > 64 || !ID.test(before)) throw new UnreadableColumns(`${before} is no id`);
    return before;
  });
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

const DAY_S = 86_400;
/** Years 1970 to 9999: what an instant of the wire can be. */
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Writes instants as `Date.prototype.toISOString` does, but hundreds of thousands of them in a moment: days and seconds of
 * a day are written once. Throws {@link UnreadableColumns} for what is no instant.
 */
export function createInstantWriter(): (ms: number) => string {
  const dates = new Map<number, string>();
  const times: string[] = [];
  const fractions = Array.from({ length: 1_000 }, (_, ms) => `.${String(ms).padStart(3, '0')}Z`);
  let [day, date] = [-1, ''];
  return (ms) => {
    if (!(ms >= 0 && ms <= LATEST_MS)) throw new UnreadableColumns(`${ms} is no instant`);
    // Division and subtraction: the remainder of numbers this large is taken slowly.
    const second = Math.floor(ms / 1_000);
    const ofDay = Math.floor(second / DAY_S);
    if (ofDay !== day) {
      day = ofDay;
      date = dates.get(day) ?? new Date(day * DAY_S * 1_000).toISOString().slice(0, 11);
      dates.set(day, date);
    }
    const inDay = second - day * DAY_S;
    const time = times[inDay] ?? new Date(inDay * 1_000).toISOString().slice(11, 19);
    times[inDay] = time;
    return date + time + fractions[ms - second * 1_000];
  };
}
