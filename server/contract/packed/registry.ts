import { z } from 'zod';
import { LocalText } from '../ids.ts';
import { LiveRegistry } from '../live.ts';
import { Area, Feed } from '../nation.ts';
import { at, createTable, demandLength, Ints, packIds, unpackIds } from './columns.ts';

/** What many areas have in common. */
const AreaShape = z.strictObject({
  ...Area.pick({ kind: true, privacy: true }).shape,
  /** Of each feed what its id adds to the area's, and the rest. */
  feeds: z.array(z.strictObject({ ...Feed.omit({ id: true }).shape, tail: z.string().max(64) })).max(8),
});
type AreaShape = z.infer<typeof AreaShape>;

/** Areas; columns have a value for each. Feeds whose id does not begin with the area's make an area a stray. */
const PackedPlaces = z.strictObject({
  ids: z.string(),
  /** Places in `facilities` of the registry. */
  facility: Ints,
  name: Ints,
  names: z.array(LocalText),
  shape: Ints,
  shapes: z.array(AreaShape),
  capacity: Ints,
  /** Tenths of m². */
  netArea: Ints,
  strays: z.array(Area),
  /** For each area of the whole 0 for the next of the columns, −1 for the next stray; empty when there are none. */
  order: Ints,
});

/** `GET /api/v1/live/registry?form=packed`: a {@link LiveRegistry} with its areas in columns. */
export const PackedRegistry = z.object({
  format: z.literal(1),
  ...LiveRegistry.omit({ areas: true }).shape,
  areas: PackedPlaces,
});
export type PackedRegistry = z.infer<typeof PackedRegistry>;

/** {@link unpackRegistry} gives the same again. */
export function packRegistry({ areas, ...rest }: LiveRegistry): PackedRegistry {
  const facilityPlace = new Map(rest.facilities.map(({ id }, place) => [id, place]));
  const regionOf = new Map(rest.facilities.map(({ id, regionId }) => [id, regionId]));
  const names = createTable<LocalText>();
  const shapes = createTable<AreaShape>();
  const ordinary: Area[] = [];
  const strays: Area[] = [];
  const order: number[] = [];
  for (const area of areas) {
    const isOrdinary =
      regionOf.get(area.facilityId) === area.regionId &&
      area.feeds.every(({ id }) => id.startsWith(area.id)) &&
      Math.round(area.netAreaM2 * 10) / 10 === area.netAreaM2;
    order.push(isOrdinary ? 0 : -1);
    (isOrdinary ? ordinary : strays).push(area);
  }
  return {
    format: 1,
    ...rest,
    areas: {
      ids: packIds(ordinary.map(({ id }) => id)),
      facility: ordinary.map(({ facilityId }) => facilityPlace.get(facilityId) ?? -1),
      name: ordinary.map(({ name }) => names.place(name)),
      names: names.values,
      shape: ordinary.map(({ id: areaId, kind, privacy, feeds }) =>
        shapes.place({
          kind,
          privacy,
          feeds: feeds.map(({ id, ...feed }) => ({ ...feed, tail: id.slice(areaId.length) })),
        }),
      ),
      shapes: shapes.values,
      capacity: ordinary.map(({ capacity }) => capacity),
      netArea: ordinary.map(({ netAreaM2 }) => Math.round(netAreaM2 * 10)),
      strays,
      // Nothing is said where there are no strays: the columns are in order.
      order: strays.length === 0 ? [] : order,
    },
  };
}

/** Throws `UnreadableColumns` when the columns do not fit together. */
export function unpackRegistry({ format: _, areas: packed, ...rest }: PackedRegistry): LiveRegistry {
  const ids = unpackIds(packed.ids);
  demandLength(ids.length, packed.facility, packed.name, packed.shape, packed.capacity, packed.netArea);
  const areas = ids.map((id, index): Area => {
    const facility = at(rest.facilities, packed.facility[index]);
    const { kind, privacy, feeds } = at(packed.shapes, packed.shape[index]);
    return {
      id,
      facilityId: facility.id,
      regionId: facility.regionId,
      kind,
      name: at(packed.names, packed.name[index]),
      privacy,
      capacity: at(packed.capacity, index),
      netAreaM2: at(packed.netArea, index) / 10,
      feeds: feeds.map(({ tail, ...feed }) => ({ id: `${id}${tail}`, ...feed })),
    };
  });
  if (packed.order.length === 0) return { ...rest, areas };
  demandLength(ids.length + packed.strays.length, packed.order);
  let [next, stray] = [0, 0];
  return {
    ...rest,
    areas: packed.order.map((place) => (place < 0 ? at(packed.strays, stray++) : at(areas, next++))),
  };
}

/** The packed registry of the wire as the registry that it stands for; columns that do not fit together are an issue. */
export const RegistryFromColumns = PackedRegistry.transform((packed, context): LiveRegistry => {
  try {
    return unpackRegistry(packed);
  } catch (error) {
    context.addIssue(String(error));
    return z.NEVER;
  }
});
