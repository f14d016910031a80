import { ageSteps } from '../clock/countdown.ts';
import type { Language } from './i18n.ts';

/** Times, ages and numbers as people of a language write them, in the nation's own time. */
export interface Formats {
  /** `14:05` */
  time(atMs: number): string;
  /** `14:05:09` */
  timeWithSeconds(atMs: number): string;
  /** `22 листопада о 14:05` */
  dayAndTime(atMs: number): string;
  /**
   * When something was, or will be, for whoever reads it at `nowMs` (ms, server clock): `14:05` if that is on the same
   * day of the nation, else `22 листопада о 14:05`. The words around it have to read right with both: "since" and "until"
   * do, "at" does not.
   */
  moment(atMs: number, nowMs: number): string;
  /** The same to the second: `14:05:09`, `22 листопада о 14:05:09`. */
  momentWithSeconds(atMs: number, nowMs: number): string;
  /** Whether two instants (ms) lie between the same two midnights of the nation. */
  isSameDay(oneMs: number, otherMs: number): boolean;
  /** `19 хв`, `2 год 5 хв` */
  age(ageMs: number): string;
  /** `0,4 с`: with tenths below ten seconds. */
  fineAge(ageMs: number): string;
  /** `3,8` */
  decimal(value: number): string;
  /** `45 000` */
  whole(value: number): string;
}

const LOCALES: Record<Language, string> = { uk: 'uk-UA', en: 'en-GB' };
/** The shortest form that is still understood: `19 хв`, `19m`. */
const UNIT_DISPLAY = { uk: 'short', en: 'narrow' } as const;

export function createFormats(language: Language, timeZone: string): Formats {
  const locale = LOCALES[language];
  const clock = { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' } as const;
  const time = new Intl.DateTimeFormat(locale, clock);
  const seconds = new Intl.DateTimeFormat(locale, { ...clock, second: '2-digit' });
  const dayTime = { ...clock, day: 'numeric', month: 'long' } as const;
  const day = new Intl.DateTimeFormat(locale, dayTime);
  const daySeconds = new Intl.DateTimeFormat(locale, { ...dayTime, second: '2-digit' });
  const date = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const decimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const unit = (name: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: UNIT_DISPLAY[language] });
  const units = { second: unit('second'), minute: unit('minute'), hour: unit('hour'), day: unit('day') };
  const tenths = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: 'second',
    unitDisplay: UNIT_DISPLAY[language],
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });

  function age(ageMs: number): string {
    const steps = ageSteps(ageMs);
    const main = units[steps.unit].format(steps.count);
    if (steps.unit === 'hour' && steps.minutes > 0) return `${main} ${units.minute.format(steps.minutes)}`;
    if (steps.unit === 'day' && steps.hours > 0) return `${main} ${units.hour.format(steps.hours)}`;
    return main;
  }

  const isSameDay = (oneMs: number, otherMs: number) => date.format(oneMs) === date.format(otherMs);

  return {
    time: (atMs) => time.format(atMs),
    timeWithSeconds: (atMs) => seconds.format(atMs),
    dayAndTime: (atMs) => day.format(atMs),
    moment: (atMs, nowMs) => (isSameDay(atMs, nowMs) ? time : day).format(atMs),
    momentWithSeconds: (atMs, nowMs) => (isSameDay(atMs, nowMs) ? seconds : daySeconds).format(atMs),
    isSameDay,
    age,
    fineAge: (ageMs) => (ageMs < 10_000 ? tenths.format(Math.max(0, ageMs) / 1_000) : age(ageMs)),
    decimal: (value) => decimal.format(value),
    whole: (value) => whole.format(value),
  };
}
