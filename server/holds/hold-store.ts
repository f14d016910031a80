import { z } from 'zod';
import { Hold } from '#contract/holds.ts';
import type { RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import { AUDIT_LUA } from '../audit/append.ts';
import type { AuditDraft, AuditLog } from '../audit/audit.ts';
import { Coverage } from './coverage.ts';

/** Holds in force in one region; beyond, something is wrong with how they are used. */
const MAX_IN_FORCE = 5_000;

/**
 * A hold's new state together with its audit entry. KEYS audit stream, audit head, holds, holds by time, holds in force,
 * version. ARGV 1-4 audit (expected head, new head, stream id, entry); 5 id; 6 JSON expected ('' if there must be none);
 * 7 new JSON; 8 instant of placing; 9 what it covers as JSON ('' when it is released); 10 most in force.
 */
const CHANGE = defineScript(`${AUDIT_LUA}
if (redis.call('HGET', KEYS[3], ARGV[5]) or '') ~= ARGV[6] then return { 'changed', '' } end
if ARGV[9] ~= '' and redis.call('HLEN', KEYS[5]) >= tonumber(ARGV[10]) then return { 'full', '' } end
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
redis.call('HSET', KEYS[3], ARGV[5], ARGV[7])
redis.call('ZADD', KEYS[4], 'NX', ARGV[8], ARGV[5])
if ARGV[9] == '' then redis.call('HDEL', KEYS[5], ARGV[5]) else redis.call('HSET', KEYS[5], ARGV[5], ARGV[9]) end
redis.call('INCR', KEYS[6])
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
return { 'done', '' }
`);

const ChangeReply = z.tuple([z.enum(['done', 'changed', 'full', 'head']), z.string()]);

/** A hold with the very text that Redis holds, which a change must still find there. */
export interface StoredHold {
  hold: Hold;
  json: string;
}

/** What is in force in a region. `version`: what an erasure must still find, so that none slips in between. */
export interface InForce {
  version: string;
  coverages: readonly Coverage[];
}

/** Preservation holds in Redis. Methods throw what the connection throws while Redis is away. */
export class HoldStore {
  readonly #redis: Redis;
  readonly #audit: AuditLog;

  constructor({ redis, audit }: { redis: Redis; audit: AuditLog }) {
    this.#redis = redis;
    this.#audit = audit;
  }

  /** Finds a hold in any of the regions. */
  async find(id: string, regionIds: readonly RegionId[]): Promise<StoredHold | undefined> {
    const found = await Promise.all(regionIds.map((region) => this.#redis.hGet(keys.holds(region), id)));
    const json = found.find((one) => one !== null);
    return json === undefined || json === null ? undefined : { hold: Hold.parse(JSON.parse(json)), json };
  }

  /** All holds of a region at or before an instant (ms), newest first. */
  async *newestFirst(regionId: RegionId, untilMs: number, chunk = 100): AsyncGenerator<Hold> {
    for (let offset = 0; ; offset += chunk) {
      const ids = await this.#redis.zRange(keys.holdsByTime(regionId), untilMs, 0, {
        BY: 'SCORE',
        REV: true,
        LIMIT: { offset, count: chunk },
      });
      if (ids.length === 0) return;
      const stored = await this.#redis.hmGet(keys.holds(regionId), ids);
      for (const json of stored) if (json) yield Hold.parse(JSON.parse(json));
      if (ids.length < chunk) return;
    }
  }

  async inForce(regionId: RegionId): Promise<InForce> {
    // The version first: what is placed between the two makes it out of date.
    const version = (await this.#redis.get(keys.holdsVersion(regionId))) ?? '0';
    const stored = await this.#redis.hVals(keys.holdsInForce(regionId));
    return { version, coverages: stored.map((json) => Coverage.parse(JSON.parse(json))) };
  }

  /** Places a hold. `changed`: there is one of that id. */
  place(hold: Hold, coverage: Coverage, draft: AuditDraft): Promise<'done' | 'changed' | 'full'> {
    return this.#change(hold, { before: '', coverage: JSON.stringify(coverage), draft });
  }

  /** Ends a hold, if it still is as it was read. */
  release(before: StoredHold, after: Hold, draft: AuditDraft): Promise<'done' | 'changed' | 'full'> {
    return this.#change(after, { before: before.json, coverage: '', draft });
  }

  #change(
    hold: Hold,
    { before, coverage, draft }: { before: string; coverage: string; draft: AuditDraft },
  ): Promise<'done' | 'changed' | 'full'> {
    const { regionId } = hold;
    return this.#audit.withEntry(regionId, draft, async (prepared) => {
      const reply = await runScript(
        this.#redis,
        CHANGE,
        [
          ...prepared.keys,
          keys.holds(regionId),
          keys.holdsByTime(regionId),
          keys.holdsInForce(regionId),
          keys.holdsVersion(regionId),
        ],
        [
          ...prepared.args,
          hold.id,
          before,
          JSON.stringify(hold),
          String(Date.parse(hold.placed.at)),
          coverage,
          String(MAX_IN_FORCE),
        ],
      );
      const [outcome, head] = ChangeReply.parse(reply);
      if (outcome === 'head') return { headMoved: head };
      return { result: outcome, appended: outcome === 'done' };
    });
  }
}
