import type { Rule, RuleId } from './rule.ts';

const flickering = { raiseAfterS: 15, clearAfterS: 60 } as const;
const steady = { raiseAfterS: 0, clearAfterS: 60 } as const;

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
    id: 'check-missed',
    category: 'missed-check',
    severity: 3,
    raiseAfterS: 60,
    clearAfterS: 0,
    clearedBy: 'itself',
    text: { uk: 'Обхід не відмічено вчасно', en: 'A check is overdue' },
  },
  {
    id: 'overcrowded',
    category: 'overcrowding',
    severity: 3,
    ...flickering,
    clearedBy: 'itself',
    text: {
      uk: 'Менше {{limitM2}} м² на особу: {{m2}} м²',
      en: 'Less than {{limitM2}} m² a person: {{m2}} m²',
    },
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
      uk: 'Установа мовчить: ні відео, ні записів',
      en: 'The facility is silent: no video and no records',
    },
  },
  {
    id: 'check-without-picture',
    category: 'record-mismatch',
    severity: 4,
    ...steady,
    clearedBy: 'person',
    text: {
      uk: 'Обхід записано, коли відео не було або камера була порожня: {{at}}',
      en: 'A check was recorded while there was no video or the area was empty: {{at}}',
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
    id: 'gate-too-often',
    category: 'other',
    severity: 4,
    ...steady,
    clearedBy: 'person',
    text: {
      uk: 'Конфіденційність {{count}} разів за добу',
      en: 'Confidential {{count}} times within a day',
    },
  },
];

/** The rules by which flags are raised here. */
export const RULES: ReadonlyMap<RuleId, Rule> = new Map(ALL.map((rule) => [rule.id, rule]));
