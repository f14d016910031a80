import { z } from 'zod';
import type { EventId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import { AUDIT_LUA } from '../audit/append.ts';
import type { AuditDraft, AuditLog } from '../audit/audit.ts';

/** How long it is known that an end was told; an id that changes nothing is given up after half a minute. */
const KNOWN_MS = 24 * 3_600_000;

/**
 * An entry and the note that it was written, both or neither.
 * KEYS audit stream, audit head, note. ARGV 1-4 audit (expected head, new head, stream id, entry); 5 how long the note stays (ms).
 */
const TELL = defineScript(`${AUDIT_LUA}
if redis.call('EXISTS', KEYS[3]) == 1 then return { 'told', '' } end
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
redis.call('SET', KEYS[3], '1', 'PX', ARGV[5])
return { 'done', '' }
`);

const Reply = z.tuple([z.enum(['done', 'told', 'head']), z.string()]);

interface TellOptions {
  redis: Redis;
  audit: Pick<AuditLog, 'withEntry'>;
}

/** Writes what became of an end into the audit, once for each event and outcome, however many replicas try how often. */
export async function tellEnd(
  { redis, audit }: TellOptions,
  { regionId, eventId, draft }: { regionId: RegionId; eventId: EventId; draft: AuditDraft },
): Promise<void> {
  await audit.withEntry(regionId, draft, async (prepared) => {
    const note = keys.endTold(regionId, eventId, draft.outcome);
    const reply = await runScript(
      redis,
      TELL,
      [...prepared.keys, note],
      [...prepared.args, String(KNOWN_MS)],
    );
    const [outcome, text] = Reply.parse(reply);
    if (outcome === 'head') return { headMoved: text };
    return { result: undefined, appended: outcome === 'done' };
  });
}
