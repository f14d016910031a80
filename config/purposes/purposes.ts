import { z } from 'zod';
import { LocalText } from '#contract/ids.ts';
import { PurposeId } from '#contract/personal.ts';
import { RoleId } from '#contract/session.ts';

/**
 * A reason for which a role may read who a case is about. Which there are is our own judgment until a ministry decides;
 * what is not written here is refused. A wording is never changed: what was read under it stands in the audit by its id.
 * It is given an end, and another one begins.
 */
export const PurposeRule = z.strictObject({
  id: PurposeId,
  label: LocalText,
  /** What it is for, and what not. */
  explanation: LocalText,
  roles: z.array(RoleId).min(1),
  /** The request has to say more, such as the number of a proceeding. */
  needsNote: z.boolean(),
  /** First and, if it has ended, last day (UTC). */
  validFrom: z.iso.date(),
  validUntil: z.iso.date().nullable(),
});
export type PurposeRule = z.infer<typeof PurposeRule>;

/** Offices of outside control. */
const OUTSIDE = ['oversight', 'prosecutor', 'ombudsman'] as const;

const SINCE = { validFrom: '2026-11-01', validUntil: null } as const;

export const PURPOSES: readonly PurposeRule[] = [
  {
    id: 'medical-help',
    label: { uk: 'Невідкладна медична допомога', en: 'Urgent medical help' },
    explanation: {
      uk: 'Щоб лікар або бригада знали, кому допомагають і що треба враховувати.',
      en: 'So that a doctor or an ambulance knows whom they help and what to be careful about.',
    },
    roles: ['situation', 'duty', 'inspector'],
    needsNote: false,
    ...SINCE,
  },
  {
    id: 'notification',
    label: {
      uk: 'Повідомлення родичів, захисника, консульства',
      en: 'Notifying relatives, a lawyer, a consulate',
    },
    explanation: {
      uk: 'Щоб виконати або перевірити обов’язок повідомити про затримання.',
      en: 'To carry out, or check, a duty to tell others of the detention.',
    },
    roles: ['situation', 'duty', 'inspector', ...OUTSIDE],
    needsNote: false,
    ...SINCE,
  },
  {
    id: 'identity-check',
    label: { uk: 'Звірення особи', en: 'Checking who somebody is' },
    explanation: {
      uk: 'Під час прийняття, переведення, конвоювання чи звільнення.',
      en: 'At reception, a move, a convoy or a release.',
    },
    roles: ['duty', 'inspector'],
    needsNote: false,
    ...SINCE,
  },
  {
    id: 'search',
    label: { uk: 'Розшук затриманого на запит', en: 'Finding a detained person for somebody who asks' },
    explanation: {
      uk: 'Запит родича, захисника або Уповноваженого. У примітці вкажіть, хто звернувся і номер запиту.',
      en: 'A relative, a lawyer or the Ombudsman asks. Say in the note who asked, and the number of the request.',
    },
    roles: ['situation', 'duty', ...OUTSIDE],
    needsNote: true,
    ...SINCE,
  },
  {
    id: 'complaint',
    label: { uk: 'Розгляд скарги', en: 'Dealing with a complaint' },
    explanation: {
      uk: 'Скарга самої особи або щодо неї. У примітці вкажіть номер скарги.',
      en: 'A complaint of the person or about them. Give its number in the note.',
    },
    roles: ['situation', 'duty', 'inspector', ...OUTSIDE],
    needsNote: true,
    ...SINCE,
  },
  {
    id: 'legality-check',
    label: { uk: 'Перевірка законності тримання', en: 'Checking that a detention is lawful' },
    explanation: {
      uk: 'Прокурорський нагляд, національний превентивний механізм. Не для ознайомлення загалом.',
      en: 'Prosecutor’s supervision, national preventive mechanism. Not for looking around.',
    },
    roles: [...OUTSIDE],
    needsNote: true,
    ...SINCE,
  },
  {
    id: 'inquiry',
    label: { uk: 'Службове розслідування або провадження', en: 'Internal inquiry or proceedings' },
    explanation: {
      uk: 'У примітці вкажіть номер розслідування чи провадження.',
      en: 'Give the number of the inquiry or the proceedings in the note.',
    },
    roles: ['situation', ...OUTSIDE],
    needsNote: true,
    ...SINCE,
  },
];

/** The purposes for which a role may read at an instant (milliseconds since the epoch). */
export function purposesFor(
  role: RoleId,
  nowMs: number,
  purposes: readonly PurposeRule[] = PURPOSES,
): PurposeRule[] {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  return purposes.filter(
    ({ roles, validFrom, validUntil }) =>
      roles.includes(role) && validFrom <= today && (validUntil === null || today <= validUntil),
  );
}
