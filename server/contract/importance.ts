import { z } from 'zod';

/**
 * How much a picture matters where it is shown, most first. A line that is too narrow for all takes pictures away from the
 * other end.
 */
export const IMPORTANCES = ['alarm', 'focused', 'wall', 'tour'] as const;
export const Importance = z.enum(IMPORTANCES);
export type Importance = z.infer<typeof Importance>;

/** What counts where nothing is said. */
export const USUAL_IMPORTANCE: Importance = 'wall';

/** For sorting: negative when the first one matters more. */
export function compareImportance(a: Importance, b: Importance): number {
  return IMPORTANCES.indexOf(a) - IMPORTANCES.indexOf(b);
}

/** The one that matters most; undefined of none. */
export function mostImportant(all: Iterable<Importance>): Importance | undefined {
  return [...all].sort(compareImportance)[0];
}
