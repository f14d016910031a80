import { useCallback, useEffect, useState } from 'react';
import type { z } from 'zod';
import { useDesk } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';

export interface Pages<T> {
  items: readonly T[];
  /** The first page has come. */
  isKnown: boolean;
  loading: boolean;
  failure: FailureCode | undefined;
  /** There are more. */
  hasMore: boolean;
  more(): void;
  /** Begins anew. */
  reload(): void;
}

interface State<T> {
  path: string;
  items: readonly T[];
  next: string | null;
  isKnown: boolean;
  loading: boolean;
  failure: FailureCode | undefined;
}

/** A list of the API, page after page; anew when the path changes. The path has a query already. */
export function usePages<T>(
  path: string,
  reply: z.ZodType<{ items: T[]; nextCursor: string | null }>,
): Pages<T> {
  const { api } = useDesk();
  const [turn, setTurn] = useState(0);
  const [asked, setAsked] = useState<{ path: string; turn: number; cursor: string }>();
  // A cursor belongs to the list that it was given for.
  const cursor = asked?.path === path && asked.turn === turn ? asked.cursor : undefined;
  const [state, setState] = useState<State<T>>(() => emptyOf(path));
  useEffect(() => {
    const end = new AbortController();
    const isFirst = cursor === undefined;
    setState((before) =>
      isFirst
        ? { ...emptyOf(path), items: before.path === path && turn > 0 ? before.items : [] }
        : { ...before, loading: true },
    );
    void api
      .call(isFirst ? path : `${path}&cursor=${encodeURIComponent(cursor)}`, { reply, signal: end.signal })
      .then((answer) => {
        if (end.signal.aborted) return;
        setState((before) =>
          answer.ok
            ? {
                path,
                items: isFirst ? answer.value.items : [...before.items, ...answer.value.items],
                next: answer.value.nextCursor,
                isKnown: true,
                loading: false,
                failure: undefined,
              }
            : { ...before, loading: false, failure: answer.code },
        );
      });
    return () => end.abort();
  }, [api, path, reply, cursor, turn]);
  const { next } = state;
  const more = useCallback(() => {
    if (next !== null) setAsked({ path, turn, cursor: next });
  }, [path, next, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  // Until the effect has run, what is kept belongs to the path before.
  const current = state.path === path ? state : emptyOf<T>(path);
  return {
    items: current.items,
    isKnown: current.isKnown,
    loading: current.loading,
    failure: current.failure,
    hasMore: current.next !== null,
    more,
    reload,
  };
}

function emptyOf<T>(path: string): State<T> {
  return { path, items: [], next: null, isKnown: false, loading: true, failure: undefined };
}
