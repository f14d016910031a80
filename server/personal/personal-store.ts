import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { Instant } from '#contract/ids.ts';
import {
  EARLIER_PAGE,
  MAX_PERSONAL_VERSIONS,
  PersonalData,
  type PutPersonalBody,
  type PutPersonalReply,
} from '#contract/personal.ts';
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
 * Writes or erases one record together with its audit entry. What a change replaces is kept beside it, and erased with it.
 * KEYS audit stream, audit head, records, version of holds, what was before. ARGV 1-4 audit (expected head, new head,
 * stream id, entry); 5 case; 6 JSON expected ('' if there must be none); 7 new JSON ('' erases); 8 the version of the holds
 * by which it may be erased ('' when it is not erased); 9 the number of the expected version (0 if there is none, or what is
 * replaced says the very same and is not kept).
 */
const CHANGE = defineScript(`${AUDIT_LUA}
if (redis.call('HGET', KEYS[3], ARGV[5]) or '') ~= ARGV[6] then return { 'changed', '' } end
if ARGV[7] == '' and (redis.call('GET', KEYS[4]) or '0') ~= ARGV[8] then return { 'changed', '' } end
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
if ARGV[7] == '' then
  redis.call('HDEL', KEYS[3], ARGV[5])
  for version = 1, tonumber(ARGV[9]) - 1 do redis.call('HDEL', KEYS[5], ARGV[5] .. '/' .. version) end
else
  if ARGV[9] ~= '0' then redis.call('HSET', KEYS[5], ARGV[5] .. '/' .. ARGV[9], ARGV[6]) end
  redis.call('HSET', KEYS[3], ARGV[5], ARGV[7])
end
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
return { 'done', '' }
`);

const ChangeReply = z.tuple([z.enum(['done', 'changed', 'head']), z.string()]);

/** KEYS records, or what was before. ARGV name, JSON expected, new JSON. */
const REPLACE = defineScript(`
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`);

const Record = z.strictObject({
  recordedAt: Instant,
  receivedAt: Instant,
  /** How many there were of this case, this one counted. */
  version: z.int().min(1).max(MAX_PERSONAL_VERSIONS).default(1),
  sealed: Sealed,
});

/** A record with the very text that Redis holds, which a change must still find there. */
export interface StoredPersonal {
  recordedAt: Instant;
  receivedAt: Instant;
  version: number;
  sealed: Sealed;
  json: string;
}

type Written = Pick<StoredPersonal, 'recordedAt' | 'receivedAt' | 'version'>;

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

  /** What was said before a version, newest first, at most {@link EARLIER_PAGE} of it. */
  async findEarlier(place: PlacedCase, before: number): Promise<StoredPersonal[]> {
    const versions = Array.from({ length: Math.min(before - 1, EARLIER_PAGE) }, (_, i) => before - 1 - i);
    if (versions.length === 0) return [];
    const found = await this.#redis.hmGet(
      keys.personalEarlier(place.regionId),
      versions.map((version) => earlierName(place, version)),
    );
    return found.flatMap((json) => (json ? [toStored(json)] : []));
  }

  /** Throws as the cipher's `open` does. */
  open(place: PlacedCase, stored: StoredPersonal): PersonalData {
    const text = this.#cipher.open(stored.sealed, aboutOf(place, stored));
    return PersonalData.parse(JSON.parse(text));
  }

  /**
   * Keeps what a facility says, unless something that was recorded later, or the very same, is kept. What was said before
   * stays as well, whether or not anything is held: neither can a key take it away, nor can its owner find a hold out.
   * What is only said again, as systems do every night, is the same version with another time. `full`: there were too many
   * changes.
   */
  async put(
    place: PlacedCase,
    { recordedAt, data }: PutPersonalBody,
    { receivedAt, draft }: { receivedAt: Instant; draft: AuditDraft },
  ): Promise<PutPersonalReply['status'] | 'busy' | 'full'> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const before = await this.find(place);
      const isSame = before !== undefined && isDeepStrictEqual(this.#tryOpen(place, before), data);
      if (before) {
        const [known, told] = [Date.parse(before.recordedAt), Date.parse(recordedAt)];
        if (known > told) return 'outdated';
        if (known === told && isSame) return 'unchanged';
      }
      const version = (before?.version ?? 0) + (isSame ? 0 : 1);
      if (version > MAX_PERSONAL_VERSIONS) return 'full';
      const after = this.#seal(place, { recordedAt, receivedAt, version }, data);
      const entry = { ...draft, details: { ...draft.details, version } };
      const keptAs = isSame ? 0 : (before?.version ?? 0);
      if (await this.#change(place, { before, after, keptAs, draft: entry })) return 'stored';
    }
    return 'busy';
  }

  /**
   * Erases a record with all that was said before it, if it still is as it was read, and no preservation hold was placed or
   * released since `heldVersion`.
   */
  async erase(
    place: PlacedCase,
    { heldVersion, ...before }: StoredPersonal & { heldVersion: string },
    draft: AuditDraft,
  ): Promise<boolean> {
    return this.#change(place, { before, after: '', heldVersion, draft });
  }

  /** Encrypts a record, and what was before it, with the present key, if it was with another one. False if it cannot be read. */
  async renew(place: PlacedCase, stored: StoredPersonal): Promise<boolean> {
    let isReadable = await this.#renewOne(place, stored, {
      key: keys.personal(place.regionId),
      name: nameOf(place),
    });
    for (let before = stored.version; before > 1; before -= EARLIER_PAGE)
      for (const earlier of await this.findEarlier(place, before)) {
        const at = { key: keys.personalEarlier(place.regionId), name: earlierName(place, earlier.version) };
        if (!(await this.#renewOne(place, earlier, at))) isReadable = false;
      }
    return isReadable;
  }

  async #renewOne(
    place: PlacedCase,
    stored: StoredPersonal,
    { key, name }: { key: string; name: string },
  ): Promise<boolean> {
    if (!this.#cipher.isOutdated(stored.sealed)) return true;
    const data = this.#tryOpen(place, stored);
    if (!data) return false;
    await runScript(this.#redis, REPLACE, [key], [name, stored.json, this.#seal(place, stored, data)]);
    return true;
  }

  #seal(place: PlacedCase, { recordedAt, receivedAt, version }: Written, data: PersonalData): string {
    const written = { recordedAt, receivedAt, version };
    const sealed = this.#cipher.seal(JSON.stringify(data), aboutOf(place, written));
    return JSON.stringify({ ...written, sealed });
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
      keptAs = before?.version ?? 0,
      draft,
    }: {
      before: StoredPersonal | undefined;
      after: string;
      heldVersion?: string;
      keptAs?: number;
      draft: AuditDraft;
    },
  ): Promise<boolean> {
    return this.#audit.withEntry(place.regionId, draft, async (prepared) => {
      const reply = await runScript(
        this.#redis,
        CHANGE,
        [
          ...prepared.keys,
          keys.personal(place.regionId),
          keys.holdsVersion(place.regionId),
          keys.personalEarlier(place.regionId),
        ],
        [...prepared.args, nameOf(place), before?.json ?? '', after, heldVersion, String(keptAs)],
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

/** The name of what was said before, as the script puts it together. */
function earlierName(place: PlacedCase, version: number): string {
  return `${nameOf(place)}/${version}`;
}

/** What a text belongs to: moved to another case, or given another time or number, it cannot be opened. */
function aboutOf(place: PlacedCase, { recordedAt, receivedAt, version }: Written): string {
  const about = ['varta personal 1', place.regionId, nameOf(place), recordedAt, receivedAt];
  return [...about, ...(version === 1 ? [] : [String(version)])].join('\n');
}
