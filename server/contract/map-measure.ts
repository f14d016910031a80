import { z } from 'zod';

/** What the signs of a map tell: how urgent it is, how much room a person has, or how near the limits of the law are. */
export const MapMeasure = z.enum(['state', 'space', 'clock']);
export type MapMeasure = z.infer<typeof MapMeasure>;
