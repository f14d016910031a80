import type { AreaBrief } from '#contract/area-brief.ts';
import { isBlindFeed } from '#contract/feeds.ts';
import type { Flag } from '#contract/flags.ts';
import type { AreaId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import { BIT_FACETS, type BitFacet, bitOf, FACET_VALUES } from '../filter/facets.ts';
import { allBits, BITS, CLOCK_BITS, FLAG_BITS, NO_SEVERITY, SPACE_BITS } from './country-bits.ts';
import { recordOf } from './records.ts';
import type { RegionLive } from './region-sync.ts';
import { clockNormSets, type Registry } from './registry.ts';

/** What is known of every area, by its place in the registry's order. */
export interface Columns {
  readonly areas: readonly Area[];
  readonly ids: readonly AreaId[];
  /** 1 where a status was heard of. */
  readonly known: Uint8Array;
  /** Places in `registry.facilities` and `registry.regions`. */
  readonly facility: Uint32Array;
  readonly region: Uint16Array;
  /** For each facet the bits of the values that an area has; of the levels also those below its own. */
  readonly bits: Readonly<Record<BitFacet, Uint32Array>>;
  readonly normSets: readonly string[];
  readonly headcount: Uint16Array;
  /** Net floor area for each person inside, in m²; Infinity where it is not known or nobody is inside. */
  readonly m2: Float32Array;
  /** Of the worst open flag, or {@link NO_SEVERITY}. */
  readonly severity: Uint8Array;
  readonly flags: Uint16Array;
  /** 1 where somebody is inside and a camera that ought to show it does not. */
  readonly unseen: Uint8Array;
  /** Of the most pressing clock: 0 nothing, 1 amber, 2 red, 3 breached. As of the last {@link ColumnWriter.time}. */
  readonly level: Uint8Array;
}

/** Writes what becomes known into the columns, one area at a time, by its place. */
export interface ColumnWriter {
  status(place: number, brief: AreaBrief): void;
  /** Whether an area's cameras show what they ought to. */
  sight(place: number, live: RegionLive | undefined): void;
  /** As `sight`, where all cameras of the area are idle. */
  asleep(place: number): void;
  flags(place: number, open: readonly Flag[]): void;
  /** What time does to clocks and checks of all areas (ms since the epoch). */
  time(nowMs: number): void;
}

const NORM_SETS_AT_MOST = 31;

/** The columns of a registry's areas, of which nothing live is known yet. */
export function createColumns(registry: Registry): { columns: Columns; write: ColumnWriter } {
  const { areas } = registry;
  const length = areas.length;
  const normSets = clockNormSets(registry).slice(0, NORM_SETS_AT_MOST);
  const columns = {
    areas,
    ids: areas.map(({ id }) => id),
    known: new Uint8Array(length),
    facility: new Uint32Array(length),
    region: new Uint16Array(length),
    bits: Object.fromEntries(BIT_FACETS.map((facet) => [facet, new Uint32Array(length)])) as Record<
      BitFacet,
      Uint32Array
    >,
    normSets,
    headcount: new Uint16Array(length),
    m2: new Float32Array(length).fill(Infinity),
    severity: new Uint8Array(length).fill(NO_SEVERITY),
    flags: new Uint16Array(length),
    unseen: new Uint8Array(length),
    level: new Uint8Array(length),
  };
  fill(columns, registry);
  return { columns, write: createWriter(columns, normSets) };
}

/** What the registry itself says. */
function fill({ areas, facility, region, bits }: Omit<Columns, 'normSets'>, registry: Registry): void {
  const facilityPlace = new Map(registry.facilities.map(({ id }, place) => [id, place]));
  const regionPlace = new Map(registry.regions.map(({ id }, place) => [id, place]));
  areas.forEach((area, place) => {
    facility[place] = facilityPlace.get(area.facilityId) ?? 0;
    region[place] = regionPlace.get(area.regionId) ?? 0;
    bits.kind[place] = bitOf(FACET_VALUES.kind, area.kind);
    bits.facilityKind[place] = bitOf(
      FACET_VALUES.facilityKind,
      registry.facilityById[area.facilityId]?.kind ?? '',
    );
    bits.feedSource[place] = allBits(
      FACET_VALUES.feedSource,
      area.feeds.map(({ source }) => source),
    );
    bits.feedState[place] = area.feeds.length > 0 ? BITS.idle : 0;
  });
}

function createWriter(columns: Columns, normSets: string[]): ColumnWriter {
  const { areas, known, bits, headcount, m2, severity, flags, unseen, level } = columns;
  const length = areas.length;
  const confidential = new Uint8Array(length);
  const never = () => new Float64Array(length).fill(Infinity);
  const [amberMs, redMs, breachedMs, checkMs] = [never(), never(), never(), never()] as const;
  const normSetBits = new Map<readonly string[], number>();

  function bitsOfNormSets(ids: readonly string[]): number {
    const before = normSetBits.get(ids);
    if (before !== undefined) return before;
    for (const id of ids)
      if (!normSets.includes(id) && normSets.length < NORM_SETS_AT_MOST) normSets.push(id);
    const made = allBits(normSets, ids);
    normSetBits.set(ids, made);
    return made;
  }

  function isToBeSeen(place: number): boolean {
    return known[place] === 1 && (headcount[place] ?? 0) > 0 && confidential[place] === 0;
  }

  return {
    status(place, brief) {
      const area = areas[place];
      known[place] = 1;
      headcount[place] = brief.headcount;
      m2[place] = brief.m2PerPerson ?? Infinity;
      bits.occupancy[place] =
        (brief.headcount > 0 ? BITS.occupied : BITS.empty) |
        (brief.headcount > (area?.capacity ?? 0) ? BITS.overCapacity : 0);
      bits.vulnerability[place] = allBits(FACET_VALUES.vulnerability, brief.vulnerabilities);
      bits.space[place] = brief.space === undefined ? 0 : (SPACE_BITS.get(brief.space) ?? 0);
      bits.finding[place] = allBits(FACET_VALUES.finding, brief.findings);
      bits.normSet[place] = brief.normSets.length === 0 ? 0 : bitsOfNormSets(brief.normSets);
      bits.status[place] =
        (brief.bell ? BITS.bell : 0) |
        (brief.observation > 1 ? BITS.observed : 0) |
        (brief.confidential ? BITS.confidential : 0);
      confidential[place] = brief.confidential ? 1 : 0;
      amberMs[place] = brief.amberMs;
      redMs[place] = brief.redMs;
      breachedMs[place] = brief.breachedMs;
      checkMs[place] = brief.nextCheckMs;
    },
    sight(place, live) {
      const area = areas[place];
      if (!area) return;
      let [states, isBlind] = [0, false];
      for (const feed of area.feeds) {
        const status = live && recordOf(live.feeds, feed.id);
        states |= bitOf(FACET_VALUES.feedState, status?.state ?? 'idle');
        isBlind ||= isBlindFeed(feed, status);
      }
      bits.feedState[place] = states;
      unseen[place] = isBlind && isToBeSeen(place) ? 1 : 0;
    },
    asleep(place) {
      const area = areas[place];
      if (!area) return;
      bits.feedState[place] = area.feeds.length > 0 ? BITS.idle : 0;
      unseen[place] = isToBeSeen(place) && area.feeds.some(({ source }) => source === 'whip') ? 1 : 0;
    },
    flags(place, open) {
      flags[place] = open.length;
      severity[place] = open.reduce((worst, flag) => Math.min(worst, flag.severity), NO_SEVERITY);
      bits.flag[place] = FLAG_BITS[severity[place] ?? NO_SEVERITY] ?? 0;
    },
    time(nowMs) {
      for (let place = 0; place < length; place += 1) {
        const isAmber = (amberMs[place] ?? Infinity) <= nowMs;
        const isRed = (redMs[place] ?? Infinity) <= nowMs;
        const now = (breachedMs[place] ?? Infinity) <= nowMs ? 3 : isRed ? 2 : isAmber ? 1 : 0;
        level[place] = now;
        bits.clock[place] = CLOCK_BITS[now] ?? 0;
        const standing = (bits.status[place] ?? 0) & ~(BITS.checkOverdue | BITS.unseen);
        bits.status[place] =
          standing |
          ((checkMs[place] ?? Infinity) <= nowMs ? BITS.checkOverdue : 0) |
          (unseen[place] === 1 ? BITS.unseen : 0);
      }
    },
  };
}
