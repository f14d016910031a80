import { z } from 'zod';
import { DisplayHealth, DisplayId, DisplayPlacing, PAIRING_SECONDS, Show } from '#contract/displays.ts';
import { Instant } from '#contract/ids.ts';
import { Scope } from '#contract/session.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { defineScript, runScript } from '../../adapters/redis/script.ts';
import { AUDIT_LUA } from '../../audit/append.ts';
import type { AuditDraft, AuditLog } from '../../audit/audit.ts';
import { digestOf } from './display-key.ts';

/** What is kept of a display. */
export const DisplayRecord = z.strictObject({
  id: DisplayId,
  ...DisplayPlacing.shape,
  scope: Scope,
  enrolledBy: z.string(),
  enrolledAt: Instant,
  version: z.int().min(1),
  show: Show.nullable(),
  revoked: z.strictObject({ by: z.string(), at: Instant, reason: z.string() }).nullable(),
});
export type DisplayRecord = z.infer<typeof DisplayRecord>;

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** The digests of a display's key: the present one, and the one before until the present one was used. */
export const KeyRecord = z.strictObject({ digest: Digest, before: Digest.nullable(), since: Instant });
export type KeyRecord = z.infer<typeof KeyRecord>;

const PairingRecord = z.strictObject({ displayId: DisplayId, digest: Digest });
export type PairingRecord = z.infer<typeof PairingRecord>;

/** A display with the very text that Redis holds, which a change must still find there. */
export interface StoredDisplay {
  record: DisplayRecord;
  json: string;
}

/** A display's new state, and what it was decided on; without, there must be none yet. */
export interface DisplayChange {
  before: StoredDisplay | undefined;
  after: DisplayRecord;
}

/**
 * The new states of displays and their one audit entry, all or nothing.
 * KEYS audit stream, audit head, displays, display keys. ARGV 1-4 audit; 5 JSON of the first one's key, or '' where it
 * stays; then of each display: id, JSON expected ('' if there must be none), new JSON.
 */
const CHANGE = defineScript(`${AUDIT_LUA}
for i = 6, #ARGV, 3 do
  if (redis.call('HGET', KEYS[3], ARGV[i]) or '') ~= ARGV[i + 1] then return { 'changed', '' } end
end
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
for i = 6, #ARGV, 3 do redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 2]) end
if ARGV[5] ~= '' then redis.call('HSET', KEYS[4], ARGV[6], ARGV[5]) end
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
return { 'done', '' }
`);
const ChangeReply = z.tuple([z.enum(['done', 'changed', 'head']), z.string()]);

/** KEYS display keys. ARGV id, JSON expected, new JSON. */
const ROTATE = defineScript(`
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`);

/** Displays in Redis. Methods throw what the connection throws while Redis is away. */
export class DisplayStore {
  readonly #redis: Redis;
  readonly #audit: AuditLog;

  constructor({ redis, audit }: { redis: Redis; audit: AuditLog }) {
    this.#redis = redis;
    this.#audit = audit;
  }

  async find(id: DisplayId): Promise<StoredDisplay | undefined> {
    const json = await this.#redis.hGet(keys.displays, id);
    return typeof json === 'string' ? { record: DisplayRecord.parse(JSON.parse(json)), json } : undefined;
  }

  /** Those of the displays that are known, in the order of the ids. */
  async findMany(ids: readonly DisplayId[]): Promise<DisplayRecord[]> {
    if (ids.length === 0) return [];
    const found = await this.#redis.hmGet(keys.displays, [...ids]);
    return found.flatMap((json) => (json === null ? [] : [DisplayRecord.parse(JSON.parse(json))]));
  }

  async all(): Promise<DisplayRecord[]> {
    const found = await this.#redis.hVals(keys.displays);
    return found.map((json) => DisplayRecord.parse(JSON.parse(json)));
  }

  /** The digests of a display's key, and their text for {@link rotate}. */
  async key(id: DisplayId): Promise<{ key: KeyRecord; json: string } | undefined> {
    const json = await this.#redis.hGet(keys.displayKeys, id);
    return typeof json === 'string' ? { key: KeyRecord.parse(JSON.parse(json)), json } : undefined;
  }

  /** Puts other digests in the place of those; false when somebody was faster. */
  async rotate(id: DisplayId, expectedJson: string, key: KeyRecord): Promise<boolean> {
    return (
      (await runScript(this.#redis, ROTATE, [keys.displayKeys], [id, expectedJson, JSON.stringify(key)])) ===
      1
    );
  }

  /**
   * Writes new states in place of those that they were decided on; false, and nothing written, when one of those has
   * changed. `key` is the first display's.
   */
  async change(changes: readonly DisplayChange[], draft: AuditDraft, key?: KeyRecord): Promise<boolean> {
    const outcome = await this.#audit.withEntry('nation', draft, async (prepared) => {
      const reply = await runScript(
        this.#redis,
        CHANGE,
        [...prepared.keys, keys.displays, keys.displayKeys],
        [
          ...prepared.args,
          key === undefined ? '' : JSON.stringify(key),
          ...changes.flatMap(({ before, after }) => [after.id, before?.json ?? '', JSON.stringify(after)]),
        ],
      );
      const [result, text] = ChangeReply.parse(reply);
      if (result === 'head') return { headMoved: text };
      return { result, appended: result === 'done' };
    });
    return outcome === 'done';
  }

  /** Remembers the screen that shows a code; false when another one shows the same. */
  async offer(code: string, pairing: PairingRecord): Promise<boolean> {
    const expiration = { type: 'EX', value: PAIRING_SECONDS } as const;
    const set = await this.#redis.set(keys.displayPairing(digestOf(code)), JSON.stringify(pairing), {
      expiration,
      condition: 'NX',
    });
    return set === 'OK';
  }

  /** Takes the screen that shows a code; each code can be taken once. */
  async take(code: string): Promise<PairingRecord | undefined> {
    const json = await this.#redis.getDel(keys.displayPairing(digestOf(code)));
    return json === null ? undefined : PairingRecord.parse(JSON.parse(json));
  }

  async noteHealth(id: DisplayId, health: DisplayHealth): Promise<void> {
    await this.#redis.hSet(keys.displayHealth, id, JSON.stringify(health));
  }

  async forgetHealth(id: DisplayId): Promise<void> {
    await this.#redis.hDel(keys.displayHealth, id);
  }

  /** What displays said of themselves last; what cannot be read is left out. */
  async health(): Promise<Map<DisplayId, DisplayHealth>> {
    const found = await this.#redis.hGetAll(keys.displayHealth);
    return new Map(
      Object.entries(found).flatMap(([id, json]) => {
        const { data } = DisplayHealth.safeParse(JSON.parse(json));
        return data ? [[id, data] as const] : [];
      }),
    );
  }
}
