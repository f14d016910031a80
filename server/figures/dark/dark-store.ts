import { z } from 'zod';
import { DarkCause } from '#contract/dark.ts';
import type { AreaId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { defineScript, runScript } from '../../adapters/redis/script.ts';
import { type Darkness, NEVER_LOOKED, type Piece } from './dark-time.ts';
import type { DarkRecord, LookPlan, Spell } from './plan-look.ts';

/** The field of the record that says until when somebody looked; the others are areas. */
const LOOK = '#';
/** News that wait to be read at most; far more than there are between two readings. */
const MAX_NEWS = 200_000;

/**
 * KEYS record, gaps, news, then a set of spells for each spell. ARGV expected look ('' for none), new look, gap ('' or
 * from:to), its end, most news, number of areas, then area and JSON ('' deletes), then for each spell its end, member and
 * news. Returns 1 when the look was as expected: then all of it is written, otherwise nothing.
 */
const COMMIT = defineScript(`
if (redis.call('HGET', KEYS[1], '${LOOK}') or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], '${LOOK}', ARGV[2])
if ARGV[3] ~= '' then
  redis.call('ZADD', KEYS[2], ARGV[4], ARGV[3])
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[5], '*', 'gap', ARGV[3])
end
local spells_from = 7 + 2 * tonumber(ARGV[6])
for i = 7, spells_from - 1, 2 do
  if ARGV[i + 1] == '' then redis.call('HDEL', KEYS[1], ARGV[i])
  else redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
local key = 4
for i = spells_from, #ARGV, 3 do
  redis.call('ZADD', KEYS[key], ARGV[i], ARGV[i + 1])
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[5], '*', 'spell', ARGV[i + 2])
  key = key + 1
end
return 1
`);

const Look = z.strictObject({ begunMs: z.int(), untilMs: z.int() });
const Dark = z.strictObject({ cause: DarkCause, fromMs: z.int() });

/** A record with the very text that Redis holds, which a change must still find there ('' for none). */
export interface StoredRecord {
  look: string;
  record: DarkRecord | undefined;
}

/** The account of areas that no camera shows, in Redis. Methods throw what the connection throws while Redis is away. */
export class DarkStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async load(regionId: RegionId): Promise<StoredRecord> {
    const fields = await this.#redis.hGetAll(keys.dark(regionId));
    const look = fields[LOOK];
    if (look === undefined) return { look: '', record: undefined };
    const dark = Object.entries(fields)
      .filter(([id]) => id !== LOOK)
      .map(([id, json]) => [id, Dark.parse(JSON.parse(json))] as const);
    return { look, record: { ...Look.parse(JSON.parse(look)), dark: new Map(dark) } };
  }

  /** Writes what follows from a look; undefined when somebody else has looked since: then nothing was written. */
  async commit(regionId: RegionId, before: StoredRecord, plan: LookPlan): Promise<StoredRecord | undefined> {
    const { record, spells, gap, changed } = plan;
    const look = JSON.stringify({ begunMs: record.begunMs, untilMs: record.untilMs });
    const written = await runScript(
      this.#redis,
      COMMIT,
      [
        keys.dark(regionId),
        keys.darkGaps(regionId),
        keys.darkNews(regionId),
        ...spells.map(({ areaId }) => keys.darkSpells(regionId, areaId)),
      ],
      [
        before.look,
        look,
        gap ? `${gap.fromMs}:${gap.toMs}` : '',
        String(gap?.toMs ?? 0),
        String(MAX_NEWS),
        String(changed.length),
        ...changed.flatMap((areaId) => {
          const dark = record.dark.get(areaId);
          return [areaId, dark ? JSON.stringify(dark) : ''];
        }),
        ...spells.flatMap(({ areaId, cause, fromMs, toMs }) => [
          String(toMs),
          `${fromMs}:${toMs}:${cause}`,
          `${areaId}:${fromMs}:${toMs}`,
        ]),
      ],
    );
    return written === 1 ? { look, record } : undefined;
  }

  /** What is known of the darkness in some areas at any time since an instant, also of what goes on. */
  async darkness(regionId: RegionId, areaIds: Iterable<AreaId>, sinceMs: number): Promise<Darkness> {
    const { record } = await this.load(regionId);
    if (!record) return NEVER_LOOKED;
    const [gaps, ...found] = await Promise.all([
      this.#since(keys.darkGaps(regionId), sinceMs),
      ...Array.from(new Set(areaIds), async (areaId) => {
        const members = await this.#since(keys.darkSpells(regionId, areaId), sinceMs);
        const open = record.dark.get(areaId);
        return [
          ...members.map((member) => toSpell(areaId, member)),
          ...(open && record.untilMs > open.fromMs ? [{ areaId, ...open, toMs: record.untilMs }] : []),
        ];
      }),
    ]);
    return {
      begunMs: record.begunMs,
      untilMs: record.untilMs,
      spells: found.flat(),
      gaps: (gaps ?? []).map(toPiece),
    };
  }

  async #since(key: string, sinceMs: number): Promise<string[]> {
    return this.#redis.zRange(key, `(${sinceMs}`, '+inf', { BY: 'SCORE' });
  }
}

const Member = z.tuple([z.coerce.number().int(), z.coerce.number().int()]).rest(z.string());

function toPiece(member: string): Piece {
  const [fromMs, toMs] = Member.parse(member.split(':'));
  return { fromMs, toMs };
}

function toSpell(areaId: AreaId, member: string): Spell {
  return { areaId, ...toPiece(member), cause: DarkCause.parse(member.split(':')[2]) };
}
