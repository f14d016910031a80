import { GeoJsonLayer, IconLayer, LineLayer, TextLayer } from '@deck.gl/layers';
import type { RegionId } from '#contract/ids.ts';
import type { Facility } from '#contract/nation.ts';
import type { Language } from '../i18n/i18n.ts';
import type { RegionShape, Shape } from './geo/shapes.ts';
import { labelPoint } from './geo/shapes.ts';
import { hatch, type Stroke } from './hatch.ts';
import { type IconAtlas, iconName } from './icon-atlas.ts';
import { compareWorst, type FacilityFacts, isReporting, type RegionFacts } from './map-facts.ts';
import type { Palette } from './palette.ts';

/** Layers are pure functions of what they show; ids stay, so that deck.gl changes only what is different. */

export interface MapStyle {
  palette: Palette;
  atlas: IconAtlas;
  language: Language;
  /** The text's size against a desk. */
  scale: number;
}

const FONT = 'Inter Variable, Inter, sans-serif';
/** Degrees between the strokes of "no data". */
const HATCH_SPACING = 0.16;

export function countryLayer(shapes: readonly Shape[], { palette }: MapStyle) {
  return new GeoJsonLayer({
    id: 'countries',
    data: shapes as Shape[],
    stroked: true,
    filled: true,
    getFillColor: palette.country,
    getLineColor: palette.ground,
    lineWidthUnits: 'pixels',
    getLineWidth: 1,
    pickable: false,
  });
}

interface Regions {
  shapes: readonly RegionShape[];
  facts: ReadonlyMap<RegionId, RegionFacts>;
  chosen: readonly RegionId[];
}

export function regionLayer({ shapes, facts, chosen }: Regions, { palette }: MapStyle) {
  const isChosen = (shape: RegionShape) => chosen.includes(shape.properties.iso);
  const isDark = (shape: RegionShape) => {
    const found = facts.get(shape.properties.iso);
    return !found || !isReporting(found.region);
  };
  return new GeoJsonLayer<RegionShape['properties']>({
    id: 'regions',
    data: shapes as RegionShape[],
    stroked: true,
    filled: true,
    pickable: true,
    getFillColor: (shape) => {
      const region = shape as unknown as RegionShape;
      if (isDark(region)) return palette.noData;
      return isChosen(region) ? palette.regionChosen : palette.region;
    },
    getLineColor: (shape) => (isChosen(shape as unknown as RegionShape) ? palette.lineChosen : palette.line),
    lineWidthUnits: 'pixels',
    getLineWidth: (shape) => (isChosen(shape as unknown as RegionShape) ? 2 : 1),
    autoHighlight: true,
    highlightColor: palette.highlight,
    updateTriggers: {
      getFillColor: [chosen, facts, palette],
      getLineColor: [chosen, palette],
      getLineWidth: [chosen],
    },
  });
}

export function hatchStrokes({ shapes, facts }: Pick<Regions, 'shapes' | 'facts'>): Stroke[] {
  return shapes
    .filter(({ properties }) => {
      const found = facts.get(properties.iso);
      return found !== undefined && !isReporting(found.region);
    })
    .flatMap((shape) => hatch(shape, HATCH_SPACING));
}

export function hatchLayer(strokes: readonly Stroke[], { palette }: MapStyle) {
  return new LineLayer<Stroke>({
    id: 'no-data',
    data: strokes as Stroke[],
    getSourcePosition: ({ from }) => from,
    getTargetPosition: ({ to }) => to,
    getColor: palette.stroke,
    widthUnits: 'pixels',
    getWidth: 1.5,
    pickable: false,
  });
}

export interface RegionLabel {
  position: [number, number];
  text: string;
  isStrong: boolean;
}

/** Names of regions, with the number of flags where there are any. */
export function regionLabels({ shapes, facts }: Regions, language: Language, noData: string): RegionLabel[] {
  return shapes.flatMap((shape) => {
    const found = facts.get(shape.properties.iso);
    if (!found) return [];
    const name = shortName(found.region.name[language]);
    const detail = isReporting(found.region) ? (found.flags > 0 ? `\u2691 ${found.flags}` : '') : noData;
    return [
      {
        position: labelPoint(shape),
        text: detail === '' ? name : `${name}\n${detail}`,
        isStrong: found.flags > 0,
      },
    ];
  });
}

/** On a map of regions the word "region" says nothing. */
function shortName(name: string): string {
  return name
    .replace(/ (область|Oblast|City)$/, '')
    .replace(/^(Автономна Республіка|Autonomous Republic of) /, '');
}

export function labelLayer(labels: readonly RegionLabel[], { palette, scale }: MapStyle) {
  return new TextLayer<RegionLabel>({
    id: 'region-names',
    data: labels as RegionLabel[],
    characterSet: 'auto',
    fontFamily: FONT,
    fontWeight: 520,
    getText: ({ text }) => text,
    getPosition: ({ position }) => position,
    getColor: ({ isStrong }) => (isStrong ? palette.textStrong : palette.text),
    getSize: 12 * scale,
    lineHeight: 1.25,
    fontSettings: { fontSize: 32, buffer: 4 },
    pickable: false,
    updateTriggers: { getColor: [palette], getSize: [scale] },
  });
}

/** Names of facilities, for a part of the country that is small enough to read them. */
export function facilityLabelLayer(
  facilities: readonly FacilityFacts[],
  { palette, language, scale }: MapStyle,
) {
  return new TextLayer<FacilityFacts>({
    id: 'facility-names',
    data: facilities as FacilityFacts[],
    characterSet: 'auto',
    fontFamily: FONT,
    fontWeight: 520,
    getText: ({ facility }) => facility.shortName[language],
    getPosition: ({ facility }) => facility.position,
    getPixelOffset: [0, 15 * scale],
    getColor: palette.textStrong,
    getSize: 12 * scale,
    fontSettings: { fontSize: 32, buffer: 4 },
    pickable: false,
    updateTriggers: { getText: [language], getColor: [palette], getSize: [scale] },
  });
}

export function otherFacilityLayer(others: readonly Facility[], { palette, atlas, scale }: MapStyle) {
  return new IconLayer<Facility>({
    id: 'facilities-outside',
    data: others as Facility[],
    iconAtlas: atlas.image as unknown as string,
    iconMapping: atlas.mapping,
    getIcon: () => 'outside',
    getPosition: ({ position }) => position,
    getColor: palette.outside,
    getSize: 14 * scale,
    pickable: false,
  });
}

/** Facilities that match, the worst drawn last and so on top. */
export function facilityLayer(facilities: readonly FacilityFacts[], { palette, atlas, scale }: MapStyle) {
  return new IconLayer<FacilityFacts>({
    id: 'facilities',
    data: facilities.toSorted((a, b) => compareWorst(b.worst, a.worst)),
    iconAtlas: atlas.image as unknown as string,
    iconMapping: atlas.mapping,
    getIcon: ({ worst }) => iconName(worst),
    getPosition: ({ facility }) => facility.position,
    getColor: ({ worst }) => palette[worst],
    getSize: ({ worst }) => (worst === 'calm' ? 16 : 18) * scale,
    pickable: true,
    autoHighlight: true,
    highlightColor: palette.highlightStrong,
    updateTriggers: { getColor: [palette], getSize: [scale] },
  });
}
