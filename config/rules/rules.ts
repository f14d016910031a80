import { CARE_RULES } from './care-rules.ts';
import { RECORD_RULES } from './record-rules.ts';
import type { Rule, RuleId } from './rule.ts';
import { TOLD_RULES } from './told-rules.ts';

const flickering = { raiseAfterS: 15, clearAfterS: 60 } as const;
const steady = { raiseAfterS: 0, clearAfterS: 60 } as const;

/** An event that needs somebody at once. Severities as in a list of our own; a person closes the flag. */
function saidByEvent(
  id: RuleId,
  category: Rule['category'],
  severity: Rule['severity'],
  text: Rule['text'],
): Rule {
  return { id, category, severity, raiseAfterS: 0, clearAfterS: 0, clearedBy: 'person', text };
}

const ALL: readonly Rule[] = [
  {
    id: 'deadline-amber',
    category: 'deadline',
    severity: 4,
    ...steady,
    clearedBy: 'itself',
    text: { uk: 'Наближається строк: {{limit}}', en: 'A limit comes near: {{limit}}' },
  },
  {
    id: 'deadline-red',
    category: 'deadline',
    severity: 3,
    ...steady,
    clearedBy: 'itself',
    text: { uk: 'Строк спливає: {{limit}}', en: 'A limit is about to run out: {{limit}}' },
  },
  {
    id: 'deadline-breached',
    category: 'deadline',
    severity: 2,
    ...steady,
    clearedBy: 'person',
    text: { uk: 'Строк порушено: {{limit}}', en: 'A limit is breached: {{limit}}' },
  },
  {
    // What neither law nor guidance sets: its end is worth a look, and is no breach.
    id: 'limit-passed',
    category: 'deadline',
    severity: 3,
    ...steady,
    clearedBy: 'itself',
    text: {
      uk: 'Час минув (не норма закону): {{limit}}',
      en: 'The time is over (no rule of law): {{limit}}',
    },
  },
  {
    id: 'clock-stands',
    category: 'deadline',
    severity: 3,
    ...steady,
    clearedBy: 'itself',
    text: {
      uk: 'Відлік стоїть понад {{hours}} год: {{limit}}',
      en: 'The clock has stood for more than {{hours}} h: {{limit}}',
    },
  },
  {
    id: 'duty-late',
    category: 'deadline',
    severity: 4,
    ...steady,
    clearedBy: 'itself',
    text: { uk: 'Не відмічено вчасно: {{limit}}', en: 'Not recorded in good time: {{limit}}' },
  },
  {
    // A meal or a rest that a norm gives a figure for; as in a list of our own it is reviewed, and calls nobody.
    id: 'care-missed',
    category: 'missed-check',
    severity: 4,
    ...steady,
    clearedBy: 'itself',
    text: { uk: 'Прострочено догляд: {{limit}}', en: 'Care is overdue: {{limit}}' },
  },
  {
    id: 'check-missed',
    category: 'missed-check',
    severity: 3,
    raiseAfterS: 60,
    clearAfterS: 0,
    clearedBy: 'itself',
    text: { uk: 'Перевірку не відмічено вчасно', en: 'A check is overdue' },
  },
  {
    id: 'overcrowded',
    category: 'overcrowding',
    severity: 3,
    ...flickering,
    clearedBy: 'itself',
    text: { uk: 'Замало місця: {{m2}} м² на особу', en: 'Too little room: {{m2}} m² a person' },
  },
  {
    id: 'over-capacity',
    category: 'overcrowding',
    severity: 3,
    ...flickering,
    clearedBy: 'itself',
    text: {
      uk: 'Осіб більше, ніж місць: {{headcount}} на {{capacity}}',
      en: 'More people than places: {{headcount}} for {{capacity}}',
    },
  },
  {
    id: 'separation',
    category: 'separation',
    severity: 2,
    ...flickering,
    clearedBy: 'itself',
    text: { uk: 'Порушено роздільне тримання: {{what}}', en: 'Held together against the rule: {{what}}' },
  },
  {
    id: 'record-contradicts-itself',
    category: 'record-mismatch',
    severity: 4,
    ...steady,
    clearedBy: 'person',
    text: { uk: 'Записи суперечать один одному: {{what}}', en: 'The record contradicts itself: {{what}}' },
  },
  {
    id: 'no-video',
    category: 'no-video',
    severity: 2,
    ...flickering,
    clearedBy: 'itself',
    text: { uk: 'Люди без відеонагляду: {{cause}}', en: 'Occupied without video: {{cause}}' },
  },
  {
    id: 'feed-lost',
    category: 'camera-fault',
    severity: 3,
    raiseAfterS: 30,
    clearAfterS: 30,
    clearedBy: 'itself',
    text: { uk: 'Немає сигналу камери', en: 'A camera is lost' },
  },
  {
    id: 'feed-frozen',
    category: 'camera-fault',
    severity: 3,
    ...steady,
    clearedBy: 'itself',
    text: { uk: 'Зображення завмерло', en: 'The picture is frozen' },
  },
  {
    id: 'feed-black',
    category: 'camera-fault',
    severity: 3,
    ...steady,
    clearedBy: 'itself',
    text: { uk: 'Зображення чорне', en: 'The picture is black' },
  },
  {
    id: 'feed-covered',
    category: 'camera-fault',
    severity: 2,
    ...steady,
    clearedBy: 'itself',
    text: { uk: 'Камеру закрито', en: 'The camera is covered' },
  },
  {
    id: 'facility-silent',
    category: 'camera-fault',
    severity: 2,
    raiseAfterS: 60,
    clearAfterS: 60,
    clearedBy: 'itself',
    text: {
      uk: 'Заклад мовчить: ні відео, ні записів',
      en: 'The facility is silent: no video and no records',
    },
  },
  {
    id: 'gate-too-long',
    category: 'other',
    severity: 3,
    ...steady,
    clearedBy: 'itself',
    text: {
      uk: 'Конфіденційність триває понад {{minutes}} хв',
      en: 'Confidential for more than {{minutes}} min',
    },
  },
  {
    // So that no picture opens into a visit that goes on: see `config/gate/visits.ts`.
    id: 'visit-ending',
    category: 'other',
    severity: 3,
    raiseAfterS: 0,
    clearAfterS: 0,
    clearedBy: 'itself',
    text: {
      uk: 'Менш ніж за {{minutes}} хв зона відкриється: продовжте, якщо візит триває',
      en: 'The area opens in less than {{minutes}} min: give it more time if the visit goes on',
    },
  },
  saidByEvent('death', 'other', 1, { uk: 'Смерть особи', en: 'A person has died' }),
  saidByEvent('escape', 'other', 1, { uk: 'Втеча', en: 'An escape' }),
  saidByEvent('self-harm', 'self-harm', 1, {
    uk: 'Самоушкодження або спроба',
    en: 'Self-harm, or an attempt',
  }),
  saidByEvent('medical-emergency', 'medical', 1, {
    uk: 'Невідкладний медичний випадок',
    en: 'A medical emergency',
  }),
  saidByEvent('fire', 'other', 1, { uk: 'Пожежа або евакуація', en: 'Fire or evacuation' }),
  saidByEvent('disorder', 'other', 1, {
    uk: 'Групове порушення порядку або напад',
    en: 'Disorder or an attack',
  }),
  saidByEvent('unauthorised-person', 'other', 2, {
    uk: 'Стороння особа в зоні',
    en: 'An unauthorised person in the zone',
  }),
  saidByEvent('incident', 'other', 3, { uk: 'Подія в зоні', en: 'An incident' }),
  saidByEvent('force-used', 'force', 2, { uk: 'Застосовано силу', en: 'Force was used' }),
  {
    // Severity 1 as in a list of our own: somebody sees the person, and asks why, while it can still be seen.
    ...saidByEvent('force-unexplained', 'force', 1, {
      uk: 'Застосовано силу без пояснення',
      en: 'Force was used, and nobody says why',
    }),
    source:
      'Who holds somebody has to explain force and injuries: ECtHR, Bouyid v. Belgium [GC], no. 23380/09, § 83; Selmouni v. France [GC], no. 25803/94, § 87. The level is our judgment.',
  },
  saidByEvent('restraint-on', 'restraint', 2, {
    uk: 'Застосовано засоби обмеження',
    en: 'Restraints were put on',
  }),
  saidByEvent('injury-recorded', 'medical', 2, {
    uk: 'Зафіксовано тілесні ушкодження',
    en: 'Injuries were recorded',
  }),
  saidByEvent('complaint', 'complaint', 3, { uk: 'Скарга', en: 'A complaint' }),
  ...RECORD_RULES,
  ...CARE_RULES,
  ...TOLD_RULES,
];

/** The rules by which flags are raised here. */
export const RULES: ReadonlyMap<RuleId, Rule> = new Map(ALL.map((rule) => [rule.id, rule]));
