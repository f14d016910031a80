import type { Importance } from '#contract/importance.ts';

/** Why a picture is on the screen: somebody enlarged it, it hangs on the wall, or a tour has just come to it. */
export const RANKS = ['focused', 'wall', 'tour'] as const;
export type Rank = (typeof RANKS)[number];

/** Severities are 1 to 4: behind every flag. */
const CALM = 5;
/** More places than any grid has, so that they only decide among alike. */
const SLOTS = 1_000;

interface Place {
  /** Of the worst flag; undefined without any. */
  severity: number | undefined;
  rank: Rank;
  /** Place in the grid, from 0. */
  slot: number;
}

/** The order in which pictures are served: smaller first. The worst alarms, then by rank, then by place. */
export function toPriority({ severity = CALM, rank, slot }: Place): number {
  return (severity * RANKS.length + RANKS.indexOf(rank)) * SLOTS + Math.min(slot, SLOTS - 1);
}

/** The same as others are told of it, who do not need to know the place. */
export function toImportance(priority: number): Importance {
  const step = Math.floor(priority / SLOTS);
  if (step < CALM * RANKS.length) return 'alarm';
  return RANKS[step % RANKS.length] ?? 'tour';
}
