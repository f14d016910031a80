import type { Clock } from '#contract/clocks.ts';
import type { CaseEvent, CorrectionEvent, StoredEvent } from '#contract/custody-events.ts';
import type { CaseId, EventId, FacilityId } from '#contract/ids.ts';
import type { AreaKind } from '#contract/nation.ts';
import type { RuleId } from '../../../config/rules/rule.ts';
import { lengthMsAt } from '../../../config/rules/thresholds.ts';
import type { CaseRecord } from '../../custody/cases/case-record.ts';
import type { Contradiction } from '../../custody/state/contradictions.ts';
import type { LimitRun } from '../../custody/state/limit-run.ts';
import { toClock } from '../../custody/state/limit-runs.ts';
import type { Finding } from '../finding.ts';
import { breachOf } from './clocks.ts';
import { isBindingRun, limitMovedBy, silentlyMovedBy } from './limits-moved.ts';

const HOUR_MS = 3_600_000;

/** A case by its own events, at an instant at which some of them are new. */
export interface CasePast {
  facilityId: FacilityId;
  caseId: CaseId;
  record: CaseRecord;
  /** Every event that bears on the case, in the order in which they came. */
  events: readonly StoredEvent[];
  /** Those of which nothing was said yet. */
  fresh: ReadonlySet<EventId>;
  kindOf(areaId: string): AreaKind | undefined;
  /** Derives the case from some of its events. */
  fold(events: readonly StoredEvent[]): CaseRecord | undefined;
}

/** What is to be said of a case, whenever and in whatever order its events came. */
export function lookAtCase(past: CasePast): Finding[] {
  return [
    ...contradictionsIn(past),
    ...breachesIn(past),
    ...past.events.flatMap((stored, index) => {
      if (!past.fresh.has(stored.event.id)) return [];
      const earlier = past.events.slice(0, index);
      return [
        ...correctionIn(past, stored, earlier),
        ...restatementIn(past, stored, earlier),
        ...decisionIn(past, stored),
        ...lawyerIn(past, stored),
      ];
    }),
  ];
}

/** Where the person is now, or the facility. */
function placeOf({ facilityId, record }: CasePast): Pick<Finding, 'areaId' | 'facilityId'> {
  const areaId = record.view.place?.areaId;
  return areaId === undefined ? { facilityId } : { areaId };
}

/** Contradictions that need somebody sooner than others. */
const RULE_OF_CONTRADICTION: Readonly<Partial<Record<Contradiction['code'], RuleId>>> = {
  'held-after-release': 'held-after-release',
  'previous-case-not-left': 'arrival-unexplained',
};

/** One for each code, whatever is added to the case later. */
function contradictionsIn(past: CasePast): Finding[] {
  const { facilityId, caseId, record, events } = past;
  const sinceMs = Date.parse(events[0]?.receivedAt ?? '');
  const codes = new Set(record.view.contradictions.map(({ code }) => code));
  return [...codes].map((code) => {
    const rule = RULE_OF_CONTRADICTION[code] ?? 'record-contradicts-itself';
    return {
      key: `${rule}:${facilityId}/${caseId}:${code}`,
      rule,
      ...placeOf(past),
      params: { what: `record/${code}`, caseId },
      sinceMs,
    };
  });
}

/**
 * Limits that were met too late, or not at all until the person left. Their flag is the one that the running clock has
 * raised, if anybody has seen it run.
 */
function breachesIn(past: CasePast): Finding[] {
  const { facilityId, caseId, record } = past;
  const { closedAtMs, continuedAtMs } = record.view;
  return record.runs.flatMap((run) => {
    const endMs = run.metMs ?? closedAtMs;
    // What was met before the person came here, the facility answers for where they were.
    if (run.metMs !== undefined && run.metMs < (continuedAtMs ?? 0)) return [];
    // A clock that stands does not run out.
    const isOver = endMs !== null && endMs > run.dueMs && run.pausedMs === undefined;
    const clock = toBindingClock(caseId, run);
    return isOver && clock && !isBehind(run, record.runs)
      ? [{ ...breachOf({ facilityId, clock }), ...placeOf(past) }]
      : [];
  });
}

/** Whether another limit stood for it when it ended, so that it had no clock of its own: see `runningOf`. */
function isBehind(run: LimitRun, runs: readonly LimitRun[]): boolean {
  const behind = run.limit.kind === 'check' ? undefined : run.limit.behind;
  return runs.some(
    ({ set, limit, dueMs, metMs }) =>
      set === run.set &&
      behind?.includes(limit.id) === true &&
      dueMs <= run.dueMs &&
      (metMs === undefined || metMs > run.dueMs),
  );
}

function toBindingClock(caseId: CaseId, run: LimitRun): Clock | undefined {
  return isBindingRun(run) ? toClock(caseId, run) : undefined;
}

/** A correction is held against what it corrects, and not against what it puts in the place. */
function correctionIn(past: CasePast, stored: StoredEvent, earlier: readonly StoredEvent[]): Finding[] {
  const { event, facilityId, receivedAt } = stored;
  if (event.type !== 'RECORD_CORRECTED' || stored.carried?.again) return [];
  const original = originalOf(event, past.events);
  const own = (rule: RuleId, params: Finding['params']): Finding => ({
    key: `${rule}:${facilityId}/${event.id}`,
    rule,
    ...placeOf(past),
    params: { at: event.recordedAt, caseId: past.caseId, ...params },
    sinceMs: Date.parse(event.recordedAt),
  });
  const { replacement } = event;
  // What it corrects is in no event of this case: then the case is what was changed.
  const changed =
    replacement &&
    (original
      ? whatMoved(original, replacement as CaseEvent, {
          record: past.record,
          leastMs: lengthMsAt('moved', Date.parse(receivedAt)),
        })
      : ('case' as const));
  const what = changed ?? limitMovedBy(stored, { earlier, fold: past.fold });
  const moved = what === undefined ? [] : [own('record-moved', { what })];
  if (!replacement) return moved;
  const afterMs = Date.parse(event.recordedAt) - Date.parse((original ?? replacement).occurredAt);
  return afterMs > lengthMsAt('edited-late', Date.parse(receivedAt))
    ? [...moved, own('record-edited-late', { hours: Math.floor(afterMs / HOUR_MS) })]
    : moved;
}

/** What stood there before, in whichever event or correction it came. */
function originalOf({ corrects }: CorrectionEvent, events: readonly StoredEvent[]): CaseEvent | undefined {
  for (const { event } of events) {
    const said = event.type === 'RECORD_CORRECTED' ? event.replacement : event;
    if (said && 'caseId' in said && (event.id === corrects || said.id === corrects)) return said;
  }
  return undefined;
}

/** What of an event a correction changes that limits and places rest on, times by `leastMs` or more; undefined if nothing. */
function whatMoved(
  before: CaseEvent,
  after: CaseEvent,
  { record, leastMs }: Pick<CasePast, 'record'> & { leastMs: number },
): string | undefined {
  if (before.caseId !== after.caseId) return 'case';
  if (before.type !== after.type) return 'type';
  if (before.areaId !== after.areaId) return 'area';
  const movedMs = Math.abs(Date.parse(before.occurredAt) - Date.parse(after.occurredAt));
  const isAnchor = record.runs.some(
    ({ limit }) => 'anchor' in limit && limit.anchor.includes(before.type as never),
  );
  return isAnchor && movedMs >= leastMs ? 'time' : undefined;
}

/**
 * The regime and the age decide which limits hold: whoever states them anew is asked why; and so is whoever says anything
 * else by which a binding limit no longer holds, or is met after all.
 */
function restatementIn(past: CasePast, stored: StoredEvent, earlier: readonly StoredEvent[]): Finding[] {
  const { event, facilityId } = stored;
  const restated = (['regime', 'minor'] as const)
    .filter((fact) => isStatedAnew(event, earlier, fact))
    .map((fact) => `fact/${fact}`);
  const silent = silentlyMovedBy(stored, { earlier, fold: past.fold });
  return [...restated, ...silent].map((what) => ({
    key: `facts-changed:${facilityId}/${event.id}:${what.replace('fact/', '')}`,
    rule: 'facts-changed',
    ...placeOf(past),
    params: { what, at: event.recordedAt, caseId: past.caseId },
    sinceMs: Date.parse(event.recordedAt),
  }));
}

function isStatedAnew(
  event: StoredEvent['event'],
  earlier: readonly StoredEvent[],
  fact: 'regime' | 'minor',
): boolean {
  const person = personIn(event);
  const before = earlier.findLast((one) => personIn(one.event) !== undefined);
  const stated = before && personIn(before.event);
  return person !== undefined && stated !== undefined && person[fact] !== stated[fact];
}

function personIn(event: StoredEvent['event']) {
  const said = event.type === 'RECORD_CORRECTED' ? event.replacement : event;
  return said && 'person' in said ? said.person : undefined;
}

const DECISIONS: Readonly<Partial<Record<CaseEvent['type'], RuleId>>> = {
  EXTENSION_GRANTED: 'extension-granted',
  OVERLAY_APPLIED: 'overlay-applied',
};

/** A decision that gives more time is looked at by somebody, each time. */
function decisionIn(past: CasePast, { event, facilityId }: StoredEvent): Finding[] {
  const said = event.type === 'RECORD_CORRECTED' ? event.replacement : event;
  const rule = said && DECISIONS[said.type as CaseEvent['type']];
  if (!rule) return [];
  const params = { at: said.occurredAt, caseId: past.caseId };
  const sinceMs = Date.parse(said.occurredAt);
  return [{ key: `${rule}:${facilityId}/${said.id}`, rule, ...placeOf(past), params, sinceMs }];
}

/** A lawyer's visit closes an area to everybody: in an ordinary cell that is asked after. */
function lawyerIn({ caseId, record, kindOf }: CasePast, { event, facilityId }: StoredEvent): Finding[] {
  if (event.type !== 'LAWYER_ARRIVED') return [];
  const sinceMs = Date.parse(event.occurredAt);
  const areaId =
    event.areaId ??
    record.view.stays.find(({ span: [from, to] }) => from <= sinceMs && (to === null || to >= sinceMs))
      ?.areaId;
  if (areaId === undefined || kindOf(areaId) !== 'cell') return [];
  const params = { at: event.occurredAt, caseId };
  return [{ key: `gate-in-cell:${facilityId}/${event.id}`, rule: 'gate-in-cell', areaId, params, sinceMs }];
}
