import { MASK_LIFT_LEVEL } from '../../../config/gate/mask.ts';
import type { Lift } from './area-log.ts';
import type { CaseView } from './case-view.ts';
import type { Corrected } from './corrections.ts';
import { isStanding } from './corrections.ts';

/** A mask that is lifted; instants in milliseconds since the epoch. */
export interface StandingLift {
  sinceMs: number;
  untilMs: number;
  by: string;
}

interface Given {
  /** Cases of the people inside. */
  inside: readonly Pick<CaseView, 'caseId' | 'place' | 'facts'>[];
  corrections: Corrected;
}

/**
 * Whether what is covered of an area may be seen: by the last decision, and only as long as the person whom it was for has
 * been inside since then and is at that risk. That it ends is never taken back: a correction makes no mask lift again.
 */
export function standingLift(
  lifts: readonly Lift[],
  { inside, corrections }: Given,
): StandingLift | undefined {
  const last = lifts.findLast((one) => !one.lifts || isStanding(one, corrections));
  if (!last?.lifts || last.until === undefined) return undefined;
  const person = inside.find(({ caseId }) => caseId === last.concerns);
  if (!person?.place || person.place.sinceMs > last.at) return undefined;
  if (person.facts.observationLevel < MASK_LIFT_LEVEL) return undefined;
  return { sinceMs: last.at, untilMs: last.until, by: last.by };
}
