import { z } from 'zod';
import { Flag, isOpenFlag } from '#contract/flags.ts';
import type { FlagId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import { AUDIT_LUA } from '../audit/append.ts';
import type { AuditDraft, AuditLog } from '../audit/audit.ts';
import { LIVE_LUA, toPublishArgs } from '../live/publish.ts';
import { raisedAtMs } from './flag.ts';

/**
 * A flag's new state, its step, its news and its audit entry, all or nothing.
 * KEYS audit stream, audit head, flags, open flags, flags by time, flag events, seq; perhaps a hash that changes with them.
 * ARGV 1-4 audit (expected head, new head, stream id, entry); 5 flag id; 6 JSON expected ('' if there must be none);
 * 7 new JSON; 8 '1' while open; 9 instant of raising; 10 step, call or shelving; 11-13 channel, before, after; 14-16 a field of KEYS[8],
 * what it must hold ('' for nothing), and what it is to hold then ('' deletes it).
 */
const CHANGE = defineScript(`${AUDIT_LUA}${LIVE_LUA}
if KEYS[8] and (redis.call('HGET', KEYS[8], ARGV[14]) or '') ~= ARGV[15] then return { 'changed', '' } end
local stored = redis.call('HGET', KEYS[3], ARGV[5]) or ''
if stored ~= ARGV[6] then return { 'changed', stored } end
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
redis.call('HSET', KEYS[3], ARGV[5], ARGV[7])
if ARGV[8] == '1' then redis.call('HSET', KEYS[4], ARGV[5], ARGV[7]) else redis.call('HDEL', KEYS[4], ARGV[5]) end
redis.call('ZADD', KEYS[5], 'NX', ARGV[9], ARGV[5])
redis.call('XADD', KEYS[6], '*', 'json', ARGV[10])
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
live_publish(KEYS[7], ARGV[11], ARGV[12], ARGV[13])
if KEYS[8] and ARGV[16] == '' then redis.call('HDEL', KEYS[8], ARGV[14])
elseif KEYS[8] then redis.call('HSET', KEYS[8], ARGV[14], ARGV[16]) end
return { 'done', '' }
`);

const ChangeReply = z.tuple([z.enum(['done', 'changed', 'head']), z.string()]);

/** A flag with the very text that Redis holds, which a change must still find there. */
export interface StoredFlag {
  flag: Flag;
  json: string;
}

/** A field of a hash of the flag's region that changes together with the flag, or neither does. */
export interface Beside {
  key: string;
  field: string;
  /** What it must hold, and what it is to hold; '' for nothing. */
  before: string;
  after: string;
}

/** Flags in Redis. Methods throw what the connection throws while Redis is away. */
export class FlagStore {
  readonly #redis: Redis;
  readonly #audit: AuditLog;
  readonly #now: () => number;

  constructor({ redis, audit, now }: { redis: Redis; audit: AuditLog; now: () => number }) {
    this.#redis = redis;
    this.#audit = audit;
    this.#now = now;
  }

  /** Finds a flag in any of the regions. */
  async find(id: FlagId, regionIds: readonly RegionId[]): Promise<StoredFlag | undefined> {
    const found = await Promise.all(regionIds.map((region) => this.#redis.hGet(keys.flags(region), id)));
    const json = found.find((one) => one !== null);
    return json === undefined || json === null ? undefined : { flag: Flag.parse(JSON.parse(json)), json };
  }

  /** Writes a new state in place of the one that it was decided on. False if somebody else was faster, there or beside. */
  async change(
    before: StoredFlag | undefined,
    after: Flag,
    draft: AuditDraft,
    beside?: Beside,
  ): Promise<boolean> {
    const { regionId } = after;
    const json = JSON.stringify(after);
    return this.#audit.withEntry(regionId, draft, async (prepared) => {
      const reply = await runScript(
        this.#redis,
        CHANGE,
        [
          ...prepared.keys,
          keys.flags(regionId),
          keys.openFlags(regionId),
          keys.flagsByTime(regionId),
          keys.flagEvents(regionId),
          keys.seq(regionId),
          ...(beside ? [beside.key] : []),
        ],
        [
          ...prepared.args,
          after.id,
          before?.json ?? '',
          json,
          isOpenFlag(after) ? '1' : '0',
          String(raisedAtMs(after)),
          JSON.stringify(eventOf(before?.flag, after)),
          ...toPublishArgs(regionId, this.#now(), { flags: [after] }),
          ...(beside ? [beside.field, beside.before, beside.after] : []),
        ],
      );
      const [outcome, text] = ChangeReply.parse(reply);
      if (outcome === 'head') return { headMoved: text };
      return { result: outcome === 'done', appended: outcome === 'done' };
    });
  }

  /** Every open flag of a region. */
  async open(regionId: RegionId): Promise<Flag[]> {
    const found = await this.#redis.hVals(keys.openFlags(regionId));
    return found.map((json) => Flag.parse(JSON.parse(json)));
  }

  /** Flags of a region, open or not, newest first, that were raised no later than an instant. Read in chunks as they are taken. */
  async *newestFirst(regionId: RegionId, untilMs: number, chunk = 100): AsyncGenerator<Flag> {
    for (let offset = 0; ; offset += chunk) {
      const ids = await this.#redis.zRange(keys.flagsByTime(regionId), untilMs, 0, {
        BY: 'SCORE',
        REV: true,
        LIMIT: { offset, count: chunk },
      });
      if (ids.length === 0) return;
      const found = await this.#redis.hmGet(keys.flags(regionId), ids);
      for (const json of found) if (json !== null) yield Flag.parse(JSON.parse(json));
      if (ids.length < chunk) return;
    }
  }
}

/** What a change was: a step has a version of its own, a call and a time that it is put aside have none. */
function eventOf(before: Flag | undefined, flag: Flag) {
  const { id, facilityId, areaId, version, history, calls, shelvings } = flag;
  const at = { flagId: id, facilityId, areaId, version };
  if (before?.version !== version) return { ...at, step: history.at(-1) };
  return before.calls?.length === calls?.length
    ? { ...at, shelving: shelvings?.at(-1) }
    : { ...at, call: calls?.at(-1) };
}
