import type { Person } from '#contract/custody-details.ts';
import type { AreaId, FacilityId, RegionId } from '#contract/ids.ts';
import type { Area, Nation } from '#contract/nation.ts';
import { pickWeighted, seededRandom } from '../config/nation/seeded.ts';

/** Who is kept in a cell: people whom the rules keep apart are never in one together. */
export type CellGroup = 'men' | 'women' | 'minors' | 'administrative';

/** A place in a cell that is always taken but for the minutes between two people. */
export interface Bed {
  facilityId: FacilityId;
  regionId: RegionId;
  areaId: AreaId;
  group: CellGroup;
  /** Position among the beds of its facility, from 0; below 100. */
  index: number;
}

/** Part of all places that are taken on an ordinary day. */
const OCCUPANCY = 0.53;
/** Part of all cells with one more person than places: a few in the country, so that most of the wall is calm. */
const OVERCROWDED = 0.002;

/** How many people an area holds on an ordinary day: cameras draw so many, and custody keeps so many there. */
export function usualPeople({ id, kind, capacity }: Pick<Area, 'id' | 'kind' | 'capacity'>): number {
  if (kind !== 'cell') return 0;
  const random = seededRandom(`people of ${id}`);
  if (random() < OVERCROWDED) return capacity + 1;
  let people = 0;
  for (let place = 0; place < capacity; place++) if (random() < OCCUPANCY) people++;
  return people;
}

/** All beds of the nation, by facility. */
export function listBeds({ facilities, areas }: Pick<Nation, 'facilities' | 'areas'>): Bed[] {
  const cells = Map.groupBy(
    areas.filter(({ kind }) => kind === 'cell'),
    ({ facilityId }) => facilityId,
  );
  return facilities.flatMap(({ id, regionId }) => {
    const places = (cells.get(id) ?? []).flatMap((cell, position) =>
      Array.from({ length: usualPeople(cell) }, () => ({
        areaId: cell.id,
        group: cellGroup(cell, position),
      })),
    );
    return places.map((place, index) => ({
      ...place,
      facilityId: id,
      regionId,
      index,
    }));
  });
}

/** What the record says of somebody in a group. */
export function describePerson(group: CellGroup, random: () => number): Person {
  return {
    sex: group === 'women' || (group === 'minors' && random() < 0.15) ? 'female' : 'male',
    minor: group === 'minors',
    regime: group === 'administrative' ? 'administrative' : 'criminal',
    atRisk: random() < 0.04,
  };
}

/** The first cell of a facility is for men; who the others are for differs. */
function cellGroup({ id }: Pick<Area, 'id'>, position: number): CellGroup {
  if (position === 0) return 'men';
  return pickWeighted<CellGroup>(seededRandom(`group of ${id}`), [
    ['men', 78],
    ['women', 12],
    ['minors', 3],
    ['administrative', 7],
  ]);
}
