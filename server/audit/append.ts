import type { AuditChain, AuditEntry } from '#contract/audit.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript } from '../adapters/redis/script.ts';
import type { PreparedEntry } from './audit.ts';
import { formatHead, type Head } from './chain.ts';

/**
 * Lua for scripts that append to a chain: `audit_fits` before the script writes anything, `audit_write` afterwards.
 * Stream ids are the entries' numbers, so that Redis itself refuses one that is out of order.
 */
export const AUDIT_LUA = `
local function audit_head(head) return redis.call('GET', head) or '' end
local function audit_fits(head, expected) return audit_head(head) == expected end
local function audit_write(stream, head, new_head, id, json)
  redis.call('XADD', stream, id, 'json', json)
  redis.call('SET', head, new_head)
end
`;

/** KEYS stream, head. ARGV expected head, new head, then stream id and JSON of each entry. Returns the head as it is afterwards. */
export const APPEND = defineScript(`${AUDIT_LUA}
if not audit_fits(KEYS[2], ARGV[1]) then return { 0, audit_head(KEYS[2]) } end
for i = 3, #ARGV, 2 do audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[i], ARGV[i + 1]) end
return { 1, ARGV[2] }
`);

/** The keys of a chain, in the order of {@link APPEND}. */
export function chainKeys(chain: AuditChain): readonly [stream: string, head: string] {
  return [keys.audit(chain), keys.auditHead(chain)];
}

/** An entry's id in its stream. */
export function streamIdOf(seq: number): string {
  return `${seq}-0`;
}

/** An entry with everything that a script needs to append it. */
export function toPrepared(head: Head, entry: AuditEntry): PreparedEntry {
  return {
    entry,
    keys: chainKeys(entry.chain),
    args: [formatHead(head), formatHead(entry), streamIdOf(entry.seq), JSON.stringify(entry)],
  };
}
