interface QueuePlace {
  /** The row that is used, or looked at, by its place; -1 for none. */
  at: number;
  /** Where the row was that was used last; it may be gone. Undefined before the first. */
  last: number | undefined;
  isDown: boolean;
}

/**
 * The place of the row that an arrow leads to; there may be none. From a row that was closed meanwhile it is the one that
 * has moved up to its place: whoever works the queue off goes on where they were.
 */
export function nextPlace({ at, last, isDown }: QueuePlace): number {
  if (at >= 0) return isDown ? at + 1 : at - 1;
  if (last === undefined) return 0;
  return isDown ? last : last - 1;
}
