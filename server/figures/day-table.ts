import type { Day } from '#contract/figures.ts';
import { type Calendar, createCalendar } from '../custody/state/local-day.ts';

/** A calendar day with its instants, milliseconds since the epoch. */
export interface DaySpan {
  day: Day;
  fromMs: number;
  untilMs: number;
}

/** Days that are remembered; more than any period. */
const MAX_KNOWN = 1_000;
const NOON_MS = 12 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** The days of a time zone. Remembers those that it was asked for, because asking a calendar is slow. */
export class DayTable {
  readonly #calendar: Calendar;
  readonly #format: Intl.DateTimeFormat;
  #known: DaySpan[] = [];
  #last: DaySpan | undefined;

  /** Throws a RangeError for a time zone that does not exist. */
  constructor(timeZone: string) {
    this.#calendar = createCalendar(timeZone);
    this.#format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  }

  /** The day that an instant lies in. */
  at(atMs: number): DaySpan {
    const holds = ({ fromMs, untilMs }: DaySpan) => fromMs <= atMs && atMs < untilMs;
    if (this.#last && holds(this.#last)) return this.#last;
    const found = this.#known.find(holds) ?? this.#add(atMs);
    this.#last = found;
    return found;
  }

  /** A day by its name. */
  named(day: Day): DaySpan {
    const noonMs = Date.parse(`${day}T00:00:00Z`) + NOON_MS;
    const near = [0, -DAY_MS, DAY_MS].map((shift) => this.at(noonMs + shift));
    const found = near.find((one) => one.day === day);
    if (!found) throw new RangeError(`there is no day ${day}`);
    return found;
  }

  /** The days from one to another, both included. */
  between(from: Day, to: Day): DaySpan[] {
    const days: DaySpan[] = [];
    for (let one = this.named(from); one.day <= to; one = this.at(one.untilMs)) days.push(one);
    return days;
  }

  /** Cuts a span of time by days. */
  split(fromMs: number, toMs: number): { day: Day; ms: number }[] {
    const pieces: { day: Day; ms: number }[] = [];
    for (let atMs = fromMs; atMs < toMs; ) {
      const { day, untilMs } = this.at(atMs);
      pieces.push({ day, ms: Math.min(toMs, untilMs) - atMs });
      atMs = untilMs;
    }
    return pieces;
  }

  #add(atMs: number): DaySpan {
    const span = { day: this.#format.format(atMs), ...this.#calendar.dayOf(atMs) };
    if (this.#known.length >= MAX_KNOWN) this.#known = this.#known.slice(MAX_KNOWN / 2);
    this.#known.push(span);
    return span;
  }
}
