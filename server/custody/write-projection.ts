import type { AreaId } from '#contract/ids.ts';
import { type CaseChange, caseMember } from './cases/case-summary.ts';
import type { AreaHistory } from './state/area-history.ts';
import type { UnplacedChange } from './state/region-custody.ts';

/** What follows from some events, beside the statuses of areas. */
export interface ProjectedPiece {
  /** Fields of the state to write, and to delete (undefined). */
  fields: ReadonlyMap<string, string | undefined>;
  /** Pasts of areas to write. */
  histories: ReadonlyMap<AreaId, AreaHistory>;
  unplaced: readonly UnplacedChange[];
  cases: readonly CaseChange[];
}

/** The keys that a piece is written to, by their part in it; `write_piece` takes them in this order. */
export const PIECE_PARTS = ['state', 'histories', 'unplaced', 'cases', 'open', 'summaries'] as const;
export type PiecePart = (typeof PIECE_PARTS)[number];

/**
 * Lua that writes a piece: `write_piece(first_key, from)`, with the number of the first of its keys and that of its first
 * argument. Arguments: number of state fields, of histories, of people in no area; then field and JSON ('' deletes), area
 * id and JSON of each history, field and JSON ('' deletes) of each of those people; and to the end for each case its
 * name, its beginning, '1' while it is open, its summary.
 */
export const WRITE_PIECE_LUA = `
local function put_pairs(key, from, to)
  for i = from, to - 1, 2 do
    if ARGV[i + 1] == '' then redis.call('HDEL', key, ARGV[i]) else redis.call('HSET', key, ARGV[i], ARGV[i + 1]) end
  end
end
local function write_piece(first_key, from)
  local histories_from = from + 3 + 2 * tonumber(ARGV[from])
  local unplaced_from = histories_from + 2 * tonumber(ARGV[from + 1])
  local cases_from = unplaced_from + 2 * tonumber(ARGV[from + 2])
  put_pairs(KEYS[first_key], from + 3, histories_from)
  put_pairs(KEYS[first_key + 1], histories_from, unplaced_from)
  put_pairs(KEYS[first_key + 2], unplaced_from, cases_from)
  for i = cases_from, #ARGV, 4 do
    redis.call('ZADD', KEYS[first_key + 3], ARGV[i + 1], ARGV[i])
    if ARGV[i + 2] == '1' then redis.call('ZADD', KEYS[first_key + 4], ARGV[i + 1], ARGV[i])
    else redis.call('ZREM', KEYS[first_key + 4], ARGV[i]) end
    redis.call('HSET', KEYS[first_key + 5], ARGV[i], ARGV[i + 3])
  end
end
`;

/** A piece as `write_piece` takes it. */
export function toPieceArgs({ fields, histories, unplaced, cases }: ProjectedPiece): string[] {
  return [
    String(fields.size),
    String(histories.size),
    String(unplaced.length),
    ...[...fields].flatMap(([field, json]) => [field, json ?? '']),
    ...[...histories].flatMap(([areaId, history]) => [areaId, JSON.stringify(history)]),
    ...unplaced.flatMap(({ facilityId, caseId, clocks }) => [
      `${facilityId}/${caseId}`,
      clocks ? JSON.stringify(clocks) : '',
    ]),
    ...cases.flatMap(({ summary, beganMs, isOpen }) => [
      caseMember(summary),
      String(beganMs),
      isOpen ? '1' : '0',
      JSON.stringify(summary),
    ]),
  ];
}
