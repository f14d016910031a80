import Supercluster from 'supercluster';
import type { Position } from '#contract/nation.ts';

/** Points that would cover each other, by zoom. */
export interface Clusters {
  /** Places of the points in groups; a point that stands free is a group of its own. */
  at(zoom: number): readonly (readonly number[])[];
}

/** From this zoom on nothing is gathered any more: two points of one street stand apart. */
const NO_CLUSTERS_FROM = 14;

/** Made once for a country: which points lie together does not depend on what is known of them. `radius` in CSS pixels. */
export function createClusters(points: readonly Position[], radius: number): Clusters {
  const index = new Supercluster<{ place: number }>({
    radius,
    extent: 512,
    maxZoom: NO_CLUSTERS_FROM - 1,
  }).load(
    points.map((coordinates, place) => ({
      type: 'Feature',
      properties: { place },
      geometry: { type: 'Point', coordinates },
    })),
  );
  const byZoom = new Map<number, readonly (readonly number[])[]>();
  function gather(zoom: number) {
    return index
      .getClusters([-180, -90, 180, 90], zoom)
      .map(({ properties }) =>
        'cluster_id' in properties
          ? index.getLeaves(properties.cluster_id, Infinity).map((leaf) => leaf.properties.place)
          : [properties.place],
      );
  }
  return {
    at(zoom) {
      const step = Math.max(0, Math.min(NO_CLUSTERS_FROM, Math.floor(zoom)));
      const known = byZoom.get(step) ?? gather(step);
      byZoom.set(step, known);
      return known;
    },
  };
}
