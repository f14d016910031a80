import { useTexts } from '../desk/desk-context.ts';
import { isHeard } from './map-facts.ts';
import type { Mark } from './marks.ts';
import { type Measure, signAt } from './measure.ts';
import { useSignWords } from './use-sign-words.ts';

/** Names of facilities that a sign for several lists; the rest is counted. */
const NAMED_AT_MOST = 5;

/** What a sign says to whoever points at it. */
export function useTooltip(measure: Measure): (mark: Mark) => string {
  const { t, language, formats } = useTexts();
  const wordOf = useSignWords(measure);
  return (mark) => {
    const { name, rank, headcount, flags, leastM2, facilities, kind } = mark;
    const isList = kind === 'cluster' && facilities > NAMED_AT_MOST;
    const facts = [
      isList || kind === 'region' ? t('count.facilities', { count: facilities }) : '',
      wordOf(signAt(measure, rank)),
      isHeard(mark, measure) ? t('map.people', { count: headcount }) : '',
      flags > 0 ? t('count.flags', { count: flags }) : '',
      Number.isFinite(leastM2) ? t('map.leastM2', { value: formats.decimal(leastM2) }) : '',
    ].filter(Boolean);
    return isList ? facts.join(' · ') : `${name[language]}\n${facts.join(' · ')}`;
  };
}
