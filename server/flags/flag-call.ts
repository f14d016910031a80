import { type Actor, type Flag, type FlagCall, type FlagCallBody, MAX_CALLS } from '#contract/flags.ts';

/** What became of a call that somebody puts down: kept, kept before by the same request, or refused. */
export type CallResult =
  | { kind: 'noted'; flag: Flag }
  | { kind: 'repeated'; flag: Flag }
  | { kind: 'refused'; code: 'conflict' | 'limit_reached'; message: string };

/**
 * Puts a call down with a flag. State and version stay: whoever decides meanwhile is not in anybody's way. Also with a flag
 * that is closed by then, for what was said is not to be lost because somebody else was faster.
 */
export function noteCall(flag: Flag, asked: FlagCallBody, by: Actor, atMs: number): CallResult {
  const { calls = [] } = flag;
  const call: FlagCall = { ...asked, by, at: new Date(atMs).toISOString() };
  const known = calls.find(({ id }) => id === asked.id);
  if (known)
    return isSame(known, call)
      ? { kind: 'repeated', flag }
      : { kind: 'refused', code: 'conflict', message: 'another call has this id' };
  if (calls.length >= MAX_CALLS)
    return { kind: 'refused', code: 'limit_reached', message: 'the flag has too many calls' };
  return { kind: 'noted', flag: { ...flag, calls: [...calls, call] } };
}

function isSame(known: FlagCall, asked: FlagCall): boolean {
  return (
    known.by.kind === asked.by.kind &&
    known.by.id === asked.by.id &&
    known.called === asked.called &&
    known.reached === asked.reached &&
    known.said === asked.said
  );
}
