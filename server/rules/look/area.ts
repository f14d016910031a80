import { missedCheckKey } from '#contract/rule-flags.ts';
import { type AreaStatus, POWER_LOST } from '#contract/status.ts';
import { isFlaggedLine } from '../../../config/norms/norms.ts';
import { WELFARE_CHECK } from '../../../config/norms/practice.ts';
import { lengthMsAt } from '../../../config/rules/thresholds.ts';
import type { Finding } from '../finding.ts';
import type { Sight } from './sight.ts';

const MINUTE_MS = 60_000;
const LOOKED_AT_ELSEWHERE: ReadonlySet<string> = new Set([
  'minor-unaccompanied',
  'risk-unobserved',
  POWER_LOST,
]);
const SIGHTED: ReadonlySet<string> = new Set(['presence-without-record', 'record-without-presence']);

/** What the record says of an area beside its clocks: checks, room, who is held with whom, how long it is confidential. */
export function lookAtArea(
  status: AreaStatus,
  { capacity, nowMs }: { capacity: number; nowMs: number },
): Sight {
  const { areaId, headcount, nextCheckDueAt, confidentialSince, visits = [], space } = status;
  const findings: Finding[] = [];
  const times: number[] = [];
  const fromTime = (atMs: number, finding: Finding) => {
    if (atMs > nowMs) times.push(atMs);
    else findings.push({ ...finding, sinceMs: atMs });
  };
  if (headcount > 0 && nextCheckDueAt !== null) {
    const key = missedCheckKey(areaId, nextCheckDueAt);
    // What a facility that joins or catches up tells comes in pieces: whose checks come in the next one has missed none.
    const params = { dueAt: nextCheckDueAt };
    const dueMs = Date.parse(nextCheckDueAt);
    // A check that is told begins the wait anew. Another interval moves the due instant and not what it counts from, so
    // that whoever keeps changing it is waited for no longer.
    const fromMs = dueMs - (status.checkMinutes ?? WELFARE_CHECK.minutes) * MINUTE_MS;
    const waitFor = `${areaId}:${fromMs}`;
    fromTime(dueMs, { key, rule: 'check-missed', areaId, params, waitsFromSeen: true, waitFor });
  }
  if (confidentialSince !== null) {
    const asked = [
      { since: confidentialSince, longMs: lengthMsAt('gate-too-long', nowMs) },
      ...visits
        .filter(({ kind }) => kind === 'medical')
        .map(({ since }) => ({ since, longMs: lengthMsAt('examination-too-long', nowMs) })),
    ].map(({ since, longMs }) => ({ longMs, atMs: Date.parse(since) + longMs }));
    const first = asked.reduce((a, b) => (b.atMs < a.atMs ? b : a));
    fromTime(first.atMs, {
      key: `gate-too-long:${areaId}:${confidentialSince}`,
      rule: 'gate-too-long',
      areaId,
      params: { minutes: first.longMs / MINUTE_MS },
    });
  }
  const warnMs = lengthMsAt('visit-ending', nowMs);
  for (const { caseId, kind, until } of visits)
    fromTime(Date.parse(until) - warnMs, {
      key: `visit-ending:${areaId}:${caseId}/${kind}:${until}`,
      rule: 'visit-ending',
      areaId,
      params: { minutes: warnMs / MINUTE_MS },
    });
  // Which line is too low, the norms of the nation say; see `config/norms/space.ts`.
  if (space?.below && isFlaggedLine(space.below, nowMs))
    findings.push({
      key: `overcrowded:${areaId}`,
      rule: 'overcrowded',
      areaId,
      params: { m2: space.m2PerPerson, limit: `${space.below.normSet}/${space.below.limit}` },
    });
  if (space?.overCapacity)
    findings.push({
      key: `over-capacity:${areaId}`,
      rule: 'over-capacity',
      areaId,
      params: { headcount, capacity },
    });
  for (const { normSet, code, since } of status.findings ?? []) {
    // Who was seen is held against the record of that time, once the record has settled: see `record-and-video.ts`.
    if (normSet === 'record' && SIGHTED.has(code)) continue;
    // That is looked at in `care.ts`, or accounts for a camera that is off.
    if (LOOKED_AT_ELSEWHERE.has(code)) continue;
    const rule = normSet === 'record' ? 'record-contradicts-itself' : 'separation';
    findings.push({
      key: `${rule}:${areaId}:${normSet}/${code}:${since}`,
      rule,
      areaId,
      params: { what: `${normSet}/${code}` },
      sinceMs: Date.parse(since),
    });
  }
  return { findings, times };
}
