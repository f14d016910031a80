import type { Check, Tolerance } from './norm-set.ts';

/** Name under which what follows from no body of norms is shown. */
export const PRACTICE = 'practice';

/** How often somebody looks after the people in an occupied area where no norm set says. No Ukrainian source gives a figure; one hour is custom abroad. */
export const WELFARE_CHECK: Check = {
  kind: 'check',
  id: 'welfare-check',
  minutes: 60,
  label: { uk: 'до обходу', en: 'to check' },
  source: {
    uk: 'Практика (загальновідоме, без джерела): перевірка щогодини',
    en: 'Practice (general knowledge, no source): a check every hour',
  },
  address: null,
  standing: 'general-knowledge',
};

/**
 * A check that is written down so long after it was made is an entry, and no proof that anybody looked in time: the duty
 * goes on from the last check that is one. What a network delays is not meant: that was written down in time and sent late.
 */
export const CHECK_WRITTEN_WITHIN: Tolerance = {
  minutes: 15,
  source: {
    uk: 'Записи роблять одразу, із зазначенням часу (PACE, Code C, розд. 2; загальновідоме); що «одразу» – це 15 хвилин, наше судження',
    en: 'Entries are made and timed at once (PACE, Code C, section 2; general knowledge); that fifteen minutes are “at once” is our judgment',
  },
  address: null,
  standing: 'judgment',
};
