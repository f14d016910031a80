import { z } from 'zod';
import { RegionId } from './ids.ts';
import type { Area, Facility } from './nation.ts';
import { AreaKind, FacilityKind, FeedSource } from './nation.ts';
import { type AreaStatus, clockStateAt, FeedState, type FeedStatus, mostUrgentClock } from './status.ts';

/** Levels that a clock filter can ask for: at least this urgent. */
export const ClockLevel = z.enum(['amber', 'red', 'breached']);
export type ClockLevel = z.infer<typeof ClockLevel>;

export const Occupancy = z.enum(['occupied', 'empty', 'over-capacity']);
export type Occupancy = z.infer<typeof Occupancy>;

const many = <T extends z.ZodType>(item: T, most: number) => z.array(item).max(most).default([]);

/**
 * The one filter: it drives wall, map and lists, lives in the page's URL, and is what `GET /api/v1/areas` takes.
 * An empty list asks for nothing in particular; everything that is asked for must hold.
 */
export const AreaFilter = z.strictObject({
  region: many(RegionId, 100),
  facilityKind: many(FacilityKind, 10),
  kind: many(AreaKind, 20),
  occupancy: many(Occupancy, 3),
  clock: ClockLevel.nullable().default(null),
  /** `open`: at least one open flag. A number: at least that severe (1 is the most severe). */
  flag: z.enum(['open', '1', '2', '3', '4']).nullable().default(null),
  feedState: many(FeedState, 10),
  feedSource: many(FeedSource, 3),
  text: z.string().max(100).default(''),
});
export type AreaFilter = z.infer<typeof AreaFilter>;

export const NO_FILTER: AreaFilter = AreaFilter.parse({});

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
  const { area, facility } = facts;
  return (
    includes(filter.region, area.regionId) &&
    includes(filter.facilityKind, facility.kind) &&
    includes(filter.kind, area.kind) &&
    matchesOccupancy(facts, filter.occupancy) &&
    matchesClock(facts, filter.clock, nowMs) &&
    matchesFlag(facts, filter.flag) &&
    matchesFeedState(facts, filter.feedState) &&
    (filter.feedSource.length === 0 || area.feeds.some((feed) => filter.feedSource.includes(feed.source))) &&
    matchesText(facts, filter.text)
  );
}

function includes<T>(wanted: readonly T[], value: T): boolean {
  return wanted.length === 0 || wanted.includes(value);
}

function matchesOccupancy({ area, status }: AreaFacts, wanted: readonly Occupancy[]): boolean {
  if (wanted.length === 0) return true;
  const headcount = status?.headcount ?? 0;
  return (
    (wanted.includes('occupied') && headcount > 0) ||
    (wanted.includes('empty') && headcount === 0) ||
    (wanted.includes('over-capacity') && headcount > area.capacity)
  );
}

const CLOCK_RANK = { paused: 0, ok: 0, amber: 1, red: 2, breached: 3 } as const;

function matchesClock({ status }: AreaFacts, wanted: ClockLevel | null, nowMs: number): boolean {
  if (wanted === null) return true;
  const clock = mostUrgentClock(status?.clocks ?? [], nowMs);
  return clock !== undefined && CLOCK_RANK[clockStateAt(clock, nowMs)] >= CLOCK_RANK[wanted];
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

function matchesText(facts: AreaFacts, text: string): boolean {
  const words = toSearchable(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const { area, facility, regionName } = facts;
  const haystack = toSearchable(
    [
      area.id,
      area.name.uk,
      area.name.en,
      facility.name.uk,
      facility.name.en,
      regionName.uk,
      regionName.en,
    ].join('\n'),
  );
  return words.every((word) => haystack.includes(word));
}

/** Lower case, and one apostrophe for the four that people type: Кам’янське is found by Кам'янське. */
function toSearchable(text: string): string {
  return text.toLocaleLowerCase('uk').replaceAll(/[’ʼ`]/g, "'");
}

/** A filter as URL parameters; defaults are left out, lists repeat their key. */
export function filterToQuery(filter: AreaFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) {
    if (Array.isArray(value)) for (const one of value) query.append(key, one);
    else if (value !== null && value !== '') query.append(key, String(value));
  }
  return query;
}

const LIST_KEYS = ['region', 'facilityKind', 'kind', 'occupancy', 'feedState', 'feedSource'] as const;

/** URL parameters as the object that `AreaFilter` parses; keys that are not the filter's are left to the caller. */
export function queryToFilterInput(query: URLSearchParams): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const key of LIST_KEYS) {
    const values = query
      .getAll(key)
      .flatMap((value) => value.split(','))
      .filter(Boolean);
    if (values.length > 0) input[key] = values;
  }
  for (const key of ['clock', 'flag', 'text']) {
    const value = query.get(key);
    if (value !== null && value !== '') input[key] = value;
  }
  return input;
}

/** The filter that a page's URL asks for. A URL that asks for something unknown asks for nothing (old deep links still open). */
export function filterFromUrl(query: URLSearchParams): AreaFilter {
  const parsed = AreaFilter.safeParse(queryToFilterInput(query));
  return parsed.success ? parsed.data : NO_FILTER;
}
