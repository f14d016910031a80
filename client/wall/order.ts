import { createMoment, type Moment } from '#contract/clocks.ts';
import type { Flag } from '#contract/flags.ts';
import { isLoud, isUrgent, LOUD } from '../flags/loud.ts';
import type { Country } from '../store/country.ts';

const NO_FLAG = 5;
/** Levels of a clock, see `Country.level`: how many there are. */
const LEVELS = 4;
/** More than there are areas in a country: an instant and a place make one number together. */
const PLACES = 2 ** 17;
/** Later than every instant, in seconds. */
const NEVER_S = 2 ** 35;

/**
 * The order in which the wall shows areas, as places of the country: worst open flag that speaks up, then worst clock with
 * the nearest due time first, then as the registry lists them. Only those that need somebody are sorted. The country has to
 * know the time.
 */
export function orderAreas(country: Country, nowMs: number): number[] {
  const { level, severity, areas } = country;
  const now = createMoment(nowMs);
  const urgent: number[][] = Array.from({ length: (NO_FLAG + 1) * LEVELS }, () => []);
  const calm: number[] = [];
  for (let place = 0; place < areas.length; place += 1) {
    const loud = loudSeverity(severity[place]) ?? NO_FLAG;
    const pressing = level[place] ?? 0;
    if (loud === NO_FLAG && pressing === 0) calm.push(place);
    else urgent[loud * LEVELS + LEVELS - 1 - pressing]?.push(place);
  }
  return urgent.flatMap((places) => byDue(places, country, now)).concat(calm);
}

/** Nearest due time first, to the second; sorted as numbers, which takes a tenth of the time of comparing one by one. */
function byDue(places: readonly number[], country: Pick<Country, 'dueMs'>, now: Moment): number[] {
  if (places.length < 2) return [...places];
  const keys = Float64Array.from(places, (place) => {
    const dueS = Math.min(NEVER_S, Math.max(0, Math.floor(country.dueMs(place, now) / 1_000)));
    return dueS * PLACES + place;
  });
  return Array.from(keys.sort(), (key) => key % PLACES);
}

/** The severity of a flag that speaks up. */
export function loudSeverity(severity: number | undefined): number | undefined {
  return severity !== undefined && severity <= LOUD ? severity : undefined;
}

/** Severity of the worst flag that speaks up; flags come most severe first. */
export function worstSeverity(flags: readonly Flag[]): number | undefined {
  const [worst] = flags;
  return worst && isLoud(worst) ? worst.severity : undefined;
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
export function bringForward<T>(
  order: readonly T[],
  capacity: number,
  severityOf: (area: T) => number | undefined,
  isHeld: (area: T) => boolean = () => false,
): readonly T[] {
  const rank = (area: T | undefined) => (area === undefined ? undefined : severityOf(area)) ?? NO_FLAG;
  const waiting: { index: number; severity: number }[] = [];
  for (let index = capacity; index < order.length; index += 1) {
    const severity = rank(order[index]);
    if (isUrgent(severity)) waiting.push({ index, severity });
  }
  if (waiting.length === 0) return order;
  const after = [...order];
  for (const { index, severity } of waiting.toSorted((a, b) => a.severity - b.severity)) {
    const first = after.slice(0, capacity);
    const free = first.findIndex((area) => !isUrgent(rank(area)) && !isHeld(area));
    const lesser = () => first.findIndex((area) => rank(area) > severity && !isHeld(area));
    const held = () => (severity === 1 ? first.findIndex((area) => rank(area) > severity) : -1);
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
export function placeAreas<T>(before: readonly T[], wanted: readonly T[]): readonly T[] {
  const stay = new Set(wanted);
  const were = new Set(before);
  const newcomers = wanted.filter((id) => !were.has(id));
  const places = before.map((id) => (stay.has(id) ? id : newcomers.shift()));
  return [...places.filter((id) => id !== undefined), ...newcomers];
}
