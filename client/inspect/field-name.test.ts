import { expect, test } from 'vitest';
import { createI18n } from '../i18n/i18n.ts';
import { fieldName } from './field-name.ts';
import { CHOICES, MEASURES } from './record-fields.ts';

const FIELDS = ['occurredAt', 'note', 'reason', ...Object.keys(CHOICES), ...MEASURES.map(({ name }) => name)];

test.each(['uk', 'en'] as const)('a refused field is called as its form calls it, in %s', (language) => {
  const { t } = createI18n(language);
  for (const field of FIELDS) {
    expect(fieldName(field, t)).not.toBe(field);
    expect(fieldName(field, t)).not.toContain('record.');
  }
  expect(fieldName('previousCase', t)).toBe('previousCase');
});
