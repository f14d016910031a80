import type { AreaStatus } from '#contract/status.ts';
import type { Finding } from '../finding.ts';
import type { Sight } from './sight.ts';

/** Levels of observation at which somebody is watched without a break. */
const CONSTANT = 3;

/**
 * What somebody has to do for the people in an area now: answer a bell, watch whom they have to watch without a break,
 * stand by a minor, observe more closely who may harm themselves. `darkCause` says why no camera shows the area, if none does.
 */
export function lookAtCare(status: AreaStatus, nowMs: number, darkCause: string | undefined): Sight {
  const { areaId, bellSince, observation, nextCheckDueAt, findings: contradictions = [] } = status;
  const findings: Finding[] = [];
  const times: number[] = [];
  if (bellSince !== undefined)
    findings.push({
      key: `bell-unanswered:${areaId}:${bellSince}`,
      rule: 'bell-unanswered',
      areaId,
      params: { at: bellSince },
      sinceMs: Date.parse(bellSince),
    });
  if (observation !== undefined && observation >= CONSTANT) {
    const dueMs = nextCheckDueAt === null ? Number.POSITIVE_INFINITY : Date.parse(nextCheckDueAt);
    if (dueMs > nowMs && Number.isFinite(dueMs)) times.push(dueMs);
    const cause = darkCause ?? (dueMs <= nowMs ? 'check-overdue' : undefined);
    if (cause !== undefined)
      findings.push({
        key: `observation-lapse:${areaId}`,
        rule: 'observation-lapse',
        areaId,
        params: { level: observation, cause },
      });
  }
  for (const { code, since } of contradictions)
    if (code === 'minor-unaccompanied')
      findings.push({
        key: `minor-unaccompanied:${areaId}:${since}`,
        rule: 'minor-unaccompanied',
        areaId,
        params: { at: since },
        sinceMs: Date.parse(since),
      });
  const risk = contradictions.find(({ code }) => code === 'risk-unobserved');
  if (risk)
    findings.push({
      key: `self-harm-risk:${areaId}:${risk.since}`,
      rule: 'self-harm-risk',
      areaId,
      params: { at: risk.since },
    });
  return { findings, times };
}
