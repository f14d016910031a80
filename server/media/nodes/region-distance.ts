import type { RegionId } from '#contract/ids.ts';
import type { Nation, Position } from '#contract/nation.ts';

/** Kilometres between the middles of two regions; undefined when one of them has no facility to go by. */
export type RegionDistance = (from: RegionId, to: RegionId) => number | undefined;

const EARTH_RADIUS_KM = 6371;

/** Distances between regions, by the mean position of their facilities: enough to tell a near node from a far one. */
export function createRegionDistance(nation: Nation): RegionDistance {
  const facilities = Map.groupBy(nation.facilities, ({ regionId }) => regionId);
  const middles = new Map<RegionId, Position>();
  for (const [regionId, inside] of facilities) {
    const mean = (axis: 0 | 1) =>
      inside.reduce((sum, { position }) => sum + position[axis], 0) / inside.length;
    middles.set(regionId, [mean(0), mean(1)]);
  }
  return (from, to) => {
    if (from === to) return 0;
    const [a, b] = [middles.get(from), middles.get(to)];
    return a && b ? greatCircleKm(a, b) : undefined;
  };
}

function greatCircleKm(a: Position, b: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [lat1, lat2] = [radians(a[1]), radians(b[1])];
  const [dLat, dLon] = [lat2 - lat1, radians(b[0] - a[0])];
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}
