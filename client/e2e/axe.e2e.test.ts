import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REGION_GROUPS } from '../../config/region-groups.ts';
import { AREA, LOOKED_AT, LOOKED_AT_WITH_DISPLAYS, type LookedAt } from './axe-pages.ts';
import { openSession } from './fixtures/api.ts';
import { openRoom, type Room } from './fixtures/room.ts';
import { systemForFile } from './fixtures/started.ts';

const THEMES = ['dark', 'light'] as const;
const HAND = { width: 390, height: 844 };

const varta = systemForFile();

beforeAll(async () => {
  const session = await openSession(varta.system.url, 'situation');
  for (const severity of [1, 2, 3, 4])
    await session.post('/api/v1/flags', {
      id: crypto.randomUUID(),
      areaId: AREA.replace('cell-1', `cell-${severity}`),
      category: 'medical',
      severity,
      note: 'Демонстрація',
    });
  // A part of the country that somebody hands over, whose page is looked at.
  const leaving = await openSession(varta.system.url, 'situation-2');
  const [{ regionIds }] = REGION_GROUPS;
  await leaving.post('/api/v1/handovers', { shiftHours: 12, note: 'Демонстрація', regionIds });
});

/** What is wrong with a page, and where; axe is put in from outside, past the page's content policy. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: judge } = window as unknown as { axe: typeof axe };
    const { violations } = await judge.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary = '' }) =>
          `${id} ${target.join(' ')} ${failureSummary.split('\n')[1] ?? ''}`,
      ),
    );
  });
}

async function lookAt({ path, user, hand, ready, open }: LookedAt): Promise<void> {
  const size = hand ? HAND : {};
  await using console = await varta.signIn(user ?? 'situation', { path, ...size });
  const { page } = console;
  await page.locator(ready).first().waitFor({ state: 'attached', timeout: 60_000 });
  await open?.(page);
  expect(await page.getByText('Сторінка зупинилася').count()).toBe(0);
  await lookInBothThemes(page);
}

async function lookInBothThemes(page: Page): Promise<void> {
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.locator(`html[data-theme="${theme}"]`).waitFor({ state: 'attached' });
    // What has just come is looked at again.
    await expect.poll(() => violationsOf(page), { message: theme, timeout: 10_000 }).toEqual([]);
  }
}

test.each(LOOKED_AT)('$path ($user) has nothing that stands in anybody’s way', lookAt);

test('so has the way in', async () => {
  const context = await varta.browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`${varta.system.url}/`);
  await page.locator('input[type="password"]').waitFor();
  await lookInBothThemes(page);
  await context.close();
});

describe('with displays', () => {
  let room: Room;
  beforeAll(async () => {
    room = await openRoom(varta.browser, varta.system.url);
  });
  afterAll(() => room?.[Symbol.asyncDispose]());

  test.each(['pairing', 'empty', 'playing', 'revoked'] as const)(
    'so has a screen that is %s, which is dark whatever the machine prefers',
    async (state) => {
      const page = room.pages[state];
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await expect.poll(() => violationsOf(page), { timeout: 10_000 }).toEqual([]);
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    },
  );

  test.each(LOOKED_AT_WITH_DISPLAYS)('so has $path with what opens on it', lookAt);
});
