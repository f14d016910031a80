import type { TFunction } from 'i18next';
import { ComplaintNumber } from '#contract/complaints.ts';
import type { Flag } from '#contract/flags.ts';

/** What whoever raised a flag wrote of it, and of a citizen's complaint its number as a language writes one; '' for nothing. */
export function flagNote({ category, note }: Pick<Flag, 'category' | 'note'>, t: TFunction): string {
  const isNumber = category === 'complaint' && ComplaintNumber.safeParse(note).success;
  return isNumber ? t('alarms.complaintNumber', { number: note }) : note;
}
