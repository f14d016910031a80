import { expect, test } from 'vitest';
import { RULES } from '../../config/rules/rules.ts';
import { sampleFlag } from '../test/samples.ts';
import { ruleText, sharedRuleText } from './rule-text.ts';

const limits = {
  'ua-cpc/court': {
    normSet: 'ua-cpc',
    limit: 'court',
    label: { uk: 'до суду', en: 'to court' },
    source: { uk: 'ст. 211 КПК', en: 'art. 211' },
    standing: 'law' as const,
  },
};
const text = (id: string, params: Record<string, string | number>, language: 'uk' | 'en' = 'uk') =>
  ruleText({ rule: { id, params } }, { language, limits });

test('a rule says what it saw, with the norm by its name', () => {
  expect(text('deadline-breached', { limit: 'ua-cpc/court' })).toBe('Строк порушено: до суду');
  expect(text('deadline-breached', { limit: 'ua-cpc/court' }, 'en')).toBe('A limit is breached: to court');
  expect(text('no-video', { cause: 'network' })).toBe('Люди без відеонагляду: немає зв’язку із закладом');
  expect(text('overcrowded', { m2: 2.95 })).toBe('Замало місця: 2,95 м² на особу');
});

test('a word goes with its number', () => {
  const times = (count: number, language?: 'uk' | 'en') => text('gate-overused', { count }, language);
  expect([1, 3, 12, 21, 32, 35].map((count) => times(count))).toEqual(
    ['1 раз', '3 рази', '12 разів', '21 раз', '32 рази', '35 разів'].map(
      (one) => `Конфіденційність ${one} за добу`,
    ),
  );
  expect(times(1, 'en')).toBe('Confidential 1 time in a day');
  expect(times(32, 'en')).toBe('Confidential 32 times in a day');
});

test('an unknown code is shown as it is, and a rule that is not known says nothing', () => {
  expect(text('deadline-red', { limit: 'xx/yy' })).toBe('Строк спливає: xx/yy');
  expect(text('from-the-future', {})).toBeUndefined();
  expect(ruleText({}, { language: 'uk', limits })).toBeUndefined();
});

test('no wording is left with a gap when what it needs is missing', () => {
  for (const id of RULES.keys()) expect(text(id, {})).not.toMatch(/\{\{|undefined/);
});

test('flags say together what all of them say, and nothing where one says something else', () => {
  const flag = (m2: number) => sampleFlag({ rule: { id: 'overcrowded', params: { m2 } } });
  const shared = (...areas: [number, ...number[]]) => {
    const [first, ...others] = areas.map(flag);
    return first && sharedRuleText([first, ...others], { language: 'uk', limits });
  };
  expect(shared(2.95, 2.95)).toBe('Замало місця: 2,95 м² на особу');
  expect(shared(2.95, 2.9)).toBeUndefined();
  expect(sharedRuleText([flag(2.95), sampleFlag()], { language: 'uk', limits })).toBeUndefined();
});
