import type { CaseSummary } from '#contract/cases.ts';
import type { CaseId, FacilityId, RegionId } from '#contract/ids.ts';
import type { CaseView } from '../state/case-view.ts';
import type { RegionApplied, RegionCustody } from '../state/region-custody.ts';

/** What a list has to know of a case that is different now. */
export interface CaseChange {
  summary: CaseSummary;
  /** By which lists are sorted: the beginning of the detention, ms. */
  beganMs: number;
  /** The projection holds it and it is not closed. */
  isOpen: boolean;
}

/** The name of a case among those of its region. */
export function caseMember({ facilityId, caseId }: { facilityId: FacilityId; caseId: CaseId }): string {
  return `${facilityId}/${caseId}`;
}

/** A case in a list. */
export function toSummary(
  view: CaseView,
  { regionId, facilityId }: { regionId: RegionId; facilityId: FacilityId },
): CaseSummary {
  const beganMs = view.times.actualMs ?? view.facts.anchorMs;
  return {
    caseId: view.caseId,
    facilityId,
    regionId,
    areaId: view.place?.areaId ?? null,
    person: view.person ?? null,
    detainedAt: toInstant(beganMs),
    closedAt: toInstant(view.closedAtMs),
    clocks: [...view.clocks],
    contradictions: view.contradictions.length,
    updatedAt: new Date(view.lastRecordedAt).toISOString(),
  };
}

/** The cases of a region of which lists say something else after some events. Those that were forgotten stay as they were. */
export function changedCases(
  regionId: RegionId,
  before: RegionCustody,
  { region, changes }: Pick<RegionApplied, 'region' | 'changes'>,
): CaseChange[] {
  return Array.from(changes, ([facilityId, { forgotten }]) => {
    const earlier = before.get(facilityId)?.views;
    const views = region.get(facilityId)?.views ?? new Map<CaseId, CaseView>();
    const place = { regionId, facilityId };
    const gone = [...forgotten.values()].filter(({ caseId }) => !views.has(caseId));
    const changed = [...views.values()].filter((view) => earlier?.get(view.caseId) !== view);
    return [
      ...gone.map((view) => toChange(view, place, false)),
      ...changed.map((view) => toChange(view, place, view.closedAtMs === null)),
    ];
  }).flat();
}

function toChange(
  view: CaseView,
  place: { regionId: RegionId; facilityId: FacilityId },
  isOpen: boolean,
): CaseChange {
  const summary = toSummary(view, place);
  return { summary, beganMs: Date.parse(summary.detainedAt ?? summary.updatedAt), isOpen };
}

function toInstant(atMs: number | null | undefined): string | null {
  return atMs === null || atMs === undefined ? null : new Date(atMs).toISOString();
}
