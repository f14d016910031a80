import type { Person } from '#contract/custody-details.ts';
import type { When } from '../../../config/norms/norm-set.ts';
import type { KeptEvent } from './kept-event.ts';

/** A regime that nobody has stated: the criminal code is the ordinary course. */
const DEFAULT_REGIME = 'criminal';

/** What norms ask about a case, as last stated; what nobody has stated is the ordinary case. */
export interface CaseFacts extends Required<When> {
  regime: Person['regime'];
  /** When the case began, by which it is decided whose version holds; undefined before any event. */
  anchorMs: number | undefined;
  /** Overlays that are applied now. */
  overlays: ReadonlySet<string>;
  /** Level of observation, 1 (general) to 4. */
  observationLevel: number;
  /** Grounds on which extensions were granted. */
  grounds: ReadonlySet<string>;
}

/** Types that show that somebody is held. */
const BEGINNINGS: readonly KeptEvent['type'][] = [
  'APPREHENDED',
  'DELIVERED',
  'REGISTERED',
  'DETENTION_AUTHORISED',
  'PROTOCOL_DRAWN',
  'CELL_PLACED',
];

/** The facts of a case by its events, those that count, in their order. */
export function factsOf(events: readonly KeptEvent[]): CaseFacts {
  const overlays = new Set<string>();
  const grounds = new Set<string>();
  let person: Person | undefined;
  let onRuling = false;
  let intoxicated = false;
  let arrivedIntoxicated = false;
  let observationLevel = 1;
  for (const event of events) {
    person = event.person ?? person;
    if (event.person?.intoxicated !== undefined) intoxicated = event.person.intoxicated;
    if (event.type === 'SOBERED') intoxicated = false;
    if (intoxicated || event.type === 'SOBERED') arrivedIntoxicated = true;
    if (event.basis !== undefined) onRuling = event.basis === 'ruling';
    observationLevel = event.level ?? observationLevel;
    if (event.extension) grounds.add(event.extension.ground);
    if (event.type === 'OVERLAY_APPLIED' && event.overlay !== undefined) overlays.add(event.overlay);
    if (event.type === 'OVERLAY_LIFTED' && event.overlay !== undefined) overlays.delete(event.overlay);
  }
  const minor = person?.minor ?? false;
  return {
    regime: person?.regime ?? DEFAULT_REGIME,
    minor,
    foreigner: person?.foreigner ?? false,
    arrivedIntoxicated,
    intoxicated,
    needsAppropriateAdult: minor || (person?.vulnerable ?? false),
    specialService: person?.specialService ?? false,
    onRuling,
    observationLevel,
    intermittentObservation: observationLevel === 2,
    constantObservation: observationLevel === 3,
    closeProximity: observationLevel === 4,
    overlays,
    grounds,
    anchorMs: (events.find(({ type }) => BEGINNINGS.includes(type)) ?? events[0])?.at,
  };
}

/** Whether a limit is for cases like this one. */
export function isFor(
  { when, ground }: { when?: When | undefined; ground?: string | undefined },
  facts: CaseFacts,
): boolean {
  if (ground !== undefined && !facts.grounds.has(ground)) return false;
  if (!when) return true;
  return Object.entries(when).every(([name, wanted]) => facts[name as keyof When] === wanted);
}
