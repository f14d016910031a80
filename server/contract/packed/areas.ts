import { z } from 'zod';
import { type Air, isOrdinaryAir, Space } from '../conditions.ts';
import { AreaStatus, Clock, Gate, isBinding, Unmasked, Vulnerability } from '../status.ts';
import {
  at,
  createInstantWriter,
  createTable,
  demandLength,
  Ints,
  Numbers,
  packIds,
  UnreadableColumns,
  unpackIds,
} from './columns.ts';

/** All of a clock but whose it is and when it began: clocks of one limit differ in nothing else, as a rule. */
const ClockShape = z.strictObject({
  ...Clock.pick({
    normSet: true,
    limit: true,
    kind: true,
    standing: true,
    shadowed: true,
    ground: true,
  }).shape,
  /** Milliseconds after the anchor. */
  amber: z.int(),
  red: z.int(),
  due: z.int(),
  paused: z.int().optional(),
});
type ClockShape = z.infer<typeof ClockShape>;

const SpaceShape = Space.omit({ m2PerPerson: true });
type SpaceShape = z.infer<typeof SpaceShape>;

/** Statuses of areas. Columns have a value for each area, unless said otherwise. */
export const PackedAreas = z.strictObject({
  ids: z.string(),
  /** Milliseconds since the epoch that the other instants count from. */
  from: z.int().min(0),
  headcount: Ints,
  /** Whole seconds: nobody reads more of it. */
  updated: Ints,
  /** Milliseconds; null: no check is due. */
  check: Numbers,
  /** A bit for each, in the order of `Vulnerability`. */
  vulnerabilities: Ints,
  /** Area and milliseconds, one after the other, of those that are confidential. */
  confidential: Ints,
  gates: z.array(z.strictObject({ area: z.int(), gate: Gate })),
  unmasked: z.array(z.strictObject({ area: z.int(), unmasked: Unmasked })),
  /** Hundredths of m² per person; −1: no space. */
  m2: Ints,
  /** Place in `spaceShapes`, for those that have space. */
  space: Ints,
  spaceShapes: z.array(SpaceShape),
  temperature: Numbers,
  co2: Numbers,
  humidity: Numbers,
  /** Minutes; null: nothing was measured. */
  airAt: Numbers,
  findings: z.array(z.strictObject({ area: z.int(), findings: AreaStatus.shape.findings.unwrap() })),
  /** How many people of the area have clocks. */
  cases: Ints,
  /** Ids of these people, area after area. */
  caseIds: z.string(),
  /** For each of them, how many clocks, and when the first of these began, in milliseconds. */
  clocks: Ints,
  anchor: Ints,
  /** For each clock its place in `shapes`, and milliseconds from its person's first anchor. */
  shape: Ints,
  after: Ints,
  shapes: z.array(ClockShape),
});
export type PackedAreas = z.infer<typeof PackedAreas>;

const MINUTE_MS = 60_000;

/**
 * {@link unpackAreas} gives the same again, with `updatedAt` to the second, clocks in their order as of then, and no air that
 * is as it should be: 45,000 thermometers of which none says anything are asked for one by one, see `GET /areas/{areaId}`.
 */
export function packAreas(statuses: readonly AreaStatus[]): PackedAreas {
  const sorted = statuses.toSorted((a, b) => compareText(a.areaId, b.areaId));
  const from = sorted.reduce((least, { updatedAt }) => Math.min(least, Date.parse(updatedAt)), Infinity);
  const fromMs = Number.isFinite(from) ? Math.floor(from / MINUTE_MS) * MINUTE_MS : 0;
  const shapes = createTable<ClockShape>(keyOfShape);
  const spaceShapes = createTable<SpaceShape>();
  const caseIds: string[] = [];
  const packed: Omit<PackedAreas, 'ids' | 'caseIds'> = {
    from: fromMs,
    headcount: [],
    updated: [],
    check: [],
    vulnerabilities: [],
    confidential: [],
    gates: [],
    unmasked: [],
    m2: [],
    space: [],
    spaceShapes: spaceShapes.values,
    temperature: [],
    co2: [],
    humidity: [],
    airAt: [],
    findings: [],
    cases: [],
    clocks: [],
    anchor: [],
    shape: [],
    after: [],
    shapes: shapes.values,
  };
  for (const [area, status] of sorted.entries()) {
    packed.headcount.push(status.headcount);
    packed.updated.push(Math.floor((Date.parse(status.updatedAt) - fromMs) / 1_000));
    packed.check.push(status.nextCheckDueAt === null ? null : Date.parse(status.nextCheckDueAt) - fromMs);
    packed.vulnerabilities.push(
      status.vulnerabilities.reduce((bits, one) => bits | (1 << Vulnerability.options.indexOf(one)), 0),
    );
    if (status.confidentialSince !== null)
      packed.confidential.push(area, Date.parse(status.confidentialSince) - fromMs);
    if (status.gate) packed.gates.push({ area, gate: status.gate });
    if (status.unmasked) packed.unmasked.push({ area, unmasked: status.unmasked });
    const { m2PerPerson, ...shape } = status.space ?? {};
    packed.m2.push(m2PerPerson === undefined ? -1 : Math.round(m2PerPerson * 100));
    if (m2PerPerson !== undefined) packed.space.push(spaceShapes.place(shape));
    const air = status.air && !isOrdinaryAir(status.air) ? status.air : undefined;
    packed.temperature.push(air?.temperatureC ?? null);
    packed.co2.push(air?.co2Ppm ?? null);
    packed.humidity.push(air?.humidityPct ?? null);
    packed.airAt.push(air ? (Date.parse(air.at) - fromMs) / MINUTE_MS : null);
    if (status.findings) packed.findings.push({ area, findings: status.findings });
    const byCase = [...Map.groupBy(status.clocks, ({ caseId }) => caseId)];
    packed.cases.push(byCase.length);
    for (const [caseId, clocks] of byCase) {
      caseIds.push(caseId);
      packed.clocks.push(clocks.length);
      const places = clocks
        .map((clock) => ({ place: shapes.place(shapeOf(clock)), anchorMs: Date.parse(clock.anchorAt) }))
        .sort((a, b) => a.place - b.place || a.anchorMs - b.anchorMs);
      const firstMs = Math.min(...places.map(({ anchorMs }) => anchorMs));
      packed.anchor.push(firstMs - fromMs);
      for (const { place, anchorMs } of places) {
        packed.shape.push(place);
        packed.after.push(anchorMs - firstMs);
      }
    }
  }
  return { ids: packIds(sorted.map(({ areaId }) => areaId)), ...packed, caseIds: packIds(caseIds) };
}

/** Throws {@link UnreadableColumns} when the columns do not fit together. */
export function unpackAreas(packed: PackedAreas): AreaStatus[] {
  const ids = unpackIds(packed.ids);
  const toInstant = createInstantWriter();
  const instant = (ms: number) => toInstant(packed.from + ms);
  const { headcount, updated, check, vulnerabilities, m2, temperature, co2, humidity, airAt, cases } = packed;
  demandLength(ids.length, headcount, updated, check, vulnerabilities, m2);
  demandLength(ids.length, temperature, co2, humidity, airAt, cases);
  const clocksOf = createClockReader(packed, instant);
  const confidential = readPairs(packed.confidential);
  const unmasked = new Map(packed.unmasked.map((one) => [one.area, one.unmasked]));
  const gates = new Map(packed.gates.map((one) => [one.area, one.gate]));
  const findings = new Map(packed.findings.map((one) => [one.area, one.findings]));
  const groups = new Map<number, Vulnerability[]>();
  let spaces = 0;
  return ids.map((areaId, index) => {
    const updatedAt = instant((updated[index] ?? 0) * 1_000);
    const checkMs = check[index] ?? null;
    const sinceMs = confidential.get(index);
    const hundredths = m2[index] ?? -1;
    const gate = gates.get(index);
    const lift = unmasked.get(index);
    const found = findings.get(index);
    const air = readAir(packed, index, instant);
    return {
      areaId,
      headcount: inRange(headcount[index], 1_000),
      clocks: clocksOf(cases[index] ?? 0, packed.from + (updated[index] ?? 0) * 1_000),
      vulnerabilities: readGroups(inRange(vulnerabilities[index], 255), groups),
      nextCheckDueAt: checkMs === null ? null : instant(checkMs),
      confidentialSince: sinceMs === undefined ? null : instant(sinceMs),
      ...(gate ? { gate } : {}),
      ...(lift ? { unmasked: lift } : {}),
      ...(hundredths < 0
        ? {}
        : { space: { m2PerPerson: hundredths / 100, ...at(packed.spaceShapes, packed.space[spaces++]) } }),
      ...(air ? { air } : {}),
      ...(found ? { findings: found } : {}),
      updatedAt,
    };
  });
}

function shapeOf(clock: Clock): ClockShape {
  const { caseId: _, anchorAt, amberAt, redAt, dueAt, pausedAt, ...rest } = clock;
  const anchorMs = Date.parse(anchorAt);
  return {
    ...rest,
    amber: Date.parse(amberAt) - anchorMs,
    red: Date.parse(redAt) - anchorMs,
    due: Date.parse(dueAt) - anchorMs,
    ...(pausedAt === undefined ? {} : { paused: Date.parse(pausedAt) - anchorMs }),
  };
}

/** Cheaper than JSON: there are a hundred thousand clocks. */
function keyOfShape(shape: ClockShape): string {
  const { normSet, limit, kind, standing, shadowed, ground, amber, red, due, paused } = shape;
  return [normSet, limit, kind, standing, shadowed, ground, amber, red, due, paused].join(' ');
}

/** A clock on its way into its area's order, see `byUrgency`. */
interface Ranked {
  clock: Clock;
  rank: number;
  dueMs: number;
}

/** Reads the clocks of an area's people, area after area, most urgent first as of an instant (ms). */
function createClockReader(packed: PackedAreas, instant: (ms: number) => string) {
  const caseIds = unpackIds(packed.caseIds);
  demandLength(caseIds.length, packed.clocks, packed.anchor);
  demandLength(packed.shape.length, packed.after);
  const rests = packed.shapes.map(({ amber: _, red: __, due: ___, paused: ____, ...rest }) => rest);
  let person = 0;
  let next = 0;
  return (people: number, nowMs: number): Clock[] => {
    const found: Ranked[] = [];
    for (const last = person + inRange(people, 1_000); person < last; person += 1) {
      const caseId = at(caseIds, person);
      const firstMs = at(packed.anchor, person);
      const first = instant(firstMs);
      for (const end = next + inRange(packed.clocks[person], 200); next < end; next += 1) {
        const place = at(packed.shape, next);
        const shape = at(packed.shapes, place);
        const anchorMs = firstMs + at(packed.after, next);
        const clock: Clock = {
          ...at(rests, place),
          caseId,
          anchorAt: anchorMs === firstMs ? first : instant(anchorMs),
          amberAt: instant(anchorMs + shape.amber),
          redAt: instant(anchorMs + shape.red),
          dueAt: instant(anchorMs + shape.due),
        };
        if (shape.paused !== undefined) clock.pausedAt = instant(anchorMs + shape.paused);
        const dueMs = anchorMs + shape.due;
        found.push({ clock, rank: rankOf(shape, packed.from + anchorMs, nowMs), dueMs });
      }
    }
    if (found.length > 1) found.sort(compareRanked);
    return found.map(({ clock }) => clock);
  };
}

/** As `clockUrgency`, of what has not been written as text yet. */
function rankOf(shape: ClockShape, anchorMs: number, nowMs: number): number {
  if (shape.shadowed) return 5;
  if (shape.paused !== undefined && shape.paused < shape.due) return 4;
  if (nowMs >= anchorMs + shape.due) return isBinding(shape) ? 0 : 1;
  if (nowMs >= anchorMs + shape.red) return 1;
  return nowMs >= anchorMs + shape.amber ? 2 : 3;
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

function readAir(packed: PackedAreas, index: number, instant: (ms: number) => string): Air | undefined {
  const minutes = packed.airAt[index] ?? null;
  if (minutes === null) return undefined;
  const [temperatureC, co2Ppm, humidityPct] = [
    packed.temperature[index] ?? undefined,
    packed.co2[index] ?? undefined,
    packed.humidity[index] ?? undefined,
  ];
  return {
    ...(temperatureC === undefined ? {} : { temperatureC }),
    ...(co2Ppm === undefined ? {} : { co2Ppm }),
    ...(humidityPct === undefined ? {} : { humidityPct }),
    at: instant(Math.round(minutes * MINUTE_MS)),
  };
}

/** The same list for the same bits. */
function readGroups(bits: number, known: Map<number, Vulnerability[]>): Vulnerability[] {
  const before = known.get(bits);
  if (before) return before;
  const groups = Vulnerability.options.filter((_, place) => (bits & (1 << place)) !== 0);
  known.set(bits, groups);
  return groups;
}

function readPairs(flat: readonly number[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  for (let index = 0; index < flat.length; index += 2) pairs.set(flat[index] ?? -1, at(flat, index + 1));
  return pairs;
}

function inRange(value: number | undefined, most: number): number {
  if (value === undefined || value < 0 || value > most)
    throw new UnreadableColumns(`${value} is out of range`);
  return value;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
