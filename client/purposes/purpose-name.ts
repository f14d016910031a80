import { WATCH_PURPOSES } from '../../config/purposes/watching.ts';
import type { Texts } from '../desk/desk-context.ts';

/** What an area was opened for, in words; the id of one that is not known any more. */
export function purposeName(id: string, { t, language }: Pick<Texts, 't' | 'language'>): string {
  if (id === 'alarm') return t('purposes.alarm');
  return WATCH_PURPOSES.find((one) => one.id === id)?.label[language] ?? id;
}
