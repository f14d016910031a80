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
}

/**
 * When personal data is to be erased (ms): so many days after the case was closed, or after it was last heard of if it
 * never was; undefined while somebody is held. What is received later is kept no longer for it, but for a day, in which a
 * record that was entered late can be read.
 */
export function eraseAtMs({ isOpen, summary, receivedAt }: Kept, days: number): number | undefined {
  if (isOpen) return undefined;
  const receivedMs = Date.parse(receivedAt);
  if (!summary) return receivedMs + Math.max(days, 1) * DAY_MS;
  const overMs = Date.parse(summary.closedAt ?? summary.updatedAt);
  return Math.max(overMs + days * DAY_MS, receivedMs + DAY_MS);
}
