import type { CustodyEvent, StoredEvent } from '#contract/custody-events.ts';
import { type HandoverChanges, MAX_NOTABLE, type ShiftCount } from '#contract/handover.ts';
import type { EventId } from '#contract/ids.ts';

type Occurrence = Exclude<CustodyEvent, { type: 'RECORD_CORRECTED' }>;

/** What is counted of a shift, by what was recorded; those who came are counted by case. */
const COUNTED: Readonly<Partial<Record<Occurrence['type'], ShiftCount>>> = {
  RELEASED: 'released',
  TRANSFERRED: 'transfersOut',
  CELL_MOVED: 'moves',
  HOSPITAL_LEFT: 'hospital',
  ESCAPED: 'escaped',
  DIED: 'died',
  INCIDENT: 'incidents',
  FORCE_USED: 'force',
  COMPLAINT: 'complaints',
  OVERLAY_APPLIED: 'overlays',
  EXTENSION_GRANTED: 'extensions',
  GATE_OPENED: 'gates',
};

/** Told one by one as well: whoever comes should have heard of them. */
const NOTABLE: ReadonlySet<Occurrence['type']> = new Set([
  'ESCAPED',
  'DIED',
  'INCIDENT',
  'OVERLAY_APPLIED',
  'EXTENSION_GRANTED',
]);

/**
 * What was recorded in a shift, in numbers, and by name what weighs most. Takes events newest first, so that what was
 * corrected afterwards is known before it comes; a replacement counts in its stead, so that of something from before the
 * shift it does not count. An arrival that was written once more, because the earlier record changed, is no second one. Pure.
 */
export function shiftChanges(newestFirst: readonly StoredEvent[]): Omit<HandoverChanges, 'from' | 'whole'> {
  const taken = newestFirst.filter(({ carried }) => !carried?.again);
  const isOfShift = fromThisShift(taken);
  const voided = new Set<string>();
  const counts = new Map<ShiftCount, number>();
  const cases = { arrivals: new Set<string>(), transfersIn: new Set<string>() };
  const notable: HandoverChanges['notable'] = [];
  for (const { facilityId, event } of taken) {
    // Ids are a facility's own.
    const nameOf = (id: EventId) => `${facilityId}/${id}`;
    if (voided.has(nameOf(event.id))) continue;
    if (event.type === 'RECORD_CORRECTED') voided.add(nameOf(event.corrects));
    const said = event.type === 'RECORD_CORRECTED' ? event.replacement : event;
    if (!said || voided.has(nameOf(said.id)) || !isOfShift(nameOf(said.id))) continue;
    const key = 'caseId' in said ? `${facilityId}/${said.caseId}` : undefined;
    if (key !== undefined && 'previousCase' in said && said.previousCase) cases.transfersIn.add(key);
    else if (key !== undefined && (said.type === 'APPREHENDED' || said.type === 'DELIVERED'))
      cases.arrivals.add(key);
    const what = COUNTED[said.type];
    if (what) counts.set(what, (counts.get(what) ?? 0) + 1);
    if (!NOTABLE.has(said.type) || notable.length >= MAX_NOTABLE) continue;
    notable.push({
      type: said.type,
      at: said.occurredAt,
      facilityId,
      ...(said.areaId === undefined ? {} : { areaId: said.areaId }),
      ...('caseId' in said ? { caseId: said.caseId } : {}),
    });
  }
  const arrivals = [...cases.arrivals].filter((key) => !cases.transfersIn.has(key)).length;
  return {
    counts: {
      ...(arrivals > 0 ? { arrivals } : {}),
      ...(cases.transfersIn.size > 0 ? { transfersIn: cases.transfersIn.size } : {}),
      ...Object.fromEntries(counts),
    },
    notable,
  };
}

/** Whether something was said in the shift for the first time, or stands for what was; by `facility/event`. */
function fromThisShift(newestFirst: readonly StoredEvent[]): (name: string) => boolean {
  const names = new Set<string>();
  for (const { facilityId, event } of newestFirst.toReversed()) {
    const isCorrection = event.type === 'RECORD_CORRECTED';
    if (isCorrection && !names.has(`${facilityId}/${event.corrects}`)) continue;
    names.add(`${facilityId}/${event.id}`);
    if (isCorrection && event.replacement) names.add(`${facilityId}/${event.replacement.id}`);
  }
  return (name) => names.has(name);
}
