import type { AreaId } from '#contract/ids.ts';
import type { SceneContent } from '#contract/scenes.ts';

/** A list with one item a place earlier or later; as it was where there is no such place. */
export function moved<T>(items: readonly T[], from: number, by: -1 | 1): readonly T[] {
  const to = from + by;
  const item = items[from];
  if (item === undefined || to < 0 || to >= items.length) return items;
  return items.with(from, items[to] ?? item).with(to, item);
}

/** A scene of another size: what has no place any more goes, new places are empty. */
export function resized(scene: SceneContent, rows: number, columns: number): SceneContent {
  const { fill } = scene;
  if (fill.kind !== 'areas') return { ...scene, rows, columns };
  const areaIds = Array.from({ length: rows * columns }, (_, place) => {
    const [row, column] = [Math.floor(place / columns), place % columns];
    return row < scene.rows && column < scene.columns
      ? (fill.areaIds[row * scene.columns + column] ?? null)
      : null;
  });
  return { ...scene, rows, columns, fill: { kind: 'areas', areaIds } };
}

/** A scene with an area in a place, or nothing; an area that was elsewhere in it leaves that place. */
export function placed(scene: SceneContent, place: number, areaId: AreaId | null): SceneContent {
  if (scene.fill.kind !== 'areas') return scene;
  const { areaIds } = scene.fill;
  const after = Array.from({ length: scene.rows * scene.columns }, (_, at) => {
    const before = areaIds[at] ?? null;
    return at === place ? areaId : before !== null && before === areaId ? null : before;
  });
  return { ...scene, fill: { kind: 'areas', areaIds: after } };
}
