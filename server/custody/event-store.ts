import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type CustodyEvent, StoredEvent } from '#contract/custody-events.ts';
import { VartaError } from '#contract/errors.ts';
import type { CaseId, FacilityId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';

/** A store that has not answered by then counts as away; what it was given may still be taken, and is then a duplicate. */
const DEADLINE_MS = 5_000;

/**
 * KEYS stream, ids with digests, corrections, then the index of each case that is named. ARGV prefix of ids, then for each
 * event its id and digest, the id of its replacement and its digest ('' if it has none), its JSON, the number of the key
 * of its case ('' if it is about none), and the event that it corrects ('' if none). Returns for each: 1 written, 0 known
 * already, -1 another event has the replacement's id, -2 another event has the id. Ids are kept as long as the stream is:
 * for good. With `appendfsync always` the reply leaves Redis after the sync, so "written" means durable.
 */
const ACCEPT = defineScript(`
local results = {}
for i = 2, #ARGV, 7 do
  local id, replacement = ARGV[1] .. ARGV[i], ARGV[i + 2]
  local known = redis.call('HGET', KEYS[2], id)
  if known then
    results[#results + 1] = known == ARGV[i + 1] and 0 or -2
  elseif replacement ~= '' and redis.call('HSETNX', KEYS[2], ARGV[1] .. replacement, ARGV[i + 3]) == 0 then
    results[#results + 1] = -1
  else
    redis.call('HSET', KEYS[2], id, ARGV[i + 1])
    local at = redis.call('XADD', KEYS[1], '*', 'json', ARGV[i + 4])
    if ARGV[i + 5] ~= '' then redis.call('ZADD', KEYS[tonumber(ARGV[i + 5])], string.match(at, '^%d+'), at) end
    if ARGV[i + 6] ~= '' then redis.call('ZADD', KEYS[3], 0, ARGV[1] .. ARGV[i + 6] .. ' ' .. at) end
    results[#results + 1] = 1
  end
end
return results
`);

/** Number of the first of the script's keys that is the index of a case. */
const FIRST_INDEX = 4;

const AcceptReply = z.array(z.literal([0, 1, -1, -2]));

/** `replacement-taken`, `id-taken`: the id of the replacement, or of the event itself, is that of another event. */
export type Acceptance = 'accepted' | 'duplicate' | 'replacement-taken' | 'id-taken';

const ACCEPTANCE = { 1: 'accepted', 0: 'duplicate', '-1': 'replacement-taken', '-2': 'id-taken' } as const;

/** An event of the stream with its place there. */
export interface StreamEntry {
  streamId: string;
  /** Undefined if it cannot be read. */
  stored: StoredEvent | undefined;
}

/** The streams of events. Methods throw what the connection throws while Redis is away. */
export class EventStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Takes a facility's events, in their order, all of them or (if it throws) perhaps none. */
  async accept(
    place: { regionId: RegionId; facilityId: FacilityId },
    events: readonly CustodyEvent[],
    receivedAtMs: number,
  ): Promise<Acceptance[]> {
    if (events.length === 0) return [];
    const { regionId, facilityId } = place;
    const receivedAt = new Date(receivedAtMs).toISOString();
    const indexes = new Map<CaseId, number>();
    for (const event of events) {
      const caseId = caseOf(event);
      if (caseId !== undefined && !indexes.has(caseId)) indexes.set(caseId, FIRST_INDEX + indexes.size);
    }
    const args = events.flatMap((event) => {
      const replacement = event.type === 'RECORD_CORRECTED' ? event.replacement : undefined;
      const caseId = caseOf(event);
      return [
        event.id,
        digestOf(event),
        replacement?.id ?? '',
        replacement ? digestOf(replacement) : '',
        JSON.stringify({ facilityId, receivedAt, event } satisfies StoredEvent),
        caseId === undefined ? '' : String(indexes.get(caseId)),
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
          ...Array.from(indexes.keys(), (caseId) => keys.custodyOfCase({ regionId, facilityId, caseId })),
        ],
        [`${facilityId}/`, ...args],
      ),
    );
    return AcceptReply.parse(reply).map((code) => ACCEPTANCE[code]);
  }

  /** Notes entries in the indexes of cases and corrections. They are there already unless another version took them. */
  async index(regionId: RegionId, entries: readonly StreamEntry[]): Promise<void> {
    const work = this.#redis.multi();
    for (const { streamId, stored } of entries) {
      if (!stored) continue;
      const { facilityId, event } = stored;
      const caseId = caseOf(event);
      if (caseId !== undefined) {
        const key = keys.custodyOfCase({ regionId, facilityId, caseId });
        work.zAdd(key, { score: streamPlace(streamId)[0], value: streamId });
      }
      if (event.type === 'RECORD_CORRECTED') {
        const value = `${facilityId}/${event.corrects} ${streamId}`;
        work.zAdd(keys.custodyCorrections(regionId), { score: 0, value });
      }
    }
    await work.exec();
  }

  /** The next entries after a place in a region's stream, oldest first. */
  async readAfter(regionId: RegionId, streamId: string, count: number): Promise<StreamEntry[]> {
    const found = await this.#redis.xRange(keys.custody(regionId), `(${streamId}`, '+', { COUNT: count });
    return (found ?? []).map(({ id, message }) => toEntry(id, message));
  }
}

/** The case that an event is about; undefined if it is about none, or about another event only. */
export function caseOf(event: CustodyEvent): CaseId | undefined {
  if (event.type === 'RECORD_CORRECTED') return event.replacement && caseOf(event.replacement);
  return 'caseId' in event ? event.caseId : event.concerns;
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

/** Twelve bytes that tell one content from another, in whatever order its fields came. */
function digestOf(event: CustodyEvent): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(event)))
    .digest('base64url')
    .slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
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
