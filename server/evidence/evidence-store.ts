import { z } from 'zod';
import { AuditEntry } from '#contract/audit.ts';
import { Evidence, type EvidenceId } from '#contract/evidence.ts';
import type { FlagId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import { AUDIT_LUA } from '../audit/append.ts';
import type { AuditDraft, AuditLog } from '../audit/audit.ts';

/**
 * What is known of a piece of evidence, together with its audit entry. KEYS audit stream, audit head, evidence, ids of the
 * flag, due, custody, version of holds, by time. ARGV 1-4 audit (expected head, new head, stream id, entry); 5 id; 6 JSON expected
 * ('' if there must be none); 7 new JSON; 8 its moment (ms); 9 when something is to be done with it (ms; '' never); 10 the
 * version of holds that it was decided on ('' if it does not matter).
 */
const CHANGE = defineScript(`${AUDIT_LUA}
if (redis.call('HGET', KEYS[3], ARGV[5]) or '') ~= ARGV[6] then return { 'changed', '' } end
if ARGV[10] ~= '' and (redis.call('GET', KEYS[7]) or '0') ~= ARGV[10] then return { 'changed', '' } end
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
redis.call('HSET', KEYS[3], ARGV[5], ARGV[7])
redis.call('ZADD', KEYS[4], 'NX', ARGV[8], ARGV[5])
redis.call('ZADD', KEYS[8], 'NX', ARGV[8], ARGV[5])
if ARGV[9] == '' then redis.call('ZREM', KEYS[5], ARGV[5]) else redis.call('ZADD', KEYS[5], ARGV[9], ARGV[5]) end
redis.call('RPUSH', KEYS[6], ARGV[4])
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
return { 'done', '' }
`);

/** Something that was done with it and does not change it. KEYS audit stream, audit head, custody. ARGV 1-4 audit. */
const NOTE = defineScript(`${AUDIT_LUA}
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
redis.call('RPUSH', KEYS[3], ARGV[4])
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
return { 'done', '' }
`);

const Reply = z.tuple([z.enum(['done', 'changed', 'head']), z.string()]);

/** A record with the very text that Redis holds, which a change must still find there. */
export interface StoredEvidence {
  evidence: Evidence;
  json: string;
}

interface Change {
  before: StoredEvidence | undefined;
  after: Evidence;
  /** When something is to be done with it next; milliseconds since 1970. */
  dueMs: number | undefined;
  /** An erasure is decided on the holds of this version. */
  holdsVersion?: string;
  draft: AuditDraft;
}

/** What is known of stills and clips, in Redis. Methods throw what the connection throws while Redis is away. */
export class EvidenceStore {
  readonly #redis: Redis;
  readonly #audit: AuditLog;

  constructor({ redis, audit }: { redis: Redis; audit: AuditLog }) {
    this.#redis = redis;
    this.#audit = audit;
  }

  /** Finds it in any of the regions. */
  async find(id: EvidenceId, regionIds: readonly RegionId[]): Promise<StoredEvidence | undefined> {
    const found = await Promise.all(regionIds.map((region) => this.#redis.hGet(keys.evidence(region), id)));
    const json = found.find((one) => one !== null);
    return json === undefined || json === null ? undefined : parse(json);
  }

  /** Everything of a flag, oldest moment first. */
  async ofFlag(regionId: RegionId, flagId: FlagId): Promise<Evidence[]> {
    const ids = await this.#redis.zRange(keys.evidenceOfFlag(regionId, flagId), 0, -1);
    if (ids.length === 0) return [];
    const found = await this.#redis.hmGet(keys.evidence(regionId), ids);
    return found.flatMap((json) => (json ? [parse(json).evidence] : []));
  }

  /** All of a region whose moment is at or before an instant (ms), newest first. */
  async *newestFirst(regionId: RegionId, untilMs: number, chunk = 100): AsyncGenerator<Evidence> {
    for (let offset = 0; ; offset += chunk) {
      const ids = await this.#redis.zRange(keys.evidenceByTime(regionId), untilMs, 0, {
        BY: 'SCORE',
        REV: true,
        LIMIT: { offset, count: chunk },
      });
      if (ids.length === 0) return;
      const found = await this.#redis.hmGet(keys.evidence(regionId), ids);
      for (const json of found) if (json) yield parse(json).evidence;
      if (ids.length < chunk) return;
    }
  }

  /** Ids of what something is to be done with by an instant (ms), longest due first. */
  due(regionId: RegionId, untilMs: number, limit: number): Promise<string[]> {
    return this.#redis.zRange(keys.evidenceDue(regionId), 0, untilMs, {
      BY: 'SCORE',
      LIMIT: { offset: 0, count: limit },
    });
  }

  /** Writes a new state in place of the one that it was decided on. False if somebody else was faster. */
  async change({ before, after, dueMs, holdsVersion, draft }: Change): Promise<boolean> {
    const { regionId, flagId, id, at } = after;
    return this.#audit.withEntry(regionId, draft, async (prepared) => {
      const reply = await runScript(
        this.#redis,
        CHANGE,
        [
          ...prepared.keys,
          keys.evidence(regionId),
          keys.evidenceOfFlag(regionId, flagId),
          keys.evidenceDue(regionId),
          keys.evidenceCustody(regionId, id),
          keys.holdsVersion(regionId),
          keys.evidenceByTime(regionId),
        ],
        [
          ...prepared.args,
          id,
          before?.json ?? '',
          JSON.stringify(after),
          String(Date.parse(at)),
          dueMs === undefined ? '' : String(dueMs),
          holdsVersion ?? '',
        ],
      );
      const [outcome, head] = Reply.parse(reply);
      if (outcome === 'head') return { headMoved: head };
      return { result: outcome === 'done', appended: outcome === 'done' };
    });
  }

  /** Puts on record what somebody did with it: durable when this resolves. */
  async note({ regionId, id }: Pick<Evidence, 'regionId' | 'id'>, draft: AuditDraft): Promise<void> {
    await this.#audit.withEntry(regionId, draft, async (prepared) => {
      const reply = await runScript(
        this.#redis,
        NOTE,
        [...prepared.keys, keys.evidenceCustody(regionId, id)],
        [...prepared.args],
      );
      const [outcome, head] = Reply.parse(reply);
      return outcome === 'head' ? { headMoved: head } : { result: undefined, appended: true };
    });
  }

  /** Everything that was done with it, oldest first. */
  async custody({ regionId, id }: Pick<Evidence, 'regionId' | 'id'>): Promise<AuditEntry[]> {
    const entries = await this.#redis.lRange(keys.evidenceCustody(regionId, id), 0, -1);
    return entries.map((json) => AuditEntry.parse(JSON.parse(json)));
  }
}

function parse(json: string): StoredEvidence {
  return { evidence: Evidence.parse(JSON.parse(json)), json };
}
