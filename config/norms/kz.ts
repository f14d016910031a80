import type { LocalText } from '#contract/ids.ts';
import { HELD, WARNINGS } from './arrival.ts';
import type { Limit, NormSet } from './norm-set.ts';

const DRAFT =
  'https://www.inform.kz/ru/vkazahstane-planiruyut-sokratit-srok-zaderzhaniya-bez-sanktsii-suda-7c4f48';
const ART_131 =
  'https://zakonpravo.kz/ru/statya-131-poryadok-protsessualnogo-zaderzhaniya-litsa-podozrevaemogo-v-sovershenii-ugolovnogo-pravonarusheniya-upk-rk-ugolovno-protsessualnyy-kodeks-respubliki-kazahstan';
const ART_135 =
  'http://www.adilet.gov.kz/kk/faq/tergeushi-seziktinin-tuystaryna-onyn-ustalgandygy-turaly-kanday-uakyttyn-ishinde-habarlauga';

const code = (uk: string, en: string): LocalText => ({
  uk: `КПК Казахстану, ${uk}`,
  en: `CPC of Kazakhstan, ${en}`,
});

/** Without a court: the same figures before and after July 2026, on other grounds. */
function withoutCourt(source: LocalText, address: string | null): Limit[] {
  return [
    {
      kind: 'deadline',
      id: 'court',
      when: { minor: false },
      anchor: HELD,
      minutes: 48 * 60,
      metBy: ['COURT_BROUGHT', 'COURT_DECISION_SERVED', 'RELEASED'],
      pauses: [],
      grants: [
        {
          ground: 'exceptional-by-law',
          label: { uk: 'виняток за законом: 72 години', en: 'exception by law: 72 hours' },
          source,
          address,
          standing: 'general-knowledge',
          mostMinutes: 72 * 60,
        },
      ],
      label: { uk: 'до суду', en: 'to court' },
      source,
      address,
      standing: 'general-knowledge',
    },
  ];
}

const COMMON: Limit[] = [
  {
    kind: 'deadline',
    id: 'court-minor',
    when: { minor: true },
    anchor: HELD,
    minutes: 24 * 60,
    metBy: ['COURT_BROUGHT', 'COURT_DECISION_SERVED', 'RELEASED'],
    pauses: [],
    grants: [],
    label: { uk: 'до суду (неповнолітні)', en: 'to court (minors)' },
    short: { uk: 'до суду', en: 'to court' },
    source: {
      uk: 'Неповнолітні: 24 години (загальновідоме)',
      en: 'Minors: 24 hours (general knowledge)',
    },
    address: null,
    standing: 'general-knowledge',
  },
  {
    kind: 'deadline',
    id: 'protocol',
    anchor: HELD,
    minutes: 3 * 60,
    metBy: ['PROTOCOL_DRAWN', 'RELEASED'],
    pauses: [],
    grants: [],
    label: { uk: 'протокол', en: 'protocol' },
    source: {
      uk: 'Протокол: не пізніше 3 годин (загальновідоме)',
      en: 'Protocol: within 3 hours (general knowledge)',
    },
    address: null,
    standing: 'general-knowledge',
  },
  {
    kind: 'deadline',
    id: 'prosecutor',
    anchor: HELD,
    minutes: 12 * 60,
    metBy: ['PROSECUTOR_NOTIFIED', 'RELEASED'],
    pauses: [],
    grants: [],
    label: { uk: 'повідомити прокурора', en: 'tell the prosecutor' },
    short: { uk: 'прокурор', en: 'prosecutor' },
    source: {
      uk: 'Прокурора повідомляють протягом 12 годин (загальновідоме)',
      en: 'The prosecutor is told within 12 hours (general knowledge)',
    },
    address: null,
    standing: 'general-knowledge',
  },
  {
    kind: 'duty',
    id: 'rights',
    anchor: HELD,
    metBy: ['RIGHTS_EXPLAINED'],
    graceMinutes: 15,
    graceStanding: 'judgment',
    label: { uk: 'оголосити права', en: 'announce rights' },
    short: { uk: 'права', en: 'rights' },
    source: code(
      'ст. 131: підозра, захисник і право мовчати оголошуються усно при затриманні',
      'art. 131: suspicion, counsel and silence are announced orally at detention',
    ),
    address: ART_131,
    standing: 'law',
  },
  {
    kind: 'duty',
    id: 'relatives',
    anchor: HELD,
    metBy: ['RELATIVES_NOTIFIED'],
    graceMinutes: 60,
    graceStanding: 'judgment',
    label: { uk: 'повідомити близьких', en: 'tell relatives' },
    short: { uk: 'близькі', en: 'relatives' },
    source: code('ст. 135: родичів – невідкладно', 'art. 135: relatives without delay'),
    address: ART_135,
    standing: 'law',
  },
  {
    kind: 'deadline',
    id: 'embassy',
    when: { foreigner: true },
    anchor: HELD,
    minutes: 24 * 60,
    metBy: ['EMBASSY_NOTIFIED', 'RELEASED'],
    pauses: [],
    grants: [],
    label: { uk: 'повідомити посольство', en: 'tell the embassy' },
    short: { uk: 'посольство', en: 'embassy' },
    source: code(
      'ст. 135: посольство – негайно, або через МЗС не пізніше 24 годин',
      'art. 135: the embassy at once, or through the ministry within 24 hours',
    ),
    address: ART_135,
    standing: 'law',
  },
];

const BORDER = '2026-07-01T00:00:00+05:00';
const common = {
  id: 'kz',
  name: { uk: 'Казахстан', en: 'Kazakhstan' },
  regime: 'criminal',
  warnings: WARNINGS,
} as const;

/** Kazakhstan until the end of June 2026. */
export const KZ_1: NormSet = {
  ...common,
  version: 1,
  // "Since 2018" (general knowledge); the day is not known.
  validFrom: '2018-01-01T00:00:00+06:00',
  validTo: BORDER,
  limits: [
    ...withoutCourt(
      {
        uk: 'КПК Казахстану з 2018 року: 48 годин, винятково 72 (загальновідоме)',
        en: 'CPC of Kazakhstan since 2018: 48 hours, exceptionally 72 (general knowledge)',
      },
      null,
    ),
    ...COMMON,
  ],
};

/** Kazakhstan under the Constitution of 2026, whose adopted text was not seen. */
export const KZ_2: NormSet = {
  ...common,
  version: 2,
  validFrom: BORDER,
  validTo: null,
  note: {
    uk: 'Після липня 2026 року стан неясний: правило 48/72 – із заяв під час підготовки Конституції, прийнятого тексту не бачено.',
    en: 'Unclear after July 2026: the rule of 48/72 is from statements while the Constitution was drafted; the adopted text was not seen.',
  },
  limits: [
    ...withoutCourt(
      {
        uk: 'Проєкт Конституції 2026 року: 48 годин без суду, 72 – лише у виняткових випадках за законом',
        en: 'Draft Constitution of 2026: 48 hours without a court, 72 only exceptionally by law',
      },
      DRAFT,
    ),
    ...COMMON,
  ],
};
