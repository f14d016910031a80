const SECOND_MS = 1_000;
const MINUTE_S = 60;
const HOUR_S = 3_600;

/**
 * A span of time as a clock shows it: `14:05` is 14 hours 5 minutes. Under an hour seconds come in and the hours stay,
 * `0:41:07`, so that minutes and seconds are never taken for hours and minutes. Downwards: what has begun counts full.
 */
export function formatSpan(spanMs: number): string {
  const seconds = Math.max(0, Math.ceil(spanMs / SECOND_MS));
  const hours = Math.floor(seconds / HOUR_S);
  const minutes = pad(Math.floor((seconds % HOUR_S) / MINUTE_S));
  return hours > 0 ? `${hours}:${minutes}` : `0:${minutes}:${pad(seconds % MINUTE_S)}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** How far an age is told: the unit to use and how many of them. */
export type AgeSteps =
  | { unit: 'second'; count: number }
  | { unit: 'minute'; count: number }
  | { unit: 'hour'; count: number; minutes: number }
  | { unit: 'day'; count: number; hours: number };

/** How long ago something was, as people say it: seconds, then minutes, then hours and minutes, then days and hours. */
export function ageSteps(ageMs: number): AgeSteps {
  const seconds = Math.max(0, Math.floor(ageMs / SECOND_MS));
  if (seconds < MINUTE_S) return { unit: 'second', count: seconds };
  const minutes = Math.floor(seconds / MINUTE_S);
  if (minutes < 60) return { unit: 'minute', count: minutes };
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return { unit: 'hour', count: hours, minutes: minutes % 60 };
  return { unit: 'day', count: Math.floor(hours / 24), hours: hours % 24 };
}
