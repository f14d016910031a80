import type { EventId } from '#contract/ids.ts';
import type { KeptEvent } from './kept-event.ts';

type Types = readonly KeptEvent['type'][];

const PLACEMENTS: Types = ['CELL_PLACED', 'CELL_MOVED'];

/**
 * What proves that an end was none, if it comes after it in the same case. What is only written down later (the register,
 * a protocol), or done with people who are at liberty (a questioning), proves nothing; whoever escaped may be caught.
 */
const UNDONE_BY: Readonly<Partial<Record<KeptEvent['type'], Types>>> = {
  RELEASED: [...PLACEMENTS, 'APPREHENDED', 'DELIVERED', 'DETENTION_AUTHORISED', 'HOSPITAL_RETURNED'],
  TRANSFERRED: PLACEMENTS,
};

const NONE: ReadonlyMap<EventId, KeptEvent> = new Map();

/**
 * Ends of a case after which the person was held all the same, each with the first event that proves it: such an end
 * meets no limit. Somebody who is detained anew has a new case; somebody who was transferred and is brought back names the
 * case that they come from. `events` are those that count, in their order.
 */
export function undoneEnds(events: readonly KeptEvent[]): ReadonlyMap<EventId, KeptEvent> {
  if (!events.some(({ type }) => UNDONE_BY[type] !== undefined)) return NONE;
  const undone = new Map<EventId, KeptEvent>();
  for (const [index, end] of events.entries()) {
    const proofs = UNDONE_BY[end.type];
    if (!proofs || end.arrival) continue;
    const later = events.slice(index + 1).filter(({ arrival }) => !arrival);
    if (end.type === 'TRANSFERRED' && later.some(({ previous }) => previous !== undefined)) continue;
    const proof = later.find(({ type }) => proofs.includes(type));
    if (proof) undone.set(end.id, proof);
  }
  return undone;
}
