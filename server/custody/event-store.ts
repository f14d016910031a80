import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type CustodyEvent, type RecordChannel, StoredEvent } from '#contract/custody-events.ts';
import { VartaError } from '#contract/errors.ts';
import type { CaseId, FacilityId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';

/** A store that has not answered by then counts as away; what it was given may still be taken, and is then a duplicate. */
const DEADLINE_MS = 5_000;

/**
 * KEYS stream, ids with marks, corrections, then the index of each case that is named. ARGV prefix of ids, then for each
 * event its id and mark, the id of its replacement and its mark ('' if it has none), its JSON, the number of the key of
 * its case ('' if it is about none), and the event that it corrects ('' if none). A mark is sixteen characters that tell
 * one content from another, `p` if a person sent it and `f` if a facility's system did, and what it is about. Returns for
 * each: 1 written, 0 known already, -1 another event has the replacement's id, -2 another event has the id, -3 a facility
 * corrects what a person recorded, -4 the replacement is about another case. Ids are kept as long as the stream is: for
 * good. With `appendfsync always` the reply leaves Redis after the sync, so "written" means durable.
 */
const ACCEPT = defineScript(`
local function refusal(mark, replacement_mark, corrected)
  if not corrected then return nil end
  if string.sub(corrected, 17, 17) == 'p' and string.sub(mark, 17, 17) ~= 'p' then return -3 end
  local about = string.sub(corrected, 18)
  if replacement_mark ~= '' and about ~= '' and string.sub(replacement_mark, 18) ~= about then return -4 end
  return nil
end
local results = {}
for i = 2, #ARGV, 7 do
  local id, replacement = ARGV[1] .. ARGV[i], ARGV[i + 2]
  local known = redis.call('HGET', KEYS[2], id)
  local corrected = ARGV[i + 6] ~= '' and redis.call('HGET', KEYS[2], ARGV[1] .. ARGV[i + 6])
  local refused = refusal(ARGV[i + 1], ARGV[i + 3], corrected)
  if known then
    results[#results + 1] = known == ARGV[i + 1] and 0 or -2
  elseif refused then
    results[#results + 1] = refused
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

const AcceptReply = z.array(z.literal([0, 1, -1, -2, -3, -4]));

/**
 * `replacement-taken`, `id-taken`: the id of the replacement, or of the event itself, is that of another event.
 * `persons-record`: a facility's system corrects what a person recorded. `other-case`: the replacement is not of the case
 * of what it replaces.
 */
export type Acceptance =
  | 'accepted'
  | 'duplicate'
  | 'replacement-taken'
  | 'id-taken'
  | 'persons-record'
  | 'other-case';

const ACCEPTANCE = {
  1: 'accepted',
  0: 'duplicate',
  '-1': 'replacement-taken',
  '-2': 'id-taken',
  '-3': 'persons-record',
  '-4': 'other-case',
} as const satisfies Record<number, Acceptance>;

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

/** The streams of events. Methods throw what the connection throws while Redis is away. */
export class EventStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Takes a facility's events, in their order, all of them or (if it throws) perhaps none. */
  async accept(
    { regionId, facilityId, via }: EventSource,
    events: readonly CustodyEvent[],
    receivedAtMs: number,
  ): Promise<Acceptance[]> {
    if (events.length === 0) return [];
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
        markOf(event, via),
        replacement?.id ?? '',
        replacement ? markOf(replacement, via) : '',
        JSON.stringify({ facilityId, receivedAt, ...(via ? { via } : {}), event } satisfies StoredEvent),
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

/** What is remembered of an event by its id: its content, whose word it is, and what it is about. */
function markOf(event: CustodyEvent, via: RecordChannel | undefined): string {
  const content = digestOf(JSON.stringify(sorted(event)));
  return `${content}${via?.kind === 'person' ? 'p' : 'f'}${aboutOf(event)}`;
}

/** A replacement has to be about the same. '' where anything may follow: a correction that put nothing in the place. */
function aboutOf(event: CustodyEvent): string {
  if (event.type === 'RECORD_CORRECTED') return event.replacement ? aboutOf(event.replacement) : '';
  return 'caseId' in event ? digestOf(event.caseId).slice(0, 6) : '-';
}

/** Twelve bytes that tell one text from another. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/** The same value, in whatever order its fields came. */
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
