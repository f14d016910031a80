import { expect, test } from 'vitest';
import { createI18n } from '../i18n/i18n.ts';
import { sampleFlag } from '../test/samples.ts';
import { flagNote } from './flag-note.ts';

const [uk, en] = [createI18n('uk').t, createI18n('en').t];

test('the number of a complaint has the sign of the reader’s language', () => {
  const flag = sampleFlag({ category: 'complaint', note: '7KQ2-M9XD' });
  expect(flagNote(flag, uk)).toBe('№\u00a07KQ2-M9XD');
  expect(flagNote(flag, en)).toBe('No.\u00a07KQ2-M9XD');
});

test.each([
  ['a person’s words about a complaint', { category: 'complaint', note: 'Дзвінок 102' }],
  ['a number among words', { category: 'complaint', note: 'ще раз про 7KQ2-M9XD' }],
  ['the same letters on another flag', { category: 'medical', note: '7KQ2-M9XD' }],
  ['nothing', { category: 'complaint', note: '' }],
] as const)('%s: as it was written', (_, given) => {
  expect(flagNote(sampleFlag(given), en)).toBe(given.note);
});
