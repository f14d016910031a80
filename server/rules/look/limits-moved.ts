import { isBinding } from '#contract/clocks.ts';
import type { CaseEvent, StoredEvent } from '#contract/custody-events.ts';
import { lengthMsAt } from '../../../config/rules/thresholds.ts';
import type { CaseRecord } from '../../custody/cases/case-record.ts';
import type { CaseFacts } from '../../custody/state/case-facts.ts';
import { type LimitRun, wasMetLate } from '../../custody/state/limit-run.ts';
import { standingOf } from '../../custody/state/limit-runs.ts';

/** Facts on which it depends which limits hold, beside the regime and the age. */
const FACTS = [
  'onRuling',
  'arrivedIntoxicated',
  'foreigner',
  'specialService',
  'needsAppropriateAdult',
] as const;

/** A case as it was told up to some event. `fold` derives it; undefined if nothing of it is among these events. */
export interface Told {
  earlier: readonly StoredEvent[];
  fold(events: readonly StoredEvent[]): Pick<CaseRecord, 'runs' | 'view'> | undefined;
}

/** Whether a limit's end is one that law or guidance sets for this case, and whose end is told as that of a deadline. */
export function isBindingRun(run: LimitRun): boolean {
  const { kind, atEnd } = run.limit;
  if (run.isShadowed || kind === 'duty' || kind === 'check' || atEnd !== undefined) return false;
  const standing = standingOf(run);
  return isBinding(standing === 'law' ? {} : { standing });
}

/** The first binding limit that a correction moves, switches, meets or opens again, as `set/limit`; undefined if none. */
export function limitMovedBy(correction: StoredEvent, { earlier, fold }: Told): string | undefined {
  const before = fold(earlier);
  const after = fold([...earlier, correction]);
  return before && after && firstOf(before.runs, after.runs, isMovedAt(correction));
}

/**
 * What an event that corrects nothing changes of limits that ran, in silence: facts that it states anew and by which
 * other limits hold, as `fact/…`; or a limit that was met late, and by this event was not, as `set/limit`.
 */
export function silentlyMovedBy(stored: StoredEvent, { earlier, fold }: Told): string[] {
  const { event } = stored;
  // What was carried here again, nobody has told.
  if (!('caseId' in event) || stored.carried?.again || earlier.length === 0) return [];
  const after = () => fold([...earlier, stored]);
  if (statesAnew(event, earlier)) {
    const before = fold(event.type === 'SOBERED' ? earlier : [...earlier, withoutFacts(stored, event)]);
    const now = after();
    if (before && now && firstOf(before.runs, now.runs, isMovedAt(stored)) !== undefined)
      return restated(before.view.facts, now.view.facts).map((fact) => `fact/${fact}`);
  }
  // What comes in its order meets nothing earlier than it was met.
  const atMs = Date.parse(event.occurredAt);
  if (!earlier.some((one) => Date.parse(one.event.occurredAt) > atMs)) return [];
  const before = fold(earlier);
  const now = before && after();
  const limit = before && now && firstOf(before.runs, now.runs, isNoLongerLate);
  return limit === undefined ? [] : [limit];
}

function restated(before: CaseFacts, now: CaseFacts): string[] {
  // Who is a minor needs an adult: that the age is another one is told by itself.
  const isOtherAge = before.minor !== now.minor;
  return FACTS.filter(
    (fact) => before[fact] !== now[fact] && !(fact === 'needsAppropriateAdult' && isOtherAge),
  );
}

/** Whether an event states otherwise what an earlier one has stated, or was taken to mean. */
function statesAnew(event: CaseEvent, earlier: readonly StoredEvent[]): boolean {
  const said = earlier.flatMap((one) => {
    const own = one.event.type === 'RECORD_CORRECTED' ? one.event.replacement : one.event;
    return own && 'caseId' in own ? [own] : [];
  });
  if (event.type === 'SOBERED') return said.length > 0;
  const stated = event.person && said.findLast(({ person }) => person !== undefined)?.person;
  if (stated && JSON.stringify(stated) !== JSON.stringify(event.person)) return true;
  // An apprehension that does not say more was one without a ruling.
  return event.basis !== undefined && said.some(({ type }) => type === 'APPREHENDED');
}

function withoutFacts(stored: StoredEvent, event: CaseEvent): StoredEvent {
  const { person: _, basis: __, ...rest } = event;
  return { ...stored, event: rest };
}

type Changed = (before: LimitRun | undefined, after: LimitRun | undefined) => boolean;

function firstOf(
  before: readonly LimitRun[],
  after: readonly LimitRun[],
  isChanged: Changed,
): string | undefined {
  const [was, is] = [byName(before), byName(after)];
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    const [own = [], others = []] = [was.get(name), is.get(name)];
    const count = Math.max(own.length, others.length);
    for (let index = 0; index < count; index += 1) if (isChanged(own[index], others[index])) return name;
  }
  return undefined;
}

function byName(runs: readonly LimitRun[]): Map<string, LimitRun[]> {
  return Map.groupBy(runs.filter(isBindingRun), ({ set, limit }) => `${set.id}/${limit.id}`);
}

/** By more than one would correct in writing, as that stood when an event was received. */
function isMovedAt({ receivedAt }: StoredEvent): Changed {
  const leastMs = lengthMsAt('moved', Date.parse(receivedAt));
  return (before, after) => !before || !after || isMovedBy(leastMs, before, after);
}

function isMovedBy(leastMs: number, before: LimitRun, after: LimitRun): boolean {
  const isApart = (one: number | undefined, other: number | undefined) =>
    one === undefined || other === undefined ? one !== other : Math.abs(one - other) >= leastMs;
  return (
    isApart(before.anchorMs, after.anchorMs) ||
    isApart(before.dueMs, after.dueMs) ||
    isApart(before.metMs, after.metMs) ||
    (before.pausedMs === undefined) !== (after.pausedMs === undefined) ||
    wasMetLate(before) !== wasMetLate(after)
  );
}

const isNoLongerLate: Changed = (before, after) =>
  before !== undefined && wasMetLate(before) && (!after || !wasMetLate(after));
