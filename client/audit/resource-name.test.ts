import { expect, test } from 'vitest';
import { createI18n } from '../i18n/i18n.ts';
import { indexRegistry } from '../store/registry.ts';
import { sampleWireRegistry } from '../test/samples.ts';
import { resourceName } from './resource-name.ts';

const registry = indexRegistry(sampleWireRegistry());

test.each([
  ['chain:nation', 'ланцюг записів: загальнонаціональний', 'chain of entries: national'],
  ['chain:UA-68', 'ланцюг записів: Хмельницька область', 'chain of entries: Khmelnytskyi oblast'],
  ['viewings:any', 'перегляди: усе', 'viewings: everything'],
  ['viewings:region:UA-68', 'перегляди: Хмельницька область', 'viewings: Khmelnytskyi oblast'],
  ['audit:checkpoints', 'журнал: підписані контрольні числа', 'record: signed check numbers'],
  ['any', 'система загалом', 'the system as a whole'],
  ['area:ua-68-itt-2-cell-4', 'Камера 4 · ІТТ №2 Хмельницький', 'Cell 4 · ITT 2 Khmelnytskyi'],
  ['area:gone', 'gone', 'gone'],
  ['case:ua-68-itt-2/cr-1', 'справа ua-68-itt-2/cr-1', 'case ua-68-itt-2/cr-1'],
  ['something:new', 'something:new', 'something:new'],
  ['other', 'other', 'other'],
])('%s is told in words', (resource, uk, en) => {
  for (const [language, words] of [
    ['uk', uk],
    ['en', en],
  ] as const)
    expect(resourceName(resource, { t: createI18n(language).t, language, registry })).toBe(words);
});
