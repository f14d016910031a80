import { MapMeasure } from '#contract/map-measure.ts';
import type { Country } from '../store/country.ts';
import type { IconName } from './icons.ts';
import type { Palette } from './palette.ts';

/** What the map's signs tell, in the order in which it is offered. */
export const MEASURES = MapMeasure.options;
export type Measure = MapMeasure;

/**
 * What a sign can say, by measure, from worst to nothing known. `unseen`: people whose video is gone. `empty`: nobody is
 * inside. `unknown`: nothing was ever heard of it, or of its room.
 */
export const SIGNS = {
  state: ['1', '2', 'unseen', '3', '4', 'calm', 'unknown'],
  space: ['red', 'amber', 'note', 'calm', 'empty', 'unknown'],
  clock: ['breached', 'red', 'amber', 'calm', 'empty', 'unknown'],
} as const satisfies Record<Measure, readonly string[]>;
export type Sign = (typeof SIGNS)[Measure][number];

interface Look {
  icon: IconName;
  color: keyof Palette;
}

const CALM: Look = { icon: 'calm', color: 'calm' };
const EMPTY: Look = { icon: 'empty', color: 'calm' };
const UNKNOWN: Look = { icon: 'unknown', color: 'calm' };

/** Shape and colour of a sign: each shape occurs once within a measure, so that it is told apart without its colour. */
const LOOKS: { readonly [M in Measure]: Readonly<Record<(typeof SIGNS)[M][number], Look>> } = {
  state: {
    1: { icon: '1', color: 1 },
    2: { icon: '2', color: 2 },
    unseen: { icon: 'unseen', color: 'unseen' },
    3: { icon: '3', color: 3 },
    4: { icon: '4', color: 4 },
    calm: CALM,
    unknown: UNKNOWN,
  },
  space: {
    red: { icon: '2', color: 1 },
    amber: { icon: '3', color: 2 },
    note: { icon: '4', color: 4 },
    calm: CALM,
    empty: EMPTY,
    unknown: UNKNOWN,
  },
  clock: {
    breached: { icon: '1', color: 1 },
    red: { icon: '2', color: 1 },
    amber: { icon: '3', color: 2 },
    calm: CALM,
    empty: EMPTY,
    unknown: UNKNOWN,
  },
};

export function lookOf(measure: Measure, sign: Sign): Look {
  const looks: Partial<Record<Sign, Look>> = LOOKS[measure];
  return looks[sign] ?? UNKNOWN;
}

/** How bad a sign is, from 0; what is summed up is as bad as its worst part. */
export function rankOf(measure: Measure, sign: Sign): number {
  const signs: readonly Sign[] = SIGNS[measure];
  return signs.indexOf(sign);
}

export function signAt(measure: Measure, rank: number): Sign {
  return SIGNS[measure][rank] ?? 'unknown';
}

/** Whether a sign says that somebody should look. */
export function isLoud(measure: Measure, rank: number): boolean {
  return rank < rankOf(measure, 'calm');
}

/** By severity of the worst flag, from 1 to 4, and 5 for none. */
const STATE_RANKS = [0, 0, 1, 3, 4, 5];
const SPACE_BITS = { note: 1, amber: 2, red: 4 };

/** The rank of an area, by its place in the country. */
export function areaRank(country: Country, measure: Measure, place: number): number {
  if (country.known[place] !== 1) return rankOf(measure, 'unknown');
  if (measure === 'state') {
    const worst = STATE_RANKS[country.severity[place] ?? 5] ?? 5;
    return country.unseen[place] === 1 ? Math.min(worst, rankOf('state', 'unseen')) : worst;
  }
  if (country.headcount[place] === 0) return rankOf(measure, 'empty');
  if (measure === 'clock') return 3 - (country.level[place] ?? 0);
  const bits = country.bits.space[place] ?? 0;
  if (bits & SPACE_BITS.red) return 0;
  if (bits & SPACE_BITS.amber) return 1;
  if (bits & SPACE_BITS.note) return 2;
  return rankOf('space', Number.isFinite(country.m2[place]) ? 'calm' : 'unknown');
}
