import { useCallback, useEffect, useState } from 'react';
import type { z } from 'zod';
import { useDesk } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';

export interface Reading<T> {
  /** The last answer, also while another one is under way. */
  value: T | undefined;
  loading: boolean;
  failure: FailureCode | undefined;
  retry(): void;
}

/** What a path of the API answers with; anew when the path changes. */
export function useReading<S extends z.ZodType>(path: string, schema: S): Reading<z.infer<S>> {
  const { api } = useDesk();
  const [state, setState] = useState<{ value?: z.infer<S>; loading: boolean; failure?: FailureCode }>({
    loading: true,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const end = new AbortController();
    setState((before) => ({ ...before, loading: turn >= 0 }));
    void api.call(path, { reply: schema, signal: end.signal }).then((answer) => {
      if (end.signal.aborted) return;
      if (answer.ok) setState({ value: answer.value as z.infer<S>, loading: false });
      else setState((before) => ({ ...before, loading: false, failure: answer.code }));
    });
    return () => end.abort();
  }, [api, path, schema, turn]);
  const retry = useCallback(() => setTurn((before) => before + 1), []);
  return { value: state.value, loading: state.loading, failure: state.failure, retry };
}
