import { useCallback, useEffect, useState } from 'react';
import { Flag } from '#contract/flags.ts';
import { FlagId } from '#contract/ids.ts';
import { useDesk, useLive } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import { isKnown } from '../store/live-store.ts';
import { useOpenFlags } from './use-open-flags.ts';

interface NamedFlag {
  /** As it is, or as it was when it was last heard of. */
  flag: Flag | undefined;
  /** It is among the open ones now. */
  isOpen: boolean;
  /** Why there is none. */
  failure: FailureCode | undefined;
  /** Asks the server again. */
  ask(): void;
}

/**
 * The flag that an address names. News tell of open ones; of one that is closed, out of reach or was never there the server
 * says so when it is asked. Whoever looks at a flag while it is closed goes on looking at it.
 */
export function useNamedFlag(named: string): NamedFlag {
  const { api } = useDesk();
  const open = useOpenFlags().find(({ id }) => id === named);
  const known = useLive(isKnown);
  const [seen, setSeen] = useState<Flag>();
  const [failure, setFailure] = useState<FailureCode>();
  const [turn, setTurn] = useState(0);
  if (open && open !== seen) setSeen(open);
  // What has not come yet may be among what comes.
  const isAsked = known && !open;

  useEffect(() => {
    if (!isAsked || turn < 0) return undefined;
    const flagId = FlagId.safeParse(named);
    if (!flagId.success) return setFailure('unknown_flag');
    const end = new AbortController();
    void api.call(`/api/v1/flags/${flagId.data}`, { reply: Flag, signal: end.signal }).then((answer) => {
      if (end.signal.aborted) return;
      if (answer.ok) setSeen(answer.value);
      setFailure(answer.ok ? undefined : answer.code);
    });
    return () => end.abort();
  }, [api, named, isAsked, turn]);

  const ask = useCallback(() => setTurn((before) => before + 1), []);
  return { flag: open ?? seen, isOpen: open !== undefined, failure: open ? undefined : failure, ask };
}
