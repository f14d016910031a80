import { z } from 'zod';
import { DisplayId } from './displays.ts';
import { Kept } from './kept.ts';

/** The largest wall that is put together out of displays. */
export const MAX_WALL_ROWS = 6;
export const MAX_WALL_COLUMNS = 8;

/** Displays by their places, row by row; `null` where there is none. Every row is as long as the first. */
export const WallPlaces = z
  .array(z.array(DisplayId.nullable()).min(1).max(MAX_WALL_COLUMNS))
  .min(1)
  .max(MAX_WALL_ROWS)
  .refine((rows) => rows.every(({ length }) => length === rows[0]?.length), {
    message: 'every row is as long as the first',
  })
  .refine((rows) => {
    const ids = rows.flat().filter((id) => id !== null);
    return ids.length > 0 && new Set(ids).size === ids.length;
  }, 'a wall has displays, and each of them once');

/** Between the pictures of two displays that touch, both frames together; millimetres. */
const Bezel = z.number().min(0).max(300);

/** Several displays that hang side by side and show one picture. */
export const WallContent = z.strictObject({
  name: Kept.shape.name,
  places: WallPlaces,
  bezelXMm: Bezel,
  bezelYMm: Bezel,
});
export type WallContent = z.infer<typeof WallContent>;

export const DisplayWall = z.strictObject({ ...Kept.shape, ...WallContent.shape });
export type DisplayWall = z.infer<typeof DisplayWall>;

export const WallView = z.object({ ...DisplayWall.shape, leftOut: z.int().min(0) });
export type WallView = z.infer<typeof WallView>;

export const WallList = z.object({ items: z.array(WallView), nextCursor: z.null() });
