import type { Severity } from '#contract/flags.ts';

/** A tone: when it begins, how high, how long, how loud against the others. */
export interface Tone {
  atS: number;
  hz: number;
  lengthS: number;
  gain: number;
}

const NOW: readonly Tone[] = [0, 0.16, 0.32, 0.8, 0.96, 1.12].map((atS) => ({
  atS,
  hz: 988,
  lengthS: 0.11,
  gain: 1,
}));
const SOON: readonly Tone[] = [
  { atS: 0, hz: 784, lengthS: 0.16, gain: 0.8 },
  { atS: 0.22, hz: 988, lengthS: 0.22, gain: 0.8 },
];
const WATCH: readonly Tone[] = [{ atS: 0, hz: 659, lengthS: 0.18, gain: 0.55 }];

/**
 * Three patterns, told apart by count and rhythm and not by pitch alone: six short pulses in two groups, two rising tones,
 * one low one. None lasts longer than a second and a half, and none repeats: what is still unanswered comes again as the
 * next step, not as noise.
 */
export const PATTERNS: Readonly<Record<Severity, readonly Tone[]>> = { 1: NOW, 2: SOON, 3: WATCH, 4: WATCH };

/** Level 1 is heard at least this loud, whatever somebody has set: nobody can turn it off by a slider. 0 to 1. */
export const LEAST_NOW_VOLUME = 0.25;

/** How loud a level sounds at the volume that somebody has set, 0 to 1. */
export function volumeOf(level: Severity, volume: number): number {
  return level === 1 ? Math.max(volume, LEAST_NOW_VOLUME) : volume;
}
