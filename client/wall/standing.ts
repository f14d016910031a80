import type { TFunction } from 'i18next';
import type { Standing } from '#contract/clocks.ts';

const WORDS = {
  law: 'focus.law',
  guidance: 'focus.guidance',
  'general-knowledge': 'focus.generalKnowledge',
  judgment: 'focus.judgment',
} as const satisfies Record<Standing, string>;

/** What a figure rests on, in words: only a law may be taken for one. */
export function standingWords(standing: Standing, t: TFunction): string {
  return t(WORDS[standing]);
}
