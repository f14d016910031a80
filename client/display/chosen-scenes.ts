import type { AreaFilter } from '#contract/area-filter.ts';
import type { AreaId } from '#contract/ids.ts';
import { MAX_STEPS, type SceneContent } from '#contract/scenes.ts';

/** Where a scene is taken from: the wall as it is, its filter, all that match in turn, or what was kept. */
export type Source = 'areas' | 'filter' | 'tour' | 'scenes' | 'tours';

interface Wall {
  filter: AreaFilter;
  /** All areas that match, in the wall's order. */
  matched: readonly AreaId[];
}

/** The scenes that somebody chose to put on displays. None when the wall has no area to give. */
export function chosenScenes(
  source: Exclude<Source, 'scenes' | 'tours'>,
  { name, rows, columns }: Pick<SceneContent, 'name' | 'rows' | 'columns'>,
  { filter, matched }: Wall,
): SceneContent[] {
  const places = rows * columns;
  if (source === 'filter') return [{ name, rows, columns, fill: { kind: 'filter', filter } }];
  const pages = source === 'areas' ? 1 : Math.min(MAX_STEPS, Math.ceil(matched.length / places));
  return Array.from({ length: pages }, (_, page) => matched.slice(page * places, (page + 1) * places))
    .filter((areaIds) => areaIds.length > 0)
    .map((areaIds, page) => ({
      name: pages === 1 ? name : `${name} ${page + 1}`,
      rows,
      columns,
      fill: { kind: 'areas', areaIds },
    }));
}
