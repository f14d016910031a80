/**
 * Counts of people below this are not published. Statistical offices use thresholds from 3 to 10; five is our judgment,
 * and no law that we know of sets it here.
 */
export const SMALLEST_PUBLISHED = 5;
