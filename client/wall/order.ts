import type { AreaId } from '#contract/ids.ts';
import { clockStateNow, createMoment, mostUrgentNow } from '#contract/status.ts';
import { isLoud, isUrgent } from '../flags/loud.ts';
import type { AreaRow } from '../store/facts.ts';

const CLOCK_URGENCY = { breached: 0, red: 1, amber: 2, ok: 3, paused: 3 } as const;
const NO_FLAG = 5;
const CALM = 3;

/**
 * The order in which the wall shows areas: worst open flag that speaks up, then worst clock with the nearest due time
 * first, then as the registry lists them. Rows come in the registry's order; only those that need somebody are sorted.
 */
export function orderAreas(rows: readonly AreaRow[], nowMs: number): readonly AreaId[] {
  const urgent: { id: AreaId; severity: number; urgency: number; dueMs: number }[] = [];
  const calm: AreaId[] = [];
  const now = createMoment(nowMs);
  for (const { area, flags, status } of rows) {
    const severity = worstSeverity(flags) ?? NO_FLAG;
    const clock = status && mostUrgentNow(status.clocks, now);
    const urgency = clock ? CLOCK_URGENCY[clockStateNow(clock, now)] : CALM;
    if (severity === NO_FLAG && urgency === CALM) calm.push(area.id);
    else urgent.push({ id: area.id, severity, urgency, dueMs: clock ? Date.parse(clock.dueAt) : Infinity });
  }
  urgent.sort((a, b) => a.severity - b.severity || a.urgency - b.urgency || compare(a.dueMs, b.dueMs));
  return [...urgent.map(({ id }) => id), ...calm];
}

/** Severity of the worst flag that speaks up; flags come most severe first. */
export function worstSeverity(flags: AreaRow['flags']): number | undefined {
  const [worst] = flags;
  return worst && isLoud(worst) ? worst.severity : undefined;
}

/** Infinity minus Infinity is no number, so compared instead of subtracted. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Areas that need somebody at once come to the first page without anybody asking: each changes places with the first area
 * there that needs nobody, so that every other area keeps its place, on every page. A page full of such areas gives way to
 * severity 1 only, and so does an area that somebody gave its place.
 *
 * @param order areas that match, in the wall's order; those of the first page are the first `capacity`
 * @param severityOf of the worst flag that speaks up
 * @param isHeld somebody gave the area its place
 */
export function bringForward(
  order: readonly AreaId[],
  capacity: number,
  severityOf: (areaId: AreaId) => number | undefined,
  isHeld: (areaId: AreaId) => boolean = () => false,
): readonly AreaId[] {
  const rank = (areaId: AreaId | undefined) =>
    (areaId === undefined ? undefined : severityOf(areaId)) ?? NO_FLAG;
  const waiting: { index: number; severity: number }[] = [];
  for (let index = capacity; index < order.length; index += 1) {
    const severity = rank(order[index]);
    if (isUrgent(severity)) waiting.push({ index, severity });
  }
  if (waiting.length === 0) return order;
  const after = [...order];
  for (const { index, severity } of waiting.toSorted((a, b) => a.severity - b.severity)) {
    const first = after.slice(0, capacity);
    const free = first.findIndex((areaId) => !isUrgent(rank(areaId)) && !isHeld(areaId));
    const lesser = () => first.findIndex((areaId) => rank(areaId) > severity && !isHeld(areaId));
    const held = () => (severity === 1 ? first.findIndex((areaId) => rank(areaId) > severity) : -1);
    const place = [() => free, lesser, held].map((seek) => seek()).find((at) => at >= 0) ?? -1;
    const [here, there] = [after[place], after[index]];
    if (here === undefined || there === undefined) break;
    after[place] = there;
    after[index] = here;
  }
  return after;
}

/**
 * Puts the areas of a page into its places so that nothing moves that need not: who was there keeps the place, and those
 * who come take the places of those who go, in order. A wall in which sixty tiles shift by one because a flag was raised
 * cannot be watched.
 */
export function placeAreas(before: readonly AreaId[], wanted: readonly AreaId[]): readonly AreaId[] {
  const stay = new Set(wanted);
  const were = new Set(before);
  const newcomers = wanted.filter((id) => !were.has(id));
  const places = before.map((id) => (stay.has(id) ? id : newcomers.shift()));
  return [...places.filter((id) => id !== undefined), ...newcomers];
}
