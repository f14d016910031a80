import type { Layer, MapViewState } from '@deck.gl/core';
import { WebMercatorViewport } from '@deck.gl/core';
import type { RegionId } from '#contract/ids.ts';
import type { Facility, Position } from '#contract/nation.ts';
import type { Language } from '../i18n/i18n.ts';
import { isChosen } from './choice.ts';
import { type Clusters, createClusters } from './clusters.ts';
import {
  type Bounds,
  boundsOf,
  boundsOfPoints,
  labelPoint,
  ordinaryWidth,
  type Shapes,
  widthOf,
} from './geo/shapes.ts';
import { createGroundLines } from './ground-lines.ts';
import {
  countryLayer,
  lineLayers,
  type MapStyle,
  markLayers,
  otherLayer,
  regionLayer,
  textLayer,
} from './layers.ts';
import type { MapFacts, Sums } from './map-facts.ts';
import { type Detail, detailAt, type Mark, marksOf } from './marks.ts';
import { placeWords } from './words.ts';

/** Everything that the map shows, but for where one looks. */
export interface Scene {
  facts: MapFacts;
  /** All of the nation's. */
  facilities: readonly Facility[];
  /** Undefined for a nation whose file names no outlines. */
  shapes: Shapes | undefined;
  chosenRegions: readonly RegionId[];
  /** What was picked for the wall. */
  choice: ReadonlySet<string>;
  style: MapStyle;
  language: Language;
  /** Whether the font is there that words are drawn in. */
  hasWords: boolean;
  noData: string;
  numberOf(sums: Sums): string;
}

export interface Drawing {
  detail: Detail;
  marks: readonly Mark[];
  layers: (Layer | null)[];
}

/** What of a country does not change with what is known of it. */
interface Ground {
  shapes: Shapes | undefined;
  facilities: readonly Facility[];
  scale: number;
  clusters: Clusters;
  regionDegrees: number;
  points: ReadonlyMap<RegionId, [number, number]>;
  widths: ReadonlyMap<RegionId, number>;
}

/** Signs that would lie closer than this are gathered into one; CSS pixels at a scale of 1. */
const CLUSTER_PX = 20;
/** Degrees of longitude that a region has, where no outlines say. */
const USUAL_DEGREES = 3;
/** From this width of an ordinary region on its facilities have names; CSS pixels at a scale of 1. */
const NAMES_FROM_PX = 380;

interface DrawingPorts {
  /** Of words as they will be drawn; CSS pixels at a scale of 1. */
  textWidth(text: string): number;
  /** Nobody moves the map: words have the room that there is where one looks, and not only that of its step. */
  isStill: boolean;
}

/**
 * Makes the function that draws a scene for a view. What is drawn of a map that moves depends on the view by {@link stepOf}
 * only: between two steps the graphics card moves what is there, and nothing is computed.
 */
export function createDrawing({ textWidth, isStill }: DrawingPorts) {
  let ground: Ground | undefined;
  const linesOf = createGroundLines();

  function groundOf({ shapes, facilities, style: { scale } }: Scene): Ground {
    if (ground?.shapes === shapes && ground?.facilities === facilities && ground.scale === scale)
      return ground;
    const regions = shapes?.regions ?? [];
    ground = {
      shapes,
      facilities,
      scale,
      clusters: createClusters(
        facilities.map(({ position }) => position),
        CLUSTER_PX * scale,
      ),
      regionDegrees: ordinaryWidth(regions) || USUAL_DEGREES,
      points: new Map(regions.map((shape) => [shape.properties.iso, labelPoint(shape)])),
      widths: new Map(regions.map((shape) => [shape.properties.iso, widthOf(shape)])),
    };
    return ground;
  }

  return (scene: Scene, view: MapViewState, size: { width: number; height: number }): Drawing => {
    const { facts, shapes, style, language, choice } = scene;
    const { clusters, regionDegrees, points, widths } = groundOf(scene);
    const { scale } = style;
    const zoom = isStill ? view.zoom : stepZoom(view.zoom);
    const detail = detailAt({ zoom, scale, regionDegrees });
    const flat = new WebMercatorViewport({ width: 1, height: 1, longitude: 0, latitude: 0, zoom });
    const project = (position: readonly [number, number]): [number, number] => {
      const [x = 0, y = 0] = flat.projectFlat([position[0], position[1]]);
      return [x * 2 ** zoom, -y * 2 ** zoom];
    };
    const isNear = nearness(view, size, scale);
    const all = marksOf({
      facts,
      detail,
      zoom,
      scale,
      clusters,
      facilities: scene.facilities,
      regionPoint: (id) => points.get(id),
      isNear,
    });
    const placed = placeWords({
      facts,
      marks: all,
      detail,
      language,
      scale,
      isClose: (regionDegrees / 360) * 512 * 2 ** zoom >= NAMES_FROM_PX * scale,
      noData: scene.noData,
      regionPoint: (id) => points.get(id),
      regionWidth: (id) => widths.get(id) ?? 0,
      project,
      widthOf: textWidth,
      numberOf: scene.numberOf,
    });
    const regions = {
      shapes: shapes?.regions ?? [],
      facts: new Map(facts.regions.map((one) => [one.region.id, one])),
      chosen: scene.chosenRegions,
    };
    // Words have their places among all others, so that they stay there when one moves; what is out of sight is not drawn.
    const inSight = <T extends { position: Position }>(items: readonly T[]) =>
      items.filter(({ position }) => isNear(position));
    const marks = inSight(all);
    const chosen = choice.size === 0 ? [] : marks.filter((mark) => isChosen(choice, mark));
    return {
      detail,
      marks,
      layers: [
        countryLayer(shapes?.around ?? [], style),
        regionLayer(regions, style),
        ...lineLayers(linesOf({ shapes, facts: regions.facts, chosen: regions.chosen }), style),
        ...(detail === 'regions' ? [] : [otherLayer(inSight(facts.others), style)]),
        scene.hasWords ? textLayer(inSight(placed), style) : null,
        ...markLayers({ marks, measure: facts.measure, chosen }, style),
      ],
    };
  };
}

/** Signs and words are placed anew so often, in zoom: between two steps they only come further apart. */
const ZOOM_STEP = 0.5;

function stepZoom(zoom: number): number {
  return Math.floor(zoom / ZOOM_STEP) * ZOOM_STEP;
}

/** Two views of one step are drawn the same. Near the ground, also how far one has moved counts, since only what is around the view is drawn. */
export function stepOf({ zoom, longitude, latitude }: MapViewState): string {
  const step = stepZoom(zoom);
  if (step < NEAR_FROM_ZOOM) return `${step}`;
  const cell = cellDegrees(step);
  return [step, Math.round(longitude / cell), Math.round(latitude / cell)].join(' ');
}

/** Below this zoom everything is drawn. At it a view is some ten degrees wide, and one moves so many before it is drawn anew. */
const [NEAR_FROM_ZOOM, CELL_DEGREES] = [6, 2];

function cellDegrees(step: number): number {
  return CELL_DEGREES / 2 ** (step - NEAR_FROM_ZOOM);
}

/** What belongs to a point, areas above it and words beside it, is no further from it; CSS pixels at a scale of 1. */
const BESIDE_PX = 240;

/** Whether a point, or what belongs to it, is in sight until the next step. */
function nearness(
  { longitude, latitude, zoom }: MapViewState,
  { width, height }: { width: number; height: number },
  scale: number,
) {
  const step = stepZoom(zoom);
  if (step < NEAR_FROM_ZOOM) return () => true;
  // At the step's own zoom, where most is in sight; of latitude a pixel is fewer degrees, never more.
  const degrees = 360 / (512 * 2 ** step);
  const [reachX, reachY] = [width, height].map(
    (px) => (px / 2 + BESIDE_PX * scale) * degrees + cellDegrees(step),
  ) as [number, number];
  return ([x, y]: Position) => Math.abs(x - longitude) < reachX && Math.abs(y - latitude) < reachY;
}

/** What the view is to hold: the chosen regions, or the whole country. */
export function boundsWithin({
  shapes,
  facilities,
  chosenRegions,
}: Pick<Scene, 'shapes' | 'facilities' | 'chosenRegions'>): Bounds | undefined {
  const all = shapes?.regions ?? [];
  const some = all.filter(({ properties }) => chosenRegions.includes(properties.iso));
  if (some.length > 0 || all.length > 0) return boundsOf(some.length > 0 ? some : all);
  const own = facilities.filter(({ regionId }) => chosenRegions.includes(regionId));
  const points = (own.length > 0 ? own : facilities).map(({ position }) => position);
  return points.length > 0 ? boundsOfPoints(points) : undefined;
}
