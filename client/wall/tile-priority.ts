import type { Flag } from '#contract/flags.ts';
import { type Rank, toPriority } from '../media/importance.ts';

/** Why a tile is on the screen: somebody enlarged it, it hangs on the wall, or a tour has just come to it. */
export type TileRank = Rank;

/**
 * The order in which tiles are asked for, and the reverse of that in which a thin network takes their pictures away: the
 * worst alarms first; among tiles as bad, and among all without an alarm, what is enlarged, then the wall, then tours;
 * then by place. Smaller is served first.
 *
 * @param slot place in the grid, from 0
 */
export function tilePriority(flags: readonly Pick<Flag, 'severity'>[], slot: number, rank: TileRank): number {
  return toPriority({ severity: flags[0]?.severity, rank, slot });
}
