import type { AreaId } from '#contract/ids.ts';
import type { Nation } from '#contract/nation.ts';

/** The number that an area's picture carries, in digits and in its pixel code: the area's position in the nation file. */
export interface AreaIndex {
  indexOf(areaId: AreaId): number | undefined;
  areaAt(index: number): AreaId | undefined;
}

/** Numbers the areas of a nation from 0. Throws a RangeError for more areas than 16 bits can number. */
export function createAreaIndex(nation: Pick<Nation, 'areas'>): AreaIndex {
  if (nation.areas.length > 0x10000) throw new RangeError('more areas than the pixel code can number');
  const ids = nation.areas.map(({ id }) => id);
  const indexes = new Map(ids.map((id, index) => [id, index]));
  return { indexOf: (areaId) => indexes.get(areaId), areaAt: (index) => ids[index] };
}
