import type { Interval } from './norm-set.ts';

/** How often somebody looks after the people in an occupied area. No Ukrainian source gives a figure; one hour is custom abroad. */
export const WELFARE_CHECK: Interval = {
  normSet: 'practice',
  id: 'welfare-check',
  minutes: 60,
  label: { uk: 'до обходу', en: 'to check' },
  source: {
    uk: 'Практика (загальновідоме, без джерела): обхід щогодини',
    en: 'Practice (general knowledge, no source): a check every hour',
  },
  standing: 'general-knowledge',
};
