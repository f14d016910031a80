import { GeoJsonLayer, IconLayer, TextLayer } from '@deck.gl/layers';
import type { RegionId } from '#contract/ids.ts';
import type { Facility, Position } from '#contract/nation.ts';
import type { RegionShape, Shape } from './geo/shapes.ts';
import type { Stroke } from './geo/strokes.ts';
import { darkRegions, type GroundLines } from './ground-lines.ts';
import type { IconAtlas } from './icon-atlas.ts';
import type { IconName } from './icons.ts';
import type { RegionFacts } from './map-facts.ts';
import type { Mark } from './marks.ts';
import { isLoud, lookOf, type Measure, signAt } from './measure.ts';
import type { Palette, Rgba } from './palette.ts';
import { StrokesLayer } from './strokes-layer.ts';

/** Layers are pure functions of what they show; ids stay, so that deck.gl changes only what is different. */

export interface MapStyle {
  palette: Palette;
  atlas: IconAtlas;
  /** The text's size against a desk. */
  scale: number;
}

export const FONT = 'Inter Variable, Inter, sans-serif';
export const FONT_WEIGHT = 520;
/** Size of a label at a scale of 1, and how far its lines are apart; CSS pixels. */
export const LABEL_PX = 12;
export const LINE_HEIGHT = 1.25;

export function countryLayer(shapes: readonly Shape[], { palette }: MapStyle) {
  return new GeoJsonLayer({
    id: 'countries',
    data: shapes as Shape[],
    stroked: false,
    filled: true,
    getFillColor: palette.country,
    pickable: false,
    updateTriggers: { getFillColor: [palette] },
  });
}

interface Regions {
  shapes: readonly RegionShape[];
  facts: ReadonlyMap<RegionId, RegionFacts>;
  chosen: readonly RegionId[];
}

export function regionLayer({ shapes, facts, chosen }: Regions, { palette }: MapStyle) {
  const isChosen = (shape: unknown) => chosen.includes((shape as RegionShape).properties.iso);
  const dark = darkRegions(shapes, facts);
  return new GeoJsonLayer<RegionShape['properties']>({
    id: 'regions',
    data: shapes as RegionShape[],
    stroked: false,
    filled: true,
    pickable: true,
    getFillColor: (shape) => {
      if (dark.has(shape.properties.iso)) return palette.noData;
      return isChosen(shape) ? palette.regionChosen : palette.region;
    },
    autoHighlight: true,
    highlightColor: palette.highlight,
    // Which regions send nothing is the registry's, and does not change with what comes in.
    updateTriggers: {
      getFillColor: [chosen, [...dark].join(), palette],
    },
  });
}

/** Lines of the ground: what is hatched, borders, and outlines of what was chosen. */
export function lineLayers({ hatched, around, regions, chosen }: GroundLines, { palette }: MapStyle) {
  const layer = (id: string, data: readonly Stroke[], color: Rgba, width: number) =>
    new StrokesLayer({ id, data, color, width, pickable: false });
  return [
    layer('no-data', hatched, palette.stroke, 1.5),
    layer('borders-around', around, palette.ground, 1),
    layer('borders', regions, palette.line, 1),
    layer('outlines-chosen', chosen, palette.lineChosen, 2),
  ];
}

/** Words on the map, at the place that was found for them. */
export interface PlacedText {
  position: Position;
  offset: readonly [number, number];
  text: string;
  isStrong: boolean;
}

export function textLayer(labels: readonly PlacedText[], { palette, scale }: MapStyle) {
  return new TextLayer<PlacedText>({
    id: 'names',
    data: labels as PlacedText[],
    characterSet: 'auto',
    fontFamily: FONT,
    fontWeight: FONT_WEIGHT,
    getText: ({ text }) => text,
    getPosition: ({ position }) => position,
    getPixelOffset: ({ offset }) => [offset[0], offset[1]],
    getColor: ({ isStrong }) => (isStrong ? palette.textStrong : palette.text),
    getSize: LABEL_PX * scale,
    lineHeight: LINE_HEIGHT,
    fontSettings: { fontSize: 32, buffer: 4 },
    pickable: false,
    updateTriggers: { getColor: [palette], getSize: [scale] },
  });
}

/** Facilities that do not match. */
export function otherLayer(others: readonly Facility[], style: MapStyle) {
  return iconLayer<Facility>(
    {
      id: 'facilities-outside',
      data: others,
      icon: () => 'outside',
      position: ({ position }) => position,
      color: () => style.palette.outside,
      size: 14,
    },
    style,
  );
}

/** CSS pixels of a sign at a scale of 1. */
export const MARK_PX = { region: 22, cluster: 17, facility: 17, area: 13 } as const;
/** The ring around a sign that stands for several. */
export const SEVERAL_PX = 28;

/** Signs of what matches; the rings around those that stand for several places; and those around what was chosen. */
export function markLayers(
  { marks, measure, chosen }: { marks: readonly Mark[]; measure: Measure; chosen: readonly Mark[] },
  style: MapStyle,
) {
  const { palette } = style;
  const looks = (mark: Mark) => lookOf(measure, signAt(measure, mark.rank));
  const at = { position: ({ position }: Mark) => position, offset: ({ offset }: Mark) => offset };
  const several = marks.filter(({ kind }) => kind === 'cluster');
  return [
    iconLayer<Mark>(
      {
        ...at,
        id: 'several',
        data: several,
        icon: () => 'several',
        color: ({ rank }) => (isLoud(measure, rank) ? palette.text : palette.stroke),
        size: SEVERAL_PX,
      },
      style,
    ),
    iconLayer<Mark>(
      {
        ...at,
        id: 'marks',
        data: marks,
        icon: (mark) => looks(mark).icon,
        color: (mark) => palette[looks(mark).color],
        size: ({ kind }) => MARK_PX[kind],
        pickable: true,
      },
      style,
    ),
    iconLayer<Mark>(
      {
        ...at,
        id: 'chosen',
        data: chosen,
        icon: () => 'chosen',
        color: () => palette.chosen,
        size: ({ kind }) => MARK_PX[kind] + 12,
      },
      style,
    ),
  ];
}

interface Icons<T> {
  id: string;
  data: readonly T[];
  icon(item: T): IconName;
  position(item: T): Position;
  offset?(item: T): [number, number];
  color(item: T): Rgba;
  /** CSS pixels at a scale of 1. */
  size: number | ((item: T) => number);
  pickable?: boolean;
}

function iconLayer<T>(icons: Icons<T>, { palette, atlas, scale }: MapStyle) {
  const { id, data, icon, position, offset, color, size, pickable = false } = icons;
  return new IconLayer<T>({
    id,
    data: data as T[],
    iconAtlas: atlas.image as unknown as string,
    iconMapping: atlas.mapping,
    getIcon: icon,
    getPosition: position,
    getPixelOffset: offset ?? [0, 0],
    getColor: color,
    getSize: typeof size === 'number' ? size * scale : (item) => size(item) * scale,
    pickable,
    autoHighlight: pickable,
    highlightColor: palette.highlightStrong,
    updateTriggers: { getColor: [palette], getSize: [scale] },
  });
}
