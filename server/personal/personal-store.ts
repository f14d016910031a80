import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { Instant } from '#contract/ids.ts';
import { PersonalData, type PutPersonalBody, type PutPersonalReply } from '#contract/personal.ts';
import { Sealed } from '#contract/sealed.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys, type PlacedCase } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import { AUDIT_LUA } from '../audit/append.ts';
import type { AuditDraft, AuditLog } from '../audit/audit.ts';
import type { PersonalCipher } from './cipher.ts';

/** Attempts to write what others keep changing. */
const MAX_ATTEMPTS = 5;

/**
 * Writes or erases one record together with its audit entry. KEYS audit stream, audit head, records, version of holds. ARGV 1-4 audit
 * (expected head, new head, stream id, entry); 5 case; 6 JSON expected ('' if there must be none); 7 new JSON ('' erases);
 * 8 the version of the holds by which it may be erased ('' when it is not erased).
 */
const CHANGE = defineScript(`${AUDIT_LUA}
if (redis.call('HGET', KEYS[3], ARGV[5]) or '') ~= ARGV[6] then return { 'changed', '' } end
if ARGV[7] == '' and (redis.call('GET', KEYS[4]) or '0') ~= ARGV[8] then return { 'changed', '' } end
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
if ARGV[7] == '' then redis.call('HDEL', KEYS[3], ARGV[5]) else redis.call('HSET', KEYS[3], ARGV[5], ARGV[7]) end
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
return { 'done', '' }
`);

const ChangeReply = z.tuple([z.enum(['done', 'changed', 'head']), z.string()]);

/** KEYS records. ARGV case, JSON expected, new JSON. */
const REPLACE = defineScript(`
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`);

const Record = z.strictObject({ recordedAt: Instant, receivedAt: Instant, sealed: Sealed });

/** A record with the very text that Redis holds, which a change must still find there. */
export interface StoredPersonal {
  recordedAt: Instant;
  receivedAt: Instant;
  sealed: Sealed;
  json: string;
}

/** Who cases are about, encrypted, in Redis. Methods throw what the connection throws while Redis is away. */
export class PersonalStore {
  readonly #redis: Redis;
  readonly #audit: AuditLog;
  readonly #cipher: PersonalCipher;

  constructor({ redis, audit, cipher }: { redis: Redis; audit: AuditLog; cipher: PersonalCipher }) {
    this.#redis = redis;
    this.#audit = audit;
    this.#cipher = cipher;
  }

  /** Undefined if there is none. */
  async find(place: PlacedCase): Promise<StoredPersonal | undefined> {
    const json = await this.#redis.hGet(keys.personal(place.regionId), nameOf(place));
    return json === null ? undefined : toStored(json);
  }

  /** Throws as the cipher's `open` does. */
  open(place: PlacedCase, { recordedAt, receivedAt, sealed }: StoredPersonal): PersonalData {
    const text = this.#cipher.open(sealed, aboutOf(place, { recordedAt, receivedAt }));
    return PersonalData.parse(JSON.parse(text));
  }

  /** Keeps what a facility says, unless something that was recorded later, or the very same, is kept. */
  async put(
    place: PlacedCase,
    { recordedAt, data }: PutPersonalBody,
    { receivedAt, draft }: { receivedAt: Instant; draft: AuditDraft },
  ): Promise<PutPersonalReply['status'] | 'busy'> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const before = await this.find(place);
      if (before) {
        const [known, told] = [Date.parse(before.recordedAt), Date.parse(recordedAt)];
        if (known > told) return 'outdated';
        if (known === told && isDeepStrictEqual(this.#tryOpen(place, before), data)) return 'unchanged';
      }
      const after = this.#seal(place, { recordedAt, receivedAt, data });
      if (await this.#change(place, { before: before?.json ?? '', after, draft })) return 'stored';
    }
    return 'busy';
  }

  /** Erases a record, if it still is as it was read, and no preservation hold was placed or released since `heldVersion`. */
  async erase(
    place: PlacedCase,
    { json, heldVersion }: StoredPersonal & { heldVersion: string },
    draft: AuditDraft,
  ): Promise<boolean> {
    return this.#change(place, { before: json, after: '', heldVersion, draft });
  }

  /** Encrypts a record with the present key, if it was with another one. False if it cannot be read. */
  async renew(place: PlacedCase, stored: StoredPersonal): Promise<boolean> {
    if (!this.#cipher.isOutdated(stored.sealed)) return true;
    const data = this.#tryOpen(place, stored);
    if (!data) return false;
    const { recordedAt, receivedAt, json } = stored;
    const after = this.#seal(place, { recordedAt, receivedAt, data });
    await runScript(this.#redis, REPLACE, [keys.personal(place.regionId)], [nameOf(place), json, after]);
    return true;
  }

  #seal(
    place: PlacedCase,
    { recordedAt, receivedAt, data }: { recordedAt: Instant; receivedAt: Instant; data: PersonalData },
  ): string {
    const times = { recordedAt, receivedAt };
    const sealed = this.#cipher.seal(JSON.stringify(data), aboutOf(place, times));
    return JSON.stringify({ ...times, sealed });
  }

  /** What cannot be read is no reason to refuse what comes in its place. */
  #tryOpen(place: PlacedCase, stored: StoredPersonal): PersonalData | undefined {
    try {
      return this.open(place, stored);
    } catch {
      return undefined;
    }
  }

  async #change(
    place: PlacedCase,
    {
      before,
      after,
      heldVersion = '',
      draft,
    }: { before: string; after: string; heldVersion?: string; draft: AuditDraft },
  ): Promise<boolean> {
    return this.#audit.withEntry(place.regionId, draft, async (prepared) => {
      const reply = await runScript(
        this.#redis,
        CHANGE,
        [...prepared.keys, keys.personal(place.regionId), keys.holdsVersion(place.regionId)],
        [...prepared.args, nameOf(place), before, after, heldVersion],
      );
      const [outcome, head] = ChangeReply.parse(reply);
      if (outcome === 'head') return { headMoved: head };
      return { result: outcome === 'done', appended: outcome === 'done' };
    });
  }
}

/** Reads a record as Redis holds it. */
export function toStored(json: string): StoredPersonal {
  return { ...Record.parse(JSON.parse(json)), json };
}

/** The name of a case among those of its region. */
function nameOf({ facilityId, caseId }: PlacedCase): string {
  return `${facilityId}/${caseId}`;
}

/** What a text belongs to: moved to another case, or given another time, it cannot be opened. */
function aboutOf(place: PlacedCase, times: { recordedAt: Instant; receivedAt: Instant }): string {
  return ['varta personal 1', place.regionId, nameOf(place), times.recordedAt, times.receivedAt].join('\n');
}
