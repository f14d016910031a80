import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession } from './fixtures/api.ts';
import { launchBrowser, signIn } from './fixtures/browser.ts';
import { type System, startSystem } from './fixtures/system.ts';

const AREA = 'ua-68-itt-2-cell-1';
/** Nodes cover a part of its picture. */
const MASKED = 'ua-68-itt-2-cell-3';

const THEMES = ['dark', 'light'] as const;

/** A page, whose it is, and what is there when it can be looked at. */
const PAGES: readonly { path: string; user?: string; ready: string; open?(page: Page): Promise<unknown> }[] =
  [
    { path: '/?region=UA-68&grid=9', ready: '[data-area-id]' },
    { path: '/?region=UA-68&grid=list', ready: '[data-listed]' },
    { path: '/?region=UA-68&grid=map', ready: '[data-map="ua"]' },
    { path: `/?area=${AREA}`, ready: '[data-recent], [data-zoomable]' },
    // What somebody is asked who opens an area that nothing is wrong with.
    { path: '/?area=ua-68-itt-2-corridor', ready: '[data-testid="opening-purpose"] input' },
    {
      path: `/?area=${AREA}`,
      ready: '[data-zoomable]',
      open: async (page) => {
        await page.keyboard.press('g');
        await page.waitForSelector('[role="dialog"] textarea');
      },
    },
    {
      path: `/?area=${MASKED}`,
      ready: 'text=Показати приховане',
      open: async (page) => {
        await page.getByRole('button', { name: 'Показати приховане' }).click();
        await page.waitForSelector('[role="dialog"] textarea');
      },
    },
    { path: '/?text=nothing-is-called-so', ready: 'text=За цим фільтром зон немає' },
    { path: '/map', ready: '[data-facility-count="126"]' },
    { path: '/flags', ready: 'main h1, main h2' },
    {
      path: '/flags',
      ready: 'input[data-pick]',
      open: async (page) => {
        await page.locator('input[data-pick]').first().check();
        await page.keyboard.press('r');
        await page.getByRole('dialog').waitFor();
      },
    },
    { path: '/oncall', user: 'oncall', ready: 'article[data-flag-id]' },
    {
      path: '/oncall',
      user: 'oncall',
      ready: 'article[data-flag-id]',
      open: async (page) => {
        await page.keyboard.press('n');
        await page.getByRole('dialog').waitFor();
      },
    },
    { path: '/oncall?flag=nothing-such', user: 'oncall', ready: '[data-gone]' },
    { path: '/cases', ready: 'a[data-case-id]' },
    {
      path: '/cases',
      ready: 'a[data-case-id]',
      open: async (page) => {
        await page.locator('a[data-case-id]').first().click();
        await page.waitForSelector('article[data-case-id]');
      },
    },
    { path: '/handover', ready: 'main h1' },
    { path: '/alerts', ready: 'main h1' },
    { path: '/complaints', ready: 'main h1' },
    { path: '/figures', ready: 'table' },
    { path: '/figures/digest', ready: 'h1' },
    { path: '/displays', ready: 'main h1' },
    { path: '/displays/tours', ready: 'text=Збережених турів немає' },
    { path: '/displays/walls', ready: 'text=Стін з кількох екранів немає' },
    { path: '/account', ready: 'main h1' },
    { path: '/no-such-page', ready: 'text=Такої сторінки немає' },
    { path: '/audit', user: 'oversight', ready: 'main h1' },
    { path: '/audit/entries', user: 'oversight', ready: 'main li' },
    { path: '/audit/seals', user: 'oversight', ready: 'main h1' },
    { path: '/audit/evidence', user: 'oversight', ready: 'main h1' },
    { path: '/audit/holds', user: 'oversight', ready: 'main h1' },
    { path: '/audit/watching', user: 'oversight', ready: 'main h1' },
    { path: '/inspect', user: 'inspector', ready: 'a[data-room-id]' },
    { path: '/admin', user: 'admin', ready: 'main h1' },
    { path: '/', user: 'admin', ready: 'text=Ваша роль не передбачає перегляду відео' },
    {
      path: '/?region=UA-68&grid=4',
      ready: '[data-area-id]',
      open: async (page) => {
        await page.keyboard.press('Control+k');
        await page.keyboard.type('камера');
        await page.waitForSelector('[data-command^="area "]');
      },
    },
    {
      path: '/?region=UA-68&grid=4',
      ready: '[data-area-id]',
      open: async (page) => {
        await page.keyboard.press('?');
        await page.waitForSelector('[data-shortcut]');
      },
    },
    {
      path: '/?region=UA-68&grid=4',
      ready: '[data-area-id]',
      open: async (page) => {
        await page.locator('[data-layout-menu]').click();
        await page.waitForSelector('text=Збережені розкладки');
      },
    },
  ];

let system: System;
let browser: Browser;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
  const session = await openSession(system.url, 'situation');
  for (const severity of [1, 2, 3, 4])
    await session.post('/api/v1/flags', {
      id: crypto.randomUUID(),
      areaId: AREA.replace('cell-1', `cell-${severity}`),
      category: 'medical',
      severity,
      note: 'Демонстрація',
    });
});

afterAll(async () => {
  await browser?.close();
  await system?.[Symbol.asyncDispose]();
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

test.each(PAGES)(
  '$path ($user) has nothing that stands in anybody’s way',
  async ({ path, user, ready, open }) => {
    await using console = await signIn(browser, system.url, user ?? 'situation', { path });
    const { page } = console;
    await page.locator(ready).first().waitFor({ state: 'attached', timeout: 60_000 });
    await open?.(page);
    expect(await page.getByText('Сторінка зупинилася').count()).toBe(0);
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.locator(`html[data-theme="${theme}"]`).waitFor({ state: 'attached' });
      // What has just come is looked at again.
      await expect.poll(() => violationsOf(page), { message: theme, timeout: 10_000 }).toEqual([]);
    }
  },
);

test('so has the way in, and a screen that waits to be enrolled, which is dark whatever the machine prefers', async () => {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`${system.url}/`);
  await page.locator('input[type="password"]').waitFor();
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.locator(`html[data-theme="${theme}"]`).waitFor({ state: 'attached' });
    // What has just come is looked at again.
    await expect.poll(() => violationsOf(page), { message: theme, timeout: 10_000 }).toEqual([]);
  }
  await page.goto(`${system.url}/display`);
  await page.getByTestId('pairing-code').waitFor();
  await expect.poll(() => violationsOf(page), { timeout: 10_000 }).toEqual([]);
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  await context.close();
});
