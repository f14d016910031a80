import { type AreaBrief, briefOf, pressingDueMs } from '#contract/area-brief.ts';
import type { Moment } from '#contract/clocks.ts';
import { isBlindFeed } from '#contract/feeds.ts';
import type { Flag } from '#contract/flags.ts';
import type { AreaId, RegionId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import type { AreaStatus } from '#contract/status.ts';
import { BIT_FACETS, type BitFacet, bitOf, FACET_VALUES, UNKNOWN_BIT } from '../filter/facets.ts';
import type { LiveState } from './live-store.ts';
import { type AreaSource, recordOf } from './records.ts';
import { liveOf, type RegionLive } from './region-sync.ts';
import { clockNormSets, type Registry } from './registry.ts';

/** No open flag: later than every severity. */
export const NO_SEVERITY = 5;

/**
 * What is known of every area, by its place in the registry's order, as columns of numbers: 45,000 areas are filtered,
 * counted and put in order between two key presses. The columns are written anew in place; `version` says whether they were.
 */
export interface Country {
  readonly registry: Registry;
  readonly areas: readonly Area[];
  /** Grows with every change. */
  readonly version: number;
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
  /** Of the most pressing clock: 0 nothing, 1 amber, 2 red, 3 breached. As of the last {@link setTime}. */
  readonly level: Uint8Array;
  placeOf(areaId: AreaId): number | undefined;
  /** When the clock that presses most is due; ms, or Infinity. */
  dueMs(place: number, now: Moment): number;
  /** Takes over what is live now. Looks only at what changed since the last time. */
  update(state: LiveState): void;
  /** Takes over what time does to clocks and checks (ms since the epoch). */
  setTime(nowMs: number): void;
}

/** What was read of a region. */
interface Read {
  source: AreaSource;
  areas: RegionLive['areas'];
  feeds: RegionLive['feeds'];
  flagsByArea: RegionLive['flagsByArea'];
}

const NORM_SETS_AT_MOST = 31;
const CHECK_OVERDUE = bitOf(FACET_VALUES.status, 'check-overdue');
const UNSEEN = bitOf(FACET_VALUES.status, 'unseen');
const BELL = bitOf(FACET_VALUES.status, 'bell');
const OBSERVED = bitOf(FACET_VALUES.status, 'observed');
const CONFIDENTIAL = bitOf(FACET_VALUES.status, 'confidential');
const IDLE = bitOf(FACET_VALUES.feedState, 'idle');
const EMPTY = bitOf(FACET_VALUES.occupancy, 'empty');
const OCCUPIED = bitOf(FACET_VALUES.occupancy, 'occupied');
const OVER_CAPACITY = bitOf(FACET_VALUES.occupancy, 'over-capacity');
/** A level has the bits of those below it too: who asks for amber asks for at least amber. */
const CLOCK_BITS = [0, 1, 2, 3].map((level) =>
  allBits(FACET_VALUES.clock, FACET_VALUES.clock.slice(0, level)),
);
const SPACE_BITS = new Map(
  FACET_VALUES.space.map((level, place) => [
    level,
    allBits(FACET_VALUES.space, FACET_VALUES.space.slice(0, place + 1)),
  ]),
);
/** By severity of the worst flag, from 0 (there is no such) to 5 (none). */
const FLAG_BITS = [0, 1, 2, 3, 4, NO_SEVERITY].map((severity) =>
  FACET_VALUES.flag.reduce((bits, level) => {
    const least = level === 'open' ? NO_SEVERITY - 1 : Number(level);
    return severity > 0 && severity <= least ? bits | bitOf(FACET_VALUES.flag, level) : bits;
  }, 0),
);

/** The columns of a registry's areas, of which nothing live is known yet. */
export function createCountry(registry: Registry): Country {
  const { areas } = registry;
  const length = areas.length;
  const facility = new Uint32Array(length);
  const region = new Uint16Array(length);
  const headcount = new Uint16Array(length);
  const m2 = new Float32Array(length).fill(Infinity);
  const severity = new Uint8Array(length).fill(NO_SEVERITY);
  const flags = new Uint16Array(length);
  const unseen = new Uint8Array(length);
  const level = new Uint8Array(length);
  const confidential = new Uint8Array(length);
  const known = new Uint8Array(length);
  const [amberMs, redMs, breachedMs, checkMs] = [0, 0, 0, 0].map(() =>
    new Float64Array(length).fill(Infinity),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const bits = Object.fromEntries(BIT_FACETS.map((facet) => [facet, new Uint32Array(length)])) as Record<
    BitFacet,
    Uint32Array
  >;
  const normSets = clockNormSets(registry).slice(0, NORM_SETS_AT_MOST);
  const normSetBits = new Map<readonly string[], number>();
  const placeById = new Map<AreaId, number>();
  const placesOf = Map.groupBy(areas.keys(), (place) => areas[place]?.regionId ?? '');
  const regions = new Map<RegionId, Read>();
  /** Records that came after the snapshot, by place: what a column was last written from. */
  const latest = new Map<number, AreaStatus>();
  /** Where an area stands in its region's snapshot. */
  const told = new Int32Array(length).fill(-1);
  const tellers = new Map<RegionId, AreaSource>();
  let [version, timeMs, timeVersion] = [0, Number.NEGATIVE_INFINITY, -1];

  const facilityPlace = new Map(registry.facilities.map(({ id }, place) => [id, place]));
  const regionPlace = new Map(registry.regions.map(({ id }, place) => [id, place]));
  areas.forEach((area, place) => {
    placeById.set(area.id, place);
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
    bits.feedState[place] = area.feeds.length > 0 ? IDLE : 0;
    bits.occupancy[place] = EMPTY;
  });

  function writeStatus(place: number, brief: AreaBrief): void {
    const area = areas[place];
    known[place] = 1;
    headcount[place] = brief.headcount;
    m2[place] = brief.m2PerPerson ?? Infinity;
    bits.occupancy[place] =
      (brief.headcount > 0 ? OCCUPIED : EMPTY) |
      (brief.headcount > (area?.capacity ?? 0) ? OVER_CAPACITY : 0);
    bits.vulnerability[place] = allBits(FACET_VALUES.vulnerability, brief.vulnerabilities);
    bits.space[place] = brief.space === undefined ? 0 : (SPACE_BITS.get(brief.space) ?? 0);
    bits.finding[place] = allBits(FACET_VALUES.finding, brief.findings);
    bits.normSet[place] = brief.normSets.length === 0 ? 0 : bitsOfNormSets(brief.normSets);
    bits.status[place] =
      (brief.bell ? BELL : 0) |
      (brief.observation > 1 ? OBSERVED : 0) |
      (brief.confidential ? CONFIDENTIAL : 0);
    confidential[place] = brief.confidential ? 1 : 0;
    amberMs[place] = brief.amberMs;
    redMs[place] = brief.redMs;
    breachedMs[place] = brief.breachedMs;
    checkMs[place] = brief.nextCheckMs;
  }

  function bitsOfNormSets(ids: readonly string[]): number {
    const before = normSetBits.get(ids);
    if (before !== undefined) return before;
    for (const id of ids)
      if (!normSets.includes(id) && normSets.length < NORM_SETS_AT_MOST) normSets.push(id);
    const made = allBits(normSets, ids);
    normSetBits.set(ids, made);
    return made;
  }

  /** Whether an area's cameras show what they ought to. */
  function writeSight(place: number, live: RegionLive | undefined): void {
    const area = areas[place];
    if (!area) return;
    const isOccupied = known[place] === 1 && (headcount[place] ?? 0) > 0 && confidential[place] === 0;
    let [states, isBlind] = [0, false];
    for (const feed of area.feeds) {
      const status = live && recordOf(live.feeds, feed.id);
      states |= bitOf(FACET_VALUES.feedState, status?.state ?? 'idle');
      isBlind ||= isBlindFeed(feed, status);
    }
    bits.feedState[place] = states;
    unseen[place] = isOccupied && isBlind ? 1 : 0;
  }

  /** As {@link writeSight}, where all cameras of the area are idle. */
  function writeAsleep(place: number): void {
    const area = areas[place];
    if (!area) return;
    bits.feedState[place] = area.feeds.length > 0 ? IDLE : 0;
    const isOccupied = known[place] === 1 && (headcount[place] ?? 0) > 0 && confidential[place] === 0;
    unseen[place] = isOccupied && area.feeds.some(({ source }) => source === 'whip') ? 1 : 0;
  }

  function writeFlags(place: number, open: readonly Flag[]): void {
    flags[place] = open.length;
    severity[place] = open.reduce((worst, flag) => Math.min(worst, flag.severity), NO_SEVERITY);
    bits.flag[place] = FLAG_BITS[severity[place] ?? NO_SEVERITY] ?? 0;
  }

  function readAnew(regionId: RegionId, live: RegionLive): void {
    const { source } = live.areas;
    tellers.set(regionId, source);
    source.ids.forEach((id, index) => {
      const place = placeById.get(id);
      if (place === undefined) return;
      told[place] = index;
      latest.delete(place);
      writeStatus(place, source.brief(index));
    });
    for (const place of placesOf.get(regionId) ?? []) writeAsleep(place);
    const awake = [
      ...live.feeds.source.awake,
      ...Array.from(live.feeds.changed.values(), ({ areaId }) => areaId),
    ];
    for (const areaId of awake) {
      const place = placeById.get(areaId);
      if (place !== undefined) writeSight(place, live);
    }
  }

  function readRegion(regionId: RegionId, live: RegionLive): void {
    const before = regions.get(regionId);
    if (
      before?.areas === live.areas &&
      before.feeds === live.feeds &&
      before.flagsByArea === live.flagsByArea
    )
      return;
    version += 1;
    const isAnew = before?.source !== live.areas.source || before.feeds.source !== live.feeds.source;
    if (isAnew) readAnew(regionId, live);
    if (isAnew || before.areas !== live.areas)
      for (const [id, status] of live.areas.changed) {
        const place = placeById.get(id);
        if (place === undefined || latest.get(place) === status) continue;
        latest.set(place, status);
        writeStatus(place, briefOf(status));
        writeSight(place, live);
      }
    if (!isAnew && before.feeds !== live.feeds)
      for (const [id, feed] of live.feeds.changed) {
        const place = placeById.get(feed.areaId);
        if (place !== undefined && before.feeds.changed.get(id) !== feed) writeSight(place, live);
      }
    if (before?.flagsByArea !== live.flagsByArea) {
      for (const id of Object.keys(before?.flagsByArea ?? {})) {
        const place = live.flagsByArea[id] === undefined ? placeById.get(id) : undefined;
        if (place !== undefined) writeFlags(place, []);
      }
      for (const [id, open] of Object.entries(live.flagsByArea)) {
        const place = before?.flagsByArea[id] === open ? undefined : placeById.get(id);
        if (place !== undefined) writeFlags(place, open);
      }
    }
    const { areas: records, feeds, flagsByArea } = live;
    regions.set(regionId, { source: records.source, areas: records, feeds, flagsByArea });
  }

  return {
    registry,
    areas,
    get version() {
      return version;
    },
    known,
    facility,
    region,
    bits,
    normSets,
    headcount,
    m2,
    severity,
    flags,
    unseen,
    level,
    placeOf: (areaId) => placeById.get(areaId),
    dueMs(place, now) {
      const status = latest.get(place);
      if (status) return pressingDueMs(status, now);
      const index = told[place] ?? -1;
      const teller = tellers.get(areas[place]?.regionId ?? '');
      return index < 0 || !teller ? Infinity : teller.dueMs(index, now.ms);
    },
    update(state) {
      for (const [regionId, sync] of Object.entries(state.regions)) {
        const live = liveOf(sync);
        if (live) readRegion(regionId, live);
      }
    },
    setTime(nowMs) {
      if (timeVersion === version && nowMs === timeMs) return;
      [timeMs, timeVersion] = [nowMs, version];
      for (let place = 0; place < length; place += 1) {
        const isAmber = (amberMs[place] ?? Infinity) <= nowMs;
        const isRed = (redMs[place] ?? Infinity) <= nowMs;
        const now = (breachedMs[place] ?? Infinity) <= nowMs ? 3 : isRed ? 2 : isAmber ? 1 : 0;
        level[place] = now;
        bits.clock[place] = CLOCK_BITS[now] ?? 0;
        const standing = (bits.status[place] ?? 0) & ~(CHECK_OVERDUE | UNSEEN);
        bits.status[place] =
          standing |
          ((checkMs[place] ?? Infinity) <= nowMs ? CHECK_OVERDUE : 0) |
          (unseen[place] === 1 ? UNSEEN : 0);
      }
    },
  };
}

function allBits(values: readonly string[], some: readonly string[]): number {
  if (some.length === 0) return 0;
  return some.reduce((bits, value) => bits | bitOf(values, value), 0) & ~UNKNOWN_BIT;
}
