import type { Flag } from '#contract/flags.ts';
import type { CaseId, FacilityId } from '#contract/ids.ts';
import { raisedAtMs } from '../../flags/flag.ts';
import type { CaseView } from '../state/case-view.ts';
import type { PlacedSpan } from '../state/spans.ts';

const HOUR_MS = 3_600_000;
/** Rules may name a case for so long after what they saw in it, and before anything was recorded of it. */
const MARGIN_MS = 24 * HOUR_MS;
/** Flags of the region that are looked at for one case. */
const MAX_LOOKED_AT = 5_000;
const MAX_TOLD = 500;

interface Wanted {
  facilityId: FacilityId;
  view: Pick<CaseView, 'caseId' | 'stays' | 'closedAtMs' | 'times' | 'facts'>;
  nowMs: number;
  /** Flags of the region, newest first, that were raised no later than an instant. */
  newestFirst(untilMs: number): AsyncIterable<Flag>;
}

/**
 * Flags that were raised about the areas of a case while the person was there, or that name the case; newest first.
 * `isCut`: there may be older ones.
 */
export async function flagsOf({
  facilityId,
  view,
  nowMs,
  newestFirst,
}: Wanted): Promise<{ flags: Flag[]; isCut: boolean }> {
  const { stays, closedAtMs } = view;
  const begins = [view.times.actualMs, view.facts.anchorMs, stays[0]?.span[0]].filter(
    (ms) => ms !== undefined,
  );
  const fromMs = Math.min(nowMs, ...begins) - MARGIN_MS;
  const untilMs = Math.min(nowMs, (closedAtMs ?? nowMs) + MARGIN_MS);
  const flags: Flag[] = [];
  let lookedAt = 0;
  for await (const flag of newestFirst(untilMs)) {
    if (raisedAtMs(flag) < fromMs) break;
    if (lookedAt === MAX_LOOKED_AT || flags.length === MAX_TOLD) return { flags, isCut: true };
    lookedAt += 1;
    if (isAbout(flag, { facilityId, caseId: view.caseId, stays })) flags.push(flag);
  }
  return { flags, isCut: false };
}

/** Whether a flag is about a case. Ids of cases are a facility's own. */
export function isAbout(
  flag: Flag,
  { facilityId, caseId, stays }: { facilityId: FacilityId; caseId: CaseId; stays: readonly PlacedSpan[] },
): boolean {
  if (flag.facilityId !== facilityId) return false;
  if (flag.rule?.params.caseId === caseId) return true;
  const atMs = raisedAtMs(flag);
  return stays.some(
    ({ areaId, span: [fromMs, untilMs] }) =>
      areaId === flag.areaId && atMs >= fromMs && (untilMs === null || atMs <= untilMs),
  );
}
