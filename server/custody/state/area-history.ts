import { z } from 'zod';
import type { AreaId } from '#contract/ids.ts';
import { type AreaLog, KEEP_GATES } from './area-log.ts';
import type { CaseView } from './case-view.ts';
import { foldGates } from './gates.ts';
import { coversSpan, PastSpan, touchesSpan } from './spans.ts';

/** Spans that an area keeps of each sort; about three days of a cell with a restless life. */
const KEEP_SPANS = 48;
/** Times at which an area was closed that it keeps; as many as it keeps gates. */
export const KEEP_CLOSINGS = 96;
/** Stays that an area keeps; a full cell of eight has them for as long. */
const KEEP_STAYS = 96;

/**
 * What an area was by the record, by when things happened and not by when they became known: what a late event tells of
 * an earlier time changes it.
 */
export const AreaHistory = z.strictObject({
  /** Of earlier instants nothing can be said any more. */
  knownFromMs: z.int(),
  /** When anybody was inside, in order, without overlaps. */
  occupied: z.array(PastSpan),
  /** Each person's stay, in order; what an earlier version wrote has none. */
  stays: z.array(PastSpan).optional(),
  /** When nobody might watch it: a lawyer's visit, a medical examination, a gate. */
  confidential: z.array(PastSpan),
  /** Each time that it was closed, in order, also right after it was opened; what an earlier version wrote has none. */
  closings: z.array(z.int()).optional(),
});
export type AreaHistory = z.infer<typeof AreaHistory>;

/** The history of an area by the cases of its facility; gates that are void are not in the log. */
export function areaHistoryOf(
  areaId: AreaId,
  log: Pick<AreaLog, 'leftAt' | 'gates'>,
  cases: Iterable<Pick<CaseView, 'stays' | 'visits'>>,
): AreaHistory {
  const stays: PastSpan[] = [];
  const visits: PastSpan[] = [];
  for (const one of cases) {
    for (const { areaId: place, span } of one.stays) if (place === areaId) stays.push(span);
    for (const { areaId: place, span } of one.visits) if (place === areaId) visits.push(span);
  }
  const occupied = joined(stays);
  const closures = [...visits, ...foldGates(log.gates).spans];
  const confidential = joined(closures);
  const closings = closures.map(([from]) => from).toSorted((a, b) => a - b);
  // In one order, whichever way the cases came.
  const inOrder = stays.toSorted(
    ([a, aEnd], [b, bEnd]) => a - b || (aEnd ?? Number.MAX_VALUE) - (bEnd ?? Number.MAX_VALUE),
  );
  const kept = {
    occupied: occupied.slice(-KEEP_SPANS),
    stays: inOrder.slice(-KEEP_STAYS),
    confidential: confidential.slice(-KEEP_SPANS),
    closings: closings.slice(-KEEP_CLOSINGS),
  };
  const cut = [occupied, confidential].map((all) => all.at(-KEEP_SPANS - 1)?.[1] ?? 0);
  // Of gates before the first that is kept nothing is known.
  if (log.gates.length >= KEEP_GATES) cut.push(log.gates[0]?.at ?? 0);
  // Whoever left then may be kept no longer, and with them what is known of the time before.
  return { knownFromMs: Math.max(log.leftAt, ...cut), ...kept };
}

/** The fewest and the most people who were inside between two instants, ends included; undefined if that is not known. */
export function headcountBetween(
  { stays }: AreaHistory,
  fromMs: number,
  untilMs: number,
): { least: number; most: number } | undefined {
  // The earliest stays may have been left out.
  if (!stays || stays.length >= KEEP_STAYS) return undefined;
  return {
    least: stays.filter((stay) => coversSpan([stay], fromMs, untilMs)).length,
    most: stays.filter((stay) => touchesSpan([stay], fromMs, untilMs)).length,
  };
}

/** In order; those that overlap or touch are one. */
function joined(spans: readonly PastSpan[]): PastSpan[] {
  const whole: PastSpan[] = [];
  for (const [from, until] of spans.toSorted(([a], [b]) => a - b)) {
    const last = whole.at(-1);
    if (!last || (last[1] !== null && from > last[1])) whole.push([from, until]);
    else if (last[1] !== null) last[1] = until === null ? null : Math.max(last[1], until);
  }
  return whole;
}
