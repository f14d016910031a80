import { z } from 'zod';
import type { Complaint } from '#contract/complaints.ts';
import type { Flag } from '#contract/flags.ts';
import type { HoldTarget } from '#contract/holds.ts';
import { AreaId, CaseId, FacilityId } from '#contract/ids.ts';
import type { PlacedSpan } from '../custody/state/spans.ts';

/**
 * What lies so near in time to a flag belongs to it: who was in the area within a day before it was raised and a day after
 * it was closed. Our own judgment.
 */
const AROUND_FLAG_MS = 24 * 3_600_000;

/** What a hold covers: one case, or whoever was in an area (without one: in the facility) in a time (ms). */
export const Coverage = z.union([
  z.strictObject({ facilityId: FacilityId, caseId: CaseId }),
  z.strictObject({
    facilityId: FacilityId,
    areaId: AreaId.nullable(),
    fromMs: z.int(),
    /** Null: also what is still to come. */
    toMs: z.int().nullable(),
  }),
]);
export type Coverage = z.infer<typeof Coverage>;

/** What a target other than a flag covers. */
export function coverageOf(target: Exclude<HoldTarget, { kind: 'flag' }>, facilityId: FacilityId): Coverage {
  if (target.kind === 'case') return { facilityId, caseId: target.caseId };
  return {
    facilityId,
    areaId: target.areaId,
    fromMs: Date.parse(target.from),
    toMs: target.to === null ? null : Date.parse(target.to),
  };
}

/** What surrounds a flag. One that is open has no end yet. */
export function coverageOfFlag({ facilityId, areaId, history, state }: Flag): Coverage {
  const raisedMs = Date.parse(history[0]?.at ?? '');
  const isClosed = state === 'resolved' || state === 'dismissed';
  const closedMs = isClosed ? Date.parse(history.at(-1)?.at ?? '') : undefined;
  return {
    facilityId,
    areaId: areaId ?? null,
    fromMs: raisedMs - AROUND_FLAG_MS,
    toMs: closedMs === undefined ? null : closedMs + AROUND_FLAG_MS,
  };
}

/** Whether somebody's case is covered. Where they were is asked only if it matters; undefined: nobody can tell, then it is. */
export function coversCase(
  coverage: Coverage,
  { facilityId, caseId }: { facilityId: FacilityId; caseId: CaseId },
  stays: readonly PlacedSpan[] | undefined,
): boolean {
  if (coverage.facilityId !== facilityId) return false;
  if ('caseId' in coverage) return coverage.caseId === caseId;
  if (stays === undefined) return true;
  const { areaId, fromMs, toMs } = coverage;
  return stays.some(
    ({ areaId: place, span: [since, until] }) =>
      (areaId === null || place === areaId) &&
      (toMs === null || since <= toMs) &&
      (until === null || until >= fromMs),
  );
}

/** What happened in an area between two instants (ms). */
export interface PlacedTime {
  facilityId: FacilityId;
  areaId: AreaId;
  fromMs: number;
  toMs: number;
}

/** Whether what happened in an area at a time is covered by a hold on a time of it, or of its whole facility. */
export function coversTime(coverage: Coverage, { facilityId, areaId, fromMs, toMs }: PlacedTime): boolean {
  if (coverage.facilityId !== facilityId || 'caseId' in coverage) return false;
  if (coverage.areaId !== null && coverage.areaId !== areaId) return false;
  return coverage.fromMs <= toMs && (coverage.toMs === null || coverage.toMs >= fromMs);
}

/** Whether somebody was in an area at a time. Undefined: nobody can tell where they were, then they may have been. */
export function wasThere(
  stays: readonly PlacedSpan[] | undefined,
  { areaId, fromMs, toMs }: PlacedTime,
): boolean {
  if (stays === undefined) return true;
  return stays.some(
    ({ areaId: place, span: [since, until] }) =>
      place === areaId && since <= toMs && (until === null || until >= fromMs),
  );
}

/**
 * Whether a citizen's complaint is covered: it is about a facility, so that a hold on any area of it may be about the same
 * thing, if the complaint was taken in its time, or what it tells of happened then. When it does not say when, it may have
 * been at any time before.
 */
export function coversComplaint(
  coverage: Coverage,
  { facilityId, happenedAt, history }: Pick<Complaint, 'facilityId' | 'happenedAt' | 'history'>,
): boolean {
  if (coverage.facilityId !== facilityId || 'caseId' in coverage) return false;
  const takenMs = Date.parse(history[0]?.at ?? '');
  const happenedMs = happenedAt === null ? Number.NEGATIVE_INFINITY : Date.parse(happenedAt);
  const { fromMs, toMs } = coverage;
  return takenMs >= fromMs && (toMs === null || happenedMs <= toMs);
}
