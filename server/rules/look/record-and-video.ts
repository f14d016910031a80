import type { AreaEvent, StoredEvent } from '#contract/custody-events.ts';
import type { Area, Feed } from '#contract/nation.ts';
import type { RuleId } from '../../../config/rules/rule.ts';
import { lengthMsAt, timesADayAt } from '../../../config/rules/thresholds.ts';
import { type AreaHistory, headcountBetween } from '../../custody/state/area-history.ts';
import type { Calendar } from '../../custody/state/local-day.ts';
import { coversSpan, touchesSpan } from '../../custody/state/spans.ts';
import { type FeedSight, type SightChange, sightsBetween } from '../../live/sight-history.ts';
import type { Finding } from '../finding.ts';

const DAY_MS = 24 * 3_600_000;
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

/** Where people come and go by themselves. */
const FOR_VISITS: ReadonlySet<Area['kind']> = new Set(['lawyer-room', 'medical-room', 'interview-room']);

/** Whether an event closes an area of its own naming to everybody's eyes. */
export function closesGate({ event }: StoredEvent): boolean {
  return (
    event.type === 'LAWYER_ARRIVED' || event.type === 'MEDICAL_EXAM_STARTED' || event.type === 'GATE_OPENED'
  );
}

/** How often an area was closed in the day before an event closed it; once a day of the calendar, if it was too often. */
export function lookAtGate(
  { event, receivedAt }: StoredEvent,
  { area, history }: AreaPast,
  calendar: Calendar,
): Finding | undefined {
  const atMs = Date.parse(event.occurredAt);
  const closed = (history?.confidential ?? []).filter(([from]) => from > atMs - DAY_MS && from <= atMs);
  const bound = FOR_VISITS.has(area.kind) ? 'gates-for-visits' : 'gates-elsewhere';
  if (closed.length <= timesADayAt(bound, Date.parse(receivedAt))) return undefined;
  const sinceMs = calendar.dayOf(atMs).fromMs;
  const params = { count: closed.length, at: new Date(sinceMs).toISOString() };
  return { key: `gate-overused:${area.id}`, rule: 'gate-overused', areaId: area.id, params, sinceMs };
}

/** The area whose past an event is held against. */
export function areaOfRecord(stored: StoredEvent): string | undefined {
  const { event } = stored;
  return closesGate(stored) && 'areaId' in event ? event.areaId : sightedIn(stored)?.areaId;
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
