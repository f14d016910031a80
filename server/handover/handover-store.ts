import { z } from 'zod';
import { Handover } from '#contract/handover.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import { AUDIT_LUA } from '../audit/append.ts';
import type { AuditDraft, AuditLog } from '../audit/audit.ts';
import { scopeKey } from './handover.ts';

/**
 * A handover's new state and its audit entry, all or nothing. Of a desk, no place is in two open ones.
 * KEYS audit stream, audit head, handovers, by time, open ones by scope.
 * ARGV 1-4 audit (expected head, new head, stream id, entry); 5 id; 6 JSON expected ('' if there must be none); 7 new
 * JSON; 8 scope; 9 '1' while open; 10 instant of opening.
 */
const CHANGE = defineScript(`${AUDIT_LUA}
local function words(text)
  local found = {}
  for word in string.gmatch(text, '%S+') do found[#found + 1] = word end
  return found
end
-- Of the same desk, and with a place in common; the nation has all of them.
local function overlap(a, b)
  if a[1] ~= b[1] then return false end
  if a[2] == 'nation' or b[2] == 'nation' then return true end
  if a[2] ~= b[2] then return false end
  local has = {}
  for i = 3, #a do has[a[i]] = true end
  for i = 3, #b do if has[b[i]] then return true end end
  return false
end
if (redis.call('HGET', KEYS[3], ARGV[5]) or '') ~= ARGV[6] then return { 'changed', '' } end
local open = redis.call('HGET', KEYS[5], ARGV[8])
if ARGV[6] == '' then
  local mine = words(ARGV[8])
  for _, other in ipairs(redis.call('HKEYS', KEYS[5])) do
    if overlap(mine, words(other)) then return { 'taken', redis.call('HGET', KEYS[5], other) } end
  end
end
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
redis.call('HSET', KEYS[3], ARGV[5], ARGV[7])
redis.call('ZADD', KEYS[4], 'NX', ARGV[10], ARGV[5])
if ARGV[9] == '1' then redis.call('HSET', KEYS[5], ARGV[8], ARGV[5])
elseif open == ARGV[5] then redis.call('HDEL', KEYS[5], ARGV[8]) end
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
return { 'done', '' }
`);

/** KEYS handovers. ARGV id, JSON expected, new JSON. What is live was looked at again: nobody did anything. */
const REFRESH = defineScript(`
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`);

const ChangeReply = z.tuple([z.enum(['done', 'changed', 'taken', 'head']), z.string()]);

/** A handover with the very text that Redis holds, which a change must still find there. */
export interface StoredHandover {
  handover: Handover;
  json: string;
}

/** Handovers in Redis; kept for good. Methods throw what the connection throws while Redis is away. */
export class HandoverStore {
  readonly #redis: Redis;
  readonly #audit: AuditLog;

  constructor({ redis, audit }: { redis: Redis; audit: AuditLog }) {
    this.#redis = redis;
    this.#audit = audit;
  }

  async find(id: string): Promise<StoredHandover | undefined> {
    const json = await this.#redis.hGet(keys.handovers, id);
    return typeof json === 'string' ? { handover: Handover.parse(JSON.parse(json)), json } : undefined;
  }

  /** Those that are open; of a country a few dozen. */
  async open(): Promise<StoredHandover[]> {
    const ids = await this.#redis.hVals(keys.handoversOpen);
    const found = await Promise.all(ids.map((id) => this.find(id)));
    return found.flatMap((one) => (one?.handover.state === 'open' ? [one] : []));
  }

  /** Writes a new state in place of the one that it was decided on; `taken` when the scope has an open one already. */
  async change(
    before: StoredHandover | undefined,
    after: Handover,
    draft: AuditDraft,
  ): Promise<'done' | 'changed' | 'taken'> {
    return this.#audit.withEntry('nation', draft, async (prepared) => {
      const reply = await runScript(
        this.#redis,
        CHANGE,
        [...prepared.keys, keys.handovers, keys.handoversByTime, keys.handoversOpen],
        [
          ...prepared.args,
          after.id,
          before?.json ?? '',
          JSON.stringify(after),
          scopeKey(after),
          after.state === 'open' ? '1' : '0',
          String(Date.parse(after.opened.at)),
        ],
      );
      const [outcome, text] = ChangeReply.parse(reply);
      if (outcome === 'head') return { headMoved: text };
      return { result: outcome, appended: outcome === 'done' };
    });
  }

  /** Puts what is live now in the place of what it was. False when somebody else has changed the handover. */
  async refresh(before: StoredHandover, after: Handover): Promise<boolean> {
    const args = [after.id, before.json, JSON.stringify(after)];
    return (await runScript(this.#redis, REFRESH, [keys.handovers], args)) === 1;
  }

  /** Handovers that were opened before an instant (milliseconds since the epoch), newest first; read as they are taken. */
  async *newestFirst(beforeMs: number, chunk = 50): AsyncGenerator<Handover> {
    for (let offset = 0; ; offset += chunk) {
      const ids = await this.#redis.zRange(keys.handoversByTime, `(${beforeMs}`, '-inf', {
        BY: 'SCORE',
        REV: true,
        LIMIT: { offset, count: chunk },
      });
      if (ids.length === 0) return;
      const found = await this.#redis.hmGet(keys.handovers, ids);
      for (const json of found) if (typeof json === 'string') yield Handover.parse(JSON.parse(json));
      if (ids.length < chunk) return;
    }
  }
}
