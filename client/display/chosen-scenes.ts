import type { AreaFilter } from '#contract/area-filter.ts';
import type { AreaId } from '#contract/ids.ts';
import type { MapMeasure } from '#contract/map-measure.ts';
import { MAX_COLUMNS, MAX_ROWS, MAX_STEPS, type SceneContent } from '#contract/scenes.ts';
import { type Fit, fitLargeScreen } from '../wall/grid-fit.ts';
import type { SelectionState } from '../wall/selection.ts';
import type { WallViewState } from '../wall/wall-view.ts';

/** Where a scene is taken from: the wall as it is, its filter, the map by that, all that match in turn, or what was kept. */
export type Source = 'areas' | 'filter' | 'map' | 'tour' | 'scenes' | 'tours';

/** What scenes are made of. */
export interface Wall {
  filter: AreaFilter;
  /** All areas that match, in the wall's order. */
  matched: readonly AreaId[];
  /** Where among them the page begins that is shown. */
  first: number;
  /** Rows and columns of its tiles; undefined when it was not laid out yet. */
  grid: Fit | undefined;
  /** What the signs on the map tell. */
  measure: MapMeasure;
}

/** The wall as whoever looks at it sees it. One that was not laid out since the page was loaded begins at its first area. */
export function wallOf(
  { filter, capacity, shape, measure }: Pick<WallViewState, 'filter' | 'capacity' | 'shape' | 'measure'>,
  { matched, page }: Pick<SelectionState, 'matched' | 'page'>,
): Wall {
  if (shape === null) return { filter, matched, first: 0, grid: undefined, measure };
  return { filter, matched, first: page * capacity, grid: sceneGridOf(shape), measure };
}

/** A scene has room for fewer rows and columns than a high or very wide window. */
function sceneGridOf(shape: Fit): Fit {
  if (shape.rows <= MAX_ROWS && shape.columns <= MAX_COLUMNS) return shape;
  const { rows, columns } = fitLargeScreen(shape.rows * shape.columns);
  return { rows: Math.min(rows, MAX_ROWS), columns: Math.min(columns, MAX_COLUMNS) };
}

/** The scenes that somebody chose to put on displays. None when the wall has no area to give. */
export function chosenScenes(
  source: Exclude<Source, 'scenes' | 'tours'>,
  { name, rows, columns }: Pick<SceneContent, 'name' | 'rows' | 'columns'>,
  { filter, matched, first, measure }: Wall,
): SceneContent[] {
  const places = rows * columns;
  if (source === 'filter') return [{ name, rows, columns, fill: { kind: 'filter', filter } }];
  if (source === 'map') return [{ name, rows, columns, fill: { kind: 'map', filter, measure } }];
  const [from, pages] =
    source === 'areas' ? [first, 1] : [0, Math.min(MAX_STEPS, Math.ceil(matched.length / places))];
  return Array.from({ length: pages }, (_, page) =>
    matched.slice(from + page * places, from + (page + 1) * places),
  )
    .filter((areaIds) => areaIds.length > 0)
    .map((areaIds, page) => ({
      name: pages === 1 ? name : `${name} ${page + 1}`,
      rows,
      columns,
      fill: { kind: 'areas', areaIds },
    }));
}

/** A scene with the areas of the wall in their places; in the scene's own grid, if the wall was not laid out yet. */
export function asOnWall(scene: SceneContent, { matched, first, grid }: Wall): SceneContent {
  const { rows, columns } = grid ?? scene;
  const areaIds = Array.from({ length: rows * columns }, (_, at) => matched[first + at] ?? null);
  return { ...scene, rows, columns, fill: { kind: 'areas', areaIds } };
}
