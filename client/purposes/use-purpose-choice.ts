import { useEffect, useState } from 'react';
import { type Purpose, PurposeList } from '#contract/personal.ts';
import { useDesk } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';

/** The contract asks for a note of at least this many characters. */
const MIN_NOTE = 3;

/** What somebody is about to give as a reason: one of the purposes of their role, and what they say beside it. */
export interface PurposeChoice {
  /** Undefined until they are loaded. */
  purposes: readonly Purpose[] | undefined;
  chosen: Purpose | undefined;
  choose(purpose: Purpose): void;
  note: string;
  setNote(note: string): void;
  /** The chosen purpose asks for a note that is not there. */
  lacksNote: boolean;
  /** As it is sent; undefined while it is not enough. */
  body: { purpose: string; note?: string } | undefined;
  /** Why there are none to choose from. */
  failure: FailureCode | undefined;
}

/** @param path Where the purposes are asked for. */
export function usePurposeChoice(
  path: '/api/v1/purposes' | '/api/v1/watching/purposes',
  isFirstUsual = false,
): PurposeChoice {
  const { api } = useDesk();
  const [purposes, setPurposes] = useState<readonly Purpose[]>();
  const [chosen, choose] = useState<Purpose>();
  const [note, setNote] = useState('');
  const [failure, setFailure] = useState<FailureCode>();
  useEffect(() => {
    const end = new AbortController();
    void api.call(path, { reply: PurposeList, signal: end.signal }).then((answer) => {
      if (end.signal.aborted) return;
      if (!answer.ok) return setFailure(answer.code);
      setPurposes(answer.value.items);
      if (isFirstUsual) choose(answer.value.items[0]);
    });
    return () => end.abort();
  }, [api, path, isFirstUsual]);
  const said = note.trim();
  const lacksNote = chosen?.needsNote === true && said.length < MIN_NOTE;
  const body =
    chosen && !lacksNote
      ? { purpose: chosen.id, ...(said.length >= MIN_NOTE ? { note: said } : {}) }
      : undefined;
  return { purposes, chosen, choose, note, setNote, lacksNote, body, failure };
}
