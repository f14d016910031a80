import type { Span } from '#contract/displays.ts';
import type { AreaId } from '#contract/ids.ts';
import type { SceneContent } from '#contract/scenes.ts';

/** What one place of a screen shows. */
export interface Cell {
  areaId: AreaId | null;
  /** The tour goes on without this place: its area needs somebody who has not said yet that they know. */
  held: boolean;
}

interface Holding {
  /** Areas that come to the screen whether or not the tour has them: to the first place that is seen. @default none */
  spot?: readonly AreaId[];
  /** Places that some screen shows, in the order of reading. @default all */
  seen?: readonly number[];
}

/** The cells of a grid, as places from 0, that a part of the whole picture shows at least in part. */
export function placesWithin(
  { rows, columns }: Pick<SceneContent, 'rows' | 'columns'>,
  { x, y, width, height }: Span,
): number[] {
  return Array.from({ length: rows * columns }, (_, place) => place).filter((place) => {
    const left = (place % columns) / columns;
    const top = Math.floor(place / columns) / rows;
    return (
      left < x + width - EDGE &&
      left + 1 / columns > x + EDGE &&
      top < y + height - EDGE &&
      top + 1 / rows > y + EDGE
    );
  });
}

/** The cells of a grid, in the order of reading, that at least one of these parts of the whole picture shows. */
export function placesSeen(grid: Pick<SceneContent, 'rows' | 'columns'>, parts: readonly Span[]): number[] {
  const seen = parts.flatMap((part) => placesWithin(grid, part));
  return [...new Set(seen)].toSorted((a, b) => a - b);
}

/** A part of the picture that is thinner than this is none. */
export const EDGE = 1e-6;

/** The areas of a scene by place; of a filter, those that match now, most urgent first; of a map none. */
export function cellsOf(scene: SceneContent, matched: readonly AreaId[]): (AreaId | null)[] {
  const { fill } = scene;
  const areaIds = fill.kind === 'areas' ? fill.areaIds : fill.kind === 'filter' ? matched : [];
  return Array.from({ length: scene.rows * scene.columns }, (_, place) => areaIds[place] ?? null);
}

/**
 * The places of a scene with those that an alarm holds: an area of any scene of the tour that calls stays, or comes, on the
 * screen, in its own place where that is seen and free, else in the last place that shows nothing urgent. The same on every
 * display and after every reload, since it follows from the scenes, the flags and the parts of the wall alone. With more
 * alarms than places, the first ones of `calling` are shown.
 */
export function holdCells(
  scene: readonly (AreaId | null)[],
  others: readonly (readonly (AreaId | null)[])[],
  calling: readonly AreaId[],
  { spot = [], seen = [...scene.keys()] }: Holding = {},
): Cell[] {
  const isCalling = new Set(calling);
  const isSeen = new Set(seen);
  const cells = scene.map((areaId): Cell => ({ areaId, held: areaId !== null && isCalling.has(areaId) }));
  const shown = new Set(scene.filter((areaId, place) => areaId !== null && isSeen.has(place)));
  for (const areaId of calling) {
    if (shown.has(areaId)) continue;
    const inTour = [scene, ...others].map((other) => other.indexOf(areaId)).find((place) => place >= 0);
    const own = inTour ?? (spot.includes(areaId) ? seen[0] : undefined);
    if (own === undefined) continue;
    const isFree = (at: number) => isSeen.has(at) && cells[at]?.held === false;
    const place = isFree(own) ? own : seen.findLast(isFree);
    if (place === undefined) break;
    shown.add(areaId);
    const unseen = scene.indexOf(areaId);
    if (unseen >= 0) cells[unseen] = { areaId: null, held: false };
    cells[place] = { areaId, held: true };
  }
  return cells;
}
