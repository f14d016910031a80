import type { Language } from '../i18n/i18n.ts';
import { boxOf, type Label, placeLabels } from './labels.ts';
import { LABEL_PX, LINE_HEIGHT, MARK_PX, type PlacedText, SEVERAL_PX } from './layers.ts';
import { isReporting, type MapFacts, type Sums } from './map-facts.ts';
import type { Detail, Mark } from './marks.ts';
import { isLoud } from './measure.ts';

/** What is written on the map at a zoom. */
export interface Words {
  facts: MapFacts;
  marks: readonly Mark[];
  detail: Detail;
  language: Language;
  scale: number;
  /** Whether a region is wide enough for the names of its facilities. */
  isClose: boolean;
  noData: string;
  regionPoint(regionId: string): [number, number] | undefined;
  /** Degrees; of two regions the wider one gets its name first. */
  regionWidth(regionId: string): number;
  /** CSS pixels from the map's upper left corner. */
  project(position: readonly [number, number]): readonly [number, number];
  /** CSS pixels at a scale of 1. */
  widthOf(text: string): number;
  /** The number beside a sign; empty where there is none. */
  numberOf(sums: Sums): string;
}

/** Between a sign and its words; more than labels keep from what is taken, since a sign is taken. */
const AWAY_PX = 4;

type Wanted = Label & PlacedText;

/** Numbers first, then names: of what is worse before what is calm. What has no room is left out. */
export function placeWords(words: Words): PlacedText[] {
  const { marks, facts, scale, project } = words;
  const taken = marks
    .filter(({ rank, kind }) => kind === 'region' || kind === 'area' || isLoud(facts.measure, rank))
    .map(({ position, offset, kind }) => {
      const [x, y] = project(position);
      const side = sideOf({ kind }) * scale;
      return boxOf({ x, y, width: side, height: side }, offset);
    });
  return placeLabels([...numbers(words), ...facilityNames(words), ...regionNames(words)], taken).map(
    ({ position, offset, text, isStrong }) => ({ position, offset, text, isStrong }),
  );
}

function wanted(
  words: Words,
  label: Pick<Wanted, 'position' | 'text' | 'isStrong' | 'priority'> & { offsets(size: Size): Offsets },
): Wanted {
  const [x, y] = words.project(label.position);
  const lines = label.text.split('\n');
  const size = {
    width: Math.max(...lines.map(words.widthOf)) * words.scale,
    height: lines.length * LABEL_PX * LINE_HEIGHT * words.scale,
  };
  return { ...label, ...size, x, y, offset: [0, 0], offsets: label.offsets(size) };
}

type Offsets = readonly (readonly [number, number])[];
interface Size {
  width: number;
  height: number;
}

function sideOf({ kind }: Pick<Mark, 'kind'>): number {
  return kind === 'cluster' ? SEVERAL_PX : MARK_PX[kind];
}

/** Beside the sign. */
function numbers(words: Words): Wanted[] {
  const { marks, facts, detail, scale } = words;
  return marks.flatMap((mark) => {
    const isWorth = detail === 'regions' || mark.kind === 'area' || isLoud(facts.measure, mark.rank);
    // An area's sign has its neighbours on both sides.
    const text = isWorth && mark.kind !== 'area' ? words.numberOf(mark) : '';
    if (text === '') return [];
    const away = (sideOf(mark) / 2 + AWAY_PX) * scale;
    return [
      wanted(words, {
        position: mark.position,
        text,
        isStrong: true,
        priority: mark.rank,
        offsets: ({ width, height }) => [
          [away + width / 2, 0],
          [-away - width / 2, 0],
          [0, away + height / 2],
          [0, -away - height / 2],
        ],
      }),
    ];
  });
}

/** On a map of regions a name that is so much wider than its region would stand in others, or be cut off at the edge. */
const WIDER_AT_MOST = 1.25;

/**
 * Names of regions; on a map of regions the word "region" says nothing. Where somebody should look the name is wanted however
 * narrow the region is.
 */
function regionNames(words: Words): Wanted[] {
  const { facts, detail, language, noData, regionPoint, scale, project } = words;
  return facts.regions.flatMap(({ region, rank, flags, facilities }) => {
    const position = regionPoint(region.id);
    if (!position) return [];
    const name = shortName(region.name[language]);
    const isDark = !isReporting(region);
    const [west] = project([position[0] - words.regionWidth(region.id) / 2, position[1]]);
    const [east] = project([position[0] + words.regionWidth(region.id) / 2, position[1]]);
    const isTooWide = words.widthOf(name) * scale > (east - west) * WIDER_AT_MOST;
    if (detail === 'regions' && !isDark && isTooWide && !isLoud(facts.measure, rank)) return [];
    const hasMark = detail === 'regions' && facilities > 0;
    const below = (MARK_PX.region / 2 + AWAY_PX) * scale;
    return [
      wanted(words, {
        position,
        text: isDark ? `${name}\n${noData}` : name,
        isStrong: !isDark && flags > 0,
        priority: 200 + (isDark ? 0 : rank) - words.regionWidth(region.id) / 360,
        offsets: ({ height }) =>
          hasMark
            ? [
                [0, below + height / 2],
                [0, -below - height / 2],
              ]
            : [
                [0, 0],
                [0, height],
                [0, -height],
              ],
      }),
    ];
  });
}

/** Names of facilities, where there is room to read them. */
function facilityNames(words: Words): Wanted[] {
  const { marks, detail, isClose, language, scale } = words;
  if (detail === 'regions' || !isClose) return [];
  const away = (MARK_PX.facility / 2 + AWAY_PX) * scale;
  return marks
    .filter(({ kind }) => kind === 'facility')
    .map((mark) =>
      wanted(words, {
        position: mark.position,
        text: mark.name[language],
        isStrong: true,
        priority: 100 + mark.rank,
        offsets: ({ height, width }) =>
          detail === 'areas'
            ? [[0, away + height / 2]]
            : [
                [0, away + height / 2],
                [0, -away - height / 2],
                [away + width / 2, 0],
                [-away - width / 2, 0],
              ],
      }),
    );
}

function shortName(name: string): string {
  return name
    .replace(/ (область|Oblast|Region|City)$/, '')
    .replace(/^(Автономна Республіка|Autonomous Republic of) /, '');
}
