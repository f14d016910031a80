import type { CustodyEvent } from '#contract/custody-events.ts';
import type { EventId } from '#contract/ids.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys, type PlacedCase } from '../../adapters/redis/keys.ts';
import { type StreamEntry, streamPlace, toEntry } from '../event-store.ts';
import type { PlacedSpan } from '../state/spans.ts';

/** Events of one case that are read; a detention has some dozens, or a few hundred if it lasts. */
const MAX_EVENTS = 5_000;

/** Events of areas that are read for one case. */
const MAX_AROUND = 2_000;
/** Of what happens in an area, these are for whoever is inside. */
const AROUND: ReadonlySet<CustodyEvent['type']> = new Set(['CELL_CHECK', 'CALL_BELL', 'CALL_BELL_ANSWERED']);

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
    return { entries: await this.#withCorrections(place, ids), leftOut: count - ids.length };
  }

  /**
   * Checks of areas, and their call bells, in the time of some stays there; and the corrections that bear on them. An area
   * keeps the last {@link AREA_INDEX_LENGTH} of its events at hand.
   */
  async readAround(place: PlacedCase, stays: readonly PlacedSpan[]): Promise<CaseHistory> {
    const { regionId } = place;
    const ids = new Set<string>();
    let leftOut = 0;
    for (const { areaId, span } of stays.toReversed()) {
      const key = keys.custodyOfArea({ regionId, areaId });
      const [from, to] = [span[0], span[1] ?? '+inf'] as const;
      const [count, found] = await Promise.all([
        this.#redis.zCount(key, from, to),
        this.#redis.zRange(key, to, from, {
          BY: 'SCORE',
          REV: true,
          LIMIT: { offset: 0, count: MAX_AROUND - Math.min(ids.size, MAX_AROUND) },
        }),
      ]);
      for (const id of found) ids.add(id);
      leftOut += count - found.length;
    }
    const entries = await this.#withCorrections(place, [...ids]);
    return { entries: entries.filter(({ stored }) => stored && isAround(stored.event)), leftOut };
  }

  /** Entries, and the corrections that bear on them, at whatever remove; in the order of the stream. */
  async #withCorrections(place: PlacedCase, ids: readonly string[]): Promise<StreamEntry[]> {
    const read = new Map<string, StreamEntry>();
    let wanted = ids;
    while (wanted.length > 0 && read.size < 2 * MAX_EVENTS) {
      const found = await this.#entries(place, wanted);
      for (const entry of found) read.set(entry.streamId, entry);
      const corrections = await this.#correctionsOf(place, found.flatMap(idsIn));
      wanted = corrections.filter((streamId) => !read.has(streamId));
    }
    return [...read.values()].sort((a, b) => compareStreamIds(a.streamId, b.streamId));
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

/** A withdrawal was read because of what it withdraws. */
function isAround(event: CustodyEvent): boolean {
  if (event.type !== 'RECORD_CORRECTED') return AROUND.has(event.type);
  return event.replacement === undefined || AROUND.has(event.replacement.type);
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
