import type { Complaint } from '#contract/complaints.ts';
import type { Flag } from '#contract/flags.ts';
import type { FlagId, RegionId } from '#contract/ids.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import type { PlacedCase } from '../adapters/redis/keys.ts';
import type { AuditLog } from '../audit/audit.ts';
import type { PlacedSpan } from '../custody/state/spans.ts';
import type { Registry } from '../nation/registry.ts';
import { coversCase, coversComplaint, coversTime, type PlacedTime, wasThere } from './coverage.ts';
import { HoldStore } from './hold-store.ts';
import { holdRoutes } from './routes.ts';

interface HoldsModuleOptions {
  redis: Redis;
  flags: { find(id: FlagId, regionIds: readonly RegionId[]): Promise<{ flag: Flag } | undefined> };
  /** Where somebody was; undefined when nobody can tell. */
  staysOf(place: PlacedCase): Promise<readonly PlacedSpan[] | undefined>;
  registry: Registry;
  audit: AuditLog;
  now: () => number;
}

/** What may not be erased in a region, as of the moment when it was asked. */
export interface HeldNow {
  /** Whoever erases must still find this under `keys.holdsVersion`, in the same script. */
  version: string;
  isHeld(place: PlacedCase): Promise<boolean>;
  /** Whether what happened in an area at a time is held: by itself, or because somebody whose case is held was there. */
  isTimeHeld(time: PlacedTime): Promise<boolean>;
  isHeldComplaint(complaint: Complaint): boolean;
}

export interface HoldsModule {
  readonly routes: AnyRoute[];
  heldIn(regionId: RegionId): Promise<HeldNow>;
}

/** Preservation holds of outside control. Owns nothing that has to be closed. */
export function createHoldsModule(options: HoldsModuleOptions): HoldsModule {
  const { redis, flags, staysOf, registry, audit, now } = options;
  const store = new HoldStore({ redis, audit });
  return {
    routes: holdRoutes({ store, flags, registry, audit, now }),
    heldIn: async (regionId) => {
      const { version, coverages } = await store.inForce(regionId);
      return {
        version,
        isHeldComplaint: (complaint) => coverages.some((one) => coversComplaint(one, complaint)),
        isHeld: async (place) => {
          const near = coverages.filter(({ facilityId }) => facilityId === place.facilityId);
          if (near.some((one) => 'caseId' in one && one.caseId === place.caseId)) return true;
          const ofAreas = near.filter((one) => !('caseId' in one));
          if (ofAreas.length === 0) return false;
          const stays = await staysOf(place);
          return ofAreas.some((one) => coversCase(one, place, stays));
        },
        isTimeHeld: async (time) => {
          if (coverages.some((one) => coversTime(one, time))) return true;
          for (const one of coverages) {
            if (one.facilityId !== time.facilityId || !('caseId' in one)) continue;
            const stays = await staysOf({ regionId, facilityId: one.facilityId, caseId: one.caseId });
            if (wasThere(stays, time)) return true;
          }
          return false;
        },
      };
    },
  };
}
