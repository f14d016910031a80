import { WallGrid } from '#contract/layouts.ts';

/** Numbers of tiles that a person can choose; `auto` takes as many as can be read. */
export const GRID_SIZES = ['1', '4', '9', '16', '25', '36', '49', '64'] as const satisfies WallGrid[];

/** CSS pixels. */
export interface Box {
  width: number;
  height: number;
}

/** Where one tile lies: its cells, from 0, and its size in CSS pixels. */
export interface Place {
  column: number;
  row: number;
  columns: number;
  rows: number;
  width: number;
  height: number;
}

/** How a page of tiles is divided: sizes of columns and rows in whole CSS pixels, and the tiles' places in their order. */
export interface Arrangement {
  columns: readonly number[];
  rows: readonly number[];
  places: readonly Place[];
}

/** Columns and rows of tiles of one size. */
export interface Fit {
  columns: number;
  rows: number;
}

const PICTURE_RATIO = 16 / 9;
/** In parts of itself: a screen as large screens are. */
const LARGE_SCREEN: Box = { width: 16_000, height: 9_000 };
/** Narrower tiles lose their text one by one; with `auto` none has to. */
const AUTO_TILE_WIDTH = 270;
const MOST_TILES = 64;
/** Small tiles below the large one of `strip`. */
const STRIP_TILES = 6;
/** Cells on each side of `spotlight`, and those of the large tile. */
const SPOTLIGHT = { side: 4, large: 3 } as const;

/** Width of a 16:9 picture that is shown whole in a cell. */
export function pictureWidth(cellWidth: number, cellHeight: number): number {
  return Math.min(cellWidth, cellHeight * PICTURE_RATIO);
}

/** A grid as somebody wrote it into a URL; `auto` for what is none. */
export function parseGrid(text: string | null): WallGrid {
  return WallGrid.safeParse(text).data ?? 'auto';
}

/** Columns and rows of a grid that names them, such as `12x8`. */
export function namedGrid(grid: WallGrid): Fit | undefined {
  const [columns, rows] = grid.split('x').map(Number);
  return columns !== undefined && rows !== undefined && columns > 0 && rows > 0
    ? { columns, rows }
    : undefined;
}

/** How many tiles a page of this grid has in a box; `scale` is the text's. */
export function capacityOf(grid: WallGrid, box: Box, scale: number): number {
  const named = namedGrid(grid);
  if (named) return named.columns * named.rows;
  switch (grid) {
    case 'strip':
      return 1 + STRIP_TILES;
    case 'spotlight':
      return 1 + SPOTLIGHT.side ** 2 - SPOTLIGHT.large ** 2;
    case 'auto':
    case 'map':
    case 'list':
      return autoCount(box, scale);
    default:
      return Number(grid);
  }
}

interface ArrangeOptions {
  /** Tiles that a page has at most. */
  capacity: number;
  /** Areas that there are: where nobody chose a size, a few of them take the room of many. */
  matched: number;
  /** CSS pixels between tiles. */
  gutter: number;
}

/** Divides a box. Cells fill it to the pixel; where a cell is not 16:9 the picture is whole inside it. */
export function arrange(grid: WallGrid, box: Box, options: ArrangeOptions): Arrangement {
  const { capacity, matched, gutter } = options;
  const named = namedGrid(grid);
  if (named) return even(box, named, gutter);
  switch (grid) {
    case 'strip':
      return strip(box, gutter);
    case 'spotlight':
      return spotlight(box, gutter);
    case 'auto':
    case 'map':
    case 'list':
      return even(box, fitGrid(box, Math.min(capacity, Math.max(1, matched)), gutter), gutter);
    default:
      return even(box, fitGrid(box, capacity, gutter), gutter);
  }
}

/** Columns and rows for `count` tiles so that their 16:9 pictures are as large as the box allows. */
export function fitGrid(box: Box, count: number, gutter: number): Fit {
  const pictureOf = ({ columns, rows }: Fit) =>
    pictureWidth(share(box.width, columns, gutter), share(box.height, rows, gutter));
  let best: Fit = { columns: 1, rows: Math.max(1, count) };
  for (let columns = 2; columns <= count; columns += 1) {
    const fit = { columns, rows: Math.ceil(count / columns) };
    const difference = pictureOf(fit) - pictureOf(best);
    // A larger picture is better; of two alike (within a pixel) the one with fewer empty places.
    const isBetter =
      Math.abs(difference) > 1 ? difference > 0 : fit.columns * fit.rows < best.columns * best.rows;
    if (isBetter) best = fit;
  }
  return best;
}

/**
 * Columns and rows of a page of tiles; of one whose tiles are not all of one size, or that is scrolled, those in which a large
 * screen shows as many.
 */
export function shapeOf(plan: Arrangement | undefined, capacity: number): Fit {
  const [columns, rows] = [plan?.columns.length ?? 0, plan?.rows.length ?? 0];
  return plan && columns * rows === plan.places.length ? { columns, rows } : fitLargeScreen(capacity);
}

/** Columns and rows in which a large screen shows so many tiles. */
export function fitLargeScreen(count: number): Fit {
  return fitGrid(LARGE_SCREEN, count, 0);
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

/** The place that an arrow leads to from another one: the nearest tile in that direction; itself where there is none. */
export function neighbour(places: readonly Place[], from: number, key: string): number {
  const here = places[from];
  if (key === 'Home') return 0;
  if (key === 'End') return places.length - 1;
  if (!here) return from;
  const isAcross = key === 'ArrowLeft' || key === 'ArrowRight';
  const by = key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 1;
  let nearest = from;
  let least = Infinity;
  for (const [index, place] of places.entries()) {
    const [along, aside] = isAcross
      ? [edge(across(here), across(place), by), apart(down(here), down(place))]
      : [edge(down(here), down(place), by), apart(across(here), across(place))];
    if (along < 0) continue;
    // Straight ahead before nearer ones to the side.
    const cost = along + 100 * aside;
    if (cost >= least) continue;
    least = cost;
    nearest = index;
  }
  return nearest;
}

/** From which cell on, and how many. */
type Span = readonly [from: number, size: number];

function across({ column, columns }: Place): Span {
  return [column, columns];
}

function down({ row, rows }: Place): Span {
  return [row, rows];
}

/** Cells between two spans in a direction; negative when the second is not ahead. */
function edge([from, size]: Span, [to, toSize]: Span, by: number): number {
  return by > 0 ? to - (from + size) : from - (to + toSize);
}

/** Cells by which two spans miss each other; 0 when they overlap. */
function apart([from, size]: Span, [to, toSize]: Span): number {
  return Math.max(0, to - (from + size - 1), from - (to + toSize - 1));
}

function even(box: Box, { columns, rows }: Fit, gutter: number): Arrangement {
  const width = share(box.width, columns, gutter);
  const height = share(box.height, rows, gutter);
  return {
    columns: Array.from({ length: columns }, () => width),
    rows: Array.from({ length: rows }, () => height),
    places: Array.from({ length: columns * rows }, (_, index) => ({
      column: index % columns,
      row: Math.floor(index / columns),
      columns: 1,
      rows: 1,
      width,
      height,
    })),
  };
}

/** One large tile above a row of small ones. */
function strip(box: Box, gutter: number): Arrangement {
  const width = share(box.width, STRIP_TILES, gutter);
  const low = Math.min(Math.ceil(width / PICTURE_RATIO), Math.floor(box.height / 3));
  const high = Math.max(1, box.height - gutter - low);
  const small = { row: 1, columns: 1, rows: 1, width, height: low };
  return {
    columns: Array.from({ length: STRIP_TILES }, () => width),
    rows: [high, low],
    places: [
      {
        column: 0,
        row: 0,
        columns: STRIP_TILES,
        rows: 1,
        width: span(width, STRIP_TILES, gutter),
        height: high,
      },
      ...Array.from({ length: STRIP_TILES }, (_, column) => ({ ...small, column })),
    ],
  };
}

/** A large tile with small ones to its right and below. */
function spotlight(box: Box, gutter: number): Arrangement {
  const { side, large } = SPOTLIGHT;
  const { columns, rows, places } = even(box, { columns: side, rows: side }, gutter);
  const [corner, ...others] = places;
  const around = others.filter(({ column, row }) => column >= large || row >= large);
  if (!corner) return { columns, rows, places };
  const width = span(corner.width, large, gutter);
  const height = span(corner.height, large, gutter);
  return { columns, rows, places: [{ ...corner, columns: large, rows: large, width, height }, ...around] };
}

function share(length: number, parts: number, gutter: number): number {
  return Math.max(1, Math.floor((length - gutter * (parts - 1)) / parts));
}

function span(size: number, parts: number, gutter: number): number {
  return size * parts + gutter * (parts - 1);
}
