/** Tells the days of a time zone's calendar. */
export interface Calendar {
  /** The first instant of the local day that an instant lies in, and of the next; milliseconds since the epoch. */
  dayOf(atMs: number): { fromMs: number; untilMs: number };
}

const HOUR_MS = 3_600_000;
/** No local day is longer, whatever its clocks do. */
const LONGEST_DAY_MS = 26 * HOUR_MS;

/**
 * Days as people there count them: one is 23 or 25 hours long when the clocks change. Throws a RangeError for a time zone
 * that does not exist.
 */
export function createCalendar(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return {
    dayOf(atMs) {
      const day = format.format(atMs);
      const isSameDay = (otherMs: number) => format.format(otherMs) === day;
      return {
        // Within a day's length before, dates do not come back, so that the border can be searched for.
        fromMs: firstWhere(atMs - LONGEST_DAY_MS, atMs, isSameDay),
        untilMs: firstWhere(atMs, atMs + LONGEST_DAY_MS, (otherMs) => !isSameDay(otherMs)),
      };
    },
  };
}

/** The first whole millisecond after `lowMs`, up to `highMs`, from which on something is true. */
function firstWhere(lowMs: number, highMs: number, isTrue: (atMs: number) => boolean): number {
  let low = lowMs;
  let high = highMs;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isTrue(middle)) high = middle;
    else low = middle;
  }
  return high;
}
