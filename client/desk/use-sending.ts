import { useState } from 'react';
import type { FailureCode, Outcome } from '../session/failure.ts';

/** Something that is sent, and what came of it. */
export interface Sending {
  pending: boolean;
  failure: FailureCode | undefined;
  /** Sends it unless something is under way; true when it was taken. What came is handed on. */
  send<T>(action: () => Promise<Outcome<T>>, then?: (value: T) => void): Promise<boolean>;
}

/** For a form or a button that sends one thing at a time. */
export function useSending(): Sending {
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<FailureCode>();
  return {
    pending,
    failure,
    async send(action, then) {
      if (pending) return false;
      setPending(true);
      setFailure(undefined);
      const outcome = await action();
      setPending(false);
      if (outcome.ok) then?.(outcome.value);
      else setFailure(outcome.code);
      return outcome.ok;
    },
  };
}
