import { useState } from 'react';
import { FLAG_TRANSITIONS, type Flag } from '#contract/flags.ts';
import { useDesk } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import { mayDo } from '../session/session.ts';

/** What this person can do about some flags now, and how it went. */
export function useFlagSteps(flags: readonly Flag[]) {
  const { flags: actions, who } = useDesk();
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<FailureCode>();
  const can = (to: Flag['state']) => flags.some(({ state }) => FLAG_TRANSITIONS[state].includes(to));

  async function acknowledge() {
    setPending(true);
    setFailure(undefined);
    // One after the other: a burst of a hundred should not be a burst of a hundred requests.
    for (const flag of flags) {
      if (!FLAG_TRANSITIONS[flag.state].includes('acknowledged')) continue;
      const outcome = await actions.acknowledge(flag);
      // Somebody else was faster: that is what was wanted.
      if (!outcome.ok && outcome.code !== 'conflict' && outcome.code !== 'invalid_transition') {
        setFailure(outcome.code);
        break;
      }
    }
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
