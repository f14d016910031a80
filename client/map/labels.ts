/** Words that want a place on the map; CSS pixels at the zoom for which places are sought. */
export interface Label {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Where the middle of the words may stand against the point, in the order of preference. */
  offsets: readonly (readonly [number, number])[];
  /** Those with the lower number get their place first. */
  priority: number;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export type Placed<L extends Label> = L & { offset: readonly [number, number] };

/** Between the words of two labels. */
const GAP_PX = 3;
/** Boxes are looked for by the cells of a grid that they touch: as wide as a short name. */
const CELL_PX = 96;

/**
 * Chooses the labels that have room: none covers another, or anything of `taken`. Whoever has the lower priority number
 * comes first. Magnified, labels only come further apart, so that a choice holds until the zoom is lower than its own.
 */
export function placeLabels<L extends Label>(labels: readonly L[], taken: readonly Box[]): Placed<L>[] {
  const grid = new Map<string, Box[]>();
  const isFree = (box: Box) =>
    cellsOf(box).every((cell) => !(grid.get(cell) ?? []).some((other) => overlap(box, other)));
  const take = (box: Box) => {
    for (const cell of cellsOf(box)) grid.set(cell, [...(grid.get(cell) ?? []), box]);
  };
  for (const box of taken) take(box);
  const placed: Placed<L>[] = [];
  for (const label of labels.toSorted((a, b) => a.priority - b.priority)) {
    for (const offset of label.offsets) {
      const box = boxOf(label, offset);
      if (!isFree(box)) continue;
      take(box);
      placed.push({ ...label, offset });
      break;
    }
  }
  return placed;
}

export function boxOf(
  { x, y, width, height }: Pick<Label, 'x' | 'y' | 'width' | 'height'>,
  [right, down]: readonly [number, number] = [0, 0],
): Box {
  const [midX, midY] = [x + right, y + down];
  return {
    left: midX - width / 2,
    right: midX + width / 2,
    top: midY - height / 2,
    bottom: midY + height / 2,
  };
}

function overlap(a: Box, b: Box): boolean {
  return (
    a.left < b.right + GAP_PX &&
    b.left < a.right + GAP_PX &&
    a.top < b.bottom + GAP_PX &&
    b.top < a.bottom + GAP_PX
  );
}

function cellsOf({ left, top, right, bottom }: Box): string[] {
  const cells: string[] = [];
  for (let x = Math.floor((left - GAP_PX) / CELL_PX); x <= Math.floor((right + GAP_PX) / CELL_PX); x += 1)
    for (let y = Math.floor((top - GAP_PX) / CELL_PX); y <= Math.floor((bottom + GAP_PX) / CELL_PX); y += 1)
      cells.push(`${x} ${y}`);
  return cells;
}
