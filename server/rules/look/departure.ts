import { TRANSFER_RECEIVED_WITHIN } from '../../../config/norms/practice.ts';
import type { Departure } from '../../custody/departure.ts';
import type { Sight } from './sight.ts';

const HOUR_MINUTES = 60;
const MINUTE_MS = 60_000;

/** Somebody who was sent to another facility and ought to be there by now. Who sent them is asked first. */
export function lookAtDeparture({ facilityId, caseId, to, atMs }: Departure, nowMs: number): Sight {
  const { minutes } = TRANSFER_RECEIVED_WITHIN;
  const dueMs = atMs + minutes * MINUTE_MS;
  if (dueMs > nowMs) return { findings: [], times: [dueMs] };
  return {
    findings: [
      {
        key: `transfer-not-received:${facilityId}/${caseId}`,
        rule: 'transfer-not-received',
        facilityId,
        params: { caseId, to, hours: minutes / HOUR_MINUTES },
        sinceMs: dueMs,
      },
    ],
    times: [],
  };
}
