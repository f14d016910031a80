import type { AreaId } from '#contract/ids.ts';
import type { RegionDelta } from '#contract/live.ts';
import type { Area } from '#contract/nation.ts';
import type { AreaStatus, Gate } from '#contract/status.ts';
import { nameBasedId } from '../flags/name-based-id.ts';

/** A custody event that says that a gate ended by itself, the same whoever makes it. */
export function endOfGate(area: Pick<Area, 'id' | 'facilityId'>, { since, until }: Gate) {
  return {
    id: nameBasedId(`gate-end:${area.facilityId}/${area.id}:${since}:${until}`),
    type: 'GATE_CLOSED',
    areaId: area.id,
    occurredAt: until,
    recordedAt: until,
    recordedBy: 'varta',
    until,
  } as const;
}

/** The gates that stand, as this replica last heard it; bounded by the areas of the nation. */
export class GateEnds {
  readonly #standing = new Map<AreaId, Gate>();

  constructor(statuses: Iterable<AreaStatus>) {
    for (const { areaId, gate } of statuses) if (gate) this.#standing.set(areaId, gate);
  }

  handleDelta({ areas = [] }: Pick<RegionDelta, 'areas'>): void {
    for (const { areaId, gate } of areas) {
      if (gate) this.#standing.set(areaId, gate);
      else this.#standing.delete(areaId);
    }
  }

  /** Gates whose time is over, and that stand all the same. */
  due(nowMs: number): [AreaId, Gate][] {
    return [...this.#standing].filter(([, { until }]) => Date.parse(until) <= nowMs);
  }
}
