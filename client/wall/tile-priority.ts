import type { Flag } from '#contract/flags.ts';

/** Why a tile is on the screen: somebody enlarged it, it hangs on the wall, or a tour has just come to it. */
export type TileRank = 'focused' | 'wall' | 'tour';

const RANKS: Readonly<Record<TileRank, number>> = { focused: 0, wall: 1, tour: 2 };
/** Severities are 1 to 4: behind every flag. */
const CALM = 5;
/** More places than any grid has, so that they only decide among alike. */
const SLOTS = 1_000;

/**
 * The order in which tiles are asked for, and the reverse of that in which a thin network takes their pictures away: the
 * worst alarms first; among tiles as bad, and among all without an alarm, what is enlarged, then the wall, then tours;
 * then by place. Smaller is served first.
 *
 * @param slot place in the grid, from 0
 */
export function tilePriority(flags: readonly Pick<Flag, 'severity'>[], slot: number, rank: TileRank): number {
  const severity = flags[0]?.severity ?? CALM;
  return (severity * Object.keys(RANKS).length + RANKS[rank]) * SLOTS + Math.min(slot, SLOTS - 1);
}
