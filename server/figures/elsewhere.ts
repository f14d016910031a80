import type { FacilityId } from '#contract/ids.ts';
import type { KeptEvent } from '../custody/state/kept-event.ts';
import { undoneEnds } from '../custody/state/undone-ends.ts';

/** A time that the case of another place answers for. Instants in milliseconds since the epoch. */
export interface Away {
  facilityId: FacilityId;
  /** When the person left here; minus infinity for somebody who was not here before. */
  fromMs: number;
  /** When the other case was closed; when the person arrived, where that is not known. */
  toMs: number;
  arrivedMs: number;
}

/** What of a case was somewhere else, so that it is counted there. */
export interface Elsewhere {
  aways: readonly Away[];
  /** The case goes on from one of another place, and did not begin here. */
  hasBegunThere: boolean;
  /** Whether the case of another place was the one that went on at an instant. */
  wasThere(atMs: number): boolean;
  /** Whether what happened at an instant is on record there and not here. */
  isRecordedThere(atMs: number): boolean;
}

const PLACEMENTS: readonly KeptEvent['type'][] = ['CELL_PLACED', 'CELL_MOVED'];
const ENDS: readonly KeptEvent['type'][] = ['TRANSFERRED', 'RELEASED', 'ESCAPED', 'DIED'];

/**
 * Where a case was before each arrival that goes on from a case on record, by its events that count, in their order. Somebody
 * who was sent away and is on the way is with the place that they come to: that of before ends with their leaving.
 */
export function elsewhereOf(events: readonly KeptEvent[]): Elsewhere {
  const own = events.filter(({ arrival }) => !arrival);
  const undone = undoneEnds(own);
  const aways: Away[] = [];
  let goneMs: number | undefined = Number.NEGATIVE_INFINITY;
  for (const { id, type, at, previous } of own) {
    if (previous) {
      const { facilityId, isKnown, leftMs } = previous;
      if (isKnown && goneMs !== undefined)
        aways.push({ facilityId, fromMs: goneMs, toMs: Math.min(at, leftMs ?? at), arrivedMs: at });
      goneMs = undefined;
    } else if (PLACEMENTS.includes(type)) goneMs = undefined;
    else if (ENDS.includes(type) && !undone.has(id)) goneMs = at;
  }
  const told = new Set(own.map(({ at }) => at));
  const carried = new Set(events.flatMap(({ arrival, at }) => (arrival && !told.has(at) ? [at] : [])));
  return {
    aways,
    hasBegunThere: aways.some(({ fromMs }) => fromMs === Number.NEGATIVE_INFINITY),
    wasThere: (atMs) => aways.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs),
    isRecordedThere: (atMs) => carried.has(atMs),
  };
}
