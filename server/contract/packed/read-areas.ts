import { type AreaBrief, addClock, findingKindsOf } from '../area-brief.ts';
import { type Clock, isBinding } from '../clocks.ts';
import type { Air } from '../conditions.ts';
import type { AreaId } from '../ids.ts';
import { type AreaStatus, Vulnerability } from '../status.ts';
import { demandRange, findBounds } from './area-bounds.ts';
import { type ClockShape, compareText, MINUTE_MS, type PackedAreas } from './areas.ts';
import { at, demandInstant, toInstant, UnreadableColumns, unpackIds } from './columns.ts';

/** Statuses of a region's areas, by place; a status is made when it is asked for, and anew each time. */
export interface AreaReader {
  readonly ids: readonly AreaId[];
  status(place: number): AreaStatus;
  /** As `briefOf` tells it of the status. */
  brief(place: number): AreaBrief;
  /** As `pressingDueMs` tells it of the status. */
  dueMs(place: number, nowMs: number): number;
}

/** What of a clock's shape tells how pressing it is. */
interface Timing {
  /** Milliseconds after the anchor. */
  amber: number;
  red: number;
  due: number;
  isBinding: boolean;
  isPaused: boolean;
  isShadowed: boolean;
  /** A bit for its norm set. */
  normSet: number;
}

/** Norm sets of a region that have a bit each; a nation has about six. */
const MAX_NORM_SETS = 31;

/** Looks at all columns at once and throws {@link UnreadableColumns} when they do not fit together; its records never do. */
export function readAreas(packed: PackedAreas): AreaReader {
  const ids = unpackIds(packed.ids);
  const normSets = [...new Set(packed.shapes.map(({ normSet }) => normSet))];
  if (normSets.length > MAX_NORM_SETS) throw new UnreadableColumns('too many norm sets');
  const timings = packed.shapes.map((shape) => toTiming(shape, normSets));
  const { people, clocks, spaces } = findBounds(packed, ids.length);
  const confidential = readPairs(packed.confidential, ids.length, demandOffset(packed));
  const bells = readPairs(packed.bells, ids.length, demandOffset(packed));
  const observed = readPairs(packed.observed, ids.length, demandLevel);
  const checkEvery = readPairs(packed.checkEvery, ids.length, demandMinutes);
  const findings = new Map(packed.findings.map((one) => [one.area, one.findings]));
  const gates = new Map(packed.gates.map((one) => [one.area, one.gate]));
  const visits = new Map(packed.visits.map((one) => [one.area, one.visits]));
  const unmasked = new Map(packed.unmasked.map((one) => [one.area, one.unmasked]));
  const groups = createMemo(bitsToGroups);
  const normSetsOf = createMemo((bits) => normSets.filter((_, place) => (bits & (1 << place)) !== 0));
  const rests = packed.shapes.map(({ amber: _, red: __, due: ___, paused: ____, ...rest }) => rest);
  /** Only who looks at a tile asks whose a clock is. */
  let caseIds: readonly string[] | undefined;

  /** Each clock of an area: its place in the shapes, its anchor in ms, and the place of the person. */
  function eachClock(place: number, visit: (shape: number, anchorMs: number, person: number) => void): void {
    for (let person = people[place] ?? 0; person < (people[place + 1] ?? 0); person += 1) {
      const firstMs = packed.from + (packed.anchor[person] ?? 0);
      for (let next = clocks[person] ?? 0; next < (clocks[person + 1] ?? 0); next += 1)
        visit(packed.shape[next] ?? 0, firstMs + (packed.after[next] ?? 0), person);
    }
  }

  function clocksOf(place: number, nowMs: number): Clock[] {
    const found: Ranked[] = [];
    caseIds ??= unpackIds(packed.caseIds);
    const idOf = caseIds;
    eachClock(place, (shapePlace, anchorMs, person) => {
      const shape = at(packed.shapes, shapePlace);
      const clock: Clock = {
        ...at(rests, shapePlace),
        caseId: at(idOf, person),
        anchorAt: toInstant(anchorMs),
        amberAt: toInstant(anchorMs + shape.amber),
        redAt: toInstant(anchorMs + shape.red),
        dueAt: toInstant(anchorMs + shape.due),
      };
      if (shape.paused !== undefined) clock.pausedAt = toInstant(anchorMs + shape.paused);
      const rank = rankOf(at(timings, shapePlace), anchorMs, nowMs);
      found.push({ clock, rank, dueMs: anchorMs + shape.due });
    });
    return found.sort(compareRanked).map(({ clock }) => clock);
  }

  return {
    ids,
    status(place) {
      const updatedMs = packed.from + (packed.updated[place] ?? 0) * 1_000;
      const check = packed.check[place] ?? null;
      const since = confidential.get(place);
      const bell = bells.get(place);
      const observation = observed.get(place);
      const checkMinutes = checkEvery.get(place);
      const hundredths = packed.m2[place] ?? -1;
      const air = readAir(packed, place);
      const found = findings.get(place);
      const gate = gates.get(place);
      const visiting = visits.get(place);
      const lift = unmasked.get(place);
      return {
        areaId: at(ids, place),
        headcount: packed.headcount[place] ?? 0,
        clocks: clocksOf(place, updatedMs),
        vulnerabilities: groups(packed.vulnerabilities[place] ?? 0),
        nextCheckDueAt: check === null ? null : toInstant(packed.from + check),
        ...(checkMinutes === undefined ? {} : { checkMinutes }),
        confidentialSince: since === undefined ? null : toInstant(packed.from + since),
        ...(gate ? { gate } : {}),
        ...(visiting ? { visits: visiting } : {}),
        ...(lift ? { unmasked: lift } : {}),
        ...(hundredths < 0
          ? {}
          : { space: { m2PerPerson: hundredths / 100, ...at(packed.spaceShapes, spaces[place]) } }),
        ...(air ? { air } : {}),
        ...(bell === undefined ? {} : { bellSince: toInstant(packed.from + bell) }),
        ...(observation === undefined ? {} : { observation }),
        ...(found ? { findings: found } : {}),
        updatedAt: toInstant(updatedMs),
      };
    },
    brief(place) {
      const check = packed.check[place] ?? null;
      const m2 = packed.m2[place] ?? -1;
      const brief: AreaBrief = {
        headcount: packed.headcount[place] ?? 0,
        vulnerabilities: groups(packed.vulnerabilities[place] ?? 0),
        nextCheckMs: check === null ? Infinity : packed.from + check,
        confidential: confidential.has(place),
        bell: bells.has(place),
        observation: observed.get(place) ?? 1,
        space: m2 < 0 ? undefined : packed.spaceShapes[spaces[place] ?? -1]?.level,
        m2PerPerson: m2 < 0 ? undefined : m2 / 100,
        findings: findingKindsOf(findings.get(place)),
        amberMs: Infinity,
        redMs: Infinity,
        breachedMs: Infinity,
        normSets: NOTHING,
      };
      if (people[place] === people[place + 1]) return brief;
      let bits = 0;
      eachClock(place, (shapePlace, anchorMs) => {
        const timing = at(timings, shapePlace);
        bits |= timing.normSet;
        if (timing.isShadowed || timing.isPaused) return;
        addClock(brief, {
          isBinding: timing.isBinding,
          amberMs: anchorMs + timing.amber,
          redMs: anchorMs + timing.red,
          dueMs: anchorMs + timing.due,
        });
      });
      brief.normSets = normSetsOf(bits);
      return brief;
    },
    dueMs(place, nowMs) {
      let [best, bestMs] = [SHADOWED, Infinity];
      eachClock(place, (shapePlace, anchorMs) => {
        const timing = at(timings, shapePlace);
        const rank = rankOf(timing, anchorMs, nowMs);
        if (rank > best || rank === SHADOWED) return;
        bestMs = rank < best ? anchorMs + timing.due : Math.min(bestMs, anchorMs + timing.due);
        best = rank;
      });
      return bestMs;
    },
  };
}

function toTiming(shape: ClockShape, normSets: readonly string[]): Timing {
  const { amber, red, due, paused } = shape;
  return {
    amber,
    red,
    due,
    isBinding: isBinding(shape),
    isPaused: paused !== undefined && paused < due,
    isShadowed: shape.shadowed === true,
    normSet: 1 << normSets.indexOf(shape.normSet),
  };
}

/** A clock on its way into its area's order, see `byUrgency`. */
interface Ranked {
  clock: Clock;
  rank: number;
  dueMs: number;
}

const NOTHING: readonly never[] = [];

const SHADOWED = 5;

/** As `clockUrgency`, of what has not been written as text. */
function rankOf(timing: Timing, anchorMs: number, nowMs: number): number {
  if (timing.isShadowed) return SHADOWED;
  if (timing.isPaused) return 4;
  if (nowMs >= anchorMs + timing.due) return timing.isBinding ? 0 : 1;
  if (nowMs >= anchorMs + timing.red) return 1;
  return nowMs >= anchorMs + timing.amber ? 2 : 3;
}

function compareRanked(a: Ranked, b: Ranked): number {
  return (
    a.rank - b.rank ||
    a.dueMs - b.dueMs ||
    compareText(a.clock.caseId, b.clock.caseId) ||
    compareText(a.clock.normSet, b.clock.normSet) ||
    compareText(a.clock.limit, b.clock.limit)
  );
}

function readAir(packed: PackedAreas, place: number): Air | undefined {
  const minutes = packed.airAt[place] ?? null;
  if (minutes === null) return undefined;
  const [temperatureC, co2Ppm, humidityPct] = [
    packed.temperature[place] ?? undefined,
    packed.co2[place] ?? undefined,
    packed.humidity[place] ?? undefined,
  ];
  return {
    ...(temperatureC === undefined ? {} : { temperatureC }),
    ...(co2Ppm === undefined ? {} : { co2Ppm }),
    ...(humidityPct === undefined ? {} : { humidityPct }),
    at: toInstant(packed.from + Math.round(minutes * MINUTE_MS)),
  };
}

function bitsToGroups(bits: number): Vulnerability[] {
  return Vulnerability.options.filter((_, place) => (bits & (1 << place)) !== 0);
}

/** The same object for the same bits: there are few combinations, and many areas. */
function createMemo<T>(make: (bits: number) => T): (bits: number) => T {
  const known = new Map<number, T>();
  return (bits) => {
    const before = known.get(bits);
    if (before !== undefined) return before;
    const made = make(bits);
    known.set(bits, made);
    return made;
  };
}

/** Pairs of an area's place and a value. */
function readPairs(
  flat: readonly number[],
  length: number,
  demand: (value: number) => void,
): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  for (let index = 0; index < flat.length; index += 2) {
    const value = at(flat, index + 1);
    demandRange(flat[index], length - 1);
    demand(value);
    pairs.set(flat[index] ?? -1, value);
  }
  return pairs;
}

function demandOffset({ from }: PackedAreas) {
  return (ms: number) => demandInstant(from + ms);
}

function demandLevel(level: number): void {
  if (level < 2 || level > 4) throw new UnreadableColumns(`${level} is no level of observation`);
}

function demandMinutes(minutes: number): void {
  if (minutes < 1 || minutes > 1_440) throw new UnreadableColumns(`a check every ${minutes} minutes`);
}
