import { z } from 'zod';
import { clockStateNow, createMoment, type Moment, mostUrgentNow } from './clocks.ts';
import { Space } from './conditions.ts';
import { FeedState, type FeedStatus, isBlindFeed } from './feeds.ts';
import { AreaId, FacilityId, RegionId } from './ids.ts';
import type { Area, Facility } from './nation.ts';
import { AreaKind, FacilityKind, FeedSource } from './nation.ts';
import { type AreaStatus, Vulnerability } from './status.ts';

/** Levels that a clock filter can ask for: at least this urgent. */
export const ClockLevel = z.enum(['amber', 'red', 'breached']);
export type ClockLevel = z.infer<typeof ClockLevel>;

export const Occupancy = z.enum(['occupied', 'empty', 'over-capacity']);
export type Occupancy = z.infer<typeof Occupancy>;

/** Levels of room that a filter can ask for: at least this short. */
export const SpaceLevel = Space.shape.level.unwrap();
export type SpaceLevel = z.infer<typeof SpaceLevel>;

/** Kinds of findings: who is held with whom, and what contradicts the record. */
export const FindingKind = z.enum(['separation', 'record']);
export type FindingKind = z.infer<typeof FindingKind>;

/**
 * What is going on in an area. `unseen`: somebody is inside, and a camera that ought to show it does not. `check-overdue`: a
 * welfare check is late. `bell`: a call bell that nobody has answered. `observed`: somebody is under more than general
 * observation. `confidential`: closed by event, as for a lawyer's visit.
 */
export const AreaCondition = z.enum(['unseen', 'check-overdue', 'bell', 'observed', 'confidential']);
export type AreaCondition = z.infer<typeof AreaCondition>;

/** `open`: at least one open flag. A number: at least that severe (1 is the most severe). */
export const FlagLevel = z.enum(['open', '1', '2', '3', '4']);
export type FlagLevel = z.infer<typeof FlagLevel>;

/** A norm set, such as `ua-cpc`. */
export const NormSetId = z.string().regex(/^[a-z0-9-]{1,40}$/);

/** A region, a facility or an area; a facility and an area have ids of one form. */
export const PlaceId = z.union([RegionId, FacilityId, AreaId]);
export type PlaceId = z.infer<typeof PlaceId>;

/** Places that a filter can name one by one: a link with so many is still taken by every server on its way. */
export const MAX_PLACES = 300;

const many = <T extends z.ZodType>(item: T, most: number) => z.array(item).max(most).default([]);

/**
 * The one filter: it drives wall, map and lists, lives in the page's URL, and is what `GET /api/v1/areas` takes.
 * An empty list asks for nothing in particular; everything that is asked for must hold.
 */
export const AreaFilter = z.strictObject({
  region: many(RegionId, 100),
  /** These regions, facilities and areas, whichever of them an area is or lies in: what was chosen on a map. */
  place: many(PlaceId, MAX_PLACES),
  facilityKind: many(FacilityKind, 10),
  kind: many(AreaKind, 20),
  occupancy: many(Occupancy, 3),
  status: many(AreaCondition, 10),
  clock: ClockLevel.nullable().default(null),
  flag: FlagLevel.nullable().default(null),
  space: SpaceLevel.nullable().default(null),
  finding: many(FindingKind, 2),
  /** People of at least one of these categories are inside. */
  vulnerability: many(Vulnerability, 8),
  feedState: many(FeedState, 10),
  feedSource: many(FeedSource, 3),
  /** Clocks of at least one of these norm sets run inside. */
  normSet: many(NormSetId, 20),
  text: z.string().max(100).default(''),
});
export type AreaFilter = z.infer<typeof AreaFilter>;

export const NO_FILTER: AreaFilter = AreaFilter.parse({});

/** Whether a filter asks for nothing at all. */
export function isNoFilter(filter: AreaFilter): boolean {
  return Object.values(filter).every((asked) => asked === null || asked.length === 0);
}

/** Everything that a filter looks at. */
export interface AreaFacts {
  area: Area;
  facility: Facility;
  regionName: { uk: string; en: string };
  status: AreaStatus | undefined;
  feeds: readonly (FeedStatus | undefined)[];
  /** Severities of the area's open flags. */
  flagSeverities: readonly number[];
}

/** Whether an area passes the filter at an instant (milliseconds since the epoch). */
export function matchesFilter(facts: AreaFacts, filter: AreaFilter, nowMs: number): boolean {
  return createMatcher(filter, nowMs)(facts);
}

/** A filter at an instant (milliseconds since the epoch), ready to be asked of many areas. */
export function createMatcher(filter: AreaFilter, nowMs: number): (facts: AreaFacts) => boolean {
  const now = createMoment(nowMs);
  const matchesText = createTextMatcher(filter.text);
  const places = new Set(filter.place);
  return (facts) => {
    const { area, facility } = facts;
    return (
      includes(filter.region, area.regionId) &&
      (places.size === 0 || isWithin(area, places)) &&
      includes(filter.facilityKind, facility.kind) &&
      includes(filter.kind, area.kind) &&
      matchesOccupancy(facts, filter.occupancy) &&
      matchesCondition(facts, filter.status, nowMs) &&
      matchesClock(facts, filter.clock, now) &&
      matchesFlag(facts, filter.flag) &&
      matchesSpace(facts, filter.space) &&
      matchesFinding(facts, filter.finding) &&
      matchesVulnerability(facts, filter.vulnerability) &&
      matchesFeedState(facts, filter.feedState) &&
      (filter.feedSource.length === 0 ||
        area.feeds.some((feed) => filter.feedSource.includes(feed.source))) &&
      matchesNormSet(facts, filter.normSet) &&
      matchesText(facts)
    );
  };
}

/** Whether an area is one of these places, or lies in one of them. */
export function isWithin(
  { id, facilityId, regionId }: Pick<Area, 'id' | 'facilityId' | 'regionId'>,
  places: ReadonlySet<PlaceId>,
): boolean {
  return places.has(regionId) || places.has(facilityId) || places.has(id);
}

function includes<T>(wanted: readonly T[], value: T): boolean {
  return wanted.length === 0 || wanted.includes(value);
}

function matchesOccupancy({ area, status }: AreaFacts, wanted: readonly Occupancy[]): boolean {
  if (wanted.length === 0) return true;
  // An area of which nothing was heard is neither empty nor occupied.
  if (!status) return false;
  const { headcount } = status;
  return (
    (wanted.includes('occupied') && headcount > 0) ||
    (wanted.includes('empty') && headcount === 0) ||
    (wanted.includes('over-capacity') && headcount > area.capacity)
  );
}

function matchesCondition(facts: AreaFacts, wanted: readonly AreaCondition[], nowMs: number): boolean {
  return wanted.length === 0 || wanted.some((condition) => hasCondition(facts, condition, nowMs));
}

function hasCondition(facts: AreaFacts, condition: AreaCondition, nowMs: number): boolean {
  const { status } = facts;
  if (!status) return false;
  switch (condition) {
    case 'unseen':
      return isUnseen(facts);
    case 'check-overdue':
      return status.nextCheckDueAt !== null && Date.parse(status.nextCheckDueAt) <= nowMs;
    case 'bell':
      return status.bellSince !== undefined;
    case 'observed':
      return status.observation !== undefined;
    case 'confidential':
      return status.confidentialSince !== null;
  }
}

/** Confidential areas are not meant to be seen, and an idle camera that sends on demand comes when somebody looks. */
export function isUnseen({ area, status, feeds }: Pick<AreaFacts, 'area' | 'status' | 'feeds'>): boolean {
  return (
    (status?.headcount ?? 0) > 0 &&
    status?.confidentialSince === null &&
    area.feeds.some((feed, index) => isBlindFeed(feed, feeds[index]))
  );
}

const CLOCK_RANK = { paused: 0, ok: 0, amber: 1, red: 2, breached: 3 } as const;

function matchesClock({ status }: AreaFacts, wanted: ClockLevel | null, now: Moment): boolean {
  if (wanted === null) return true;
  const clock = mostUrgentNow(status?.clocks ?? [], now);
  return clock !== undefined && CLOCK_RANK[clockStateNow(clock, now)] >= CLOCK_RANK[wanted];
}

function matchesFlag({ flagSeverities }: AreaFacts, wanted: AreaFilter['flag']): boolean {
  if (wanted === null) return true;
  const atMost = wanted === 'open' ? 4 : Number(wanted);
  return flagSeverities.some((severity) => severity <= atMost);
}

function matchesFeedState({ area, feeds }: AreaFacts, wanted: readonly FeedState[]): boolean {
  if (wanted.length === 0) return true;
  return area.feeds.some((_, index) => wanted.includes(feeds[index]?.state ?? 'idle'));
}

const SPACE_RANK = { note: 1, amber: 2, red: 3 } as const;

function matchesSpace({ status }: AreaFacts, wanted: SpaceLevel | null): boolean {
  if (wanted === null) return true;
  const level = status?.space?.level;
  return level !== undefined && SPACE_RANK[level] >= SPACE_RANK[wanted];
}

/** Whether a finding contradicts the record, or else a rule of separation. */
export function findingKindOf({ normSet }: { normSet: string }): FindingKind {
  return normSet === 'record' ? 'record' : 'separation';
}

function matchesFinding({ status }: AreaFacts, wanted: readonly FindingKind[]): boolean {
  if (wanted.length === 0) return true;
  return (status?.findings ?? []).some((finding) => wanted.includes(findingKindOf(finding)));
}

function matchesNormSet({ status }: AreaFacts, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return true;
  return (status?.clocks ?? []).some(({ normSet }) => wanted.includes(normSet));
}

function matchesVulnerability({ status }: AreaFacts, wanted: readonly Vulnerability[]): boolean {
  if (wanted.length === 0) return true;
  return (status?.vulnerabilities ?? []).some((one) => wanted.includes(one));
}

/**
 * Every word of the text must stand somewhere in the names of area, facility or region, or in the area's id. Facilities and
 * names that many areas share are looked at once, since this is asked of a whole country at every keystroke.
 */
function createTextMatcher(text: string): (facts: AreaFacts) => boolean {
  const words = toSearchable(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  const inFacility = new Map<Facility, readonly boolean[]>();
  const inName = new Map<Area['name'], readonly boolean[]>();
  return ({ area, facility, regionName }) => {
    const facilityHas = remembered(inFacility, facility, () =>
      found(words, [facility.name.uk, facility.name.en, regionName.uk, regionName.en]),
    );
    const nameHas = remembered(inName, area.name, () => found(words, [area.name.uk, area.name.en]));
    return words.every((word, index) => facilityHas[index] || nameHas[index] || area.id.includes(word));
  };
}

function found(words: readonly string[], texts: readonly string[]): readonly boolean[] {
  const text = toSearchable(texts.join('\n'));
  return words.map((word) => text.includes(word));
}

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}

/** Lower case, and one apostrophe for the four that people type: Кам’янське is found by Кам'янське. */
export function toSearchable(text: string): string {
  return text.toLocaleLowerCase('uk').replaceAll(/[’ʼ`]/g, "'");
}
