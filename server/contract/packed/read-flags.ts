import type { Flag } from '../flags.ts';
import type { AreaId, FacilityId, FlagId, Instant, RegionId } from '../ids.ts';
import { toUuid } from '../name-based-id.ts';
import { createClockFinder, type PlacedClock } from './area-clocks.ts';
import type { PackedAreas } from './areas.ts';
import { at, demandInstant, demandLength, toInstant, UnreadableColumns, unpackIds } from './columns.ts';
import { checkFlagId, clockFlagId, type FlagShape, IDS, type PackedFlags, type Value } from './flags.ts';

const DIGITS_OF_ID = 32;

/** What flags were packed beside. */
interface Beside {
  regionId: RegionId;
  areas: PackedAreas;
  /** The areas of the region, in the order of their columns. */
  areaIds: readonly AreaId[];
}

/** Every flag. Throws {@link UnreadableColumns} when the columns do not fit together. */
export function readFlags(packed: PackedFlags, { regionId, areas, areaIds }: Beside): Flag[] {
  const { shapes, shape: shapePlaces, facility, raised, strays } = packed;
  demandLength(shapePlaces.length, facility, raised);
  if (shapePlaces.length === 0) return strays;
  const facilities = unpackIds(packed.facilities);
  const clocksOf = createClockFinder(areas, areaIds.length);
  const makers = shapes.map(toMaker);
  const values = createQueue(packed.values);
  const ids = readIds(packed.ids);
  let [onAreas, place, raisedMs] = [0, 0, packed.from];

  const flags = shapePlaces.map((shapePlace, row): Flag => {
    const shape = at(shapes, shapePlace);
    raisedMs += at(raised, row);
    demandInstant(raisedMs);
    const facilityId = at(facilities, facility[row]);
    if (shape.onFacility) return at(makers, shapePlace)({ regionId, facilityId, raisedMs, values, ids });
    place += at(packed.area, onAreas);
    const areaId = at(areaIds, place);
    const clock = packed.clock[onAreas] ?? 0;
    const check = areas.check[place] ?? null;
    onAreas += 1;
    return at(
      makers,
      shapePlace,
    )({
      regionId,
      facilityId,
      areaId,
      raisedMs,
      values,
      ids,
      clock: clock === -1 ? undefined : at(clocksOf(place), clock),
      checkAt: check === null ? undefined : toInstant(areas.from + check),
    });
  });
  demandLength(onAreas, packed.area, packed.clock);
  if (values.left > 0 || ids.left > 0) throw new UnreadableColumns('more than the flags need');
  return [...flags, ...strays];
}

/** What one flag has of its own. */
interface Own {
  regionId: RegionId;
  facilityId: FacilityId;
  areaId?: AreaId;
  raisedMs: number;
  clock?: PlacedClock | undefined;
  checkAt?: Instant | undefined;
  values: Queue<Value>;
  ids: Queue<FlagId>;
}

/** Makes flags of a shape. */
function toMaker({ category, severity, rule, by, params, id }: FlagShape): (own: Own) => Flag {
  const names = Object.entries(params);
  const actor = { kind: 'rule' as const, id: by, name: by };
  return (own) => {
    const { regionId, facilityId, areaId, raisedMs, values, ids } = own;
    const told: Record<string, Value> = {};
    for (const [name, origin] of names) {
      if (origin === 'value') told[name] = values.take();
      else if (origin === 'check') told[name] = demand(own.checkAt);
      else {
        const clock = demand(own.clock);
        told[name] =
          origin === 'caseId'
            ? clock.caseId
            : origin === 'limit'
              ? `${clock.normSet}/${clock.limit}`
              : toInstant(clock.dueMs);
      }
    }
    return {
      id:
        id === 'own'
          ? ids.take()
          : id === 'clock'
            ? clockFlagId(rule, facilityId, demand(own.clock))
            : checkFlagId(demand(areaId), demand(own.checkAt)),
      regionId,
      facilityId,
      ...(areaId === undefined ? {} : { areaId }),
      category,
      severity,
      note: '',
      rule: { id: rule, params: told },
      state: 'raised',
      history: [{ state: 'raised', by: actor, at: toInstant(raisedMs) }],
      version: 1,
    };
  };
}

function demand<T>(value: T | undefined): T {
  if (value === undefined) throw new UnreadableColumns('a flag is about what is not there');
  return value;
}

/** What is taken one after another. */
interface Queue<T> {
  take(): T;
  readonly left: number;
}

function createQueue<T>(items: readonly T[]): Queue<T> {
  let next = 0;
  return {
    take: () => at(items, next++),
    get left() {
      return items.length - next;
    },
  };
}

function readIds(digits: string): Queue<FlagId> {
  if (digits.length % DIGITS_OF_ID !== 0 || !IDS.test(digits)) throw new UnreadableColumns('no ids');
  return createQueue(
    Array.from({ length: digits.length / DIGITS_OF_ID }, (_, index) =>
      toUuid(digits.slice(index * DIGITS_OF_ID, (index + 1) * DIGITS_OF_ID)),
    ),
  );
}
