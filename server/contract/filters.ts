import { z } from 'zod';
import { AreaFilter } from './area-filter.ts';
import { Kept } from './kept.ts';

/** What somebody asks for again and again, whatever the wall looks like. */
export const FilterContent = z.strictObject({ name: Kept.shape.name, filter: AreaFilter });
export type FilterContent = z.infer<typeof FilterContent>;

export const KeptFilter = z.strictObject({ ...Kept.shape, ...FilterContent.shape });
export type KeptFilter = z.infer<typeof KeptFilter>;

/** A filter as somebody gets it. It names no areas that could be left out. */
export const KeptFilterView = z.object({ ...KeptFilter.shape, leftOut: z.int().min(0) });
export type KeptFilterView = z.infer<typeof KeptFilterView>;

export const FilterList = z.object({ items: z.array(KeptFilterView), nextCursor: z.null() });
