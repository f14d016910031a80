import type { Clock } from '#contract/clocks.ts';
import type { AreaId, CaseId, EventId } from '#contract/ids.ts';
import type { AreaStatus } from '#contract/status.ts';
import type { AreaHistory } from './area-history.ts';
import type { CaseView } from './case-view.ts';
import type { FacilityCustody } from './facility-custody.ts';
import type { PlacedSpan } from './spans.ts';

/** What of a facility's record is different now; an id that the record lacks was dropped from it. */
export interface Changes {
  cases: ReadonlySet<CaseId>;
  areas: ReadonlySet<AreaId>;
  corrections: ReadonlySet<EventId>;
  tombstones: ReadonlySet<CaseId>;
  /** Cases that were dropped from the record, as they were then; also when they are back in it since. */
  forgotten: ReadonlyMap<CaseId, CaseView>;
}

export interface Applied {
  facility: FacilityCustody;
  changes: Changes;
  /** Statuses that are different now. */
  statuses: readonly AreaStatus[];
  /** Of areas whose past is different now. */
  histories: ReadonlyMap<AreaId, AreaHistory>;
  /** Clocks of people in custody who are in no area, where they are different now; undefined when there are none any more. */
  unplaced: ReadonlyMap<CaseId, readonly Clock[] | undefined>;
}

/** Where somebody was when, and where nobody might watch on account of them. */
export function pastOf(view: CaseView | undefined): readonly PlacedSpan[] {
  return view ? [...view.stays, ...view.visits] : [];
}

/** Whether two views of a case tell the same of the past. */
export function isSamePast(a: CaseView, b: CaseView): boolean {
  return JSON.stringify(pastOf(a)) === JSON.stringify(pastOf(b));
}

/** What runs for somebody who is in custody and in no area: on the way, not placed yet, or not placed at all. */
export function unplacedClocks(view: CaseView | undefined): readonly Clock[] | undefined {
  return view && view.place === null && view.closedAtMs === null && view.clocks.length > 0
    ? view.clocks
    : undefined;
}
