import type { Layer, PrivacyClass } from '#contract/nation.ts';
import type { PurposeId } from '#contract/personal.ts';
import type { RoleId } from '#contract/session.ts';
import type { PurposeRule } from './purposes.ts';

/**
 * What opening an area is for: seeing it large and by itself, outside of what the wall shows anyway. Stated once a shift
 * (a session lasts one at most) for each privacy class. Our own judgment until a ministry decides; wordings are never
 * changed, because viewings name them by id.
 */

/** Nobody states it: an open flag of the area is the reason to look, and nobody is to be slowed. */
export const ALARM_PURPOSE: PurposeId = 'alarm';

const ON_DUTY = ['situation', 'duty', 'oncall'] as const satisfies readonly RoleId[];
const OUTSIDE = ['oversight', 'prosecutor', 'ombudsman'] as const satisfies readonly RoleId[];

const SINCE = { validFrom: '2026-11-01', validUntil: null } as const;

/** The first of a role is the usual one. */
export const WATCH_PURPOSES: readonly PurposeRule[] = [
  {
    id: 'routine-watch',
    label: { uk: 'Плановий нагляд', en: 'Routine watch' },
    explanation: {
      uk: 'Почерговий огляд зон під час зміни.',
      en: 'Going through areas one after another on a shift.',
    },
    roles: [...ON_DUTY, 'inspector'],
    needsNote: false,
    ...SINCE,
  },
  {
    id: 'person-at-risk',
    label: { uk: 'Нагляд за особою в групі ризику', en: 'Watching somebody at risk' },
    explanation: {
      uk: 'Призначено посилений або постійний нагляд.',
      en: 'Closer or constant observation was ordered.',
    },
    roles: [...ON_DUTY, 'inspector'],
    needsNote: false,
    ...SINCE,
  },
  {
    id: 'report-check',
    label: { uk: 'Перевірка повідомлення', en: 'Checking what was reported' },
    explanation: {
      uk: 'Дзвінок, скарга, рапорт. У примітці вкажіть номер або від кого.',
      en: 'A call, a complaint, a report. Say in the note its number, or whom it came from.',
    },
    roles: [...ON_DUTY, 'inspector', ...OUTSIDE],
    needsNote: true,
    ...SINCE,
  },
  {
    id: 'equipment-check',
    label: { uk: 'Перевірка камери', en: 'Checking a camera' },
    explanation: {
      uk: 'Чи є зображення і чи його видно.',
      en: 'Whether there is a picture, and what it shows.',
    },
    roles: [...ON_DUTY, 'inspector'],
    needsNote: false,
    ...SINCE,
  },
  {
    id: 'supervision',
    label: { uk: 'Нагляд за додержанням законів', en: 'Supervision of lawfulness' },
    explanation: {
      uk: 'Прокурорський нагляд, парламентський контроль, національний превентивний механізм.',
      en: 'Prosecutor’s supervision, parliamentary control, national preventive mechanism.',
    },
    roles: [...OUTSIDE],
    needsNote: false,
    ...SINCE,
  },
  {
    id: 'proceedings',
    label: { uk: 'Провадження', en: 'Proceedings' },
    explanation: {
      uk: 'У примітці вкажіть номер провадження.',
      en: 'Give the number of the proceedings in the note.',
    },
    roles: ['situation', ...OUTSIDE],
    needsNote: true,
    ...SINCE,
  },
];

/** Whose work the wall itself is: what it shows in a usual area is never less than sharp for them. */
const WALL_WATCHERS: ReadonlySet<RoleId> = new Set<RoleId>(['situation', 'duty']);
const USUAL: ReadonlySet<PrivacyClass> = new Set<PrivacyClass>(['normal', 'no-audio']);

/** The highest layer that a role gets of an area of a class before it has stated what for. */
export function layerWithoutPurpose(role: RoleId, privacy: PrivacyClass): Layer {
  return WALL_WATCHERS.has(role) && USUAL.has(privacy) ? 'high' : 'low';
}
