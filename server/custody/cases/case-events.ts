import type { EventId } from '#contract/ids.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys, type PlacedCase } from '../../adapters/redis/keys.ts';
import { type StreamEntry, streamPlace, toEntry } from '../event-store.ts';

/** Events of one case that are read; a detention has some dozens, or a few hundred if it lasts. */
const MAX_EVENTS = 5_000;

/** Every event that bears on a case, in the order of the stream. */
export interface CaseHistory {
  entries: StreamEntry[];
  /** How many older ones there are beyond {@link MAX_EVENTS}. */
  leftOut: number;
}

/**
 * Reads the events of a case by its index: what it costs depends on the case alone, and not on how much its region has
 * recorded. Methods throw what the connection throws while Redis is away.
 */
export class CaseEvents {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Events that name the case, and the corrections that bear on them, at whatever remove. */
  async read(place: PlacedCase): Promise<CaseHistory> {
    const key = keys.custodyOfCase(place);
    const [ids, count] = await Promise.all([
      this.#redis.zRange(key, 0, MAX_EVENTS - 1, { REV: true }),
      this.#redis.zCard(key),
    ]);
    const read = new Map<string, StreamEntry>();
    let wanted = ids;
    while (wanted.length > 0 && read.size < 2 * MAX_EVENTS) {
      const found = await this.#entries(place, wanted);
      for (const entry of found) read.set(entry.streamId, entry);
      const corrections = await this.#correctionsOf(place, found.flatMap(idsIn));
      wanted = corrections.filter((streamId) => !read.has(streamId));
    }
    const entries = [...read.values()].sort((a, b) => compareStreamIds(a.streamId, b.streamId));
    return { entries, leftOut: count - ids.length };
  }

  async #entries({ regionId }: PlacedCase, streamIds: readonly string[]): Promise<StreamEntry[]> {
    const stream = keys.custody(regionId);
    const found = await Promise.all(streamIds.map((id) => this.#redis.xRange(stream, id, id)));
    return found.flatMap((entries) => (entries ?? []).map(({ id, message }) => toEntry(id, message)));
  }

  /** Places of the corrections that name any of these events. */
  async #correctionsOf({ regionId, facilityId }: PlacedCase, ids: readonly EventId[]): Promise<string[]> {
    const index = keys.custodyCorrections(regionId);
    const found = await Promise.all(
      ids.map((id) => {
        const member = `${facilityId}/${id}`;
        // A blank divides the event from the place, and the exclamation mark is the next character.
        return this.#redis.zRange(index, `[${member} `, `(${member}!`, { BY: 'LEX' });
      }),
    );
    return [...new Set(found.flat().map((member) => member.slice(member.indexOf(' ') + 1)))];
  }
}

function idsIn({ stored }: StreamEntry): EventId[] {
  if (!stored) return [];
  const { event } = stored;
  const replacement = event.type === 'RECORD_CORRECTED' ? event.replacement : undefined;
  return replacement ? [event.id, replacement.id] : [event.id];
}

function compareStreamIds(a: string, b: string): number {
  const [msA, numberA] = streamPlace(a);
  const [msB, numberB] = streamPlace(b);
  return msA - msB || numberA - numberB;
}
