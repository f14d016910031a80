import { createHash } from 'node:crypto';
import type { EventId } from '#contract/ids.ts';

/** The id of an event that is known by name: the same name, the same id (UUID version 5, in a space of our own). */
export function eventIdOf(name: string): EventId {
  const bytes = createHash('sha1').update(`varta sample nation/${name}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
