import { z } from 'zod';
import { AreaFilter } from './area-filter.ts';
import { AreaId } from './ids.ts';
import { Kept } from './kept.ts';

/**
 * How the wall is divided, as it stands in a page's URL: `auto`, a number of tiles, `columns x rows` such as `12x8`, one
 * large tile above a `strip` of small ones, a large one with others around it (`spotlight`), or tiles beside the `map` or
 * a `list`.
 */
export const WallGrid = z.union([
  z.literal(['auto', '1', '4', '9', '16', '25', '36', '49', '64', 'strip', 'spotlight', 'map', 'list']),
  z.templateLiteral([
    z.literal(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12']),
    'x',
    z.literal(['1', '2', '3', '4', '5', '6', '7', '8']),
  ]),
]);
export type WallGrid = z.infer<typeof WallGrid>;

/** Tiles that somebody put in a place; more than a few pages of them is not an arrangement any more. */
export const MAX_PINS = 96;

/** An area that has a place of its own on the wall. `place` counts over all pages, from 0; each stands once. */
export const Pin = z.strictObject({ place: z.int().min(0).max(9_999), areaId: AreaId });
export type Pin = z.infer<typeof Pin>;

export const Pins = z
  .array(Pin)
  .max(MAX_PINS)
  .refine(
    (pins) =>
      new Set(pins.map(({ place }) => place)).size === pins.length &&
      new Set(pins.map(({ areaId }) => areaId)).size === pins.length,
    { message: 'a place holds one area, and an area one place' },
  );

/** What a wall shows and how: all that a layout brings back. */
export const LayoutContent = z.strictObject({
  name: Kept.shape.name,
  grid: WallGrid,
  filter: AreaFilter,
  pins: Pins.default([]),
});
export type LayoutContent = z.infer<typeof LayoutContent>;

export const Layout = z.strictObject({ ...Kept.shape, ...LayoutContent.shape });
export type Layout = z.infer<typeof Layout>;

/** A layout as somebody gets it: areas that they may not see are left out, and counted. */
export const LayoutView = z.object({ ...Layout.shape, leftOut: z.int().min(0) });
export type LayoutView = z.infer<typeof LayoutView>;

export const LayoutList = z.object({ items: z.array(LayoutView), nextCursor: z.null() });
