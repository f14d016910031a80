import type { RegionId } from '#contract/ids.ts';
import { eraseWordsAtMs } from './complaint.ts';
import type { ComplaintStore } from './complaint-store.ts';

/** Complaints that are looked at together. */
const CHUNK = 200;

interface SweepOptions {
  store: Pick<ComplaintStore, 'withWords' | 'eraseWords' | 'renewWords' | 'many'>;
  /** Days after the answer. */
  days: number;
  now: () => number;
}

/**
 * Erases what was said in complaints of a region that were answered long enough ago, and encrypts with the present key
 * what was with an older one. Any number of replicas may do it at once. `unreadable`: words whose key is not at hand.
 */
export async function sweepWords(
  regionId: RegionId,
  { store, days, now }: SweepOptions,
): Promise<{ erased: number; unreadable: number }> {
  let erased = 0;
  let unreadable = 0;
  const ids = await store.withWords(regionId);
  for (let start = 0; start < ids.length; start += CHUNK)
    for (const complaint of await store.many(regionId, ids.slice(start, start + CHUNK))) {
      const atMs = eraseWordsAtMs(complaint, days);
      if (atMs === undefined || atMs > now()) {
        if (!(await store.renewWords(complaint))) unreadable += 1;
      } else if (await store.eraseWords(complaint, days)) erased += 1;
    }
  return { erased, unreadable };
}
