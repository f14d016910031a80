import { z } from 'zod';
import { Complaint, type ComplaintContact, type ComplaintId, ComplaintNote } from '#contract/complaints.ts';
import type { RegionId } from '#contract/ids.ts';
import { Sealed } from '#contract/sealed.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import { AUDIT_LUA } from '../audit/append.ts';
import type { AuditDraft, AuditLog } from '../audit/audit.ts';
import type { PersonalCipher } from '../personal/cipher.ts';
import type { Words } from './complaint.ts';

/**
 * A complaint's new state and its audit entry, all or nothing; with the first state also its words and the note that its
 * flag is to be raised. KEYS audit stream, audit head, complaints, by time, words, to be flagged, by answer. ARGV 1-4
 * audit; 5 id; 6 JSON expected ('' if there must be none); 7 new JSON; 8 sealed words ('' to leave them); 9 instant of
 * taking; 10 instant of the answer ('' if there is none); 11 the words that these take the place of ('' of none).
 */
const CHANGE = defineScript(`${AUDIT_LUA}
if (redis.call('HGET', KEYS[3], ARGV[5]) or '') ~= ARGV[6] then return { 'changed', '' } end
if ARGV[8] ~= '' and (redis.call('HGET', KEYS[5], ARGV[5]) or '') ~= ARGV[11] then return { 'changed', '' } end
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
redis.call('HSET', KEYS[3], ARGV[5], ARGV[7])
if ARGV[8] ~= '' then redis.call('HSET', KEYS[5], ARGV[5], ARGV[8]) end
if ARGV[6] == '' then
  redis.call('ZADD', KEYS[4], ARGV[9], ARGV[5])
  redis.call('SADD', KEYS[6], ARGV[5])
end
if ARGV[10] ~= '' then redis.call('ZADD', KEYS[7], ARGV[10], ARGV[5]) end
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
return { 'done', '' }
`);

/**
 * Erases words that are as they were read, with the audit entry of it, unless a hold has come in between. KEYS audit
 * stream, audit head, words, version of holds. ARGV 1-4 audit; 5 id; 6 JSON expected; 7 version of the holds expected.
 */
const ERASE = defineScript(`${AUDIT_LUA}
if (redis.call('HGET', KEYS[3], ARGV[5]) or '') ~= ARGV[6] then return { 'changed', '' } end
if (redis.call('GET', KEYS[4]) or '0') ~= ARGV[7] then return { 'changed', '' } end
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
redis.call('HDEL', KEYS[3], ARGV[5])
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
return { 'done', '' }
`);

/** Puts words in place of those that were read. KEYS words. ARGV id; JSON expected; new JSON. */
const REPLACE = defineScript(`
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`);

const ChangeReply = z.tuple([z.enum(['done', 'changed', 'head']), z.string()]);

const StoredWords = z.strictObject({
  text: z.string(),
  contact: z
    .strictObject({
      name: z.string().optional(),
      phone: z.string().optional(),
      email: z.string().optional(),
      other: z.string().optional(),
    })
    .nullable(),
  notes: z.array(ComplaintNote).default([]),
});

/** Citizens' complaints in Redis. Methods throw what the connection throws while Redis is away. */
export class ComplaintStore {
  readonly #redis: Redis;
  readonly #audit: AuditLog;
  readonly #cipher: PersonalCipher;

  constructor(options: { redis: Redis; audit: AuditLog; cipher: PersonalCipher }) {
    this.#redis = options.redis;
    this.#audit = options.audit;
    this.#cipher = options.cipher;
  }

  /** Finds a complaint in any of the regions. */
  async find(id: ComplaintId, regionIds: readonly RegionId[]): Promise<Complaint | undefined> {
    const found = await Promise.all(regionIds.map((region) => this.#redis.hGet(keys.complaints(region), id)));
    const json = found.find((one) => one !== null);
    return json === undefined || json === null ? undefined : Complaint.parse(JSON.parse(json));
  }

  /** Takes a new complaint with its words; false if there is one with this id. */
  take(complaint: Complaint, words: Words, draft: AuditDraft): Promise<boolean> {
    const sealed = this.#cipher.seal(JSON.stringify(words), aboutOf(complaint));
    return this.#write(undefined, complaint, { draft, words: { before: '', after: JSON.stringify(sealed) } });
  }

  /**
   * Writes a new state in place of the one that it was decided on, and what was noted beside the words; false if somebody
   * else was faster.
   */
  async change(before: Complaint, after: Complaint, draft: AuditDraft, note?: string): Promise<boolean> {
    if (note === undefined) return this.#write(before, after, { draft });
    const json = await this.#redis.hGet(keys.complaintWords(before.regionId), before.id);
    const words = this.#open(before, json) ?? { text: '', contact: null, notes: [] };
    const notes = [...words.notes, { version: after.version, text: note }];
    const sealed = this.#cipher.seal(JSON.stringify({ ...words, notes }), aboutOf(before));
    return this.#write(before, after, {
      draft,
      words: { before: json ?? '', after: JSON.stringify(sealed) },
    });
  }

  /** What was said; undefined when it is not kept any more. */
  async words(complaint: Complaint): Promise<Words | undefined> {
    return this.#open(
      complaint,
      await this.#redis.hGet(keys.complaintWords(complaint.regionId), complaint.id),
    );
  }

  #open(complaint: Complaint, json: string | null): Words | undefined {
    if (json === null) return undefined;
    const text = this.#cipher.open(Sealed.parse(JSON.parse(json)), aboutOf(complaint));
    const { contact, ...rest } = StoredWords.parse(JSON.parse(text));
    return { ...rest, contact: contact as ComplaintContact | null };
  }

  /** Complaints of a region that were taken no later than an instant, newest first. Read in chunks as they are taken. */
  async *newestFirst(regionId: RegionId, untilMs: number, chunk = 100): AsyncGenerator<Complaint> {
    for (let offset = 0; ; offset += chunk) {
      const ids = await this.#redis.zRange(keys.complaintsByTime(regionId), untilMs, 0, {
        BY: 'SCORE',
        REV: true,
        LIMIT: { offset, count: chunk },
      });
      if (ids.length === 0) return;
      const found = await this.#redis.hmGet(keys.complaints(regionId), ids);
      for (const json of found) if (json !== null) yield Complaint.parse(JSON.parse(json));
      if (ids.length < chunk) return;
    }
  }

  /** Complaints of a region that were taken, or answered, from one instant until before another (ms). */
  async between(regionId: RegionId, fromMs: number, untilMs: number): Promise<Complaint[]> {
    const [taken, answered] = await Promise.all(
      [keys.complaintsByTime(regionId), keys.complaintsAnswered(regionId)].map((key) =>
        this.#redis.zRange(key, fromMs, `(${untilMs}`, { BY: 'SCORE' }),
      ),
    );
    return this.many(regionId, [...new Set([...(taken ?? []), ...(answered ?? [])])]);
  }

  /** Complaints by their ids; those that there are. */
  async many(regionId: RegionId, ids: readonly string[], chunk = 500): Promise<Complaint[]> {
    const found: Complaint[] = [];
    for (let start = 0; start < ids.length; start += chunk) {
      const all = await this.#redis.hmGet(keys.complaints(regionId), ids.slice(start, start + chunk));
      for (const json of all) if (json) found.push(Complaint.parse(JSON.parse(json)));
    }
    return found;
  }

  /** Ids of complaints of which it is still kept what was said. */
  withWords(regionId: RegionId): Promise<string[]> {
    return this.#redis.hKeys(keys.complaintWords(regionId));
  }

  /**
   * Erases what was said, on record; false if somebody else did, changed it meanwhile, or a hold was placed since
   * `heldVersion`.
   */
  async eraseWords(
    complaint: Complaint,
    { days, heldVersion }: { days: number; heldVersion: string },
  ): Promise<boolean> {
    const { regionId, id } = complaint;
    const json = await this.#redis.hGet(keys.complaintWords(regionId), id);
    if (json === null) return false;
    const draft: AuditDraft = {
      actor: { kind: 'system', id: 'retention' },
      action: 'personal.erase',
      resource: `facility:${complaint.facilityId}`,
      outcome: 'done',
      details: { complaint: id, days },
    };
    return this.#audit.withEntry(regionId, draft, async (prepared) => {
      const reply = await runScript(
        this.#redis,
        ERASE,
        [...prepared.keys, keys.complaintWords(regionId), keys.holdsVersion(regionId)],
        [...prepared.args, id, json, heldVersion],
      );
      const [outcome, text] = ChangeReply.parse(reply);
      if (outcome === 'head') return { headMoved: text };
      return { result: outcome === 'done', appended: outcome === 'done' };
    });
  }

  /** Encrypts what was said with the present key, if it was with another one. False if it cannot be read. */
  async renewWords(complaint: Complaint): Promise<boolean> {
    const { regionId, id } = complaint;
    const json = await this.#redis.hGet(keys.complaintWords(regionId), id);
    if (json === null) return true;
    const sealed = Sealed.parse(JSON.parse(json));
    if (!this.#cipher.isOutdated(sealed)) return true;
    let text: string;
    try {
      text = this.#cipher.open(sealed, aboutOf(complaint));
    } catch {
      return false;
    }
    const renewed = JSON.stringify(this.#cipher.seal(text, aboutOf(complaint)));
    await runScript(this.#redis, REPLACE, [keys.complaintWords(regionId)], [id, json, renewed]);
    return true;
  }

  /** Complaints whose flag may not have been raised yet. */
  toFlag(regionId: RegionId): Promise<string[]> {
    return this.#redis.sMembers(keys.complaintsToFlag(regionId));
  }

  async flagged(regionId: RegionId, id: ComplaintId): Promise<void> {
    await this.#redis.sRem(keys.complaintsToFlag(regionId), id);
  }

  #write(
    before: Complaint | undefined,
    after: Complaint,
    { draft, words }: { draft: AuditDraft; words?: { before: string; after: string } },
  ): Promise<boolean> {
    const { regionId } = after;
    return this.#audit.withEntry(regionId, draft, async (prepared) => {
      const reply = await runScript(
        this.#redis,
        CHANGE,
        [
          ...prepared.keys,
          keys.complaints(regionId),
          keys.complaintsByTime(regionId),
          keys.complaintWords(regionId),
          keys.complaintsToFlag(regionId),
          keys.complaintsAnswered(regionId),
        ],
        [
          ...prepared.args,
          after.id,
          before ? JSON.stringify(before) : '',
          JSON.stringify(after),
          words?.after ?? '',
          String(Date.parse(after.history[0]?.at ?? '')),
          after.state === 'answered' ? String(Date.parse(after.history.at(-1)?.at ?? '')) : '',
          words?.before ?? '',
        ],
      );
      const [outcome, text] = ChangeReply.parse(reply);
      if (outcome === 'head') return { headMoved: text };
      return { result: outcome === 'done', appended: outcome === 'done' };
    });
  }
}

/** What the words belong to: they open together with it only. */
function aboutOf({ regionId, id }: Complaint): string {
  return `complaint:${regionId}/${id}`;
}
