import { z } from 'zod';
import type { RegionId } from '#contract/ids.ts';
import { WatchingFinding } from '#contract/watching.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { defineScript, runScript } from '../../adapters/redis/script.ts';
import { AUDIT_LUA } from '../append.ts';
import type { AuditDraft, AuditLog } from '../audit.ts';

/**
 * A finding's new state together with its audit entry. KEYS audit stream, audit head, findings. ARGV 1-4 audit (expected
 * head, new head, stream id, entry); 5 id; 6 JSON expected ('' if there must be none); 7 new JSON.
 */
const CHANGE = defineScript(`${AUDIT_LUA}
if (redis.call('HGET', KEYS[3], ARGV[5]) or '') ~= ARGV[6] then return { 'changed', '' } end
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
redis.call('HSET', KEYS[3], ARGV[5], ARGV[7])
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
return { 'done', '' }
`);

const ChangeReply = z.tuple([z.enum(['done', 'changed', 'head']), z.string()]);

/** A finding with the very text that Redis holds, which a change must still find there. */
export interface StoredFinding {
  finding: WatchingFinding;
  json: string;
}

/** Findings about watching, in Redis. Methods throw what the connection throws while Redis is away. */
export class FindingStore {
  readonly #redis: Redis;
  readonly #audit: Pick<AuditLog, 'withEntry'>;

  constructor({ redis, audit }: { redis: Redis; audit: Pick<AuditLog, 'withEntry'> }) {
    this.#redis = redis;
    this.#audit = audit;
  }

  async find(id: string, regionIds: readonly RegionId[]): Promise<StoredFinding | undefined> {
    const found = await Promise.all(
      regionIds.map((region) => this.#redis.hGet(keys.watchingFindings(region), id)),
    );
    const json = found.find((one) => one !== null);
    return json === undefined || json === null
      ? undefined
      : { finding: WatchingFinding.parse(JSON.parse(json)), json };
  }

  async all(regionId: RegionId): Promise<WatchingFinding[]> {
    const stored = await this.#redis.hVals(keys.watchingFindings(regionId));
    return stored.map((json) => WatchingFinding.parse(JSON.parse(json)));
  }

  /** Writes a new state in place of the one that it was decided on (undefined: of none). False if somebody was faster. */
  change(before: StoredFinding | undefined, after: WatchingFinding, draft: AuditDraft): Promise<boolean> {
    return this.#audit.withEntry(after.regionId, draft, async (prepared) => {
      const reply = await runScript(
        this.#redis,
        CHANGE,
        [...prepared.keys, keys.watchingFindings(after.regionId)],
        [...prepared.args, after.id, before?.json ?? '', JSON.stringify(after)],
      );
      const [outcome, head] = ChangeReply.parse(reply);
      if (outcome === 'head') return { headMoved: head };
      return { result: outcome === 'done', appended: outcome === 'done' };
    });
  }
}
