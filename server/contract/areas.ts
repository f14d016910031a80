import { z } from 'zod';
import { Clock, ClockState } from './clocks.ts';
import { Air, Space } from './conditions.ts';
import { FeedFault, FeedState } from './feeds.ts';
import { Flag } from './flags.ts';
import { AreaId, FacilityId, FeedId, Instant, LocalText, RegionId } from './ids.ts';
import { AreaKind, Facility, FeedSource, Layer, PrivacyClass, Region } from './nation.ts';
import { AreaFinding, Gate, Unmasked, Visit, Vulnerability } from './status.ts';
import { LiveSummary } from './summary.ts';

/** A feed as the API shows it: what it is, and how it is now. */
export const FeedView = z.object({
  id: FeedId,
  source: FeedSource,
  state: FeedState,
  layers: z.array(Layer),
  /** What is wrong with it though it is there; left out when nothing is. */
  faults: z.array(FeedFault).optional(),
});
export type FeedView = z.infer<typeof FeedView>;

/** A clock with its state at the moment of the reply. */
export const ClockView = Clock.extend({ state: ClockState });
export type ClockView = z.infer<typeof ClockView>;

/** An area with all that is known of it now: registry, custody, media and open flags joined. */
export const AreaView = z.object({
  id: AreaId,
  name: LocalText,
  kind: AreaKind,
  facilityId: FacilityId,
  regionId: RegionId,
  privacy: PrivacyClass,
  capacity: z.int(),
  netAreaM2: z.number(),
  feeds: z.array(FeedView),
  headcount: z.int(),
  /** Net area per person in m²; null when nobody is inside. */
  m2PerPerson: z.number().nullable(),
  /** How that stands to the norms; absent where nobody is held. */
  space: Space.optional(),
  air: Air.optional(),
  /** What contradicts rules of separation or the record. */
  findings: z.array(AreaFinding),
  /** Most urgent first. */
  clocks: z.array(ClockView),
  vulnerabilities: z.array(Vulnerability),
  nextCheckDueAt: Instant.nullable(),
  confidentialSince: Instant.nullable(),
  gate: Gate.optional(),
  /** The visits for which it is confidential, the one that ends first in front. */
  visits: z.array(Visit).optional(),
  unmasked: Unmasked.optional(),
  /** Open flags, most urgent first. */
  flags: z.array(Flag),
  updatedAt: Instant.nullable(),
});
export type AreaView = z.infer<typeof AreaView>;

/** Lists answer with this envelope; `nextCursor` is null on the last page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
export type Page<T> = { items: T[]; nextCursor: string | null };

export const AreaPage = pageOf(AreaView);

/** A region or a facility, with what is live in it as far as the caller's scope goes; absent for who may not know. */
export const RegionView = Region.extend({ live: LiveSummary.optional() });
export type RegionView = z.infer<typeof RegionView>;
export const FacilityView = Facility.extend({ live: LiveSummary.optional() });
export type FacilityView = z.infer<typeof FacilityView>;

/** `live`: everything in the caller's scope, whichever page this is. */
export const RegionPage = pageOf(RegionView).extend({ live: LiveSummary.optional() });
export const FacilityPage = pageOf(FacilityView);
