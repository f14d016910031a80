import { z } from 'zod';
import { Complaint, type ComplaintContact, type ComplaintId } from '#contract/complaints.ts';
import type { RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import { AUDIT_LUA } from '../audit/append.ts';
import type { AuditDraft, AuditLog } from '../audit/audit.ts';
import { type PersonalCipher, Sealed } from '../personal/cipher.ts';

/**
 * A complaint's new state and its audit entry, all or nothing; with the first state also its words and the note that its
 * flag is to be raised. KEYS audit stream, audit head, complaints, by time, words, to be flagged. ARGV 1-4 audit; 5 id;
 * 6 JSON expected ('' if there must be none); 7 new JSON; 8 sealed words ('' to leave them); 9 instant of taking.
 */
const CHANGE = defineScript(`${AUDIT_LUA}
if (redis.call('HGET', KEYS[3], ARGV[5]) or '') ~= ARGV[6] then return { 'changed', '' } end
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
redis.call('HSET', KEYS[3], ARGV[5], ARGV[7])
if ARGV[8] ~= '' then
  redis.call('HSET', KEYS[5], ARGV[5], ARGV[8])
  redis.call('ZADD', KEYS[4], ARGV[9], ARGV[5])
  redis.call('SADD', KEYS[6], ARGV[5])
end
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
return { 'done', '' }
`);

const ChangeReply = z.tuple([z.enum(['done', 'changed', 'head']), z.string()]);

/** What somebody said, and how to reach them. */
export interface Words {
  text: string;
  contact: ComplaintContact | null;
}

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
});

/** Citizens' complaints in Redis. Methods throw what the connection throws while Redis is away. */
export class ComplaintStore {
  readonly #redis: Redis;
  readonly #audit: AuditLog;
  readonly #cipher: Pick<PersonalCipher, 'seal' | 'open'>;

  constructor(options: { redis: Redis; audit: AuditLog; cipher: Pick<PersonalCipher, 'seal' | 'open'> }) {
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
    return this.#write(undefined, complaint, { draft, sealed: JSON.stringify(sealed) });
  }

  /** Writes a new state in place of the one that it was decided on; false if somebody else was faster. */
  change(before: Complaint, after: Complaint, draft: AuditDraft): Promise<boolean> {
    return this.#write(before, after, { draft, sealed: '' });
  }

  /** What was said; undefined when it is not kept any more. */
  async words(complaint: Complaint): Promise<Words | undefined> {
    const json = await this.#redis.hGet(keys.complaintWords(complaint.regionId), complaint.id);
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
    { draft, sealed }: { draft: AuditDraft; sealed: string },
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
        ],
        [
          ...prepared.args,
          after.id,
          before ? JSON.stringify(before) : '',
          JSON.stringify(after),
          sealed,
          String(Date.parse(after.history[0]?.at ?? '')),
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
