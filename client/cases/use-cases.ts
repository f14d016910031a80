import { useCallback, useEffect, useState } from 'react';
import { CasePage as CaseListPage, type CaseSummary, MAX_CASES_PER_PAGE } from '#contract/cases.ts';
import { useDesk } from '../desk/desk-context.ts';
import type { Api } from '../session/api.ts';
import type { FailureCode } from '../session/failure.ts';

export interface CasesState {
  cases: readonly CaseSummary[];
  /** When the list was last complete (server clock); undefined before. */
  atMs: number | undefined;
  loading: boolean;
  failure: FailureCode | undefined;
}

const START: CasesState = { cases: [], atMs: undefined, loading: true, failure: undefined };
/** The list reads itself again so often; clocks on it count by themselves. */
const REFRESH_MS = 30_000;
/** 40,000 people: more than any country of ours holds in police custody. */
const MAX_PAGES = 200;

/** Everybody in custody now within the person's scope, page by page, and again every half minute. */
export function useCases(): CasesState & { refresh(): void } {
  const { api, serverClock } = useDesk();
  const [state, setState] = useState(START);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const end = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    void readAll(api, end.signal, (cases) =>
      // The first time, what is there is shown at once; later the list changes as a whole.
      setState((before) => (before.atMs === undefined ? { ...before, cases } : before)),
    ).then((answer) => {
      if (end.signal.aborted) return;
      if (answer.ok)
        setState({ cases: answer.cases, atMs: serverClock.nowMs(), loading: false, failure: undefined });
      else setState((before) => ({ ...before, loading: false, failure: answer.code }));
    });
    const timer = setTimeout(() => setTurn(turn + 1), REFRESH_MS);
    return () => {
      clearTimeout(timer);
      end.abort();
    };
  }, [api, serverClock, turn]);
  const refresh = useCallback(() => setTurn((before) => before + 1), []);
  return { ...state, refresh };
}

type Answer = { ok: true; cases: CaseSummary[] } | { ok: false; code: FailureCode };

async function readAll(
  api: Api,
  signal: AbortSignal,
  onPage: (cases: readonly CaseSummary[]) => void,
): Promise<Answer> {
  const cases: CaseSummary[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = new URLSearchParams({ state: 'open', limit: String(MAX_CASES_PER_PAGE) });
    if (cursor !== null) query.set('cursor', cursor);
    const answer = await api.call(`/api/v1/cases?${query}`, { reply: CaseListPage, signal });
    if (signal.aborted) return { ok: false, code: 'offline' };
    if (!answer.ok) return { ok: false, code: answer.code };
    cases.push(...answer.value.items);
    cursor = answer.value.nextCursor;
    if (cursor === null) break;
    onPage([...cases]);
  }
  return { ok: true, cases };
}
