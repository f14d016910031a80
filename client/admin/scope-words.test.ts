import { expect, test } from 'vitest';
import type { Scope } from '#contract/session.ts';
import { createI18n } from '../i18n/i18n.ts';
import { indexRegistry } from '../store/registry.ts';
import { sampleWireRegistry } from '../test/samples.ts';
import { scopeWords } from './scope-words.ts';

const known = {
  t: createI18n('uk').t,
  language: 'uk',
  registry: indexRegistry(sampleWireRegistry()),
} as const;

test.each<[string, Scope, string]>([
  ['the country', { kind: 'nation' }, 'Уся країна'],
  ['a region by its name', { kind: 'regions', regionIds: ['UA-68'] }, 'Хмельницька область'],
  [
    'facilities by their short names, and one that is gone by its code',
    { kind: 'facilities', facilityIds: ['ua-68-itt-2', 'gone'] },
    'ІТТ №2 Хмельницький, gone',
  ],
])('tells %s', (_, scope, words) => {
  expect(scopeWords(scope, known)).toBe(words);
});
