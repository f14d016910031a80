import type { Complaint } from '#contract/complaints.ts';
import type { RegionId } from '#contract/ids.ts';
import { eraseWordsAtMs } from './complaint.ts';
import type { ComplaintStore } from './complaint-store.ts';

/** Complaints that are looked at together. */
const CHUNK = 200;

/** What preservation holds cover in a region, as of a moment. */
export interface HeldComplaints {
  version: string;
  isHeldComplaint(complaint: Complaint): boolean;
}

interface SweepOptions {
  store: Pick<ComplaintStore, 'withWords' | 'eraseWords' | 'renewWords' | 'many'>;
  /** Days after the answer. */
  days: number;
  /** What may not be erased, however old. */
  heldIn(regionId: RegionId): Promise<HeldComplaints>;
  now: () => number;
}

/**
 * Erases what was said in complaints of a region that were answered long enough ago, and encrypts with the present key
 * what was with an older one. What a preservation hold covers stays. Any number of replicas may do it at once. `unreadable`: words whose key is not at hand.
 */
export async function sweepWords(
  regionId: RegionId,
  { store, days, heldIn, now }: SweepOptions,
): Promise<{ erased: number; unreadable: number }> {
  let erased = 0;
  let unreadable = 0;
  const ids = await store.withWords(regionId);
  for (let start = 0; start < ids.length; start += CHUNK) {
    const held = await heldIn(regionId);
    for (const complaint of await store.many(regionId, ids.slice(start, start + CHUNK))) {
      const atMs = eraseWordsAtMs(complaint, days);
      if (atMs === undefined || atMs > now() || held.isHeldComplaint(complaint)) {
        if (!(await store.renewWords(complaint))) unreadable += 1;
      } else if (await store.eraseWords(complaint, { days, heldVersion: held.version })) erased += 1;
    }
  }
  return { erased, unreadable };
}
