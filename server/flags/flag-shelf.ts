import {
  type Actor,
  type Flag,
  type FlagShelving,
  MAX_SHELVINGS,
  type ShelveFlagBody,
  shelvingAt,
  whyNotShelved,
} from '#contract/flags.ts';

/** What became of putting a flag aside, or of taking it back: done, done before, or refused. */
export type ShelfResult =
  | { kind: 'changed'; flag: Flag }
  | { kind: 'repeated'; flag: Flag }
  | { kind: 'refused'; code: 'conflict' | 'invalid_transition' | 'limit_reached'; message: string };

const WHY_NOT = {
  closed: 'a flag that is closed cannot be put aside',
  now: 'a flag of severity 1 cannot be put aside',
  unanswered: 'a flag that nobody has answered cannot be put aside: acknowledge it first',
  anothers: 'a flag that is assigned can be put aside by its assignee alone',
} as const;

/**
 * Puts a flag aside for some time. State and version stay: whoever decides meanwhile is not in anybody’s way. A flag of
 * severity 1 never is put aside, nor one that still has to be answered, so that no escalation is held up by it; one that
 * is assigned only by whom it is assigned to.
 */
export function shelveFlag(flag: Flag, asked: ShelveFlagBody, by: Actor, atMs: number): ShelfResult {
  const { shelvings = [] } = flag;
  const known = shelvings.find(({ id }) => id === asked.id);
  if (known)
    return isSame(known, asked, by)
      ? { kind: 'repeated', flag }
      : { kind: 'refused', code: 'conflict', message: 'it was put aside by another request of this id' };
  const why = whyNotShelved(flag, by.id);
  if (why) return { kind: 'refused', code: 'invalid_transition', message: WHY_NOT[why] };
  if (shelvingAt(flag, atMs))
    return { kind: 'refused', code: 'conflict', message: 'the flag is put aside already' };
  if (shelvings.length >= MAX_SHELVINGS)
    return { kind: 'refused', code: 'limit_reached', message: 'the flag was put aside too often' };
  const shelving: FlagShelving = {
    id: asked.id,
    by,
    at: toInstant(atMs),
    until: toInstant(atMs + asked.minutes * MINUTE_MS),
    reason: asked.reason,
  };
  return { kind: 'changed', flag: { ...flag, shelvings: [...shelvings, shelving] } };
}

/** Takes a flag back before its time. One that is not put aside stays as it is. */
export function unshelveFlag(flag: Flag, by: Actor, atMs: number): ShelfResult {
  const current = shelvingAt(flag, atMs);
  if (!current) return { kind: 'repeated', flag };
  const ended: FlagShelving = { ...current, ended: { by, at: toInstant(atMs) } };
  const { shelvings = [] } = flag;
  return { kind: 'changed', flag: { ...flag, shelvings: shelvings.with(-1, ended) } };
}

const MINUTE_MS = 60_000;

function isSame(known: FlagShelving, asked: ShelveFlagBody, by: Actor): boolean {
  const lengthMs = Date.parse(known.until) - Date.parse(known.at);
  return (
    known.by.kind === by.kind &&
    known.by.id === by.id &&
    known.reason === asked.reason &&
    lengthMs === asked.minutes * MINUTE_MS
  );
}

function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}
