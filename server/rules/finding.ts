import { z } from 'zod';
import type { Clock } from '#contract/clocks.ts';
import type { RegionId } from '#contract/ids.ts';
import { AreaId, FacilityId, Instant } from '#contract/ids.ts';
import { RuleId } from '../../config/rules/rule.ts';
import type { Departure } from '../custody/departure.ts';

/** Something that a rule sees now. */
export interface Finding {
  /** Names what is seen, the same for as long as it is the same thing: the rule, and what it is about. */
  key: string;
  /** What the same thing was called by an earlier version: an occurrence that has this name goes on under it. */
  formerKey?: string | undefined;
  rule: RuleId;
  areaId?: AreaId | undefined;
  /** In the place of an area, when it is about a whole facility. */
  facilityId?: FacilityId | undefined;
  /** What the wording needs. */
  params: Readonly<Record<string, string | number>>;
  /** Since when, if what is seen says it itself (a clock's due instant); otherwise since it was first seen. ms. */
  sinceMs?: number;
  /** It has to be seen for as long as the rule says, however long it has been so by what is told. @default false */
  waitsFromSeen?: true;
  /** What it shares its wait with: another finding of the same wait takes over how long this one has been seen. */
  waitFor?: string;
}

/** Clocks that run for somebody who is in custody and in no area. */
export interface UnplacedClocks {
  facilityId: FacilityId;
  clocks: readonly Clock[];
}

/** What the rules need to know of a region beside what is live there. */
export interface RegionMemory {
  unplaced: readonly UnplacedClocks[];
  /** Facilities whose clocks were ahead of ours, how far, and when that was last seen. */
  drifts: readonly { facilityId: FacilityId; aheadMs: number; atMs: number }[];
  /** Who was sent from here to another facility, and has arrived nowhere. */
  departures: readonly Departure[];
  /** When something was received from each facility last (ms). */
  contacts: ReadonlyMap<FacilityId, { lastMs: number }>;
}

/** What the rules see in a region at an instant (ms), and when they would see something else though nothing changes. */
export type LookAtRegion = (
  regionId: RegionId,
  nowMs: number,
  memory: RegionMemory,
) => { findings: readonly Finding[]; nextAtMs: number | undefined };

/** An occurrence of something that a rule saw: from when it began until it was over. Kept in Redis, by its key. */
export const Episode = z.strictObject({
  rule: RuleId,
  areaId: AreaId.optional(),
  /** In the place of an area, when it is about a whole facility. */
  facilityId: FacilityId.optional(),
  since: Instant,
  /** Its flag has been raised. */
  raised: z.boolean(),
  /** Not seen any more since then; it is over when it stays so. */
  goneSince: Instant.optional(),
});
export type Episode = z.infer<typeof Episode>;
