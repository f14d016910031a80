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
  if (!status || status.headcount === 0) return undefined;
  const clock = mostUrgentClock(status.clocks, reading.nowMs);
  const check = status.nextCheckDueAt === null ? undefined : Date.parse(status.nextCheckDueAt);
  const state = clock ? clockStateAt(clock, reading.nowMs) : undefined;
  const isCheckOverdue = check !== undefined && reading.nowMs >= check;
  if (check !== undefined && (!clock || (isCheckOverdue && state !== 'red' && state !== 'breached')))
    return checkFace(check, reading);
  return clock ? limitFace(clock, reading) : undefined;
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
