import { CHECK_WRITTEN_WITHIN } from '../../../config/norms/practice.ts';

const MINUTE_MS = 60_000;

/**
 * Whether a check was written down soon enough after it was made to be one. What was entered afterwards stays on record,
 * and moves no clock. Instants in milliseconds since the epoch.
 */
export function wasWrittenInTime(
  { at, recordedAt }: { at: number; recordedAt: number },
  { minutes }: { minutes: number } = CHECK_WRITTEN_WITHIN,
): boolean {
  return recordedAt - at <= minutes * MINUTE_MS;
}
