import { lengthMsAt } from '../../../config/rules/thresholds.ts';
import type { Departure } from '../../custody/departure.ts';
import type { Sight } from './sight.ts';

const HOUR_MS = 3_600_000;

/** Somebody who was sent to another facility and ought to be there by now. Who sent them is asked first. */
export function lookAtDeparture({ facilityId, caseId, to, atMs }: Departure, nowMs: number): Sight {
  const withinMs = lengthMsAt('transfer-received', nowMs);
  const dueMs = atMs + withinMs;
  if (dueMs > nowMs) return { findings: [], times: [dueMs] };
  return {
    findings: [
      {
        key: `transfer-not-received:${facilityId}/${caseId}`,
        rule: 'transfer-not-received',
        facilityId,
        params: { caseId, to, hours: withinMs / HOUR_MS },
        sinceMs: dueMs,
      },
    ],
    times: [],
  };
}
