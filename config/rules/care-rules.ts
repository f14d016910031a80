import type { Rule } from './rule.ts';

/** What somebody has to do for a person, or a facility to mend; severities as in a list of our own. */
export const CARE_RULES: readonly Rule[] = [
  {
    id: 'bell-unanswered',
    category: 'missed-check',
    severity: 2,
    // Five minutes from the first ring; our judgment, as no source gives a figure.
    raiseAfterS: 300,
    clearAfterS: 0,
    clearedBy: 'itself',
    text: { uk: 'Виклик із камери без відповіді', en: 'A call bell is unanswered' },
  },
  {
    id: 'observation-lapse',
    category: 'missed-check',
    severity: 2,
    raiseAfterS: 30,
    clearAfterS: 60,
    clearedBy: 'itself',
    text: {
      uk: 'Перервано постійний нагляд (рівень {{level}}): {{cause}}',
      en: 'Constant observation lapsed (level {{level}}): {{cause}}',
    },
  },
  {
    // Somebody may harm themselves, and nobody has decided that they are observed more closely (level 2 or above).
    id: 'self-harm-risk',
    category: 'self-harm',
    severity: 2,
    // Whoever comes is assessed first; ten minutes are our judgment, as no source gives a figure.
    raiseAfterS: 600,
    clearAfterS: 60,
    clearedBy: 'itself',
    text: {
      uk: 'Ризик самоушкодження, посиленого нагляду не встановлено',
      en: 'Risk of self-harm, and no closer observation is set',
    },
  },
  {
    id: 'minor-unaccompanied',
    category: 'separation',
    severity: 3,
    // Whoever is on the way into the room is not missing.
    raiseAfterS: 300,
    clearAfterS: 60,
    clearedBy: 'itself',
    text: {
      uk: 'Неповнолітнього допитують без супроводу дорослого',
      en: 'A minor is interrogated unaccompanied',
    },
  },
  {
    // How long the way may take is in `thresholds.ts`.
    id: 'transfer-not-received',
    category: 'other',
    severity: 2,
    raiseAfterS: 0,
    clearAfterS: 0,
    clearedBy: 'itself',
    text: {
      uk: 'Передану особу не прийнято за {{hours}} год',
      en: 'Sent to another facility, and not received there within {{hours}} h',
    },
  },
  {
    id: 'cameras-lost',
    category: 'camera-fault',
    severity: 2,
    raiseAfterS: 60,
    clearAfterS: 60,
    clearedBy: 'itself',
    text: { uk: 'Втрачено всі камери закладу', en: 'All cameras of the facility are lost' },
  },
  {
    id: 'gate-overused',
    category: 'other',
    severity: 4,
    raiseAfterS: 0,
    clearAfterS: 0,
    clearedBy: 'person',
    text: {
      uk: 'Конфіденційність {{count}} {{count:раз|рази|разів}} за добу',
      en: 'Confidential {{count}} {{count:time|times}} in a day',
    },
  },
  {
    id: 'gate-minutes-overused',
    category: 'other',
    severity: 4,
    raiseAfterS: 0,
    clearAfterS: 0,
    clearedBy: 'person',
    text: { uk: 'Конфіденційність {{minutes}} хв за добу', en: 'Confidential for {{minutes}} min in a day' },
  },
  {
    id: 'recorded-late',
    category: 'record-mismatch',
    severity: 4,
    raiseAfterS: 0,
    clearAfterS: 0,
    clearedBy: 'person',
    text: {
      uk: 'Записано із запізненням на {{minutes}} хв',
      en: 'Recorded {{minutes}} min late',
    },
  },
  {
    id: 'record-edited-late',
    category: 'record-mismatch',
    severity: 4,
    raiseAfterS: 0,
    clearAfterS: 0,
    clearedBy: 'person',
    text: {
      uk: 'Запис виправлено через {{hours}} год після події',
      en: 'A record was corrected {{hours}} h after the event',
    },
  },
  {
    id: 'record-withdrawn',
    category: 'record-mismatch',
    severity: 4,
    raiseAfterS: 0,
    clearAfterS: 0,
    clearedBy: 'person',
    text: { uk: 'Запис вилучено без заміни', en: 'A record was withdrawn without a replacement' },
  },
  {
    id: 'clock-drift',
    category: 'record-mismatch',
    severity: 4,
    raiseAfterS: 0,
    clearAfterS: 60,
    clearedBy: 'itself',
    text: {
      uk: 'Годинник закладу поспішає на {{seconds}} с',
      en: 'The facility’s clock is {{seconds}} s ahead',
    },
  },
];
