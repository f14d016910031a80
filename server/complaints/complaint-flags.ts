import type { Complaint } from '#contract/complaints.ts';
import type { Flag } from '#contract/flags.ts';
import type { RegionId } from '#contract/ids.ts';
import { raiseFlag } from '../flags/flag.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import { SEVERITY_OF_KIND } from './complaint.ts';
import type { ComplaintStore } from './complaint-store.ts';

interface FlagsOptions {
  store: Pick<ComplaintStore, 'find' | 'toFlag' | 'flagged'>;
  flags: Pick<FlagStore, 'change'>;
}

/**
 * Raises the flag of a complaint on its facility. The flag has an id that follows from the complaint's, so that it is
 * raised once, however often and by whichever replica.
 */
export async function flagComplaint(complaint: Complaint, { store, flags }: FlagsOptions): Promise<void> {
  const first = complaint.history[0];
  if (!first) return;
  const { regionId, facilityId, flagId, number, kind, intake } = complaint;
  const body = {
    id: flagId,
    category: 'complaint',
    severity: SEVERITY_OF_KIND[kind],
    // Every language writes the sign of a number its own way: whoever shows it does.
    note: number,
  } as const;
  const actor = { kind: intake ? 'intake' : 'person', id: first.by } as const;
  const by = { ...actor, name: intake?.name ?? first.by };
  const flag: Flag = raiseFlag(body, { regionId, facilityId }, by, Date.parse(first.at));
  await flags.change(undefined, flag, {
    actor,
    action: 'flag.raise',
    resource: `facility:${facilityId}`,
    outcome: 'done',
    details: { flag: flagId, category: 'complaint', severity: flag.severity, complaint: complaint.id },
  });
  await store.flagged(regionId, complaint.id);
}

/** Raises the flags of complaints that whoever took them did not live to raise. */
export async function flagLeftOver(regionId: RegionId, options: FlagsOptions): Promise<void> {
  for (const id of await options.store.toFlag(regionId)) {
    const complaint = await options.store.find(id, [regionId]);
    if (complaint) await flagComplaint(complaint, options);
  }
}
