import { useState } from 'react';
import { FLAG_TRANSITIONS, type Flag } from '#contract/flags.ts';
import { useDesk } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import { mayDo } from '../session/session.ts';
import { failureOf, type StepOutcomes, stepOnEach } from './step-on-each.ts';

/** What this person can do about some flags now, and how it went. */
export function useFlagSteps(flags: readonly Flag[], onOutcome?: (outcomes: StepOutcomes) => void) {
  const { flags: actions, who } = useDesk();
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<FailureCode>();
  const can = (to: Flag['state']) => flags.some(({ state }) => FLAG_TRANSITIONS[state].includes(to));

  async function acknowledge() {
    setPending(true);
    setFailure(undefined);
    setFailure(failureOf(await stepOnEach(flags, 'acknowledged', actions.acknowledge, onOutcome)));
    setPending(false);
  }

  return {
    pending,
    failure,
    mayAcknowledge: mayDo(who, 'flag.acknowledge') && can('acknowledged'),
    mayAssign: mayDo(who, 'flag.assign') && can('assigned'),
    mayClose: mayDo(who, 'flag.resolve') && can('resolved'),
    acknowledge: () => void acknowledge(),
  };
}
