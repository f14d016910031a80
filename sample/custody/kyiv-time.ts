const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What Kyiv's clocks are ahead of UTC at an instant, in ms: three hours in summer time (EU rule), else two. */
export function kyivOffsetMs(atMs: number): number {
  const year = new Date(atMs).getUTCFullYear();
  const begins = lastSundayMs(year, 2) + HOUR_MS;
  const ends = lastSundayMs(year, 9) + HOUR_MS;
  return atMs >= begins && atMs < ends ? 3 * HOUR_MS : 2 * HOUR_MS;
}

/** The first instant at or after `fromMs` at which Kyiv's clocks show this time of day (ms since midnight). */
export function nextKyivTime(fromMs: number, timeOfDayMs: number): number {
  const local = fromMs + kyivOffsetMs(fromMs);
  const today = Math.floor(local / DAY_MS) * DAY_MS + timeOfDayMs;
  const target = today >= local ? today : today + DAY_MS;
  const guess = target - kyivOffsetMs(fromMs);
  return target - kyivOffsetMs(guess);
}

/** Midnight UTC of the last Sunday of a month (0 for January). */
function lastSundayMs(year: number, month: number): number {
  const lastDay = new Date(Date.UTC(year, month + 1, 0));
  return lastDay.getTime() - lastDay.getUTCDay() * DAY_MS;
}
