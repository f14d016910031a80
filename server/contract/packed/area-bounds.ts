import { Vulnerability } from '../status.ts';
import { type ClockShape, MINUTE_MS, type PackedAreas } from './areas.ts';
import { at, countIds, demandInstant, demandLength, UnreadableColumns } from './columns.ts';

/**
 * Where the people of each area, the clocks of each person and the space of each area stand: as many bounds as there are,
 * and one more. Looks at every number on the way, so that nobody has to later.
 */
export function findBounds(packed: PackedAreas, length: number) {
  const { headcount, updated, check, vulnerabilities, m2, temperature, co2, humidity, airAt, cases } = packed;
  demandLength(length, headcount, updated, check, vulnerabilities, m2);
  demandLength(length, temperature, co2, humidity, airAt, cases);
  const persons = countIds(packed.caseIds);
  demandLength(persons, packed.clocks, packed.anchor);
  demandLength(packed.shape.length, packed.after);
  const reach = packed.shapes.map(reachOf);
  const people = new Int32Array(length + 1);
  const clocks = new Int32Array(persons + 1);
  const spaces = new Int32Array(length);
  let [person, next, space] = [0, 0, 0];
  for (let area = 0; area < length; area += 1) {
    demandRange(headcount[area], 1_000);
    demandRange(vulnerabilities[area], 2 ** Vulnerability.options.length - 1);
    demandInstant(packed.from + (updated[area] ?? 0) * 1_000);
    demandInstant(packed.from + (check[area] ?? 0));
    demandInstant((airAt[area] ?? 0) * MINUTE_MS + packed.from);
    demandRange(cases[area], 1_000);
    if ((m2[area] ?? -1) >= 0) spaces[area] = packed.space[space++] ?? -1;
    if ((m2[area] ?? -1) >= 0) at(packed.spaceShapes, spaces[area]);
    person += cases[area] ?? 0;
    people[area + 1] = person;
  }
  if (person !== persons) throw new UnreadableColumns(`${persons} people where ${person} are`);
  for (let one = 0; one < persons; one += 1) {
    demandRange(packed.clocks[one], 200);
    const firstMs = packed.from + (packed.anchor[one] ?? 0);
    for (const end = next + (packed.clocks[one] ?? 0); next < end; next += 1) {
      const shape = at(packed.shape, next);
      at(packed.shapes, shape);
      const anchorMs = firstMs + at(packed.after, next);
      demandInstant(anchorMs + (reach[shape]?.earliest ?? 0));
      demandInstant(anchorMs + (reach[shape]?.latest ?? 0));
    }
    clocks[one + 1] = next;
  }
  demandLength(next, packed.shape);
  return { people, clocks, spaces };
}

/** The earliest and latest instants of a clock, in ms after its anchor. */
function reachOf({ amber, red, due, paused = 0 }: ClockShape) {
  return { earliest: Math.min(0, amber, red, due, paused), latest: Math.max(0, amber, red, due, paused) };
}

/** Throws {@link UnreadableColumns} for what is below 0 or above the most. */
export function demandRange(value: number | undefined, most: number): void {
  if (value === undefined || value < 0 || value > most)
    throw new UnreadableColumns(`${value} is out of range`);
}
