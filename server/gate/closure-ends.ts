import type { CustodyEvent } from '#contract/custody-events.ts';
import type { AreaId, EventId } from '#contract/ids.ts';
import type { RegionDelta } from '#contract/live.ts';
import { nameBasedId } from '#contract/name-based-id.ts';
import type { Area } from '#contract/nation.ts';
import type { AreaStatus, Gate, Visit } from '#contract/status.ts';

/** An end that is recorded is in force at once; one that is not after so long has something in its way. */
const STUCK_MS = 30_000;

/** What closes an area, and until when. */
export type Closure = { areaId: AreaId } & ({ kind: 'gate'; gate: Gate } | { kind: 'visit'; visit: Visit });

type Place = Pick<Area, 'id' | 'facilityId'>;

/** Names an end: the same whoever makes it, and another one after more time was given. */
export function nameOfEnd({ id, facilityId }: Place, closure: Closure): string {
  if (closure.kind === 'gate') {
    const { since, until } = closure.gate;
    return `gate-end:${facilityId}/${id}:${since}:${until}`;
  }
  const { caseId, kind, until } = closure.visit;
  return `visit-end:${facilityId}/${caseId}:${kind}:${until}`;
}

/** A custody event that says that a gate, or the confidential time of a visit, ended by itself. */
export function endOf(area: Place, closure: Closure, id: EventId): CustodyEvent {
  const { until } = closure.kind === 'gate' ? closure.gate : closure.visit;
  const common = {
    id,
    areaId: area.id,
    occurredAt: until,
    recordedAt: until,
    recordedBy: 'varta',
    until,
  };
  return closure.kind === 'gate'
    ? { ...common, type: 'GATE_CLOSED' }
    : { ...common, type: 'CONFIDENTIALITY_ENDED', caseId: closure.visit.caseId };
}

/** What closes areas, as this replica last heard it; bounded by the areas of the nation. */
export class StandingClosures {
  readonly #standing = new Map<AreaId, readonly Closure[]>();

  constructor(statuses: Iterable<AreaStatus>) {
    for (const status of statuses) this.#note(status);
  }

  handleDelta({ areas = [] }: Pick<RegionDelta, 'areas'>): void {
    for (const status of areas) this.#note(status);
  }

  /** Those whose time is over, and that stand all the same. */
  due(nowMs: number): Closure[] {
    return [...this.#standing.values()].flatMap((closures) =>
      closures.filter((one) => Date.parse((one.kind === 'gate' ? one.gate : one.visit).until) <= nowMs),
    );
  }

  #note({ areaId, gate, visits = [] }: AreaStatus): void {
    const closures: Closure[] = [
      ...(gate ? [{ areaId, kind: 'gate' as const, gate }] : []),
      ...visits.map((visit) => ({ areaId, kind: 'visit' as const, visit })),
    ];
    if (closures.length > 0) this.#standing.set(areaId, closures);
    else this.#standing.delete(areaId);
  }
}

/**
 * Ids of ends. They follow from the end, so that those of all replicas are one event; but whoever knows how could have
 * taken such an id for something else, or have withdrawn the end by a correction. So an id that was refused, or that has
 * changed nothing for half a minute, is given up for one that nobody foresees. Bounded by the ends that are due.
 */
export class EndIds {
  readonly #newId: () => EventId;
  #tried = new Map<string, { id: EventId; sinceMs: number }>();

  /** `newId`: an id that nobody foresees. */
  constructor(newId: () => EventId) {
    this.#newId = newId;
  }

  /** The id of each end that is due now, by its name. */
  idsOf(names: readonly string[], nowMs: number): ReadonlyMap<string, EventId> {
    const tried = names.map((name) => {
      const known = this.#tried.get(name) ?? { id: nameBasedId(name), sinceMs: nowMs };
      const isStuck = nowMs - known.sinceMs > STUCK_MS;
      return [name, isStuck ? { id: this.#newId(), sinceMs: nowMs } : known] as const;
    });
    this.#tried = new Map(tried);
    return new Map(tried.map(([name, { id }]) => [name, id]));
  }

  handleRefusal(name: string, nowMs: number): void {
    this.#tried.set(name, { id: this.#newId(), sinceMs: nowMs });
  }
}
