import type { LocalText } from '#contract/ids.ts';
import { DELIVERED, WARNINGS } from './arrival.ts';
import type { NormSet } from './norm-set.ts';

const LIMITS =
  'https://pastpaperhero.com/resources/sqe1-flk2-advising-clients-at-the-police-station-detention-time-limits-and-reviews';
const VISITS =
  'http://www.yourrights.org.uk/yourrights/the-rights-of-suspects/the-rights-of-suspects-in-the-police-station/right-to-decent-conditions.html';

const CARE = 'https://www.askthe.police.uk/content/Q520.htm?letter=C';

const pace = (uk: string, en: string): LocalText => ({ uk: `PACE 1984, ${uk}`, en: `PACE 1984, ${en}` });

/** Time at a hospital, and on the way to and from it, does not count. */
const HOSPITAL = [{ from: 'HOSPITAL_LEFT' as const, until: 'HOSPITAL_RETURNED' as const }];

/**
 * England and Wales, Police and Criminal Evidence Act 1984 and its Code C. Not modelled, for want of a figure: exercise, and
 * more frequent visits to those under 18.
 */
export const UK_PACE: NormSet = {
  id: 'uk-pace',
  version: 1,
  name: { uk: 'PACE (Англія та Уельс)', en: 'PACE (England and Wales)' },
  regime: 'criminal',
  // The act has been in force since 1 January 1986 (general knowledge).
  validFrom: '1986-01-01T00:00:00Z',
  validTo: null,
  warnings: WARNINGS,
  limits: [
    {
      kind: 'deadline',
      id: 'detention',
      anchor: [...DELIVERED, 'DETENTION_AUTHORISED'],
      minutes: 24 * 60,
      metBy: ['CHARGED', 'RELEASED'],
      pauses: HOSPITAL,
      grants: [
        {
          ground: 'superintendent',
          label: { uk: 'суперінтендант: до 36 годин', en: 'superintendent: to 36 hours' },
          source: pace(
            'суперінтендант додає 12 годин, разом 36',
            'a superintendent adds 12 hours, 36 in all',
          ),
          address: LIMITS,
          standing: 'law',
          mostMinutes: 36 * 60,
        },
        {
          ground: 'court-warrant',
          label: { uk: 'ордер суду: до 96 годин', en: 'court warrant: to 96 hours' },
          source: pace(
            'ордери суду до 96 годин; 36 годин ордера рахують від видачі',
            'court warrants, to 96 hours in all; the 36 hours of a warrant run from its issue',
          ),
          address:
            'https://www.pnld.co.uk/your-legal-questions-answered/when-does-a-warrant-of-further-detention-commence/',
          standing: 'law',
          mostMinutes: 96 * 60,
          spanMinutes: 36 * 60,
        },
      ],
      label: { uk: 'до обвинувачення', en: 'to charge' },
      source: pace('24 години; час у лікарні не рахується', '24 hours; time at a hospital does not count'),
      address: LIMITS,
      standing: 'law',
      note: {
        uk: 'Що відлік від прибуття до відділку – загальновідоме.',
        en: 'That it counts from arrival at the station is general knowledge.',
      },
    },
    {
      kind: 'review',
      id: 'review',
      anchor: ['DETENTION_AUTHORISED'],
      doneBy: ['REVIEW_DONE'],
      firstMinutes: 6 * 60,
      thenMinutes: 9 * 60,
      endedBy: [],
      pauses: [],
      label: { uk: 'до перегляду', en: 'to review' },
      source: pace(
        'розд. 40: перегляд до 6 годин після дозволу тримати, далі щонайбільше через 9; після обвинувачення його проводить офіцер, відповідальний за затриманих (розд. 40(1)(a))',
        's. 40: review within 6 hours of authorisation, then within 9 of each other; after charge by the custody officer (s. 40(1)(a))',
      ),
      address:
        'https://www.lexisnexis.co.uk/legal/legislation/uk-parliament-acts/police-and-criminal-evidence-act-1984-c60/part-iv/section-40',
      standing: 'law',
      note: {
        uk: 'Відкладений із поважної причини перегляд лишається простроченим, доки його не проведено.',
        en: 'A review that was postponed with a reason stays overdue until it is done.',
      },
    },
    {
      kind: 'review',
      id: 'rousing',
      when: { intoxicated: true },
      anchor: DELIVERED,
      doneBy: ['ROUSED'],
      firstMinutes: 30,
      thenMinutes: 30,
      endedBy: [],
      pauses: HOSPITAL,
      label: { uk: 'розбудити', en: 'to rousing' },
      source: {
        uk: 'Code C, додаток H: осіб у стані сп’яніння будять щопівгодини (загальновідоме)',
        en: 'Code C, Annex H: the intoxicated are roused every half hour (general knowledge)',
      },
      address: null,
      standing: 'general-knowledge',
    },
    {
      kind: 'review',
      id: 'rest',
      anchor: DELIVERED,
      doneBy: ['REST_ENDED'],
      lasting: {
        from: 'REST_STARTED',
        minutes: 8 * 60,
        brokenBy: ['INTERROGATION_STARTED', 'CELL_MOVED', 'HOSPITAL_LEFT', 'HANDED_TO_CONVOY'],
      },
      firstMinutes: 24 * 60,
      // In any 24 hours: the next eight are over 24 hours after those before have begun, or later if those went on for longer.
      thenMinutes: 16 * 60,
      endedBy: [],
      pauses: [],
      atEnd: 'care-missed',
      label: { uk: 'до відпочинку', en: 'to rest' },
      source: {
        uk: 'Code C: 8 годин безперервного відпочинку в будь-які 24 години',
        en: 'Code C: 8 hours of uninterrupted rest in any 24',
      },
      address: CARE,
      standing: 'guidance',
    },
    {
      kind: 'review',
      id: 'meals',
      anchor: DELIVERED,
      doneBy: ['MEAL'],
      firstMinutes: 24 * 60,
      thenMinutes: 24 * 60,
      times: 3,
      endedBy: [],
      pauses: [],
      atEnd: 'care-missed',
      label: { uk: 'до їжі', en: 'to a meal' },
      source: {
        uk: 'Code C: два легкі прийоми їжі й один основний на 24 години',
        en: 'Code C: two light meals and one main meal in any 24 hours',
      },
      address: CARE,
      standing: 'guidance',
      note: {
        uk: 'Який із них основний, запис не каже: лічаться три.',
        en: 'Which of them is the main one, the record does not say: three are counted.',
      },
    },
    {
      kind: 'duty',
      id: 'appropriate-adult',
      when: { needsAppropriateAdult: true },
      anchor: [...DELIVERED, 'DETENTION_AUTHORISED'],
      metBy: ['APPROPRIATE_ADULT_ARRIVED'],
      graceMinutes: 120,
      graceStanding: 'judgment',
      label: { uk: 'відповідальна доросла особа', en: 'appropriate adult' },
      short: { uk: 'супровід', en: 'adult' },
      source: {
        uk: 'Code C: до осіб до 18 років і вразливих – відповідальна доросла особа (слабке джерело)',
        en: 'Code C: an appropriate adult for those under 18 and the vulnerable (a weak source)',
      },
      address:
        'https://www.brainscape.com/flashcards/pace-detention-and-treatment-of-persons-14554178/packs/21729573',
      standing: 'guidance',
    },
    {
      kind: 'check',
      id: 'visit',
      when: { intoxicated: false },
      minutes: 60,
      label: { uk: 'до візиту', en: 'to visit' },
      source: { uk: 'Code C: візит щогодини', en: 'Code C: a visit every hour' },
      address: VISITS,
      standing: 'guidance',
    },
    {
      kind: 'check',
      id: 'visit-intoxicated',
      when: { intoxicated: true },
      minutes: 30,
      label: { uk: 'до візиту', en: 'to visit' },
      source: {
        uk: 'Code C: осіб у стані сп’яніння відвідують щопівгодини',
        en: 'Code C: the intoxicated are visited every half hour',
      },
      address: VISITS,
      standing: 'guidance',
    },
    // Levels of observation: level 1 is the hourly visit above.
    {
      kind: 'check',
      id: 'visit-level-2',
      when: { intermittentObservation: true },
      minutes: 30,
      label: { uk: 'до візиту (рівень 2)', en: 'to visit (level 2)' },
      short: { uk: 'до візиту', en: 'to visit' },
      source: {
        uk: 'Рівень нагляду 2, періодичний: візит щопівгодини (загальновідоме)',
        en: 'Observation level 2, intermittent: a visit every half hour (general knowledge)',
      },
      address: null,
      standing: 'general-knowledge',
    },
    {
      kind: 'review',
      id: 'rousing-level-2',
      when: { intermittentObservation: true, intoxicated: false },
      // Each assessment begins the half hours anew.
      anchor: ['RISK_ASSESSED'],
      doneBy: ['ROUSED', 'RISK_ASSESSED'],
      firstMinutes: 30,
      thenMinutes: 30,
      endedBy: [],
      pauses: HOSPITAL,
      label: { uk: 'розбудити (рівень 2)', en: 'to rousing (level 2)' },
      short: { uk: 'розбудити', en: 'to rousing' },
      source: {
        uk: 'Рівень нагляду 2, періодичний: будять щопівгодини (загальновідоме)',
        en: 'Observation level 2, intermittent: roused every half hour (general knowledge)',
      },
      address: null,
      standing: 'general-knowledge',
    },
    {
      kind: 'check',
      id: 'visit-level-3',
      when: { constantObservation: true },
      minutes: 30,
      label: { uk: 'до візиту (рівень 3)', en: 'to visit (level 3)' },
      short: { uk: 'до візиту', en: 'to visit' },
      source: {
        uk: 'Рівень нагляду 3, постійний (відео або вікно); що його записують щопівгодини – наше судження',
        en: 'Observation level 3, constant (CCTV or window); that it is recorded every half hour is our judgment',
      },
      address: null,
      standing: 'judgment',
    },
    {
      kind: 'check',
      id: 'visit-level-4',
      when: { closeProximity: true },
      minutes: 15,
      label: { uk: 'до запису нагляду (рівень 4)', en: 'to record of observation (level 4)' },
      short: { uk: 'до запису', en: 'to record' },
      source: {
        uk: 'Рівень нагляду 4, поруч з особою; що його записують щочверть години – наше судження',
        en: 'Observation level 4, close proximity; that it is recorded every quarter of an hour is our judgment',
      },
      address: null,
      standing: 'judgment',
    },
  ],
};
