import type { Check } from './norm-set.ts';

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
