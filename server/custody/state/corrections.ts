import { z } from 'zod';
import { EventId } from '#contract/ids.ts';

/** A correction as it is kept: which event it makes void, and when it was recorded (milliseconds since the epoch). */
export const Correction = z.strictObject({ id: EventId, corrects: EventId, recordedAt: z.int() });
export type Correction = z.infer<typeof Correction>;

/** What the corrections of a facility make of its events. */
export interface Corrected {
  /** Whether an event counts as never recorded. */
  isVoid(id: EventId): boolean;
  /** Latest recording of a correction of an event; 0 if there is none. */
  correctedAt(id: EventId): number;
}

/**
 * A correction can itself be corrected: then it does not count, and the event that it made void stands again. Of two
 * that name each other, only the later one counts, so that there is always an answer.
 */
export function corrected(corrections: ReadonlyMap<EventId, Correction>): Corrected {
  if (corrections.size === 0) return { isVoid: () => false, correctedAt: () => 0 };
  const byTarget = Map.groupBy(corrections.values(), ({ corrects }) => corrects);
  const known = new Map<EventId, boolean>();
  const isVoid = (id: EventId): boolean => {
    const answer = known.get(id);
    if (answer !== undefined) return answer;
    const target = corrections.get(id);
    const void_ = (byTarget.get(id) ?? []).some(
      (correction) => (target === undefined || isLater(correction, target)) && !isVoid(correction.id),
    );
    known.set(id, void_);
    return void_;
  };
  return {
    isVoid,
    correctedAt: (id) => Math.max(0, ...(byTarget.get(id) ?? []).map(({ recordedAt }) => recordedAt)),
  };
}

/** Whether an event counts: neither it nor the correction that brought it is void. */
export function isStanding(
  { id, via }: { id: EventId; via?: EventId | undefined },
  { isVoid }: Pick<Corrected, 'isVoid'>,
): boolean {
  return !isVoid(id) && (via === undefined || !isVoid(via));
}

/** The events that a correction bears on, directly or by way of the corrections that it corrects. */
export function targetsOf(
  correction: Correction,
  corrections: ReadonlyMap<EventId, Correction>,
): ReadonlySet<EventId> {
  const targets = new Set<EventId>();
  let next: Correction | undefined = correction;
  while (next && !targets.has(next.corrects)) {
    targets.add(next.corrects);
    next = corrections.get(next.corrects);
  }
  return targets;
}

function isLater(a: Correction, b: Correction): boolean {
  return a.recordedAt > b.recordedAt || (a.recordedAt === b.recordedAt && a.id > b.id);
}
