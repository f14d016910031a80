import type { Span } from '#contract/displays.ts';
import type { AreaId } from '#contract/ids.ts';
import type { SceneContent } from '#contract/scenes.ts';

/** What one place of a screen shows. */
export interface Cell {
  areaId: AreaId | null;
  /** The tour goes on without this place: its area needs somebody who has not said yet that they know. */
  held: boolean;
}

interface Spot {
  areaIds: readonly AreaId[];
  place: number;
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

/** A part of the picture that is thinner than this is none. */
const EDGE = 1e-6;
/** The whole picture. */
export const WHOLE: Span = { x: 0, y: 0, width: 1, height: 1 };

/** The areas of a scene by place; of a filter, those that match now, most urgent first. */
export function cellsOf(scene: SceneContent, matched: readonly AreaId[]): (AreaId | null)[] {
  const { fill } = scene;
  return Array.from({ length: scene.rows * scene.columns }, (_, place) =>
    fill.kind === 'areas' ? (fill.areaIds[place] ?? null) : (matched[place] ?? null),
  );
}

/**
 * The places of a scene with those that an alarm holds: an area of any scene of the tour that calls stays, or comes, on the
 * screen, in its own place where that is free, else in the last place that shows nothing urgent. The same on every
 * display and after every reload, since it follows from the scenes and the flags alone. With more alarms than places,
 * the first ones of `calling` are shown.
 *
 * @param spot areas that come to the screen whether or not the tour has them, and to which place
 */
export function holdCells(
  scene: readonly (AreaId | null)[],
  others: readonly (readonly (AreaId | null)[])[],
  calling: readonly AreaId[],
  spot: Spot = { areaIds: [], place: 0 },
): Cell[] {
  const isCalling = new Set(calling);
  const cells = scene.map((areaId): Cell => ({ areaId, held: areaId !== null && isCalling.has(areaId) }));
  const shown = new Set(scene.filter((areaId) => areaId !== null));
  for (const areaId of calling) {
    if (shown.has(areaId)) continue;
    const inTour = others.map((other) => other.indexOf(areaId)).find((place) => place >= 0);
    const own = inTour ?? (spot.areaIds.includes(areaId) ? spot.place : undefined);
    if (own === undefined) continue;
    const wished = cells[own];
    const place = wished && !wished.held ? own : cells.findLastIndex(({ held }) => !held);
    if (place < 0) break;
    shown.add(areaId);
    cells[place] = { areaId, held: true };
  }
  return cells;
}
