import type { FlagCategory } from '#contract/flags.ts';
import type { LocalText } from '#contract/ids.ts';

/** A reason that comes up often: a start that can be added to. */
export interface ReadyReason {
  id: string;
  to: 'resolved' | 'dismissed';
  /** Kinds of flags that it is meant for; these are offered it first, and others after their own. @default all alike */
  categories?: readonly FlagCategory[];
  text: LocalText;
}

/** Reasons for closing a flag, in the order in which they are offered; nine of an outcome at most have a key. */
export const READY_REASONS: readonly ReadyReason[] = [
  {
    id: 'seen',
    to: 'resolved',
    text: { uk: 'Оглянуто на місці, загрози немає', en: 'Seen on site, no danger' },
  },
  {
    id: 'medical',
    to: 'resolved',
    categories: ['medical', 'self-harm', 'force', 'restraint'],
    text: { uk: 'Надано медичну допомогу', en: 'Medical help was given' },
  },
  {
    id: 'watched',
    to: 'resolved',
    categories: ['self-harm'],
    text: { uk: 'Установлено постійний нагляд', en: 'Constant observation was set up' },
  },
  {
    id: 'moved',
    to: 'resolved',
    categories: ['overcrowding', 'separation'],
    text: { uk: 'Особу переміщено', en: 'The person was moved' },
  },
  {
    id: 'visited',
    to: 'resolved',
    categories: ['missed-check'],
    text: { uk: 'Візит здійснено, усе гаразд', en: 'The visit was made, all is well' },
  },
  {
    id: 'camera',
    to: 'resolved',
    categories: ['no-video', 'camera-fault'],
    text: { uk: 'Камеру відновлено', en: 'The camera works again' },
  },
  {
    id: 'recorded',
    to: 'resolved',
    categories: ['record-mismatch', 'deadline'],
    text: { uk: 'Запис виправлено й доповнено', en: 'The record was corrected and completed' },
  },
  {
    id: 'nothing',
    to: 'dismissed',
    text: { uk: 'На місці нічого не підтвердилося', en: 'Nothing was confirmed on site' },
  },
  {
    id: 'twice',
    to: 'dismissed',
    text: { uk: 'Уже опрацьовано за іншою тривогою', en: 'Dealt with under another flag' },
  },
  {
    id: 'works',
    to: 'dismissed',
    categories: ['no-video', 'camera-fault'],
    text: { uk: 'Планові роботи або навчання', en: 'Planned works or an exercise' },
  },
];

/** Whom one calls because of a flag. */
export const READY_CALLED: readonly LocalText[] = [
  { uk: 'Чергова частина закладу', en: 'Duty desk of the facility' },
  { uk: 'Керівник закладу', en: 'Head of the facility' },
  { uk: 'Медичний працівник', en: 'Medical worker' },
  { uk: 'Екстрена медична допомога', en: 'Ambulance' },
];

/** The reasons for an outcome, those that are meant for all of these kinds first. */
export function reasonsFor(
  to: ReadyReason['to'],
  categories: readonly FlagCategory[],
): readonly ReadyReason[] {
  const suits = ({ categories: own }: ReadyReason) =>
    own !== undefined && categories.every((one) => own.includes(one));
  const ready = READY_REASONS.filter((one) => one.to === to);
  const rest = ready.filter((one) => !suits(one));
  return [
    ...ready.filter(suits),
    ...rest.filter(({ categories: own }) => own === undefined),
    ...rest.filter(({ categories: own }) => own !== undefined),
  ];
}
