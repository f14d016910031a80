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
 * KEYS stream, ids. ARGV prefix of ids, then for each event its id, the id of its replacement ('' if it has none) and
 * its JSON. Returns for each: 1 written, 0 known already, -1 another event has the replacement's id.
 * With `appendfsync always` the reply leaves Redis after the sync, so "written" means durable.
 */
const ACCEPT = defineScript(`
local results = {}
for i = 2, #ARGV, 3 do
  local id, replacement = ARGV[1] .. ARGV[i], ARGV[i + 1]
  if redis.call('SISMEMBER', KEYS[2], id) == 1 then
    results[#results + 1] = 0
  elseif replacement ~= '' and redis.call('SADD', KEYS[2], ARGV[1] .. replacement) == 0 then
    results[#results + 1] = -1
  else
    redis.call('SADD', KEYS[2], id)
    redis.call('XADD', KEYS[1], '*', 'json', ARGV[i + 2])
    results[#results + 1] = 1
  end
end
return results
`);

const AcceptReply = z.array(z.union([z.literal(0), z.literal(1), z.literal(-1)]));

export type Acceptance = 'accepted' | 'duplicate' | 'id-taken';

const ACCEPTANCE = { 1: 'accepted', 0: 'duplicate', '-1': 'id-taken' } as const;

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
    const args = events.flatMap((event) => [
      event.id,
      (event.type === 'RECORD_CORRECTED' && event.replacement?.id) || '',
      JSON.stringify({ facilityId, receivedAt, event } satisfies StoredEvent),
    ]);
    const reply = await withDeadline(
      // Ids are a facility's own, so that none can take those of another.
      runScript(
        this.#redis,
        ACCEPT,
        [keys.custody(regionId), keys.custodyIds(regionId)],
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
