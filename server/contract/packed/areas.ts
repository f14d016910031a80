import { z } from 'zod';
import { Clock } from '../clocks.ts';
import { isOrdinaryAir, Space } from '../conditions.ts';
import { AreaStatus, Gate, Unmasked, Vulnerability } from '../status.ts';
import { createTable, Ints, Numbers, packIds } from './columns.ts';

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
export type ClockShape = z.infer<typeof ClockShape>;

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
  /** Area and minutes, of those where checks are not as far apart as usual. */
  checkEvery: Ints,
  /** A bit for each, in the order of `Vulnerability`. */
  vulnerabilities: Ints,
  /** Area and milliseconds, one after the other, of those that are confidential. */
  confidential: Ints,
  gates: z.array(z.strictObject({ area: z.int(), gate: Gate })),
  visits: z.array(z.strictObject({ area: z.int(), visits: AreaStatus.shape.visits.unwrap() })),
  unmasked: z.array(z.strictObject({ area: z.int(), unmasked: Unmasked })),
  /** Area and milliseconds, of those whose bell nobody has answered. */
  bells: Ints,
  /** Area and level, of those where somebody is under more than general observation. */
  observed: Ints,
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

export const MINUTE_MS = 60_000;

/**
 * `readAreas` gives the same again, with `updatedAt` to the second, clocks in their order as of then, and no air that
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
    checkEvery: [],
    vulnerabilities: [],
    confidential: [],
    gates: [],
    visits: [],
    unmasked: [],
    bells: [],
    observed: [],
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
    if (status.checkMinutes !== undefined) packed.checkEvery.push(area, status.checkMinutes);
    packed.vulnerabilities.push(
      status.vulnerabilities.reduce((bits, one) => bits | (1 << Vulnerability.options.indexOf(one)), 0),
    );
    if (status.confidentialSince !== null)
      packed.confidential.push(area, Date.parse(status.confidentialSince) - fromMs);
    if (status.gate) packed.gates.push({ area, gate: status.gate });
    if (status.visits) packed.visits.push({ area, visits: status.visits });
    if (status.unmasked) packed.unmasked.push({ area, unmasked: status.unmasked });
    if (status.bellSince !== undefined) packed.bells.push(area, Date.parse(status.bellSince) - fromMs);
    if (status.observation !== undefined) packed.observed.push(area, status.observation);
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

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
