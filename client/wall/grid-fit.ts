/** What a person can choose; `auto` takes as many tiles as can be read. */
export const GRID_SIZES = [1, 4, 9, 16, 25, 36, 49, 64] as const;
export type GridSize = (typeof GRID_SIZES)[number];
export type GridChoice = GridSize | 'auto';

/** CSS pixels. */
export interface Box {
  width: number;
  height: number;
}

/** Whole pixels, so that no picture lies on half of one. */
export interface GridFit {
  columns: number;
  rows: number;
  cellWidth: number;
  cellHeight: number;
}

const PICTURE_RATIO = 16 / 9;
/** Narrower tiles lose their text one by one; with `auto` none has to. */
const AUTO_TILE_WIDTH = 270;
const MOST_TILES = 64;

/** Width of a 16:9 picture that is shown whole in a cell. */
export function pictureWidth(cellWidth: number, cellHeight: number): number {
  return Math.min(cellWidth, cellHeight * PICTURE_RATIO);
}

/**
 * Columns and rows for `count` tiles so that their 16:9 pictures are as large as the box allows. Cells fill the box to
 * the pixel; where a cell is not 16:9 the picture is whole inside it, and the text takes the room beside it first.
 */
export function fitGrid(box: Box, count: number, gutter: number): GridFit {
  let best = gridOf(box, gutter, 1, Math.max(1, count));
  for (let columns = 2; columns <= count; columns += 1) {
    const fit = gridOf(box, gutter, columns, Math.ceil(count / columns));
    if (isBetter(fit, best)) best = fit;
  }
  return best;
}

/**
 * How many tiles `auto` shows in a box; `scale` is the text's. Cells are rather too high than too low: the text stands
 * above and below the picture then instead of on it.
 */
export function autoCount(box: Box, scale: number): number {
  const wide = AUTO_TILE_WIDTH * scale;
  const columns = Math.max(1, Math.floor(box.width / wide));
  const rows = Math.max(1, Math.floor(box.height / (box.width / columns / PICTURE_RATIO)));
  return Math.min(MOST_TILES, columns * rows);
}

function gridOf(box: Box, gutter: number, columns: number, rows: number): GridFit {
  return {
    columns,
    rows,
    cellWidth: Math.max(1, Math.floor((box.width - gutter * (columns - 1)) / columns)),
    cellHeight: Math.max(1, Math.floor((box.height - gutter * (rows - 1)) / rows)),
  };
}

/** A larger picture is better; of two alike (within a pixel) the one with fewer empty places. */
function isBetter(a: GridFit, b: GridFit): boolean {
  const difference = pictureWidth(a.cellWidth, a.cellHeight) - pictureWidth(b.cellWidth, b.cellHeight);
  if (Math.abs(difference) > 1) return difference > 0;
  return a.columns * a.rows < b.columns * b.rows;
}
