import type { Complaint, TakeComplaintBody } from '#contract/complaints.ts';
import { VartaError } from '#contract/errors.ts';
import type { Principal, Resource } from '../access/decide.ts';
import { toAuditActor } from '../audit/audit.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import type { Registry } from '../nation/registry.ts';
import { digestOfWords, isSameTaking, takeComplaint } from './complaint.ts';
import { flagComplaint } from './complaint-flags.ts';
import type { ComplaintStore } from './complaint-store.ts';

interface TakingOptions {
  store(): ComplaintStore;
  flags: Pick<FlagStore, 'change'>;
  registry: Registry;
  /** Throws, and puts it on record, if the principal may not take complaints there. */
  assertAllowed(
    principal: Principal,
    action: 'complaint.take' | 'complaint.hand-in',
    resource: Resource,
  ): void;
  now: () => number;
}

/** Takes a complaint with its words and raises its flag; the same request again is the same complaint. */
export type TakeComplaint = (principal: Principal, body: TakeComplaintBody) => Promise<Complaint>;

/** Throws `unknown_facility`, `conflict` when another complaint has the id, and what the policy refuses by. */
export function createTaking({ store, flags, registry, assertAllowed, now }: TakingOptions): TakeComplaint {
  const allRegions = registry.nation.regions.map(({ id }) => id);
  return async (principal, body) => {
    const complaints = store();
    const facility = registry.facility(body.facilityId);
    if (!facility) throw new VartaError('unknown_facility', `there is no facility ${body.facilityId}`);
    const actor = toAuditActor(principal);
    const isIntake = principal.kind === 'intake';
    const intake = isIntake ? { keyId: principal.keyId, name: principal.name } : undefined;
    const asked = takeComplaint(body, facility, { by: actor.id, intake, atMs: now() });
    const { regionId, facilityId, number, kind } = asked;
    const action = isIntake ? 'complaint.hand-in' : 'complaint.take';
    assertAllowed(principal, action, { kind: 'facility', regionId, facilityId });
    const known = await complaints.find(body.id, allRegions);
    const words = { text: body.text, contact: asked.anonymous ? null : (body.contact ?? null), notes: [] };
    const isNew =
      !known &&
      (await complaints.take(asked, words, {
        actor,
        action,
        resource: `facility:${facilityId}`,
        outcome: 'done',
        details: { complaint: asked.id, number, kind },
      }));
    const taken = isNew ? asked : (known ?? (await complaints.find(body.id, allRegions)));
    if (!taken) throw new VartaError('conflict');
    if (!isNew) {
      const kept = await complaints.words(taken);
      const digests = { known: kept && digestOfWords(kept), asked: digestOfWords(words) };
      if (!isSameTaking(taken, asked, digests))
        throw new VartaError('conflict', 'another complaint has this id');
    }
    // Whoever does not live to do it leaves it to the sweep.
    await flagComplaint(taken, { store: complaints, flags });
    return taken;
  };
}
