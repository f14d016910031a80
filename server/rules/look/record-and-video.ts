import type { AreaEvent, StoredEvent } from '#contract/custody-events.ts';
import type { Area, Feed } from '#contract/nation.ts';
import type { RuleId } from '../../../config/rules/rule.ts';
import { lengthMsAt } from '../../../config/rules/thresholds.ts';
import { closedInDay, overuseLimits } from '../../closures/closure-use.ts';
import { type AreaHistory, headcountBetween } from '../../custody/state/area-history.ts';
import type { Calendar } from '../../custody/state/local-day.ts';
import { coversSpan, touchesSpan } from '../../custody/state/spans.ts';
import { type FeedSight, type SightChange, sightsBetween } from '../../live/sight-history.ts';
import type { Finding } from '../finding.ts';

const MINUTE_MS = 60_000;
/** What is known of an area's past, by the record and by its cameras. */
export interface AreaPast {
  area: Pick<Area, 'id' | 'kind' | 'capacity' | 'feeds'>;
  history: AreaHistory | undefined;
  /** One for each feed of the area; undefined for a feed of which nothing was ever said. */
  sights: readonly (readonly SightChange[] | undefined)[];
}

/** Why an area could not be seen, at a time that is over. `unpublished`: its encoder was to send by itself, and did not. */
type DarkCause =
  | Extract<FeedSight, 'lost' | 'frozen' | 'black' | 'covered' | 'faulty' | 'confidential'>
  | 'unpublished';

const CLOSING: ReadonlySet<string> = new Set([
  ...['LAWYER_ARRIVED', 'LAWYER_LEFT', 'MEDICAL_EXAM_STARTED', 'MEDICAL_EXAM_ENDED'],
  ...['CONFIDENTIALITY_EXTENDED', 'CONFIDENTIALITY_ENDED', 'GATE_OPENED', 'GATE_CLOSED'],
]);

/** Whether an event closes an area to everybody's eyes, keeps it closed, or opens it. */
export function bearsOnGate({ event }: Pick<StoredEvent, 'event'>): boolean {
  return CLOSING.has(event.type);
}

/** How often and how long an area was closed in the day before an event; once a day of the calendar, if it was too much. */
export function lookAtGate(
  { event, receivedAt }: Pick<StoredEvent, 'event' | 'receivedAt'>,
  { area, history }: Pick<AreaPast, 'history'> & { area: Pick<Area, 'id' | 'kind'> },
  calendar: Calendar,
): Finding[] {
  if (!history) return [];
  const atMs = Date.parse(event.occurredAt);
  const receivedMs = Date.parse(receivedAt);
  const { times: count, closedMs } = closedInDay(history, atMs);
  const most = overuseLimits(area.kind, receivedMs);
  const isOften = count > most.times;
  const isLong = closedMs > most.ms;
  const sinceMs = calendar.dayOf(atMs).fromMs;
  const at = new Date(sinceMs).toISOString();
  const found = (rule: RuleId, params: Finding['params']): Finding => ({
    key: `${rule}:${area.id}`,
    rule,
    areaId: area.id,
    params: { ...params, at },
    sinceMs,
  });
  return [
    ...(isOften ? [found('gate-overused', { count })] : []),
    ...(isLong ? [found('gate-minutes-overused', { minutes: Math.ceil(closedMs / MINUTE_MS) })] : []),
  ];
}

/** The area whose past an event is held against. Those of visits are looked at with their case, which knows where it was. */
export function areaOfRecord(stored: StoredEvent): string | undefined {
  const { event } = stored;
  if (!bearsOnGate(stored)) return sightedIn(stored)?.areaId;
  return 'caseId' in event || !('areaId' in event) ? undefined : event.areaId;
}

/** The events that say what somebody did or saw in an area, themselves or in the place of a corrected one. */
export function sightedIn({ event }: StoredEvent): AreaEvent | undefined {
  const said = event.type === 'RECORD_CORRECTED' ? event.replacement : event;
  switch (said?.type) {
    case 'CELL_CHECK':
    case 'PRESENCE_SEEN':
    case 'EMPTY_SEEN':
      return said;
    default:
      return undefined;
  }
}

/**
 * What an event contradicts of its own time, whenever it came: what the record says of who was inside, and what the
 * cameras showed. Where nothing is known of that time, nothing is said.
 */
export function lookAtRecord(stored: StoredEvent, past: AreaPast): Finding | undefined {
  const said = sightedIn(stored);
  // Corridors and interview rooms are empty by the record whoever passes.
  if (!said || past.area.capacity === 0) return undefined;
  const receivedMs = Date.parse(stored.receivedAt);
  const contradiction = contradictionOf(said, past, lengthMsAt('record-leeway', receivedMs));
  if (!contradiction) return undefined;
  const { rule, params = {} } = contradiction;
  // What goes on contradicting is not told of with every event, however many there are.
  const againMs = lengthMsAt(said.type === 'CELL_CHECK' ? 'checked-again' : 'sighted-again', receivedMs);
  const atMs = Date.parse(said.occurredAt);
  const cause = params.cause === undefined ? '' : `:${params.cause}`;
  return {
    key: `${rule}:${past.area.id}${cause}`,
    rule,
    areaId: past.area.id,
    params: { at: said.occurredAt, ...params },
    // The same for all of a spell, whichever of its events is read first.
    sinceMs: atMs - (atMs % againMs),
  };
}

function contradictionOf(
  said: AreaEvent,
  past: AreaPast,
  leewayMs: number,
): { rule: RuleId; params?: Record<string, string | number> } | undefined {
  const fromMs = Date.parse(said.occurredAt) - leewayMs;
  const untilMs = Date.parse(said.occurredAt) + leewayMs;
  const { history } = past;
  const isRecordKnown = history === undefined || history.knownFromMs < fromMs;
  const isEmpty = isRecordKnown && !touchesSpan(history?.occupied ?? [], fromMs, untilMs);
  if (said.type === 'CELL_CHECK') {
    if (isEmpty) return { rule: 'check-of-empty' };
    const cause = darkBetween(past, fromMs, untilMs);
    return cause === undefined ? undefined : { rule: 'check-unseen', params: { cause } };
  }
  const isSeen = said.type === 'PRESENCE_SEEN' && (said.count ?? 1) > 0;
  if (isSeen) {
    if (isEmpty) return { rule: 'presence-unrecorded' };
    const recorded = history && isRecordKnown ? headcountBetween(history, fromMs, untilMs) : undefined;
    const seen = said.count;
    if (seen === undefined || !recorded || (seen >= recorded.least && seen <= recorded.most))
      return undefined;
    return { rule: 'count-differs', params: { seen, recorded: recorded.most } };
  }
  const isOccupied = coversSpan(history?.occupied ?? [], fromMs, untilMs);
  return isOccupied ? { rule: 'absence-unrecorded' } : undefined;
}

/** Why nobody could see the area all the time between two instants; undefined if somebody could, or may have. */
function darkBetween(
  { area, history, sights }: AreaPast,
  fromMs: number,
  untilMs: number,
): DarkCause | undefined {
  if (coversSpan(history?.confidential ?? [], fromMs, untilMs)) return 'confidential';
  const causes = area.feeds.map(({ source }, index) => {
    const shown = sightsBetween(sights[index] ?? [], fromMs, untilMs) ?? [];
    const dark = shown.map((sight) => darkCauseOf(sight, source));
    return dark.includes(undefined) ? undefined : dark.at(-1);
  });
  return causes.includes(undefined) ? undefined : causes[0];
}

/**
 * Why a feed that showed this could not be seen; undefined if it could, or may have been: the rule of `isBlindFeed`, for the
 * past. What is sent on demand is idle because nobody looks.
 */
function darkCauseOf(sight: FeedSight, source: Feed['source']): DarkCause | undefined {
  switch (sight) {
    case 'lost':
    case 'frozen':
    case 'black':
    case 'covered':
    case 'faulty':
    case 'confidential':
      return sight;
    case 'idle':
      return source === 'whip' ? 'unpublished' : undefined;
    case 'connecting':
    case 'live':
    case 'stalled':
      return undefined;
  }
}
