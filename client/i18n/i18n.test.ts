import { describe, expect, test } from 'vitest';
import { ERRORS } from '#contract/errors.ts';
import { FeedFault, FeedState } from '#contract/feeds.ts';
import { FlagCategory } from '#contract/flags.ts';
import { AreaKind, FacilityKind, FeedSource, PrivacyClass } from '#contract/nation.ts';
import { RoleId } from '#contract/session.ts';
import { Vulnerability } from '#contract/status.ts';
import { en } from './en.ts';
import { createFormats } from './formats.ts';
import { chooseLanguage, createI18n } from './i18n.ts';
import { uk } from './uk.ts';

const PLURAL = /_(one|few|many|other)$/;

/** Paths of all texts; those of plural forms without their ending. */
function pathsOf(texts: object, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`] : pathsOf(value, `${prefix}${key}.`),
  );
}

function stems(texts: object): string[] {
  return [...new Set(pathsOf(texts).map((path) => path.replace(PLURAL, '')))].toSorted();
}

function placeholdersOf(texts: object): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of pathsOf(texts)) {
    const text = path.split('.').reduce<unknown>((node, key) => Reflect.get(Object(node), key), texts);
    const names = [...String(text).matchAll(/{{(\w+)}}/g)].map(([, name]) => name).toSorted();
    found.set(path.replace(PLURAL, ''), names.join());
  }
  return found;
}

test('both languages have the same texts, with the same gaps to fill', () => {
  expect(stems(en)).toEqual(stems(uk));
  expect(placeholdersOf(en)).toEqual(placeholdersOf(uk));
});

test('plural texts have every form that their language knows', () => {
  for (const [language, texts] of Object.entries({ uk, en })) {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    const paths = pathsOf(texts);
    const plural = new Set(paths.filter((path) => PLURAL.test(path)).map((path) => path.replace(PLURAL, '')));
    for (const stem of plural)
      for (const category of pluralCategories) expect(paths).toContain(`${stem}_${category}`);
  }
});

test('whatever the contract can name has a name', () => {
  expect(Object.keys(uk.errors)).toEqual(expect.arrayContaining(Object.keys(ERRORS)));
  expect(Object.keys(uk.categories)).toEqual([...FlagCategory.options]);
  expect(Object.keys(uk.areaKinds)).toEqual([...AreaKind.options]);
  expect(Object.keys(uk.facilityKinds)).toEqual([...FacilityKind.options]);
  expect(Object.keys(uk.privacies)).toEqual([...PrivacyClass.options]);
  expect(Object.keys(uk.vulnerabilities)).toEqual([...Vulnerability.options]);
  expect(Object.keys(uk.user.roles)).toEqual([...RoleId.options]);
  expect(Object.keys(uk.faults)).toEqual([...FeedFault.options]);
  expect(Object.keys(uk.faultHints)).toEqual([...FeedFault.options]);
  expect(Object.keys(uk.filter.feedStates)).toEqual([...FeedState.options]);
  expect(Object.keys(uk.filter.feedSources)).toEqual([...FeedSource.options]);
});

test.each([
  [1, '1 зона'],
  [3, '3 зони'],
  [5, '5 зон'],
  [11, '11 зон'],
  [21, '21 зона'],
  [418, '418 зон'],
])('%d in Ukrainian is %s', (count, text) => {
  expect(createI18n('uk').t('count.areas', { count })).toBe(text);
});

test('after "з" Ukrainian takes the genitive', () => {
  const { t } = createI18n('uk');
  expect(t('count.shown', { shown: 24, count: 418 })).toBe('24 з 418 зон');
  expect(t('count.shown', { shown: 9, count: 21 })).toBe('9 з 21 зони');
  expect(t('tile.ofCapacity', { headcount: 2, count: 1 })).toBe('2 з 1 місця');
  expect(t('tile.ofCapacity', { headcount: 3, count: 4 })).toBe('3 з 4 місць');
});

test('the URL decides the language, then what was chosen before, then Ukrainian', () => {
  const remembered = { getItem: () => 'en' };
  const nothing = { getItem: () => null };
  expect(chooseLanguage(new URLSearchParams('lang=uk'), remembered)).toBe('uk');
  expect(chooseLanguage(new URLSearchParams('lang=de'), remembered)).toBe('en');
  expect(chooseLanguage(new URLSearchParams(), nothing)).toBe('uk');
});

test('times are the nation’s own, whatever the machine believes', () => {
  const atMs = Date.parse('2026-11-22T12:05:09.000Z');
  const formats = createFormats('uk', 'Europe/Kyiv');
  expect(formats.time(atMs)).toBe('14:05');
  expect(formats.timeWithSeconds(atMs)).toBe('14:05:09');
  expect(formats.age(125 * 60_000)).toBe('2 год 5 хв');
  expect(formats.age(19 * 60_000)).toBe('19 хв');
  expect(formats.decimal(3.8)).toBe('3,8');
  expect(createFormats('en', 'Europe/Kyiv').fineAge(400)).toBe('0.4s');
});

describe('a moment is told with its day as soon as that is another one than today', () => {
  const kyiv = createFormats('uk', 'Europe/Kyiv');
  const nowMs = Date.parse('2026-11-23T06:15:00.000Z');

  test.each([
    ['today', '2026-11-23T06:14:03.000Z', '08:14', '08:14:03'],
    ['the first second of today', '2026-11-22T22:00:00.000Z', '00:00', '00:00:00'],
    [
      'the last second of yesterday',
      '2026-11-22T21:59:59.000Z',
      '22 листопада о 23:59',
      '22 листопада о 23:59:59',
    ],
    ['yesterday at this time', '2026-11-22T06:15:00.000Z', '22 листопада о 08:15', '22 листопада о 08:15:00'],
    ['three days ago', '2026-11-20T06:15:00.000Z', '20 листопада о 08:15', '20 листопада о 08:15:00'],
    ['a year ago today', '2025-11-23T06:15:00.000Z', '23 листопада о 08:15', '23 листопада о 08:15:00'],
    ['tomorrow', '2026-11-23T22:10:00.000Z', '24 листопада о 00:10', '24 листопада о 00:10:00'],
  ])('%s', (_, at, short, long) => {
    expect(kyiv.moment(Date.parse(at), nowMs)).toBe(short);
    expect(kyiv.momentWithSeconds(Date.parse(at), nowMs)).toBe(long);
  });

  test('the day is that of the nation, in summer as in winter', () => {
    const summer = Date.parse('2026-07-10T20:59:00.000Z');
    expect(kyiv.moment(summer, summer + 60_000)).toBe('10 липня о 23:59');
    expect(createFormats('en', 'Europe/London').moment(summer, summer + 60_000)).toBe('21:59');
    expect(createFormats('en', 'Europe/Kyiv').moment(summer, summer + 60_000)).toBe('10 July at 23:59');
  });
});
