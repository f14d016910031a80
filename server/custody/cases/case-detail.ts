import type { CaseContradiction, CaseDetail, CaseRun, CaseStay, CaseTimes } from '#contract/cases.ts';
import type { StoredEvent } from '#contract/custody-events.ts';
import type { FacilityId, RegionId } from '#contract/ids.ts';
import type { CaseView } from '../state/case-view.ts';
import type { Contradiction } from '../state/contradictions.ts';
import type { LimitRun } from '../state/limit-run.ts';
import { standingOf } from '../state/limit-runs.ts';
import type { CaseRecord } from './case-record.ts';
import { toSummary } from './case-summary.ts';
import { toTimeline } from './timeline.ts';

/** What a case's own events say of it; flags and viewings come from elsewhere. */
export function toCaseDetail(
  record: CaseRecord,
  events: readonly StoredEvent[],
  place: { regionId: RegionId; facilityId: FacilityId },
): Omit<CaseDetail, 'flags' | 'viewings' | 'leftOut'> {
  const { view, runs } = record;
  return {
    summary: toSummary(view, place),
    times: toTimes(view.times),
    contradictions: view.contradictions.map(toContradiction),
    runs: runs.flatMap(toRun),
    stays: toStays(view),
    timeline: toTimeline(events, record),
  };
}

function toTimes({ actualMs, deliveredMs, registeredMs, protocolMs }: CaseView['times']): CaseTimes {
  return {
    actual: toInstant(actualMs),
    delivered: toInstant(deliveredMs),
    registered: toInstant(registeredMs),
    protocol: toInstant(protocolMs),
  };
}

function toContradiction({ code, atMs, againstMs, limit }: Contradiction): CaseContradiction {
  return {
    code,
    at: new Date(atMs).toISOString(),
    against: toInstant(againstMs),
    ...(limit ? { limit } : {}),
  };
}

/** A check has no run of its own: it belongs to the area, whoever is inside. */
function toRun(run: LimitRun): CaseRun[] {
  const { set, limit, ground, isShadowed, anchorMs, amberMs, redMs, dueMs, metMs, pausedMs } = run;
  if (limit.kind === 'check') return [];
  return [
    {
      normSet: set.id,
      limit: limit.id,
      kind: limit.kind,
      standing: standingOf(run),
      shadowed: isShadowed,
      ground: ground ?? null,
      anchorAt: new Date(anchorMs).toISOString(),
      amberAt: new Date(amberMs).toISOString(),
      redAt: new Date(redMs).toISOString(),
      dueAt: new Date(dueMs).toISOString(),
      metAt: toInstant(metMs),
      pausedAt: toInstant(pausedMs),
    },
  ];
}

function toStays({ stays }: CaseView): CaseStay[] {
  return stays.map(({ areaId, span: [fromMs, untilMs] }) => ({
    areaId,
    from: new Date(fromMs).toISOString(),
    to: toInstant(untilMs),
  }));
}

function toInstant(atMs: number | null | undefined): string | null {
  return atMs === undefined || atMs === null ? null : new Date(atMs).toISOString();
}
