import { z } from 'zod';
import { defineScript } from '../adapters/redis/script.ts';

/** Events that the index of an area keeps, by when they happened; of a cell that is checked every hour, three months. */
export const AREA_INDEX_LENGTH = 2_000;

/**
 * KEYS stream, marks, corrections, then the index of each case and each area that is named. ARGV prefix of ids,
 * how many events an area keeps, then for each event eight: its id and mark, the mark that an earlier version gave it ('' if the same), the id of its replacement
 * and its mark ('' if it has none), its JSON, the numbers of the keys of its case and of its area ('' if it is about
 * none) with the instant at which it happened as `case area ms`, and the event that it corrects ('' if none). A mark is sixteen characters that tell one content from another, `p` if a person sent it and `f` if a
 * facility's system did, and what it is about; with it is kept, after an `@`, where the event stands in the stream.
 * Returns for each: 1 written, 0 known already, -1 another event has the replacement's id, -2 another event has the id,
 * -3 a facility corrects what a person recorded, -4 the replacement is about another case. Ids are kept as long as the
 * stream is: for good. With `appendfsync always` the reply leaves Redis after the sync, so "written" means durable.
 */
export const ACCEPT = defineScript(`
local function plain(mark) return mark and string.match(mark, '^[^@]*') end
local function refusal(mark, replacement_mark, corrected)
  if not corrected then return nil end
  if string.sub(corrected, 17, 17) == 'p' and string.sub(mark, 17, 17) ~= 'p' then return -3 end
  local about = string.sub(corrected, 18)
  if replacement_mark ~= '' and about ~= '' and string.sub(replacement_mark, 18) ~= about then return -4 end
  return nil
end
local results = {}
for i = 3, #ARGV, 8 do
  local id, mark, former, replacement = ARGV[1] .. ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local known = plain(redis.call('HGET', KEYS[2], id))
  local corrected = ARGV[i + 7] ~= '' and plain(redis.call('HGET', KEYS[2], ARGV[1] .. ARGV[i + 7]))
  local refused = refusal(mark, ARGV[i + 4], corrected)
  if known then
    results[#results + 1] = (known == mark or known == former) and 0 or -2
  elseif refused then
    results[#results + 1] = refused
  elseif replacement ~= '' and redis.call('HEXISTS', KEYS[2], ARGV[1] .. replacement) == 1 then
    results[#results + 1] = -1
  else
    local at = redis.call('XADD', KEYS[1], '*', 'json', ARGV[i + 5])
    redis.call('HSET', KEYS[2], id, mark .. '@' .. at)
    if replacement ~= '' then redis.call('HSET', KEYS[2], ARGV[1] .. replacement, ARGV[i + 4] .. '@' .. at) end
    local case, area, ms = string.match(ARGV[i + 6], '^(%d*) (%d*) (%d*)$')
    if case ~= '' then redis.call('ZADD', KEYS[tonumber(case)], string.match(at, '^%d+'), at) end
    if area ~= '' then
      redis.call('ZADD', KEYS[tonumber(area)], ms, at)
      redis.call('ZREMRANGEBYRANK', KEYS[tonumber(area)], 0, -1 - tonumber(ARGV[2]))
    end
    if ARGV[i + 7] ~= '' then redis.call('ZADD', KEYS[3], 0, ARGV[1] .. ARGV[i + 7] .. ' ' .. at) end
    results[#results + 1] = 1
  end
end
return results
`);

/** Number of the first of the script's keys that is an index. */
export const FIRST_INDEX = 4;

export const AcceptReply = z.array(z.literal([0, 1, -1, -2, -3, -4]));

/**
 * `replacement-taken`, `id-taken`: the id of the replacement, or of the event itself, is that of another event.
 * `persons-record`: a facility's system corrects what a person recorded. `other-case`: the replacement is not of the case
 * of what it replaces.
 */
export type Acceptance =
  | 'accepted'
  | 'duplicate'
  | 'replacement-taken'
  | 'id-taken'
  | 'persons-record'
  | 'other-case';

export const ACCEPTANCE = {
  1: 'accepted',
  0: 'duplicate',
  '-1': 'replacement-taken',
  '-2': 'id-taken',
  '-3': 'persons-record',
  '-4': 'other-case',
} as const satisfies Record<number, Acceptance>;

/**
 * An arrival once more, with what is on record now of the case that it goes on from. KEYS stream, marks, index of the
 * case. ARGV name under which it is remembered what was written last, what was written with the arrival, what is on
 * record now, JSON. Returns 1 if it was written, 0 if nothing has changed.
 */
export const CARRY_AGAIN = defineScript(`
if (redis.call('HGET', KEYS[2], ARGV[1]) or ARGV[2]) == ARGV[3] then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
local at = redis.call('XADD', KEYS[1], '*', 'json', ARGV[4])
redis.call('ZADD', KEYS[3], string.match(at, '^%d+'), at)
return 1
`);
