import { FLAG_TRANSITIONS, type Flag, type FlagState, isOpenFlag, whyNotShelved } from '#contract/flags.ts';
import type { FlagId } from '#contract/ids.ts';
import type { FailureCode, Outcome } from '../session/failure.ts';

/** What became of one flag. `overtaken`: somebody else was faster, so that it needs no more. */
export type StepOutcome = 'done' | 'overtaken' | FailureCode;

export type StepOutcomes = ReadonlyMap<FlagId, StepOutcome>;

/** What can be done with a flag: a step to another state, putting it aside, or taking it back. */
export type FlagDeed = FlagState | 'shelved' | 'unshelved';

/** Whether a flag, as this page knows it, can have that done to it by somebody (a user name). */
export function canBe(flag: Flag, deed: FlagDeed, username: string): boolean {
  if (deed === 'shelved') return whyNotShelved(flag, username) === undefined;
  if (deed === 'unshelved') return isOpenFlag(flag);
  return FLAG_TRANSITIONS[flag.state].includes(deed);
}

/** A burst of a hundred should not be a burst of a hundred requests, nor take a hundred ways there and back. */
const AT_ONCE = 4;
/** After these the others would only fail the same way, one after the other. */
const HOPELESS: ReadonlySet<StepOutcome> = new Set(['offline', 'no_answer', 'unauthenticated']);

/**
 * Makes the same step of somebody (`by`, a user name) on each of some flags that can take it, and tells of each what became of it. One that fails does not
 * stand in the way of the others. `onOutcome`: as it comes.
 */
export async function stepOnEach(
  flags: readonly Flag[],
  { to, by }: { to: FlagDeed; by: string },
  step: (flag: Flag) => Promise<Outcome<unknown>>,
  onOutcome: (outcomes: StepOutcomes) => void = () => {},
): Promise<StepOutcomes> {
  const outcomes = new Map<FlagId, StepOutcome>();
  const left = flags.filter((flag) => canBe(flag, to, by));
  let hopeless: StepOutcome | undefined;
  async function work(): Promise<void> {
    for (let flag = left.shift(); flag; flag = left.shift()) {
      const outcome = hopeless ?? outcomeOf(await step(flag));
      if (HOPELESS.has(outcome)) hopeless = outcome;
      outcomes.set(flag.id, outcome);
      onOutcome(new Map(outcomes));
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcomes;
}

/** Whether a flag needs no other attempt. */
export function isStepOver(outcome: StepOutcome | undefined): outcome is 'done' | 'overtaken' {
  return outcome === 'done' || outcome === 'overtaken';
}

/** Why steps failed: the first code that says so. */
export function failureOf(outcomes: StepOutcomes): FailureCode | undefined {
  for (const outcome of outcomes.values()) if (!isStepOver(outcome)) return outcome;
  return undefined;
}

/** How many of each kind there are. */
export function countOutcomes(outcomes: StepOutcomes): { done: number; overtaken: number; failed: number } {
  const counts = { done: 0, overtaken: 0, failed: 0 };
  for (const outcome of outcomes.values()) counts[isStepOver(outcome) ? outcome : 'failed'] += 1;
  return counts;
}

function outcomeOf(outcome: Outcome<unknown>): StepOutcome {
  if (outcome.ok) return 'done';
  const isOvertaken = outcome.code === 'conflict' || outcome.code === 'invalid_transition';
  return isOvertaken ? 'overtaken' : outcome.code;
}
