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

/**
 * A clock that stands (the three hours of an intoxicated person count from sobering; time at a hospital does not count
 * under PACE) goes on by an event that somebody has to send. One that stands longer than this is asked after.
 */
export const CLOCK_STANDS_AT_MOST: Tolerance = {
  minutes: 12 * 60,
  source: {
    uk: 'Скільки відлік може стояти, не каже жодна норма; 12 годин – наше судження',
    en: 'How long a clock may stand, no norm says; that twelve hours are asked after is our judgment',
  },
  address: null,
  standing: 'judgment',
};

/** Whoever is sent to another facility is there within this, or somebody asks where they are. */
export const TRANSFER_RECEIVED_WITHIN: Tolerance = {
  minutes: 12 * 60,
  source: {
    uk: 'Скільки може тривати дорога між закладами, не каже жодна норма; 12 годин – наше судження',
    en: 'How long the way from one facility to another may take, no norm says; twelve hours are our judgment',
  },
  address: null,
  standing: 'judgment',
};
