import { z } from 'zod';
import { Flag, FlagCategory, Severity } from '../flags.ts';
import type { AreaId, Instant, RegionId } from '../ids.ts';
import { clockKey, flagIdOf, missedCheckKey } from '../rule-flags.ts';
import { createClockFinder, type PlacedClock } from './area-clocks.ts';
import type { PackedAreas } from './areas.ts';
import { createTable, Ints, packIds, toInstant, unpackIds } from './columns.ts';

/**
 * What a parameter of a rule says again: of the clock that the flag is about, or when the next check of its area is due.
 * `value`: neither; it stands in `values`.
 */
const Origin = z.enum(['limit', 'caseId', 'dueAt', 'check', 'value']);
type Origin = z.infer<typeof Origin>;

/** What flags of one rule have in common. */
const FlagShape = z.strictObject({
  category: FlagCategory,
  severity: Severity,
  rule: z.string().min(1).max(64),
  /** Who raised it, by id and name: the rule. */
  by: z.string().min(1).max(64),
  params: z.record(z.string().max(40), Origin),
  /** What the flag's id follows from; `own`: nothing here, it stands in `ids`. */
  id: z.enum(['clock', 'check', 'own']),
  /** The flag hangs on a facility, and has no value in the columns of areas. */
  onFacility: z.literal(true).optional(),
});
export type FlagShape = z.infer<typeof FlagShape>;

export type Value = string | number;

function isValues(value: unknown): value is Value[] {
  if (!Array.isArray(value)) return false;
  for (const item of value)
    if (typeof item === 'string' ? item.length > 200 : !Number.isFinite(item)) return false;
  return true;
}

/** Open flags of a region. Columns have a value for each that a rule raised and nobody has touched, unless said otherwise. */
export const PackedFlags = z.strictObject({
  shapes: z.array(FlagShape),
  /** Place in `shapes`. */
  shape: Ints,
  facilities: z.string(),
  /** Place in `facilities`. */
  facility: Ints,
  /** Of those on an area: its place among the region's areas, counted from that of the one before. */
  area: Ints,
  /** Of those on an area: the place of a clock among those of the area; −1: it is about none. */
  clock: Ints,
  /** Milliseconds since the epoch at which the first was raised; of each, how much later than the one before. */
  from: z.int().min(0),
  raised: Ints,
  /** Of those that need some, flag after flag. */
  values: z.custom<Value[]>(isValues, 'must be an array of words and numbers'),
  /** Of those with an id of their own, 32 digits each. */
  ids: z.string(),
  /** All others, whole. */
  strays: z.array(Flag),
});
export type PackedFlags = z.infer<typeof PackedFlags>;

/** UUIDs as `ids` has them. */
export const IDS = /^(?:[0-9a-f]{12}[1-8][0-9a-f]{3}[89ab][0-9a-f]{15})*$/;

interface Row {
  flag: Flag;
  raisedMs: number;
  shape: FlagShape;
  /** Place of the area. */
  area: number;
  clock: number;
  values: readonly Value[];
}

/** What the flags of a region are packed beside. */
interface Beside {
  regionId: RegionId;
  areas: PackedAreas;
}

/** `readFlags` gives the same again, in another order. */
export function packFlags(flags: readonly Flag[], { regionId, areas }: Beside): PackedFlags {
  const areaIds = unpackIds(areas.ids);
  const places = new Map(areaIds.map((id, place) => [id, place]));
  const clocksOf = createClockFinder(areas, areaIds.length);
  const rows: Row[] = [];
  const strays: Flag[] = [];
  for (const flag of flags.toSorted((a, b) => placeOf(a) - placeOf(b))) {
    const row = flag.regionId === regionId && isAsRaised(flag) ? toRow(flag) : undefined;
    if (row) rows.push(row);
    else strays.push(flag);
  }
  rows.sort((a, b) => a.area - b.area || a.raisedMs - b.raisedMs || (a.flag.id < b.flag.id ? -1 : 1));

  function placeOf({ areaId }: Flag): number {
    return areaId === undefined ? -1 : (places.get(areaId) ?? areaIds.length);
  }

  function toRow(flag: Flag): Row | undefined {
    const area = placeOf(flag);
    const raisedMs = Date.parse(flag.history[0]?.at ?? '');
    if (area === areaIds.length || !flag.rule || !isWritten(raisedMs, flag.history[0]?.at)) return undefined;
    const check = area < 0 ? null : (areas.check[area] ?? null);
    const place = {
      clocks: area < 0 ? [] : clocksOf(area),
      checkAt: check === null ? undefined : toInstant(areas.from + check),
    };
    const { clock, id } = findClock(flag, place.clocks) ?? { clock: -1, id: undefined };
    const about = { clock: place.clocks[clock], checkAt: place.checkAt };
    const params = Object.entries(flag.rule.params).map(
      ([name, value]) => [name, value, originOf(name, value, about)] as const,
    );
    const shape: FlagShape = {
      category: flag.category,
      severity: flag.severity,
      rule: flag.rule.id,
      by: flag.history[0]?.by.id ?? '',
      params: Object.fromEntries(params.map(([name, , origin]) => [name, origin])),
      id: id ?? (isOfCheck(flag, place.checkAt) ? 'check' : 'own'),
      ...(area < 0 ? { onFacility: true } : {}),
    };
    const values = params.flatMap(([, value, origin]) => (origin === 'value' ? [value] : []));
    return { flag, raisedMs, shape, area, clock, values };
  }

  const shapes = createTable<FlagShape>();
  const facilities = createTable<string>((id) => id);
  const [first] = rows;
  const onAreas = rows.filter(({ area }) => area >= 0);
  return {
    shapes: shapes.values,
    shape: rows.map(({ shape }) => shapes.place(shape)),
    facility: rows.map(({ flag }) => facilities.place(flag.facilityId)),
    facilities: packIds(facilities.values),
    area: onAreas.map(({ area }, index) => area - (onAreas[index - 1]?.area ?? 0)),
    clock: onAreas.map(({ clock }) => clock),
    from: first?.raisedMs ?? 0,
    raised: rows.map(({ raisedMs }, index) => raisedMs - (rows[index - 1]?.raisedMs ?? raisedMs)),
    values: rows.flatMap(({ values }) => values),
    ids: rows
      .flatMap(({ flag, shape }) => (shape.id === 'own' ? [flag.id.replaceAll('-', '')] : []))
      .join(''),
    strays,
  };
}

/** A rule raised it, and nothing has happened since. */
function isAsRaised({ id, note, calls, shelvings, state, version, history }: Flag): boolean {
  const [raising, ...more] = history;
  return (
    more.length === 0 &&
    raising?.state === 'raised' &&
    raising.by.kind === 'rule' &&
    raising.by.name === raising.by.id &&
    raising.reason === undefined &&
    raising.assignee === undefined &&
    state === 'raised' &&
    version === 1 &&
    note === '' &&
    calls === undefined &&
    shelvings === undefined &&
    IDS.test(id.replaceAll('-', ''))
  );
}

function isWritten(ms: number, instant: Instant | undefined): boolean {
  return ms >= 0 && toInstant(ms) === instant;
}

/** The clock of its area that a flag is about, and whether its id follows from it. */
function findClock(
  { id, facilityId, rule }: Flag,
  clocks: readonly PlacedClock[],
): { clock: number; id: 'clock' | undefined } | undefined {
  if (!rule) return undefined;
  const { caseId, limit } = rule.params;
  let alike: number | undefined;
  for (const [place, clock] of clocks.entries()) {
    if (clock.caseId !== caseId || `${clock.normSet}/${clock.limit}` !== limit) continue;
    if (clockFlagId(rule.id, facilityId, clock) === id) return { clock: place, id: 'clock' };
    alike ??= place;
  }
  return alike === undefined ? undefined : { clock: alike, id: undefined };
}

/** The id of the flag that a rule raises because of a clock, if it has not been moved since. */
export function clockFlagId(rule: string, facilityId: string, clock: PlacedClock): string {
  const sinceMs =
    rule === 'deadline-amber' ? clock.amberMs : rule === 'deadline-red' ? clock.redMs : clock.dueMs;
  const key = clockKey(rule, { ...clock, facilityId, anchorAt: toInstant(clock.anchorMs) });
  return flagIdOf(key, toInstant(sinceMs));
}

/** The id of the flag that a check raises that is missed. */
export function checkFlagId(areaId: AreaId, dueAt: Instant): string {
  return flagIdOf(missedCheckKey(areaId, dueAt), dueAt);
}

function isOfCheck({ id, areaId, rule }: Flag, checkAt: Instant | undefined): boolean {
  if (rule?.id !== 'check-missed' || areaId === undefined || checkAt === undefined) return false;
  return checkFlagId(areaId, checkAt) === id;
}

function originOf(
  name: string,
  value: Value,
  { clock, checkAt }: { clock: PlacedClock | undefined; checkAt: Instant | undefined },
): Origin {
  // The clock was found by these two.
  if (clock && (name === 'limit' || name === 'caseId')) return name;
  if (name !== 'dueAt') return 'value';
  if (clock && value === toInstant(clock.dueMs)) return 'dueAt';
  return value === checkAt ? 'check' : 'value';
}
