import type { QuietHours } from '#contract/alerts.ts';

/** Tells what clocks on the wall show. */
export interface WallClock {
  /** Days since 1970-01-01 of the local calendar, and minutes since its midnight. */
  read(atMs: number): { day: number; minutes: number };
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday; 1 is Monday. */
const weekdayOf = (day: number) => ((((day + 3) % 7) + 7) % 7) + 1;

/** Clocks of a time zone. Throws a RangeError for one that does not exist. */
export function createWallClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return {
    read(atMs) {
      const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
      const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
      return {
        day: Date.UTC(part('year'), part('month') - 1, part('day')) / DAY_MS,
        minutes: part('hour') * 60 + part('minute'),
      };
    },
  };
}

/**
 * When the quiet hours end in which an instant (ms) lies; undefined if it lies in none. They last from the first instant
 * of a date at which clocks show the beginning, or later, to the first at which they show the end, or later. So a night
 * on which clocks go forward or back has them once: a time that is skipped is the instant of the change, and of an hour
 * that comes twice the first one counts, for the beginning and for the end.
 */
export function quietUntilMs(quiet: QuietHours | null, clock: WallClock, atMs: number): number | undefined {
  if (!quiet) return undefined;
  const from = toMinutes(quiet.from);
  const to = toMinutes(quiet.to);
  const today = clock.read(atMs).day;
  // Those of yesterday may go on; those of today may have begun.
  for (const day of [today - 1, today]) {
    if (!quiet.days.includes(weekdayOf(day))) continue;
    const beginMs = firstInstant(clock, day, from);
    const endMs = firstInstant(clock, to > from ? day : day + 1, to);
    if (beginMs <= atMs && atMs < endMs) return endMs;
  }
  return undefined;
}

/** The first instant of a local date whose clocks show these minutes or later. */
function firstInstant(clock: WallClock, day: number, minutes: number): number {
  // Zones are at most 14 hours from Greenwich: what is looked for lies within, at a whole minute.
  const guessMs = day * DAY_MS + minutes * MINUTE_MS;
  const wanted = { day, minutes };
  let low = guessMs - 15 * 60 * MINUTE_MS;
  let high = guessMs + 15 * 60 * MINUTE_MS;
  // Clocks do not go back across the border that is searched for but in the hour that comes twice; see below.
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / (2 * MINUTE_MS)) * MINUTE_MS;
    if (isBefore(clock.read(middle), wanted)) low = middle;
    else high = middle;
  }
  return earlierTwin(clock, high, wanted);
}

/** Where the hour comes twice, the search may have found its second time. */
function earlierTwin(clock: WallClock, atMs: number, wanted: { day: number; minutes: number }): number {
  let earliest = atMs;
  for (const shiftMinutes of [30, 60, 120]) {
    const twin = atMs - shiftMinutes * MINUTE_MS;
    const shown = clock.read(twin);
    if (shown.day === wanted.day && shown.minutes === wanted.minutes) earliest = Math.min(earliest, twin);
  }
  return earliest;
}

function isBefore(
  shown: { day: number; minutes: number },
  wanted: { day: number; minutes: number },
): boolean {
  return shown.day < wanted.day || (shown.day === wanted.day && shown.minutes < wanted.minutes);
}

function toMinutes(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
