import { expect, test } from 'vitest';
import type { AlertPath } from '#contract/alerts.ts';
import { createI18n } from '../i18n/i18n.ts';
import { pathWithin, silentPlaces } from './silent-posts.ts';

const AT = '2026-11-22T12:00:00.000Z';
const post = (regionId: string) =>
  ({ role: 'duty', regionId, place: { uk: regionId, en: regionId } }) as const;
const path = (...regionIds: string[]): AlertPath => ({
  everyS: 3_600,
  canary: { at: AT, expected: 9, shown: 2, shownAt: AT, silent: regionIds.map(post) },
  provedAt: AT,
  webhook: null,
  push: null,
});
const namesIn = (one: AlertPath) => one.canary?.silent?.map(({ regionId }) => regionId);

test('a duty centre that sees nothing is told to who answers for it', () => {
  const one = path('UA-68', 'UA-05');
  expect(namesIn(pathWithin(one, { kind: 'nation' }))).toEqual(['UA-68', 'UA-05']);
  expect(namesIn(pathWithin(one, { kind: 'regions', regionIds: ['UA-05', 'UA-46'] }))).toEqual(['UA-05']);
  expect(pathWithin(one, { kind: 'regions', regionIds: ['UA-46'] }).canary).not.toHaveProperty('silent');
});

test('the first few are named, the rest is counted', () => {
  const { t } = createI18n('uk');
  const say = (one: AlertPath) => silentPlaces(one, { t, language: 'uk' });
  expect(say(path('UA-68', 'UA-05'))).toBe('UA-68 (черговий регіону), UA-05 (черговий регіону)');
  expect(say(path('a', 'b', 'c', 'd', 'e', 'f', 'g'))).toMatch(/^a .*, e \(черговий регіону\), \+2$/);
});
