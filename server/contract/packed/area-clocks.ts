import type { Clock } from '../clocks.ts';
import { findBounds } from './area-bounds.ts';
import type { PackedAreas } from './areas.ts';
import { at, unpackIds } from './columns.ts';

/** A clock as it stands in the columns; milliseconds since the epoch. */
export interface PlacedClock extends Pick<Clock, 'caseId' | 'normSet' | 'limit'> {
  kind: Clock['kind'] | undefined;
  anchorMs: number;
  amberMs: number;
  redMs: number;
  dueMs: number;
}

/**
 * The clocks of an area, by its place among `length`, in the order of the columns. Throws `UnreadableColumns` when they do
 * not fit together.
 */
export function createClockFinder(
  packed: PackedAreas,
  length: number,
): (place: number) => readonly PlacedClock[] {
  const { people, clocks } = findBounds(packed, length);
  const caseIds = unpackIds(packed.caseIds);
  /** Flags stand area by area. */
  let last: { place: number; found: readonly PlacedClock[] } | undefined;

  function find(place: number): readonly PlacedClock[] {
    const found: PlacedClock[] = [];
    for (let person = people[place] ?? 0; person < (people[place + 1] ?? 0); person += 1) {
      const firstMs = packed.from + at(packed.anchor, person);
      for (let next = clocks[person] ?? 0; next < (clocks[person + 1] ?? 0); next += 1) {
        const { normSet, limit, kind, amber, red, due } = at(packed.shapes, packed.shape[next]);
        const anchorMs = firstMs + at(packed.after, next);
        found.push({
          normSet,
          limit,
          kind,
          caseId: at(caseIds, person),
          anchorMs,
          amberMs: anchorMs + amber,
          redMs: anchorMs + red,
          dueMs: anchorMs + due,
        });
      }
    }
    return found;
  }

  return (place) => {
    if (last?.place !== place) last = { place, found: find(place) };
    return last.found;
  };
}
