import type { Evidence } from '#contract/evidence.ts';
import type { RegionId } from '#contract/ids.ts';
import type { PlacedTime } from '../holds/coverage.ts';
import { draftOf, toFailed } from './evidence-drafts.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { Vault } from './vault.ts';

/** Records that are looked at in one sweep of a region. */
const CHUNK = 200;
/** What is under a hold is looked at again after this time, so that it is erased soon after its release. */
const HELD_AGAIN_MS = 3_600_000;
/** A folder that no record is of was left by a server that was killed; one that is being filled is younger. */
const ORPHAN_MS = 3_600_000;
/** How long the record of an area goes back; what is told later than that is known of nobody's camera any more. */
const SEAL_WITHIN_MS = 4 * 24 * 3_600_000;

interface SweepOptions {
  store: Pick<EvidenceStore, 'due' | 'find' | 'change' | 'newestFirst'>;
  vault: Pick<Vault, 'erase' | 'folders'>;
  /** What may not be erased, however old. */
  heldIn(regionId: RegionId): Promise<{ version: string; isTimeHeld(time: PlacedTime): Promise<boolean> }>;
  /** Whether the record says by now that nobody might see the area at that time. */
  isCrossed(evidence: Extract<Evidence, { state: 'kept' }>): Promise<boolean>;
  days: number;
  now: () => number;
}

/**
 * Erases stills and clips of a region whose time is over and that no hold covers, seals those of which it has become known
 * that nobody might see the area then, and calls interrupted what a server that is gone was taking. Any number of replicas
 * may do it at once. Records go first: whoever is killed in between leaves files that nobody can ask for, which the next
 * sweep finds. `bytes`: what is on the disk of this region.
 */
export async function sweepEvidence(
  regionId: RegionId,
  options: SweepOptions,
): Promise<{ erased: number; sealed: number; interrupted: number; bytes: number }> {
  const { store, vault, now } = options;
  const done = { erased: 0, sealed: 0, interrupted: 0, bytes: 0 };
  for (const id of await store.due(regionId, now(), CHUNK)) {
    const stored = await store.find(id, [regionId]);
    if (stored?.evidence.state === 'kept') {
      if (await eraseKept(stored, stored.evidence, options)) done.erased += 1;
    } else if (stored?.evidence.state === 'taking') {
      const { state: _, ...about } = stored.evidence;
      if (await store.change({ before: stored, ...toFailed(about, 'interrupted', now()) }))
        done.interrupted += 1;
    }
  }
  for await (const evidence of store.newestFirst(regionId, now())) {
    if (now() - Date.parse(evidence.at) > SEAL_WITHIN_MS) break;
    if (evidence.state === 'kept' && (await sealIfCrossed(evidence, options))) done.sealed += 1;
  }
  for await (const { id, touchedMs, bytes } of vault.folders(regionId)) {
    const state = (await store.find(id, [regionId]))?.evidence.state;
    const isOrphan = state !== 'kept' && state !== 'taking' && now() - touchedMs > ORPHAN_MS;
    if (isOrphan || state === 'erased') await vault.erase({ regionId, id });
    else done.bytes += bytes;
  }
  return done;
}

async function eraseKept(
  stored: Parameters<EvidenceStore['change']>[0]['before'],
  kept: Extract<Evidence, { state: 'kept' }>,
  { store, vault, heldIn, days, now }: SweepOptions,
): Promise<boolean> {
  const { state: _, expiresAt: __, sealedAt: ___, ...about } = kept;
  const held = await heldIn(kept.regionId);
  if (await held.isTimeHeld(timeOf(kept))) {
    const draft = draftOf('evidence.hold', kept, { actor: RETENTION, details: { days } });
    const dueMs = now() + HELD_AGAIN_MS;
    // On record once: the expiry that was written says that it would have been erased.
    const isKnown = Date.parse(kept.expiresAt) > now();
    if (!isKnown)
      await store.change({
        before: stored,
        after: { ...kept, expiresAt: new Date(dueMs).toISOString() },
        dueMs,
        draft,
      });
    return false;
  }
  const isErased = await store.change({
    before: stored,
    after: { ...about, state: 'erased', erasedAt: new Date(now()).toISOString() },
    dueMs: undefined,
    holdsVersion: held.version,
    draft: draftOf('evidence.erase', kept, { actor: RETENTION, details: { days } }),
  });
  if (isErased) await vault.erase(kept);
  return isErased;
}

async function sealIfCrossed(
  kept: Extract<Evidence, { state: 'kept' }>,
  { store, isCrossed, now }: SweepOptions,
): Promise<boolean> {
  if (kept.sealedAt !== undefined || !(await isCrossed(kept))) return false;
  const stored = await store.find(kept.id, [kept.regionId]);
  if (stored?.evidence.state !== 'kept' || stored.evidence.sealedAt !== undefined) return false;
  return store.change({
    before: stored,
    after: { ...stored.evidence, sealedAt: new Date(now()).toISOString() },
    dueMs: Date.parse(stored.evidence.expiresAt),
    draft: draftOf('evidence.seal', kept, { actor: RETENTION, details: {} }),
  });
}

const RETENTION = { kind: 'system', id: 'retention' } as const;

/** Where and when it was taken. */
export function timeOf({ facilityId, areaId, manifest }: Extract<Evidence, { state: 'kept' }>): PlacedTime {
  const { files } = manifest;
  return {
    facilityId,
    areaId,
    fromMs: Math.min(...files.map(({ from }) => Date.parse(from))),
    toMs: Math.max(...files.map(({ to }) => Date.parse(to))),
  };
}
