/** Keyframes that are begun in one tick: walls must not pulse. */
export const TAPS_PER_TICK = 12;
/** As many of them are for looks while any are asked for, however much is watched. */
export const LOOKS_PER_TICK = 3;

/** A feed of which a keyframe is due. */
export interface Due {
  /** Somebody watches it, and a still is made; otherwise it is a look that was asked for. */
  isWatched: boolean;
  /** When it had its turn last; milliseconds since 1970, or −∞. */
  since: number;
}

/**
 * Whose turn it is when there is room for so many: stills of what is watched first, but a part is kept for looks, in which
 * a covered camera is found that nobody watches. Among each, who has waited longest. Pure.
 */
export function nextTurns<T extends Due>(due: readonly T[], room: number): T[] {
  if (room <= 0) return [];
  const inOrder = due.toSorted((a, b) => a.since - b.since || 0);
  const stills = inOrder.filter(({ isWatched }) => isWatched);
  const looks = inOrder.filter(({ isWatched }) => !isWatched);
  const kept = Math.round((LOOKS_PER_TICK * room) / TAPS_PER_TICK);
  const taken = looks.slice(0, Math.max(kept, room - stills.length));
  return [...stills.slice(0, room - taken.length), ...taken];
}
