import type { PlaceId } from '#contract/area-filter.ts';
import type { FacilityId, LocalText, RegionId } from '#contract/ids.ts';
import type { Facility, Position } from '#contract/nation.ts';
import type { Clusters } from './clusters.ts';
import { type AreaFacts, type MapFacts, type Sums, sumOf } from './map-facts.ts';

/** What there is room for at a zoom: a sign for each region, for each facility, or for each area. */
export type Detail = 'regions' | 'facilities' | 'areas';

/** A sign on the map. */
export interface Mark extends Sums {
  id: string;
  kind: 'region' | 'cluster' | 'facility' | 'area';
  position: Position;
  /** CSS pixels right of and below the position. */
  offset: [number, number];
  /** What it stands for, as the filter names it. */
  places: readonly PlaceId[];
  /** Larger places that hold all of it. */
  within: readonly PlaceId[];
  name: LocalText;
  facilities: number;
}

/** CSS pixels that a region has to be wide, so that its facilities have room beside its name; at a scale of 1. */
const REGION_PX = 96;
/** Zoom from which on a facility has room for a sign for each of its areas; at a scale of 1. */
const AREAS_FROM_ZOOM = 9;
/** Degrees of longitude of the whole map, and its width in CSS pixels at zoom 0. */
const [ALL_DEGREES, ZERO_ZOOM_PX] = [360, 512];

interface View {
  zoom: number;
  /** Of the text, against a desk. */
  scale: number;
  /** How wide an ordinary region is, in degrees. */
  regionDegrees: number;
}

export function detailAt({ zoom, scale, regionDegrees }: View): Detail {
  if (zoom >= AREAS_FROM_ZOOM + Math.log2(scale)) return 'areas';
  const regionPx = (regionDegrees / ALL_DEGREES) * ZERO_ZOOM_PX * 2 ** zoom;
  return regionPx < REGION_PX * scale ? 'regions' : 'facilities';
}

interface Wish {
  facts: MapFacts;
  detail: Detail;
  zoom: number;
  scale: number;
  clusters: Clusters;
  /** All facilities, as `clusters` was made from them. */
  facilities: readonly Facility[];
  /** Where a region's sign stands; undefined for one that the map has no shape of. */
  regionPoint(regionId: RegionId): Position | undefined;
  /** Whether a point is in sight, or nearly. */
  isNear(position: Position): boolean;
}

/** The signs of what matches, from calm to worst: what is drawn last lies on top. */
export function marksOf(wish: Wish): Mark[] {
  const marks = wish.detail === 'regions' ? regionMarks(wish) : facilityMarks(wish);
  return marks.sort((a, b) => b.rank - a.rank);
}

function regionMarks({ facts, regionPoint }: Wish): Mark[] {
  return facts.regions.flatMap(({ region, ...sums }) => {
    const position = regionPoint(region.id);
    if (!position || sums.facilities === 0) return [];
    const id = `region ${region.id}`;
    return [
      {
        ...sums,
        id,
        kind: 'region',
        position,
        offset: [0, 0],
        places: [region.id],
        within: [],
        name: region.name,
      },
    ];
  });
}

function facilityMarks(wish: Wish): Mark[] {
  const { facts, detail, zoom, clusters, facilities, isNear } = wish;
  const byId = new Map(facts.facilities.map((one) => [one.facility.id, one]));
  return clusters.at(zoom).flatMap((group) => {
    const own = group.flatMap((place) => byId.get(facilities[place]?.id ?? '') ?? []);
    const [first] = own;
    if (!first) return [];
    if (own.length > 1) return [clusterMark(own, facts)];
    const mark = facilityMark(first);
    if (detail !== 'areas' || !isNear(first.facility.position)) return [mark];
    return [mark, ...areaMarks(mark, facts.areasOf(first.facility.id), wish.scale)];
  });
}

function facilityMark({ facility, ...sums }: MapFacts['facilities'][number]): Mark {
  const { id, regionId, position, shortName: name } = facility;
  return {
    ...sums,
    id,
    kind: 'facility',
    position,
    offset: [0, 0],
    places: [id],
    within: [regionId],
    name,
    facilities: 1,
  };
}

function clusterMark(own: MapFacts['facilities'], { measure }: MapFacts): Mark {
  const ids = own.map(({ facility }) => facility.id).sort();
  const mean = (axis: 0 | 1) =>
    own.reduce((sum, { facility }) => sum + facility.position[axis], 0) / own.length;
  const regions = new Set(own.map(({ facility }) => facility.regionId));
  const list = (language: keyof LocalText) =>
    own.map(({ facility }) => facility.shortName[language]).join(', ');
  return {
    ...sumOf(own, measure),
    id: `cluster ${ids.join(' ')}`,
    kind: 'cluster',
    position: [mean(0), mean(1)],
    offset: [0, 0],
    places: ids,
    within: regions.size === 1 ? [...regions] : [],
    name: { uk: list('uk'), en: list('en') },
    facilities: own.length,
  };
}

/** Areas stand in rows above their facility's sign: the name has the room below it. CSS pixels at a scale of 1. */
const [AREA_STEP_PX, AREAS_ABOVE_PX, AREAS_IN_ROW] = [18, 24, 8];

function areaMarks({ position }: Mark, areas: readonly AreaFacts[], scale: number): Mark[] {
  const columns = Math.min(AREAS_IN_ROW, areas.length);
  return areas.map(({ area, ...sums }, place) => {
    const [column, row] = [place % AREAS_IN_ROW, Math.floor(place / AREAS_IN_ROW)];
    return {
      ...sums,
      id: area.id,
      kind: 'area',
      position,
      offset: [
        (column - (columns - 1) / 2) * AREA_STEP_PX * scale,
        -(AREAS_ABOVE_PX + row * AREA_STEP_PX) * scale,
      ],
      places: [area.id],
      within: [area.facilityId, area.regionId],
      name: area.name,
      facilities: 0,
    };
  });
}

/** The facility that a sign stands for alone. */
export function facilityOf({ kind, places }: Mark): FacilityId | undefined {
  return kind === 'facility' ? places[0] : undefined;
}
