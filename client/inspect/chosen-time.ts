const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/**
 * The last time at which clocks of a place showed `time` (`14:05`): today, or yesterday when that has not come yet.
 * Milliseconds since the epoch; undefined for what is no time of day.
 */
export function lastTimeAt(
  time: string,
  nowMs: number,
  showTime: (atMs: number) => string,
): number | undefined {
  const wanted = minutesOf(time);
  const present = minutesOf(showTime(nowMs));
  if (wanted === undefined || present === undefined) return undefined;
  const back = (present - wanted + DAY_MINUTES) % DAY_MINUTES;
  const guess = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS - back * MINUTE_MS;
  // The night in which clocks are put on or back has an hour less or more.
  const shown = minutesOf(showTime(guess)) ?? wanted;
  const off = ((shown - wanted + DAY_MINUTES / 2 + DAY_MINUTES) % DAY_MINUTES) - DAY_MINUTES / 2;
  const exact = guess - off * MINUTE_MS;
  return exact > nowMs ? exact - DAY_MINUTES * MINUTE_MS : exact;
}

function minutesOf(time: string): number | undefined {
  const match = /^(\d{2}):(\d{2})/.exec(time);
  if (!match) return undefined;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return minutes < DAY_MINUTES ? minutes : undefined;
}
