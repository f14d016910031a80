import { useState } from 'react';
import type { Flag } from '#contract/flags.ts';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { Outcome } from '../session/failure.ts';
import { openFlagOf } from './open-flags.ts';
import { countOutcomes, type FlagDeed, failureOf, type StepOutcomes, stepOnEach } from './step-on-each.ts';

/** A dialog about some flags. */
export interface FlagsDialogProps {
  flags: readonly [Flag, ...Flag[]];
  onClose(): void;
  /** What became of each flag, after every attempt. */
  onOutcome?: ((outcomes: StepOutcomes) => void) | undefined;
}

interface StepOnAll {
  pending: boolean;
  /** What did not work, of how many, in words. */
  failure: string | undefined;
  stepOn(to: FlagDeed, step: (flag: Flag) => Promise<Outcome<unknown>>): void;
}

/** Makes a step on all flags of a dialog; what was made stays made, and another attempt is for the rest. */
export function useStepOnAll(
  flags: readonly Flag[],
  { onDone, onOutcome }: Pick<FlagsDialogProps, 'onOutcome'> & { onDone(): void },
): StepOnAll {
  const { t } = useTexts();
  const { live, who } = useDesk();
  const [outcomes, setOutcomes] = useState<StepOutcomes>(new Map());
  const [pending, setPending] = useState(false);
  const code = pending ? undefined : failureOf(outcomes);
  const { done, overtaken, failed } = countOutcomes(outcomes);

  async function run(to: FlagDeed, step: (flag: Flag) => Promise<Outcome<unknown>>) {
    const left = flags
      .filter(({ id }) => !['done', 'overtaken'].includes(outcomes.get(id) ?? ''))
      // As they are by now: what somebody has taken meanwhile can still be closed.
      .map((flag) => openFlagOf(live.getState(), flag.id) ?? flag);
    setPending(true);
    const next = new Map([...outcomes, ...(await stepOnEach(left, { to, by: who.username }, step))]);
    setOutcomes(next);
    setPending(false);
    onOutcome?.(next);
    if (failureOf(next) === undefined) onDone();
  }

  const reason = code && t(`errors.${code}`);
  return {
    pending,
    failure:
      reason &&
      (outcomes.size === 1 ? reason : `${t('bulk.outcome', { done: done + overtaken, failed })}. ${reason}`),
    stepOn: (to, step) => void (pending ? undefined : run(to, step)),
  };
}
