import { type Clock, clockStateAt, mostUrgentClock } from '#contract/clocks.ts';
import type { LimitInfo } from '#contract/live.ts';
import type { AreaStatus } from '#contract/status.ts';
import { formatSpan } from '../clock/countdown.ts';
import type { Language } from '../i18n/i18n.ts';
import { limitKey } from '../store/registry.ts';

/** How pressing a clock is: the state of a limit, or of a check that is due. */
export type ClockLevel = 'ok' | 'amber' | 'red' | 'breached' | 'paused';

/** A clock as it is shown: what it counts to, how long still, how pressing that is, and by which rule. */
export interface ClockFace {
  label: string;
  /** The same in a word or two, where `label` is longer than that. */
  short?: string | undefined;
  /** `14 год 05 хв`, `41 хв 07 с`, or `−12 хв 40 с` when it is over. */
  text: string;
  level: ClockLevel;
  /** The law or practice that it comes from. */
  source: string;
}

/** Words that a clock needs beside those of its limit. */
export interface ClockWords {
  toCheck: string;
  checkOverdue: string;
  checkOverdueShort: string;
  paused: string;
}

interface Reading {
  limits: Readonly<Record<string, LimitInfo>>;
  words: ClockWords;
  language: Language;
  nowMs: number;
}

/** A true minus: as wide as a digit. */
const MINUS = '\u2212';

/** The clock that a tile shows: the most urgent one; a welfare check that is overdue goes before a limit that is not close. */
export function clockFace(status: AreaStatus | undefined, reading: Reading): ClockFace | undefined {
  const shown = shownClock(status, reading.nowMs);
  if (!shown) return undefined;
  return shown.of === 'check' ? checkFace(shown.dueMs, reading) : limitFace(shown.clock, reading);
}

/** A limit that is close or was passed, or a check that is overdue. */
export type Pressing = 'red' | 'breached' | 'check';

/** What presses of the clock that a tile shows, at an instant (milliseconds since the epoch). */
export function pressingClock(status: AreaStatus | undefined, nowMs: number): Pressing | undefined {
  const shown = shownClock(status, nowMs);
  if (!shown) return undefined;
  if (shown.of === 'check') return nowMs >= shown.dueMs ? 'check' : undefined;
  const state = clockStateAt(shown.clock, nowMs);
  return state === 'red' || state === 'breached' ? state : undefined;
}

type ShownClock = { of: 'check'; dueMs: number } | { of: 'limit'; clock: Clock };

function shownClock(status: AreaStatus | undefined, nowMs: number): ShownClock | undefined {
  if (!status || status.headcount === 0) return undefined;
  const clock = mostUrgentClock(status.clocks, nowMs);
  const check = status.nextCheckDueAt === null ? undefined : Date.parse(status.nextCheckDueAt);
  const state = clock ? clockStateAt(clock, nowMs) : undefined;
  const isCheckOverdue = check !== undefined && nowMs >= check;
  if (check !== undefined && (!clock || (isCheckOverdue && state !== 'red' && state !== 'breached')))
    return { of: 'check', dueMs: check };
  return clock && { of: 'limit', clock };
}

/** One limit of one person. */
export function limitFace(clock: Clock, { limits, words, language, nowMs }: Reading): ClockFace {
  const limit = limits[limitKey(clock)];
  const level = clockStateAt(clock, nowMs);
  const leftMs = Date.parse(clock.dueAt) - nowMs;
  return {
    label: limit?.label[language] ?? clock.limit,
    ...(limit?.short ? { short: limit.short[language] } : {}),
    text: level === 'paused' ? words.paused : spanText(leftMs, language),
    level,
    source: limit?.source[language] ?? clock.normSet,
  };
}

function checkFace(dueMs: number, { words, language, nowMs }: Reading): ClockFace {
  const isOverdue = nowMs >= dueMs;
  return {
    label: isOverdue ? words.checkOverdue : words.toCheck,
    ...(isOverdue ? { short: words.checkOverdueShort } : {}),
    // The word says already that it is over.
    text: formatSpan(Math.abs(dueMs - nowMs), language),
    level: isOverdue ? 'red' : 'ok',
    source: '',
  };
}

function spanText(leftMs: number, language: Language): string {
  return leftMs >= 0 ? formatSpan(leftMs, language) : `${MINUS}${formatSpan(-leftMs, language)}`;
}
