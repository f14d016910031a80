import type { NodeId, RegionId } from '#contract/ids.ts';
import type { NodeRecord } from '#contract/registry.ts';
import type { RegionDistance } from './region-distance.ts';

/** A node as a choice: what it says of itself, and what this replica knows besides. */
export interface NodeCandidate {
  record: NodeRecord;
  /** The control connection is open. */
  reachable: boolean;
  /** Viewers and publications that this replica sent there since the record was written. */
  assigned: number;
  /** Its pages say that nothing comes from it, or it says that nothing gets through to it: better than none at all. */
  aside?: boolean;
}

interface Wish {
  /** Where the viewer or the facility is; undefined when it is national or unknown. */
  region?: RegionId | undefined;
  /** Nodes that have just failed. */
  exclude?: ReadonlySet<NodeId>;
  distance: RegionDistance;
}

/** Above this load a near node gives way to a farther one. */
export const FULL_LOAD = 0.85;
/** What one more viewer adds to the load until the node itself has said so: a 64-tile wall on a 4-core node. */
const LOAD_PER_ASSIGNMENT = 0.01;
/** A node of no region counts as this far away from everywhere: nearer than a region at the other end of the country. */
export const NATIONAL_DISTANCE_KM = 300;
/** Distances within this are the same: load decides. */
const DISTANCE_STEP_KM = 100;

/**
 * The node for a new viewer or publication: healthy and not draining, and set aside only if there is no other; among
 * those that are not full the nearest, among equally near ones the least loaded. The same input always gives the same node.
 */
export function chooseNode(candidates: readonly NodeCandidate[], wish: Wish): NodeRecord | undefined {
  const ranked = candidates
    .filter((candidate) => isUsable(candidate) && !wish.exclude?.has(candidate.record.nodeId))
    .map(({ record, assigned, aside = false }) => {
      const load = record.load + assigned * LOAD_PER_ASSIGNMENT;
      const distanceKm = toDistanceKm(record, wish);
      return {
        record,
        order: [
          Number(aside),
          load >= FULL_LOAD ? 1 : 0,
          Math.round(distanceKm / DISTANCE_STEP_KM),
          load,
          record.viewers,
        ],
      };
    })
    .sort((a, b) => compare(a.order, b.order) || (a.record.nodeId < b.record.nodeId ? -1 : 1));
  return ranked[0]?.record;
}

/** Whether a node takes anything new. */
export function isUsable({ record, reachable }: NodeCandidate): boolean {
  return reachable && !record.draining && !record.gone;
}

function toDistanceKm(record: NodeRecord, { region, distance }: Wish): number {
  // Somebody national is served best by a national node, else by any.
  if (region === undefined) return record.regionId === null ? 0 : NATIONAL_DISTANCE_KM;
  if (record.regionId === null) return NATIONAL_DISTANCE_KM;
  return distance(region, record.regionId) ?? NATIONAL_DISTANCE_KM;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
