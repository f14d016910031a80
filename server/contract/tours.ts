import { z } from 'zod';
import { Kept } from './kept.ts';
import { MAX_DWELL_S, MAX_STEPS, MIN_DWELL_S, SceneContent } from './scenes.ts';

/** Scenes in their order, and how long each stays. */
export const TourContent = z.strictObject({
  name: Kept.shape.name,
  dwellS: z.int().min(MIN_DWELL_S).max(MAX_DWELL_S),
  scenes: z.array(SceneContent).min(1).max(MAX_STEPS),
});
export type TourContent = z.infer<typeof TourContent>;

export const Tour = z.strictObject({ ...Kept.shape, ...TourContent.shape });
export type Tour = z.infer<typeof Tour>;

/** A tour as somebody gets it: areas that they may not see are left out, and counted. */
export const TourView = z.object({ ...Tour.shape, leftOut: z.int().min(0) });
export type TourView = z.infer<typeof TourView>;

export const TourList = z.object({ items: z.array(TourView), nextCursor: z.null() });
