import type { Flag } from '#contract/flags.ts';
import type { LimitInfo } from '#contract/live.ts';
import type { RuleId } from '../../config/rules/rule.ts';
import { RULES } from '../../config/rules/rules.ts';
import type { Language } from '../i18n/i18n.ts';

type Words = { uk: string; en: string };

/** Values of the rules' params that are words of ours. Codes of norms and contradictions are looked up beside. */
const WORDS: Readonly<Record<string, Words>> = {
  'no-camera': { uk: 'немає камери', en: 'there is no camera' },
  network: { uk: 'немає зв’язку із закладом', en: 'no connection to the facility' },
  power: { uk: 'немає електроживлення', en: 'the power has failed' },
  fault: { uk: 'камера несправна або закрита', en: 'the camera is faulty or covered' },
  unexplained: { uk: 'причину не встановлено', en: 'nothing accounts for it' },
  'check-overdue': { uk: 'візит прострочено', en: 'a visit is overdue' },
  'practice/risk-unobserved': {
    uk: 'ризик самоушкодження без посиленого нагляду',
    en: 'at risk of self-harm, not observed more closely',
  },
  'record/power-lost': { uk: 'немає електроживлення', en: 'the power has failed' },
  'practice/minor-unaccompanied': {
    uk: 'неповнолітнього допитують без супроводу',
    en: 'a minor is interrogated unaccompanied',
  },
  lost: { uk: 'камеру втрачено', en: 'the camera was lost' },
  unpublished: { uk: 'камера нічого не передавала', en: 'the camera sent nothing' },
  frozen: { uk: 'зображення завмерло', en: 'the picture was frozen' },
  black: { uk: 'зображення було чорне', en: 'the picture was black' },
  covered: { uk: 'камеру було закрито', en: 'the camera was covered' },
  faulty: { uk: 'камера була несправна', en: 'the camera was faulty' },
  confidential: { uk: 'зона була конфіденційною', en: 'the area was confidential' },
  'record/delivered-before-actual': {
    uk: 'доставлено раніше, ніж затримано',
    en: 'delivered before detained',
  },
  'record/registered-before-actual': {
    uk: 'зареєстровано раніше, ніж затримано',
    en: 'registered before detained',
  },
  'record/protocol-before-actual': { uk: 'протокол раніше за затримання', en: 'protocol before detention' },
  'record/placed-before-actual': { uk: 'розміщено раніше, ніж затримано', en: 'placed before detained' },
  'record/ended-before-actual': { uk: 'звільнено раніше, ніж затримано', en: 'released before detained' },
  'record/held-after-release': { uk: 'тримають після звільнення', en: 'held after the release' },
  'record/registered-before-delivered': {
    uk: 'зареєстровано раніше, ніж доставлено',
    en: 'registered before delivered',
  },
  'record/placed-before-registered': { uk: 'розміщено до реєстрації', en: 'placed before registered' },
  'record/seen-before-any-record': { uk: 'особа є, запису немає', en: 'a person without a record' },
  'record/delivery-too-long': { uk: 'доставлення тривало надто довго', en: 'delivery took too long' },
  'record/overlay-after-limit': {
    uk: 'особливий порядок після спливу строку',
    en: 'special limits after the ordinary one was over',
  },
  'record/overlay-unknown': { uk: 'невідомий особливий порядок', en: 'special limits that do not hold here' },
  'record/extension-after-limit': { uk: 'продовжено після спливу строку', en: 'extended when it was over' },
  'record/apprehension-missing': {
    uk: 'немає часу фактичного затримання',
    en: 'no time of actual detention',
  },
  'record/previous-case-unknown': {
    uk: 'попередню справу не знайдено',
    en: 'the earlier case is not on record',
  },
  'record/previous-case-not-left': {
    uk: 'ні передачі, ні конвою в попередній справі',
    en: 'neither a transfer nor a convoy in the earlier case',
  },
  'record/extension-unknown': { uk: 'невідома підстава продовження', en: 'extended on an unknown ground' },
  'event/death': { uk: 'смерть', en: 'a death' },
  'event/escape': { uk: 'втеча', en: 'an escape' },
  'event/self-harm': { uk: 'самоушкодження', en: 'self-harm' },
  'event/medical-emergency': { uk: 'невідкладний медичний випадок', en: 'a medical emergency' },
  'event/fire': { uk: 'пожежа або евакуація', en: 'fire or evacuation' },
  'event/disorder': { uk: 'групове порушення або напад', en: 'disorder or an attack' },
  'event/unauthorised-person': { uk: 'стороння особа', en: 'an unauthorised person' },
  'event/force-used': { uk: 'застосування сили', en: 'the use of force' },
  'event/force-unexplained': {
    uk: 'застосування сили без пояснення',
    en: 'the use of force that nobody explains',
  },
  'event/restraint-on': { uk: 'засоби обмеження', en: 'restraints' },
  'event/injury-recorded': { uk: 'тілесні ушкодження', en: 'injuries' },
  time: { uk: 'час', en: 'the time' },
  type: { uk: 'вид події', en: 'the kind of event' },
  area: { uk: 'місце', en: 'the place' },
  case: { uk: 'справу', en: 'the case' },
  count: { uk: 'кількість осіб', en: 'the number of people' },
  incident: { uk: 'вид або тяжкість події', en: 'the kind or severity of an incident' },
  measurement: { uk: 'виміряне', en: 'what was measured' },
  'fact/regime': { uk: 'вид затримання', en: 'the kind of detention' },
  'fact/minor': { uk: 'неповнолітність', en: 'being a minor' },
  'fact/onRuling': { uk: 'тримання за ухвалою', en: 'being held on a ruling' },
  'fact/arrivedIntoxicated': { uk: 'стан сп’яніння', en: 'being intoxicated' },
  'fact/foreigner': { uk: 'іноземне громадянство', en: 'being a foreigner' },
  'fact/specialService': { uk: 'належність до спеціальної служби', en: 'belonging to a special service' },
  'fact/needsAppropriateAdult': { uk: 'потреба в супроводі', en: 'the need of an appropriate adult' },
  'record/record-without-presence': {
    uk: 'за записом люди є, нікого не видно',
    en: 'people are recorded, nobody is seen',
  },
  'record/presence-without-record': {
    uk: 'людину видно, запису немає',
    en: 'somebody is seen, nobody is recorded',
  },
};

/** A finding about an area, in words: a rule of separation as its norm calls it, or what contradicts the record. */
export function findingText(
  { normSet, code }: { normSet: string; code: string },
  { language, limits }: { language: Language; limits: Readonly<Record<string, LimitInfo>> },
): string {
  const key = `${normSet}/${code}`;
  return limits[key]?.label[language] ?? WORDS[key]?.[language] ?? code;
}

/**
 * What the rule that raised a flag says of it, in a language; undefined for a person's flag, and for a rule that this
 * version of the page does not know.
 */
export function ruleText(
  flag: Pick<Flag, 'rule'>,
  { language, limits }: { language: Language; limits: Readonly<Record<string, LimitInfo>> },
): string | undefined {
  const rule = flag.rule && RULES.get(flag.rule.id as RuleId);
  if (!rule) return undefined;
  const params = flag.rule?.params ?? {};
  return rule.text[language].replaceAll(/\{\{(\w+)(?::([^{}]+))?\}\}/g, (_, name: string, forms?: string) => {
    const value = params[name];
    if (forms !== undefined) return formOf(forms.split('|'), value, language);
    if (typeof value === 'number') return value.toLocaleString(language);
    if (value === undefined) return '–';
    return limits[value]?.label[language] ?? WORDS[value]?.[language] ?? value;
  });
}

/** The form of a word that goes with a number: one and others in English, one, few and many in Ukrainian. */
function formOf(forms: readonly string[], value: string | number | undefined, language: Language): string {
  const category = typeof value === 'number' ? new Intl.PluralRules(language).select(value) : 'many';
  const index = category === 'one' ? 0 : category === 'few' ? 1 : forms.length - 1;
  return forms[index] ?? '';
}

/** The case that a rule's flag is about, if it is about one. */
export function caseOf({ rule }: Pick<Flag, 'rule'>): string | undefined {
  const caseId = rule?.params.caseId;
  return typeof caseId === 'string' ? caseId : undefined;
}

/** What several flags say, where all say the same. */
export function sharedRuleText(
  [first, ...others]: readonly [Flag, ...Flag[]],
  options: Parameters<typeof ruleText>[1],
): string | undefined {
  const text = ruleText(first, options);
  const isShared = others.every((flag) => isSameRule(flag, first) || ruleText(flag, options) === text);
  return isShared ? text : undefined;
}

/** Without making the words of either: there can be thousands. */
function isSameRule(a: Pick<Flag, 'rule'>, b: Pick<Flag, 'rule'>): boolean {
  if (a.rule?.id !== b.rule?.id) return false;
  const [params, other] = [a.rule?.params ?? {}, b.rule?.params ?? {}];
  const names = Object.keys(params);
  return names.length === Object.keys(other).length && names.every((name) => params[name] === other[name]);
}
