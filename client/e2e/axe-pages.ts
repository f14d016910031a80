import type { Page } from 'playwright-core';
import * as steps from './screen-steps.ts';

export const AREA = 'ua-68-itt-2-cell-1';
/** Nodes cover a part of its picture. */
const MASKED = 'ua-68-itt-2-cell-3';

/** A page, whose it is, and what is there when it can be looked at. */
export interface LookedAt {
  path: string;
  user?: string;
  /** In a hand. @default on a desk */
  hand?: true;
  ready: string;
  open?(page: Page): Promise<unknown>;
}

const pressed = (name: string) => async (page: Page) => {
  await page.getByRole('button', { name }).first().click();
  await page.getByRole('dialog').waitFor();
};

/** Pages and what opens on them, of a nation that has no display. */
export const LOOKED_AT: readonly LookedAt[] = [
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
  { path: '/closures', ready: '[data-masked]' },
  { path: '/closures', user: 'admin', ready: '[data-masked]' },
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
  { path: '/?region=UA-68&grid=4', ready: '[data-area-id]', open: pressed('Фільтр') },
  { path: '/flags', ready: 'input[data-pick]', open: pressed('Доручити') },
  { path: '/flags', ready: 'input[data-pick]', open: steps.lookAtFlag },
  {
    path: '/flags',
    ready: 'input[data-pick]',
    open: async (page) => {
      await steps.lookAtFlag(page);
      await pressed('Записати дзвінок')(page);
    },
  },
  { path: '/handover', ready: 'main h1', open: steps.openHandover },
  { path: '/?region=UA-68', hand: true, ready: '[data-area-id]' },
  { path: `/?area=${AREA}`, hand: true, ready: '[data-recent], [data-zoomable]' },
  { path: '/?region=UA-68', hand: true, ready: '[data-area-id]', open: pressed('Фільтр') },
  { path: '/map', hand: true, ready: '[data-facility-count="126"]' },
  { path: '/flags', hand: true, ready: 'input[data-pick]' },
  { path: '/flags', hand: true, ready: 'input[data-pick]', open: pressed('Закрити') },
  { path: '/cases', hand: true, ready: 'a[data-case-id]' },
  { path: '/cases', hand: true, ready: 'main', open: steps.openCase },
  { path: '/handover', hand: true, ready: 'form textarea' },
  { path: '/handover', hand: true, ready: 'main h1', open: steps.openHandover },
  { path: '/alerts', hand: true, ready: 'input[type="range"]' },
  { path: '/complaints', hand: true, ready: 'main h1' },
  { path: '/complaints', user: 'hotline', hand: true, ready: 'form textarea' },
  { path: '/figures', hand: true, ready: 'table' },
  { path: '/displays', hand: true, ready: 'main h1' },
  { path: '/account', hand: true, ready: 'main h1' },
  { path: '/audit', user: 'oversight', hand: true, ready: 'main h1' },
  { path: '/audit/entries', user: 'oversight', hand: true, ready: 'main li' },
  { path: '/admin', user: 'admin', hand: true, ready: 'main h1' },
  { path: '/oncall', user: 'oncall', hand: true, ready: 'article[data-flag-id]' },
  { path: '/oncall', user: 'oncall', hand: true, ready: 'article[data-flag-id]', open: steps.openCall },
  { path: '/inspect', user: 'inspector', hand: true, ready: 'a[data-room-id]' },
  { path: '/inspect/round', user: 'inspector', hand: true, ready: 'main', open: steps.startRound },
  { path: '/inspect/people', user: 'inspector', hand: true, ready: 'a[data-case-id]' },
  { path: '/inspect', user: 'inspector', hand: true, ready: 'main', open: steps.openRoom },
  { path: '/inspect', user: 'inspector', hand: true, ready: 'main', open: steps.openRoomRecord },
  { path: '/inspect/people', user: 'inspector', hand: true, ready: 'main', open: steps.openPerson },
  { path: '/inspect/people', user: 'inspector', hand: true, ready: 'main', open: steps.openPersonRecord },
  { path: '/inspect/people', user: 'inspector', hand: true, ready: 'main', open: steps.makeRecords },
  {
    path: '/inspect/people',
    user: 'inspector',
    hand: true,
    ready: 'main',
    open: async (page) => {
      await steps.makeRecords(page);
      await steps.mendRecord(page);
    },
  },
];

const onDisplay = (name: string | RegExp) => async (page: Page) => {
  await page.locator('[data-display-id]').first().getByRole('button', { name }).click();
  await page.getByRole('dialog').waitFor();
};

/** Pages of a nation with displays at work. */
export const LOOKED_AT_WITH_DISPLAYS: readonly LookedAt[] = [
  { path: '/displays', ready: '[data-display-id] [data-health="well"]' },
  { path: '/displays', hand: true, ready: '[data-display-id] [data-health="well"]' },
  { path: '/displays', ready: '[data-display-id]', open: pressed('Додати екран') },
  { path: '/displays', ready: '[data-display-id]', open: onDisplay('Вивести') },
  { path: '/displays', ready: '[data-display-id]', open: onDisplay(/^Налаштувати екран/) },
  { path: '/displays', ready: '[data-display-id]', open: onDisplay('Відкликати') },
  { path: '/displays/tours', ready: '[data-tour]', open: pressed('Змінити') },
  { path: '/displays/walls', ready: '[data-wall]', open: pressed('Змінити') },
];
