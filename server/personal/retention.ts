import type { CaseSummary } from '#contract/cases.ts';
import type { Instant } from '#contract/ids.ts';

const DAY_MS = 24 * 3_600_000;

/** What is known of a case when it is asked whether its personal data may stay. */
export interface Kept {
  /** The projection holds it and it is not closed. */
  isOpen: boolean;
  /** Undefined for a case of which no event has come. */
  summary: Pick<CaseSummary, 'closedAt' | 'updatedAt'> | undefined;
  receivedAt: Instant;
  /** When the closing reached us, or the last event of a case that was never closed; undefined if that is not known. */
  overReceivedAt?: Instant | undefined;
}

/**
 * When personal data is to be erased (ms): so many days after the case was closed, or after it was last heard of if it
 * never was, and not before we were told of it, as the time of the closing is the sender's word; undefined while somebody
 * is held. What is received later is kept no longer for it, but for a day, in which a
 * record that was entered late can be read.
 */
export function eraseAtMs(
  { isOpen, summary, receivedAt, overReceivedAt }: Kept,
  days: number,
): number | undefined {
  if (isOpen) return undefined;
  const receivedMs = Date.parse(receivedAt);
  if (!summary) return receivedMs + Math.max(days, 1) * DAY_MS;
  const overMs = Math.max(
    Date.parse(summary.closedAt ?? summary.updatedAt),
    overReceivedAt === undefined ? 0 : Date.parse(overReceivedAt),
  );
  return Math.max(overMs + days * DAY_MS, receivedMs + DAY_MS);
}
