import { z } from 'zod';
import type { IntakeKeyId } from '#contract/complaints.ts';
import { VartaError } from '#contract/errors.ts';
import { IntakeKeyView, type IssueIntakeKeyBody } from '#contract/intake.ts';
import { changeField } from '../../access/audited-hash.ts';
import type { Principal } from '../../access/decide.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { defineScript, runScript } from '../../adapters/redis/script.ts';
import type { AuditDraft, AuditLog } from '../../audit/audit.ts';
import { createIntakeKey, digestIntakeKey, idOfIntakeKey, isDigestOf } from './intake-key.ts';

const KeyRecord = z.strictObject({ ...IntakeKeyView.shape, digest: z.string().regex(/^[0-9a-f]{64}$/) });

/** Hotlines of a country, with some to spare. */
const MAX_KEYS = 100;
const WINDOW_S = 60;

/** KEYS taken. ARGV seconds of the window, most. How long to wait in milliseconds; 0: it may be taken. */
const TAKE = defineScript(`
local taken = redis.call('INCR', KEYS[1])
if taken == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
if taken <= tonumber(ARGV[2]) then return 0 end
return math.max(1, redis.call('PTTL', KEYS[1]))
`);

type IntakePrincipal = Extract<Principal, { kind: 'intake' }>;

/** Keys of outside hotlines: only digests are kept; every change and its audit entry are one write. */
export class IntakeKeyStore {
  readonly #redis: Redis;
  readonly #audit: AuditLog;
  readonly #now: () => number;

  constructor({ redis, audit, now }: { redis: Redis; audit: AuditLog; now: () => number }) {
    this.#redis = redis;
    this.#audit = audit;
    this.#now = now;
  }

  /** Oldest first. */
  async list(): Promise<IntakeKeyView[]> {
    return (await this.#read())
      .map(({ digest: _, ...view }) => view)
      .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt));
  }

  /** A new key; it is told once. Throws `limit_reached`. */
  async issue(
    body: z.infer<typeof IssueIntakeKeyBody>,
    draftOf: (keyId: IntakeKeyId) => AuditDraft,
  ): Promise<{ key: string; view: IntakeKeyView }> {
    if ((await this.#read()).length >= MAX_KEYS) throw new VartaError('limit_reached', 'revoke a key first');
    const { key, keyId } = createIntakeKey();
    const view: IntakeKeyView = { keyId, ...body, createdAt: new Date(this.#now()).toISOString() };
    const record: z.infer<typeof KeyRecord> = { ...view, digest: digestIntakeKey(key) };
    await changeField(
      { redis: this.#redis, audit: this.#audit },
      {
        hash: keys.intakeKeys,
        field: keyId,
        before: undefined,
        after: JSON.stringify(record),
        draft: draftOf(keyId),
      },
    );
    return { key, view };
  }

  /** From now on the key opens nothing. Throws `unknown_key`. */
  async revoke(keyId: IntakeKeyId, draft: AuditDraft): Promise<void> {
    const json = await this.#redis.hGet(keys.intakeKeys, keyId);
    const done =
      json !== null &&
      (await changeField(
        { redis: this.#redis, audit: this.#audit },
        { hash: keys.intakeKeys, field: keyId, before: json, after: undefined, draft },
      ));
    if (!done) throw new VartaError('unknown_key');
  }

  /** Whose a key is; undefined when it is nobody's. Asked at every request: what is revoked ends at once. */
  async authenticate(key: string): Promise<IntakePrincipal | undefined> {
    const keyId = idOfIntakeKey(key);
    const json = keyId === undefined ? null : await this.#redis.hGet(keys.intakeKeys, keyId);
    if (json === null) return undefined;
    const { digest, name, scope, ...record } = KeyRecord.parse(JSON.parse(json));
    return isDigestOf(key, digest) ? { kind: 'intake', keyId: record.keyId, name, scope } : undefined;
  }

  /** Counts a complaint of a key; undefined when it may be sent, else how long to wait. The same for all replicas. */
  async take(keyId: IntakeKeyId): Promise<{ retryAfterMs: number } | undefined> {
    const json = await this.#redis.hGet(keys.intakeKeys, keyId);
    const perMinute = json === null ? 0 : KeyRecord.parse(JSON.parse(json)).perMinute;
    const args = [String(WINDOW_S), String(perMinute)];
    const waitMs = Number(await runScript(this.#redis, TAKE, [keys.intakeTaken(keyId)], args));
    return waitMs > 0 ? { retryAfterMs: waitMs } : undefined;
  }

  async #read(): Promise<z.infer<typeof KeyRecord>[]> {
    const kept = await this.#redis.hVals(keys.intakeKeys);
    return kept.map((json) => KeyRecord.parse(JSON.parse(json)));
  }
}
