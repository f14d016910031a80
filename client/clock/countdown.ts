import type { Language } from '../i18n/i18n.ts';

const SECOND_MS = 1_000;
const MINUTE_S = 60;
const HOUR_S = 3_600;

/**
 * A span of time as a clock shows it, with its units: `14 год 05 хв`, `14h 05m`. Without them, "to court 14:05" would
 * read as a time of day. Under an hour it is minutes and seconds. Downwards: what has begun counts full.
 */
export function formatSpan(spanMs: number, language: Language): string {
  const seconds = Math.max(0, Math.ceil(spanMs / SECOND_MS));
  const hours = Math.floor(seconds / HOUR_S);
  const minutes = Math.floor((seconds % HOUR_S) / MINUTE_S);
  const { hour, minute, second, lastMinute, lastSecond } = UNITS[language];
  return hours > 0
    ? `${hour.format(hours)} ${lastMinute.format(minutes)}`
    : minutes > 0
      ? `${minute.format(minutes)} ${lastSecond.format(seconds % MINUTE_S)}`
      : second.format(seconds);
}

const UNITS = { uk: spanUnits('uk-UA', 'short'), en: spanUnits('en-GB', 'narrow') };

/** The last unit keeps two digits, so that the text does not jump while it runs. */
function spanUnits(locale: string, unitDisplay: 'short' | 'narrow') {
  const unit = (name: string, minimumIntegerDigits: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay, minimumIntegerDigits });
  return {
    hour: unit('hour', 1),
    minute: unit('minute', 1),
    second: unit('second', 1),
    lastMinute: unit('minute', 2),
    lastSecond: unit('second', 2),
  };
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
