import type { TFunction } from 'i18next';

/** A field of an event as the forms call it; what no form has is called as the contract calls it. */
export function fieldName(field: string | number, t: TFunction): string {
  if (field === 'occurredAt') return t('record.when');
  return t(`record.${field}`, { defaultValue: String(field) });
}
