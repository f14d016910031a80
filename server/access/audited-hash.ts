import { z } from 'zod';
import type { Redis } from '../adapters/redis/connect.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import { AUDIT_LUA } from '../audit/append.ts';
import type { AuditDraft, AuditLog } from '../audit/audit.ts';

/**
 * A field of a hash and the audit entry of its change, both or neither.
 * KEYS audit stream, audit head, hash. ARGV 1-4 audit (expected head, new head, stream id, entry); 5 field; 6 JSON
 * expected ('' if there must be none); 7 new JSON ('' to take it out).
 */
const CHANGE = defineScript(`${AUDIT_LUA}
if (redis.call('HGET', KEYS[3], ARGV[5]) or '') ~= ARGV[6] then return { 'changed', '' } end
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
if ARGV[7] == '' then redis.call('HDEL', KEYS[3], ARGV[5])
else redis.call('HSET', KEYS[3], ARGV[5], ARGV[7]) end
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
return { 'done', '' }
`);

const Reply = z.tuple([z.enum(['done', 'changed', 'head']), z.string()]);

export interface FieldChange {
  /** A key with the hash tag of the nation's audit. */
  hash: string;
  field: string;
  /** The text that must still be there; undefined if there must be none. */
  before: string | undefined;
  /** Undefined takes the field out. */
  after: string | undefined;
  draft: AuditDraft;
}

/** Writes a change with its audit entry; false when somebody else has changed the field in the meanwhile. */
export async function changeField(
  { redis, audit }: { redis: Redis; audit: AuditLog },
  { hash, field, before = '', after = '', draft }: FieldChange,
): Promise<boolean> {
  return audit.withEntry('nation', draft, async (prepared) => {
    const reply = await runScript(
      redis,
      CHANGE,
      [...prepared.keys, hash],
      [...prepared.args, field, before, after],
    );
    const [outcome, text] = Reply.parse(reply);
    if (outcome === 'head') return { headMoved: text };
    return { result: outcome === 'done', appended: outcome === 'done' };
  });
}
