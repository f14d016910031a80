import type { IncidentKind } from '#contract/custody-details.ts';
import type { CustodyEvent, StoredEvent } from '#contract/custody-events.ts';
import type { Severity } from '#contract/flags.ts';
import type { AreaId, CaseId } from '#contract/ids.ts';
import type { RuleId } from '../../../config/rules/rule.ts';
import { RULES } from '../../../config/rules/rules.ts';
import { lengthMsAt } from '../../../config/rules/thresholds.ts';
import type { Contact } from '../contact.ts';
import type { Finding } from '../finding.ts';
import type { Said } from './recording.ts';

const RULE_OF_INCIDENT: Readonly<Record<IncidentKind, RuleId>> = {
  death: 'death',
  escape: 'escape',
  'self-harm': 'self-harm',
  ligature: 'self-harm',
  'medical-emergency': 'medical-emergency',
  fire: 'fire',
  evacuation: 'fire',
  'air-raid': 'incident',
  disorder: 'disorder',
  attack: 'disorder',
  'unauthorised-person': 'unauthorised-person',
  equipment: 'incident',
  other: 'incident',
};

const RULE_OF_EVENT: Readonly<Partial<Record<CustodyEvent['type'], RuleId>>> = {
  DIED: 'death',
  ESCAPED: 'escape',
  AMBULANCE: 'medical-emergency',
  FORCE_USED: 'force-used',
  RESTRAINT_ON: 'restraint-on',
  INJURY_RECORDED: 'injury-recorded',
  COMPLAINT: 'complaint',
};

/** What is as grave as this, or graver, is news however late it is told. */
const GRAVE: Severity = 2;

/**
 * What an event says that needs somebody at once. A flag of it hangs where the person is now: whoever answers it has to
 * see them, and not the empty room where it was written down. When that is not known it hangs at the event's area, or on
 * the facility. A correction speaks of what it puts in the place; it says nothing new if `original`, which it corrects,
 * had the same to say.
 */
export function lookAtEvent(
  { event, facilityId, receivedAt }: StoredEvent,
  place: {
    areaOf(caseId: CaseId): AreaId | undefined;
    contact?: Contact | undefined;
    original?: Said | undefined;
  },
): Finding | undefined {
  const said = event.type === 'RECORD_CORRECTED' ? event.replacement : event;
  const rule = ruleOf(event);
  if (!said || !rule || isToldBy(place.original, rule)) return undefined;
  const ageMs = Date.parse(receivedAt) - Date.parse(event.occurredAt);
  // A facility that joins brings its past along.
  const isPast = place.contact !== undefined && Date.parse(event.occurredAt) < place.contact.firstMs;
  const isGrave = (RULES.get(rule)?.severity ?? GRAVE) <= GRAVE;
  // What is no news any more is in the case's record, and calls nobody.
  if (ageMs > lengthMsAt('news', Date.parse(receivedAt)) && (isPast || !isGrave)) return undefined;
  const caseId = 'caseId' in said ? said.caseId : undefined;
  const areaId = (caseId === undefined ? undefined : place.areaOf(caseId)) ?? said.areaId;
  return {
    key: `${rule}:${facilityId}/${event.id}`,
    rule,
    ...(areaId === undefined ? { facilityId } : { areaId }),
    params: { at: said.occurredAt, ...(caseId === undefined ? {} : { caseId }) },
    sinceMs: Date.parse(said.occurredAt),
  };
}

/**
 * Whether somebody was told of it by what a correction corrects. Force that is explained afterwards was told of more
 * loudly before; force whose reason is taken away is told of anew.
 */
function isToldBy(original: Said | undefined, rule: RuleId): boolean {
  const before = original && ruleOf(original);
  return before === rule || (before === 'force-unexplained' && rule === 'force-used');
}

/**
 * The rule of an event that is so grave that it is asked why it was told late; undefined for others, and for what
 * `original`, which it corrects, had told already.
 */
export function graveRuleOf(event: CustodyEvent, original?: Said): RuleId | undefined {
  const rule = ruleOf(event);
  return rule !== undefined && !isToldBy(original, rule) && (RULES.get(rule)?.severity ?? GRAVE + 1) <= GRAVE
    ? rule
    : undefined;
}

function ruleOf(event: CustodyEvent): RuleId | undefined {
  if (event.type === 'INCIDENT') return RULE_OF_INCIDENT[event.incidentKind ?? 'other'];
  if (event.type === 'RECORD_CORRECTED') return event.replacement && ruleOf(event.replacement);
  // Its kind alone says how; a reason says why, and a note may.
  if (event.type === 'FORCE_USED' && !event.reason?.trim() && !event.note?.trim()) return 'force-unexplained';
  return RULE_OF_EVENT[event.type];
}
