import { useState } from 'react';
import type { Flag } from '#contract/flags.ts';
import { useDesk } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import { mayDo } from '../session/session.ts';
import { canBe, type FlagDeed, failureOf, type StepOutcomes, stepOnEach } from './step-on-each.ts';
import { useShelved } from './use-shelved.ts';

/** What this person can do about some flags now, and how it went. */
export function useFlagSteps(flags: readonly Flag[], onOutcome?: (outcomes: StepOutcomes) => void) {
  const { flags: actions, who } = useDesk();
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<FailureCode>();
  const shelved = useShelved(flags);
  const by = who.username;
  const can = (to: FlagDeed) => flags.some((flag) => canBe(flag, to, by));

  async function run(each: readonly Flag[], to: FlagDeed, step: typeof actions.acknowledge) {
    setPending(true);
    setFailure(undefined);
    setFailure(failureOf(await stepOnEach(each, { to, by }, step, onOutcome)));
    setPending(false);
  }

  const shelves = mayDo(who, 'flag.shelve');
  return {
    pending,
    failure,
    mayAcknowledge: mayDo(who, 'flag.acknowledge') && can('acknowledged'),
    mayAssign: mayDo(who, 'flag.assign') && can('assigned'),
    mayClose: mayDo(who, 'flag.resolve') && can('resolved'),
    /** This person may, if any flag can be put aside. */
    shelves,
    mayShelve: shelves && flags.some((flag) => canBe(flag, 'shelved', by) && !shelved.has(flag.id)),
    mayUnshelve: shelves && shelved.size > 0,
    acknowledge: () => void run(flags, 'acknowledged', actions.acknowledge),
    unshelve: () =>
      void run(
        flags.filter(({ id }) => shelved.has(id)),
        'unshelved',
        actions.unshelve,
      ),
  };
}
