import { z } from 'zod';
import type { FacilityKeyView } from '#contract/accounts.ts';
import { VartaError } from '#contract/errors.ts';
import { type FacilityId, Instant } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { AuditDraft, AuditLog } from '../audit/audit.ts';
import { changeField } from './audited-hash.ts';
import { createFacilityKey, digestFacilityKey, keyIdOf } from './facility-key.ts';

const KeyRecord = z.strictObject({ createdAt: Instant, sample: z.boolean() });

/** Two for a rotation with overlap, and some for a facility with several systems. */
const MAX_KEYS = 8;

interface KeyStoreOptions {
  redis: Redis;
  audit: AuditLog;
  now: () => number;
  /** A key opens nothing any more: what it has opened is to end. */
  onRevoked(facilityId: FacilityId, keyId: string): Promise<void>;
}

/** Keys of facilities, for administrators: only digests are kept; every change and its audit entry are one write. */
export class KeyStore {
  readonly #options: KeyStoreOptions;

  constructor(options: KeyStoreOptions) {
    this.#options = options;
  }

  /** Oldest first. */
  async list(facilityId: FacilityId): Promise<FacilityKeyView[]> {
    return (await this.#read(facilityId)).map(({ view }) => view);
  }

  /** A new key beside those that are there: both open until the old one is revoked. Throws `limit_reached`. */
  async issue(
    facilityId: FacilityId,
    draftOf: (keyId: string) => AuditDraft,
  ): Promise<{ key: string; view: FacilityKeyView }> {
    if ((await this.#read(facilityId)).length >= MAX_KEYS)
      throw new VartaError('limit_reached', 'revoke a key first');
    const key = createFacilityKey(facilityId);
    const digest = digestFacilityKey(key);
    const record = { createdAt: new Date(this.#options.now()).toISOString(), sample: false };
    const view = { keyId: keyIdOf(digest), ...record };
    await changeField(this.#options, {
      hash: keys.facilityKeys(facilityId),
      field: digest,
      before: undefined,
      after: JSON.stringify(record satisfies z.infer<typeof KeyRecord>),
      draft: draftOf(view.keyId),
    });
    return { key, view };
  }

  /** From now on the key opens nothing, and what it has opened ends. Throws `unknown_key`. */
  async revoke(facilityId: FacilityId, keyId: string, draft: AuditDraft): Promise<void> {
    const found = (await this.#read(facilityId)).find(({ view }) => view.keyId === keyId);
    if (!found) throw new VartaError('unknown_key');
    const done = await changeField(this.#options, {
      hash: keys.facilityKeys(facilityId),
      field: found.digest,
      before: found.json,
      after: undefined,
      draft,
    });
    if (!done) throw new VartaError('unknown_key');
    await this.#options.onRevoked(facilityId, keyId);
  }

  async #read(facilityId: FacilityId) {
    const kept = await this.#options.redis.hGetAll(keys.facilityKeys(facilityId));
    return Object.entries(kept)
      .map(([digest, json]) => ({
        digest,
        json,
        view: { keyId: keyIdOf(digest), ...KeyRecord.parse(JSON.parse(json)) },
      }))
      .toSorted((a, b) => a.view.createdAt.localeCompare(b.view.createdAt));
  }
}
