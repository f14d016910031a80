import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type CustodyEvent, StoredEvent } from '#contract/custody-events.ts';
import { VartaError } from '#contract/errors.ts';
import type { FacilityId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';

/** A store that has not answered by then counts as away; what it was given may still be taken, and is then a duplicate. */
const DEADLINE_MS = 5_000;

/**
 * KEYS stream, ids with digests. ARGV prefix of ids, then for each event its id and digest, the id of its replacement
 * and its digest ('' if it has none), and its JSON. Returns for each: 1 written, 0 known already, -1 another event has
 * the replacement's id, -2 another event has the id. Ids are kept as long as the stream is: for good.
 * With `appendfsync always` the reply leaves Redis after the sync, so "written" means durable.
 */
const ACCEPT = defineScript(`
local results = {}
for i = 2, #ARGV, 5 do
  local id, replacement = ARGV[1] .. ARGV[i], ARGV[i + 2]
  local known = redis.call('HGET', KEYS[2], id)
  if known then
    results[#results + 1] = known == ARGV[i + 1] and 0 or -2
  elseif replacement ~= '' and redis.call('HSETNX', KEYS[2], ARGV[1] .. replacement, ARGV[i + 3]) == 0 then
    results[#results + 1] = -1
  else
    redis.call('HSET', KEYS[2], id, ARGV[i + 1])
    redis.call('XADD', KEYS[1], '*', 'json', ARGV[i + 4])
    results[#results + 1] = 1
  end
end
return results
`);

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
    const args = events.flatMap((event) => {
      const replacement = event.type === 'RECORD_CORRECTED' ? event.replacement : undefined;
      return [
        event.id,
        digestOf(event),
        replacement?.id ?? '',
        replacement ? digestOf(replacement) : '',
        JSON.stringify({ facilityId, receivedAt, event } satisfies StoredEvent),
      ];
    });
    const reply = await withDeadline(
      // Ids are a facility's own, so that none can take those of another.
      runScript(
        this.#redis,
        ACCEPT,
        [keys.custody(regionId), keys.custodyDigests(regionId)],
        [`${facilityId}/`, ...args],
      ),
    );
    return AcceptReply.parse(reply).map((code) => ACCEPTANCE[code]);
  }

  /** The next entries after a place in a region's stream, oldest first. */
  async readAfter(regionId: RegionId, streamId: string, count: number): Promise<StreamEntry[]> {
    const found = await this.#redis.xRange(keys.custody(regionId), `(${streamId}`, '+', { COUNT: count });
    return (found ?? []).map(({ id, message }) => toEntry(id, message));
  }
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
