import type { LocalText } from '#contract/ids.ts';
import { HELD, WARNINGS } from './arrival.ts';
import type { Deadline, Duty, Limit, NormSet } from './norm-set.ts';

const A_HRC = 'https://atlas-of-torture.org/en/document/bozxdjperf7?page=6';
const ART_208 = 'https://advokatstadnichenko.061.ua/news/132346';
const ART_210 = 'https://urst.com.ua/kpku/st-210';
const ART_213 = 'https://uristy.ua/ua/laws/kriminalnij-procesualnij-kodeks-ukraini/glava-18-statta-213';

const code = (uk: string, en: string): LocalText => ({
  uk: `КПК України, ${uk}`,
  en: `CPC of Ukraine, ${en}`,
});

type DutyRow = Pick<Duty, 'id' | 'metBy' | 'graceMinutes' | 'label' | 'source' | 'address'> & Partial<Duty>;

/** "At once" in the code; the grace is configurable and ours (15, 30, 60 minutes …). */
function duty(row: DutyRow): Duty {
  return { kind: 'duty', anchor: HELD, graceStanding: 'judgment', standing: 'law', ...row };
}

type DeadlineRow = Omit<Deadline, 'kind' | 'anchor' | 'pauses' | 'grants' | 'standing'> & Partial<Deadline>;

function deadline(row: DeadlineRow): Deadline {
  return { kind: 'deadline', anchor: HELD, pauses: [], grants: [], standing: 'law', ...row };
}

/** The limits whose breach means release. */
const ON_LIBERTY: Limit[] = [
  deadline({
    id: 'suspicion',
    when: { onRuling: false },
    minutes: 24 * 60,
    metBy: ['SUSPICION_SERVED', 'RELEASED'],
    label: { uk: 'до підозри', en: 'to suspicion' },
    source: code(
      'ст. 278: письмове повідомлення про підозру протягом 24 годин, інакше звільнення',
      'art. 278: written notice of suspicion within 24 hours, else release',
    ),
    address:
      'http://www.jurists.org.ua/criminal-law/4502-naukovo-praktichniy-komentar-do-st-278-krimnalnogo-procesualnogo-kodeksu-ukrayini.html',
  }),
  deadline({
    id: 'court',
    when: { onRuling: false },
    minutes: 60 * 60,
    metBy: ['COURT_BROUGHT', 'RELEASED'],
    label: { uk: 'до суду', en: 'to court' },
    source: code(
      'ст. 211: доставлення до суду не пізніше 60 годин, інакше звільнення',
      'art. 211: brought to court within 60 hours, else release',
    ),
    address:
      'https://zak.daynews.top/main/24328-pravoohoronci-zmozhut-zatrymuvaty-gromadyan-na-devyat-dib-bez-rishennya-sudu.html',
  }),
  deadline({
    id: 'decision',
    minutes: 72 * 60,
    metBy: ['COURT_DECISION_SERVED', 'RELEASED'],
    label: { uk: 'до рішення суду', en: 'to court decision' },
    short: { uk: 'до рішення', en: 'to decision' },
    source: {
      uk: 'КПК України, ст. 12; Конституція України, ст. 29: 72 години без вмотивованого рішення суду, тоді звільнення',
      en: 'CPC of Ukraine, art. 12; Constitution of Ukraine, art. 29: 72 hours without a reasoned court decision, then release',
    },
    address: 'https://kodeksy.com.ua/kpku-2012/12.htm',
  }),
  deadline({
    id: 'motion',
    behind: ['decision'],
    minutes: 72 * 60,
    metBy: ['MOTION_HEARD', 'COURT_DECISION_SERVED', 'RELEASED'],
    label: { uk: 'до розгляду клопотання', en: 'to hearing of the motion' },
    short: { uk: 'до розгляду', en: 'to hearing' },
    source: code(
      'ст. 186: клопотання розглядається не пізніше 72 годин з моменту фактичного затримання',
      'art. 186: the motion is heard within 72 hours of the actual detention',
    ),
    address: 'https://kodeksy.com.ua/amp/kpku-2012/186.htm',
  }),
  deadline({
    id: 'judge-on-ruling',
    when: { onRuling: true },
    minutes: 36 * 60,
    metBy: ['COURT_BROUGHT', 'RELEASED'],
    label: { uk: 'до слідчого судді', en: 'to the judge' },
    short: { uk: 'до судді', en: 'to the judge' },
    source: code(
      'ст. 191: затриманого за ухвалою доставляють до судді або звільняють протягом 36 годин',
      'art. 191: whoever is detained on a ruling is brought to the judge or released within 36 hours',
    ),
    address: 'https://advokatpost.com/zatrymannia-v-umovakh-voiennoho-stanu-advokat-kudriavtsev/',
  }),
];

/** What has to be done at once. */
const AT_ONCE: Limit[] = [
  duty({
    id: 'custody-officer',
    metBy: ['CUSTODY_OFFICER_NOTIFIED', 'DELIVERED', 'REGISTERED'],
    graceMinutes: 30,
    label: { uk: 'повідомити відповідальну особу', en: 'tell the custody officer' },
    short: { uk: 'службова особа', en: 'custody officer' },
    source: code(
      'ст. 210: негайно повідомити відповідальну за затриманих особу технічними засобами',
      'art. 210: the person responsible for detainees is told at once by technical means',
    ),
    address: ART_210,
  }),
  duty({
    id: 'delivery',
    metBy: ['DELIVERED', 'REGISTERED'],
    graceMinutes: 60,
    label: { uk: 'доставити', en: 'deliver' },
    source: code(
      'ст. 210: негайно доставити до найближчого підрозділу; довше, ніж необхідно, – перевірка',
      'art. 210: delivered at once to the nearest unit; longer than necessary means an inquiry',
    ),
    address: ART_210,
  }),
  duty({
    id: 'registration',
    anchor: ['DELIVERED', 'CELL_PLACED'],
    metBy: ['REGISTERED'],
    graceMinutes: 15,
    label: { uk: 'зареєструвати', en: 'register' },
    source: code(
      'ст. 210, 212: дата і точний час доставлення реєструються негайно',
      'art. 210, 212: date and exact time of delivery are registered at once',
    ),
    address: ART_210,
  }),
  duty({
    id: 'rights',
    metBy: ['RIGHTS_EXPLAINED'],
    graceMinutes: 30,
    label: { uk: 'роз’яснити права', en: 'explain rights' },
    short: { uk: 'права', en: 'rights' },
    source: code('ст. 208, 276: права роз’яснюються негайно', 'art. 208, 276: rights are explained at once'),
    address: 'https://kodeksy.com.ua/kpku-2012/276.htm',
  }),
  duty({
    id: 'relatives',
    metBy: ['RELATIVES_NOTIFIED'],
    graceMinutes: 60,
    label: { uk: 'повідомити близьких', en: 'tell relatives' },
    short: { uk: 'близькі', en: 'relatives' },
    source: code(
      'ст. 213: негайно повідомити близьких родичів або іншу особу за вибором',
      'art. 213: relatives or a person of choice are told at once',
    ),
    address: ART_213,
  }),
  duty({
    id: 'guardianship',
    when: { minor: true },
    metBy: ['GUARDIANSHIP_NOTIFIED'],
    graceMinutes: 60,
    label: { uk: 'повідомити орган опіки', en: 'tell the guardianship authority' },
    short: { uk: 'орган опіки', en: 'guardianship' },
    source: code(
      'ст. 213(2): про неповнолітнього негайно – батькам або опікунам і органу опіки та піклування',
      'art. 213(2): of a minor, parents or guardians and the guardianship authority are told at once',
    ),
    address: ART_213,
  }),
  duty({
    id: 'special-service',
    when: { specialService: true },
    metBy: ['SERVICE_NOTIFIED'],
    graceMinutes: 60,
    label: { uk: 'повідомити відповідний орган', en: 'tell the person’s service' },
    short: { uk: 'служба особи', en: 'own service' },
    source: code(
      'ст. 213(3): про працівника розвідки, приватного виконавця – негайно їхньому органу',
      'art. 213(3): of an intelligence officer or a bailiff, their body is told at once',
    ),
    address: ART_213,
  }),
  duty({
    id: 'legal-aid',
    metBy: ['LEGAL_AID_NOTIFIED', 'LAWYER_ARRIVED'],
    graceMinutes: 60,
    label: { uk: 'повідомити центр правової допомоги', en: 'tell legal aid' },
    short: { uk: 'правова допомога', en: 'legal aid' },
    source: code(
      'ст. 213(4): негайно орган безоплатної правової допомоги (загальновідоме)',
      'art. 213(4): the free legal aid body at once (general knowledge)',
    ),
    address: null,
    standing: 'general-knowledge',
    note: {
      uk: 'Статистика 2014 року рахувала до 1 години, 1–2 та 2–4 години: показник, а не норма.',
      en: 'Statistics of 2014 counted up to 1 hour, 1–2 and 2–4 hours: a measure, not a norm.',
    },
  }),
  duty({
    id: 'protocol',
    metBy: ['PROTOCOL_DRAWN'],
    graceMinutes: 120,
    label: { uk: 'скласти протокол', en: 'draw up the protocol' },
    short: { uk: 'протокол', en: 'protocol' },
    source: code(
      'ст. 208(5): при затриманні складається протокол; копія – негайно затриманому',
      'art. 208(5): a protocol is drawn up at detention; a copy goes to the detainee at once',
    ),
    address: ART_208,
  }),
  duty({
    id: 'prosecutor',
    anchor: ['PROTOCOL_DRAWN'],
    metBy: ['PROSECUTOR_NOTIFIED'],
    graceMinutes: 60,
    label: { uk: 'копія прокурору', en: 'copy to the prosecutor' },
    short: { uk: 'прокурору', en: 'prosecutor' },
    source: code(
      'ст. 208(5): копія протоколу надсилається прокурору',
      'art. 208(5): a copy of the protocol goes to the prosecutor',
    ),
    address: ART_208,
  }),
  duty({
    id: 'doctor',
    metBy: ['MEDICAL_EXAM_STARTED', 'MEDICAL_EXAM_ENDED', 'AMBULANCE'],
    graceMinutes: 180,
    label: { uk: 'лікар', en: 'doctor' },
    source: {
      uk: 'A/HRC/40/59/Add.3: огляд лікаря в перші години затримання',
      en: 'A/HRC/40/59/Add.3: a doctor in the first hours of detention',
    },
    address: A_HRC,
    standing: 'guidance',
  }),
];

const LAWYER_AND_STAY: Limit[] = [
  deadline({
    id: 'lawyer',
    anchor: ['LAWYER_ASSIGNED'],
    minutes: 60,
    metBy: ['LAWYER_ARRIVED', 'RELEASED'],
    grants: [
      {
        ground: 'lawyer-exceptional',
        label: { uk: 'виняток: 6 годин', en: 'exception: 6 hours' },
        source: { uk: 'Загальновідоме, перевірити', en: 'General knowledge, to be verified' },
        address: null,
        standing: 'general-knowledge',
        mostMinutes: 6 * 60,
      },
    ],
    label: { uk: 'до прибуття захисника', en: 'to the lawyer’s arrival' },
    short: { uk: 'до захисника', en: 'to lawyer' },
    source: {
      uk: 'Прибуття адвоката: 1 година від призначення, винятково 6 (загальновідоме, перевірити)',
      en: 'Arrival of the lawyer: 1 hour from assignment, exceptionally 6 (general knowledge, to be verified)',
    },
    address: null,
    standing: 'general-knowledge',
  }),
  deadline({
    id: 'itt-stay',
    behind: ['decision'],
    anchor: ['CELL_PLACED'],
    minutes: 3 * 24 * 60,
    metBy: ['TRANSFERRED', 'RELEASED'],
    grants: [
      {
        ground: 'transfer-impossible',
        label: { uk: 'переведення неможливе: 10 діб', en: 'transfer impossible: 10 days' },
        source: { uk: 'Загальновідоме, перевірити', en: 'General knowledge, to be verified' },
        address: null,
        standing: 'general-knowledge',
        mostMinutes: 10 * 24 * 60,
      },
    ],
    label: { uk: 'до переведення з ІТТ', en: 'to transfer out of the ITT' },
    short: { uk: 'до переведення', en: 'to transfer' },
    source: {
      uk: 'Тримання в ІТТ: 3 доби, 10 – якщо переведення неможливе (загальновідоме)',
      en: 'Stay in a temporary detention facility: 3 days, 10 if transfer is impossible (general knowledge)',
    },
    address: null,
    standing: 'general-knowledge',
  }),
];

/** A break that nobody could call one. */
const SHORTEST_BREAK = { minutes: 15, standing: 'judgment' as const };

const interrogation = {
  kind: 'accumulation',
  from: 'INTERROGATION_STARTED',
  until: 'INTERROGATION_ENDED',
  short: { uk: 'допит', en: 'interrogation' },
} as const;
const minorsKnowledge = {
  source: {
    uk: 'КПК України, ст. 226: допит неповнолітнього до 1 години без перерви і 2 годин на день (загальновідоме)',
    en: 'CPC of Ukraine, art. 226: a minor’s interrogation up to 1 hour unbroken and 2 hours a day (general knowledge)',
  },
  address: null,
  standing: 'general-knowledge' as const,
};
const adults = {
  source: code(
    'ст. 224: допит без перерви не довше 2 годин, на день не довше 8 годин',
    'art. 224: interrogation of at most 2 hours without a break and 8 hours a day',
  ),
  address: A_HRC,
  standing: 'law' as const,
};
const PER_DAY: LocalText = { uk: 'допит за день', en: 'interrogation on a day' };
const UNBROKEN: LocalText = { uk: 'допит без перерви', en: 'interrogation without a break' };

const INTERROGATION: Limit[] = [
  {
    ...interrogation,
    ...adults,
    id: 'interrogation-day',
    behind: ['interrogation-unbroken'],
    when: { minor: false },
    minutes: 480,
    per: 'day',
    label: PER_DAY,
  },
  {
    ...interrogation,
    ...adults,
    id: 'interrogation-unbroken',
    when: { minor: false },
    minutes: 120,
    per: 'unbroken',
    shortestBreak: SHORTEST_BREAK,
    label: UNBROKEN,
  },
  {
    ...interrogation,
    ...minorsKnowledge,
    id: 'minor-interrogation-day',
    behind: ['minor-interrogation-unbroken'],
    when: { minor: true },
    minutes: 120,
    per: 'day',
    label: PER_DAY,
  },
  {
    ...interrogation,
    ...minorsKnowledge,
    id: 'minor-interrogation-unbroken',
    when: { minor: true },
    minutes: 60,
    per: 'unbroken',
    shortestBreak: SHORTEST_BREAK,
    label: UNBROKEN,
  },
];

/** Criminal Procedure Code of Ukraine, ordinary course. */
export const UA_CPC: NormSet = {
  id: 'ua-cpc',
  version: 1,
  name: { uk: 'КПК України', en: 'Criminal Procedure Code of Ukraine' },
  regime: 'criminal',
  // The code entered into force on 20 November 2012 (general knowledge).
  validFrom: '2012-11-20T00:00:00+02:00',
  validTo: null,
  warnings: WARNINGS,
  limits: [...ON_LIBERTY, ...AT_ONCE, ...LAWYER_AND_STAY, ...INTERROGATION],
};
