import { useCallback, useEffect, useState } from 'react';
import { CaseDetail } from '#contract/cases.ts';
import type { CaseId, FacilityId } from '#contract/ids.ts';
import { useDesk } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';

/** A case as it was when it was read. Each reading is in the audit, so it is read again only when somebody asks. */
export interface CaseState {
  detail: CaseDetail | undefined;
  /** Server clock. */
  atMs: number | undefined;
  loading: boolean;
  failure: FailureCode | undefined;
}

const START: CaseState = { detail: undefined, atMs: undefined, loading: true, failure: undefined };

export function useCase(facilityId: FacilityId, caseId: CaseId): CaseState & { refresh(): void } {
  const { api, serverClock } = useDesk();
  const [state, setState] = useState(START);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const end = new AbortController();
    const path = `/api/v1/facilities/${encodeURIComponent(facilityId)}/cases/${encodeURIComponent(caseId)}`;
    // A reading that was asked for anew keeps what is shown until it has come.
    setState((before) => (turn === 0 ? START : { ...before, loading: true }));
    void api.call(path, { reply: CaseDetail, signal: end.signal }).then((answer) => {
      if (end.signal.aborted) return;
      if (answer.ok)
        setState({ detail: answer.value, atMs: serverClock.nowMs(), loading: false, failure: undefined });
      else setState((before) => ({ ...before, loading: false, failure: answer.code }));
    });
    return () => end.abort();
  }, [api, serverClock, facilityId, caseId, turn]);
  const refresh = useCallback(() => setTurn((before) => before + 1), []);
  return { ...state, refresh };
}
