import type { DisplayId, Span } from '#contract/displays.ts';
import type { WallContent } from '#contract/walls.ts';

const INCH_MM = 25.4;
/** Displays lie on their long side. */
const RATIO = { width: 16, height: 9 } as const;

/**
 * The part of the whole picture that each display of a wall shows. What lies behind a bezel is shown by nobody, so that
 * what goes over it goes on straight on the other side. A column is as wide as its widest display, a row as high as its
 * highest; displays of another size stand in the middle of their place.
 *
 * @param diagonalOf in inches; undefined for a display that is no more, whose place stays empty
 */
export function spansOf(
  { places, bezelXMm, bezelYMm }: Pick<WallContent, 'places' | 'bezelXMm' | 'bezelYMm'>,
  diagonalOf: (displayId: DisplayId) => number | undefined,
): Map<DisplayId, Span> {
  const sizes = places.map((row) => row.map((id) => sizeOf(id === null ? undefined : diagonalOf(id))));
  const known = sizes.flat().filter((size) => size !== undefined);
  const [some] = known;
  if (!some) return new Map();
  const widths = (places[0] ?? []).map((_, column) =>
    largest(
      sizes.map((row) => row[column]?.width),
      some.width,
    ),
  );
  const heights = sizes.map((row) =>
    largest(
      row.map((size) => size?.height),
      some.height,
    ),
  );
  const whole = {
    width: sum(widths) + bezelXMm * (widths.length - 1),
    height: sum(heights) + bezelYMm * (heights.length - 1),
  };
  const spans = new Map<DisplayId, Span>();
  for (const [row, ids] of places.entries()) {
    for (const [column, id] of ids.entries()) {
      const size = sizes[row]?.[column];
      if (id === null || !size) continue;
      const left = sum(widths.slice(0, column)) + bezelXMm * column;
      const top = sum(heights.slice(0, row)) + bezelYMm * row;
      spans.set(id, {
        x: (left + ((widths[column] ?? 0) - size.width) / 2) / whole.width,
        y: (top + ((heights[row] ?? 0) - size.height) / 2) / whole.height,
        width: size.width / whole.width,
        height: size.height / whole.height,
      });
    }
  }
  return spans;
}

function sizeOf(diagonalInches: number | undefined): { width: number; height: number } | undefined {
  if (diagonalInches === undefined) return undefined;
  const unitMm = (diagonalInches * INCH_MM) / Math.hypot(RATIO.width, RATIO.height);
  return { width: RATIO.width * unitMm, height: RATIO.height * unitMm };
}

/** The largest of those that there are; else what the others of the wall have. */
function largest(sizes: readonly (number | undefined)[], otherwise: number): number {
  const known = sizes.filter((size) => size !== undefined);
  return known.length === 0 ? otherwise : Math.max(...known);
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all + size, 0);
}
