import { FLAG_TRANSITIONS, type Flag, type FlagState } from '#contract/flags.ts';
import { useSending } from '../desk/use-sending.ts';
import type { Outcome } from '../session/failure.ts';

/** Makes a step on flags of a group, one after the other; those that cannot take it any more are left as they are. */
export function useStepOnAll(flags: readonly Flag[], onDone: () => void) {
  const { pending, failure, send } = useSending();
  return {
    pending,
    failure,
    stepOn: (to: FlagState, step: (flag: Flag) => Promise<Outcome<unknown>>) =>
      void send(async () => {
        for (const flag of flags) {
          if (!FLAG_TRANSITIONS[flag.state].includes(to)) continue;
          const outcome = await step(flag);
          if (!outcome.ok) return outcome;
        }
        return { ok: true, value: undefined };
      }, onDone),
  };
}
