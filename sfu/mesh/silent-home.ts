/** What was found when nothing came of a feed from its home. */
export interface Look {
  /** RTP packets of the feed that have come to us so far. */
  ours: number;
  /** RTP packets that its home has got so far; null when the home's worker does not say, as one that hangs does not. */
  theirs: number | null;
  /** Somebody else gets the feed from there, as far as the home knows, and does not complain. */
  isServing: boolean;
}

/** What was seen of a silent home so far. */
export interface Suspicion {
  last: Look | undefined;
  /** Looks in a row at which its worker did not say anything. */
  mute: number;
  /** Looks in a row at which it had got more than before, and we had not. */
  withheld: number;
}

export const NO_SUSPICION: Suspicion = { last: undefined, mute: 0, withheld: 0 };

/**
 * - `wait`: there is nothing to be said against the home. Its camera sends nothing, or it is too early.
 * - `reopen`: it gets the feed and others get it from there, only not we: the way to us is broken.
 * - `take`: nobody can get the feed from there, or at least nobody does.
 */
export type Verdict = 'wait' | 'reopen' | 'take';

/** A packet may be on its way when counts are compared, and a worker may be busy for a moment: once is not enough. */
const LOOKS_THAT_COUNT = 2;

/**
 * Whose fault it is that nothing comes. A camera that is dead is so at its home, too: what the home has got does not
 * grow, and nobody takes a feed for that. Looks are at least some frames apart.
 */
export function judgeHome(before: Suspicion, look: Look): { suspicion: Suspicion; verdict: Verdict } {
  const { last } = before;
  // It comes after all.
  if (last && look.ours > last.ours) return { suspicion: { ...NO_SUSPICION, last: look }, verdict: 'wait' };
  const mute = look.theirs === null ? before.mute + 1 : 0;
  const hasGrown = typeof last?.theirs === 'number' && look.theirs !== null && look.theirs > last.theirs;
  const withheld = hasGrown ? before.withheld + 1 : 0;
  const suspicion: Suspicion = { last: look, mute, withheld };
  if (mute >= LOOKS_THAT_COUNT) return { suspicion, verdict: 'take' };
  if (withheld < LOOKS_THAT_COUNT) return { suspicion, verdict: 'wait' };
  return { suspicion, verdict: look.isServing ? 'reopen' : 'take' };
}
