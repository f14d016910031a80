import { createHash } from 'node:crypto';
import {
  type Carried,
  type CustodyEvent,
  type RecordChannel,
  StoredEvent,
} from '#contract/custody-events.ts';
import { VartaError } from '#contract/errors.ts';
import type { AreaId, CaseId, EventId, FacilityId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { runScript } from '../adapters/redis/script.ts';
import {
  ACCEPT,
  ACCEPTANCE,
  type Acceptance,
  AcceptReply,
  AREA_INDEX_LENGTH,
  CARRY_AGAIN,
  FIRST_INDEX,
} from './accept-script.ts';
import { formerMarkOf, markOf } from './event-marks.ts';
import { NO_WORDS_KEY, type WordKeeper } from './words.ts';

/** A store that has not answered by then counts as away; what it was given may still be taken, and is then a duplicate. */
const DEADLINE_MS = 5_000;

/** Whose events they are, and the way by which they came. */
export interface EventSource {
  regionId: RegionId;
  facilityId: FacilityId;
  /** @default that of a facility's system, of which nothing is noted */
  via?: RecordChannel | undefined;
}

/** An event of the stream with its place there. */
export interface StreamEntry {
  streamId: string;
  /** Undefined if it cannot be read. */
  stored: StoredEvent | undefined;
}

/** What goes with events beside themselves. */
interface Accompanied {
  receivedAtMs: number;
  /** What was on record of the cases that arrivals go on from, by the id of the event that says so. */
  carried?: ReadonlyMap<EventId, Carried> | undefined;
}

/** The streams of events. Methods throw what the connection throws while Redis is away. */
export class EventStore {
  readonly #redis: Redis;
  readonly #words: WordKeeper;

  /** `words`: seals what was written in free words. @default nothing is sealed */
  constructor(redis: Redis, { words = NO_WORDS_KEY }: { words?: WordKeeper } = {}) {
    this.#redis = redis;
    this.#words = words;
  }

  /** Takes a facility's events, in their order, all of them or (if it throws) perhaps none. */
  async accept(
    { regionId, facilityId, via }: EventSource,
    events: readonly CustodyEvent[],
    { receivedAtMs, carried }: Accompanied,
  ): Promise<Acceptance[]> {
    if (events.length === 0) return [];
    const receivedAt = new Date(receivedAtMs).toISOString();
    const indexes = new Map<string, number>();
    const indexOf = (key: string | undefined) => {
      if (key === undefined) return '';
      const known = indexes.get(key) ?? FIRST_INDEX + indexes.size;
      indexes.set(key, known);
      return String(known);
    };
    const args = events.flatMap((event) => {
      const replacement = event.type === 'RECORD_CORRECTED' ? event.replacement : undefined;
      const caseId = caseOf(event);
      const areaEvent = areaEventOf(event);
      const stored = this.#words.seal({
        facilityId,
        receivedAt,
        ...(via ? { via } : {}),
        ...(carried?.has(event.id) ? { carried: carried.get(event.id) } : {}),
        event,
      });
      return [
        event.id,
        markOf(event, via),
        formerMarkOf(event, via),
        replacement?.id ?? '',
        replacement ? markOf(replacement, via) : '',
        JSON.stringify(stored),
        [
          indexOf(caseId === undefined ? undefined : keys.custodyOfCase({ regionId, facilityId, caseId })),
          indexOf(areaEvent && keys.custodyOfArea({ regionId, areaId: areaEvent.areaId })),
          areaEvent ? String(Date.parse(areaEvent.occurredAt)) : '',
        ].join(' '),
        event.type === 'RECORD_CORRECTED' ? event.corrects : '',
      ];
    });
    const reply = await withDeadline(
      // Ids are a facility's own, so that none can take those of another.
      runScript(
        this.#redis,
        ACCEPT,
        [
          keys.custody(regionId),
          keys.custodyDigests(regionId),
          keys.custodyCorrections(regionId),
          ...indexes.keys(),
        ],
        [`${facilityId}/`, String(AREA_INDEX_LENGTH), ...args],
      ),
    );
    return AcceptReply.parse(reply).map((code) => ACCEPTANCE[code]);
  }

  /** Writes an arrival once more, with what is on record now of the earlier case, if that is not what was written last. */
  async carryAgain(regionId: RegionId, arrival: StoredEvent, carried: Carried, nowMs: number): Promise<void> {
    const caseId = caseOf(arrival.event);
    if (caseId === undefined) return;
    const { facilityId, event } = arrival;
    // Its words stand where it was taken first, and are not told again.
    const { sealed: _, ...said } = arrival;
    const receivedAt = new Date(nowMs).toISOString();
    const stored: StoredEvent = { ...said, receivedAt, carried: { ...carried, again: true } };
    await runScript(
      this.#redis,
      CARRY_AGAIN,
      [
        keys.custody(regionId),
        keys.custodyDigests(regionId),
        keys.custodyOfCase({ regionId, facilityId, caseId }),
      ],
      [
        `${facilityId}/${event.id} carried`,
        contentOf(arrival.carried),
        contentOf(carried),
        JSON.stringify(stored),
      ],
    );
  }

  /** An event as it was taken, whether by itself or as what a correction brought; undefined if there is none, or it was taken by an earlier version. */
  async find(
    { regionId, facilityId }: { regionId: RegionId; facilityId: FacilityId },
    eventId: EventId,
  ): Promise<StoredEvent | undefined> {
    const mark = await this.#redis.hGet(keys.custodyDigests(regionId), `${facilityId}/${eventId}`);
    const streamId = mark?.split('@')[1];
    if (streamId === undefined) return undefined;
    const [found] = (await this.#redis.xRange(keys.custody(regionId), streamId, streamId)) ?? [];
    return found && toEntry(found.id, found.message).stored;
  }

  /** Notes entries in the indexes of cases, areas and corrections. They are there already unless another version took them. */
  async index(regionId: RegionId, entries: readonly StreamEntry[]): Promise<void> {
    const work = this.#redis.multi();
    const areaKeys = new Set<string>();
    for (const { streamId, stored } of entries) {
      if (!stored) continue;
      const { facilityId, event } = stored;
      const caseId = caseOf(event);
      if (caseId !== undefined) {
        const key = keys.custodyOfCase({ regionId, facilityId, caseId });
        work.zAdd(key, { score: streamPlace(streamId)[0], value: streamId });
      }
      const areaEvent = areaEventOf(event);
      if (areaEvent) {
        const key = keys.custodyOfArea({ regionId, areaId: areaEvent.areaId });
        work.zAdd(key, { score: Date.parse(areaEvent.occurredAt), value: streamId });
        areaKeys.add(key);
      }
      if (event.type === 'RECORD_CORRECTED') {
        const value = `${facilityId}/${event.corrects} ${streamId}`;
        work.zAdd(keys.custodyCorrections(regionId), { score: 0, value });
      }
    }
    for (const key of areaKeys) work.zRemRangeByRank(key, 0, -1 - AREA_INDEX_LENGTH);
    await work.exec();
  }

  /** The next entries after a place in a region's stream, oldest first. */
  async readAfter(regionId: RegionId, streamId: string, count: number): Promise<StreamEntry[]> {
    const found = await this.#redis.xRange(keys.custody(regionId), `(${streamId}`, '+', { COUNT: count });
    return (found ?? []).map(({ id, message }) => toEntry(id, message));
  }

  /** Entries of a region's stream that were received since an instant (ms), newest first. `before`: `+`, or `(` and the last one read. */
  async readBefore(
    regionId: RegionId,
    { before, sinceMs, count }: { before: string; sinceMs: number; count: number },
  ): Promise<StreamEntry[]> {
    const found = await this.#redis.xRevRange(keys.custody(regionId), before, String(sinceMs), {
      COUNT: count,
    });
    return (found ?? []).map(({ id, message }) => toEntry(id, message));
  }
}

/** The case that an event is about; undefined if it is about none, or about another event only. */
export function caseOf(event: CustodyEvent): CaseId | undefined {
  if (event.type === 'RECORD_CORRECTED') return event.replacement && caseOf(event.replacement);
  return 'caseId' in event ? event.caseId : event.concerns;
}

function contentOf(carried: Carried | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify(carried ?? null))
    .digest('base64url');
}

/** What an event says of an area, itself or in the place of another; undefined if it is about a person. */
function areaEventOf(event: CustodyEvent): { areaId: AreaId; occurredAt: string } | undefined {
  const said = event.type === 'RECORD_CORRECTED' ? event.replacement : event;
  return said && !('caseId' in said) ? said : undefined;
}

/** The place of an entry in time (ms) and among those of the same millisecond. */
export function streamPlace(streamId: string): [ms: number, number: number] {
  const [ms = 0, number = 0] = streamId.split('-').map(Number);
  return [ms, number];
}

/** An entry of the stream, parsed. */
export function toEntry(streamId: string, message: Readonly<Record<string, unknown>>): StreamEntry {
  try {
    return { streamId, stored: StoredEvent.parse(JSON.parse(String(message.json))) };
  } catch {
    return { streamId, stored: undefined };
  }
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => deadline.reject(new VartaError('store_unavailable', 'the store did not answer in time')),
    DEADLINE_MS,
  );
  try {
    return await Promise.race([work, deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}
