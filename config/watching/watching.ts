/**
 * When watching itself is to be looked at: one person, one area, one night, a large picture for long. A wall of small
 * pictures through the night is a duty; one cell in full for most of an hour is a question. Hours and minutes are our own
 * judgment, and no norm that we know of sets them.
 */
export const NIGHT_WATCHING = {
  /** The night begins so many hours before local midnight, and ends so many after. */
  hoursBefore: 2,
  hoursAfter: 6,
  /** Seconds of large picture in one night, together. */
  seconds: 45 * 60,
} as const;
export type NightWatching = { hoursBefore: number; hoursAfter: number; seconds: number };
