import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Chord, SHORTCUTS, type Shortcut, type ShortcutId } from '../shell/shortcuts.ts';
import { openSession } from './fixtures/api.ts';
import { type Console, launchBrowser, signIn } from './fixtures/browser.ts';
import { enrolScreen } from './fixtures/display-screens.ts';
import { type System, startSystem } from './fixtures/system.ts';
import { sampleNation } from './fixtures/tiles.ts';

const { areas, facilities } = sampleNation();
const AREA = 'ua-68-itt-2-cell-1';

let system: System;
let browser: Browser;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await system?.[Symbol.asyncDispose]();
});

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let pressed = 0; pressed < 300; pressed += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${target}`);
}

/** What the palette offers for a text, chosen by its own name. */
async function command(page: Page, text: string, id: string): Promise<void> {
  await page.keyboard.press('Control+KeyK');
  await page.keyboard.type(text);
  const wanted = page.locator(`[data-command="${id}"]`);
  await wanted.waitFor();
  const place = await page
    .locator('[data-command]')
    .evaluateAll((items, name) => items.findIndex((item) => item.getAttribute('data-command') === name), id);
  for (let down = 0; down < place; down += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await wanted.waitFor({ state: 'detached' });
}

/** What has to be done before a key means something. */
const BEFORE: Partial<Record<ShortcutId, string>> = {
  zoomOut: '+',
  zoomReset: '+',
  pan: '+',
  previousPage: 'PageDown',
  previousArea: 'PageDown',
};

/** Places whose keys are tried here. */
const WHERE: Partial<Record<Shortcut['where'], string>> = {
  everywhere: '/?region=UA-68&grid=4',
  wall: '/?region=UA-68&grid=4',
  focus: `/?region=UA-68&area=${AREA}`,
};
const KEYS = SHORTCUTS.filter(({ where }) => WHERE[where] !== undefined);

const pressOf = (chord: Chord) =>
  [chord.ctrl ? 'Control' : [], chord.shift ? 'Shift' : [], 'code' in chord ? chord.code : chord.key]
    .flat()
    .join('+');

describe('every key of the wall and of one area', () => {
  let console: Console;
  beforeAll(async () => {
    console = await signIn(browser, system.url, 'duty-68');
  });

  it.each(KEYS)('$id ($where) is taken where the sheet says so', async ({ id, where, chords }) => {
    const { page } = console;
    await page.goto(`${system.url}${WHERE[where]}`);
    const first = page.locator(where === 'focus' ? '[data-zoomable] [data-area-id]' : '[data-slot="0"]');
    await first.locator('> button').first().focus();
    const before = BEFORE[id];
    if (before) await page.keyboard.press(before);
    await first.locator('> button').first().focus();
    await page.evaluate(() => {
      window.addEventListener('keydown', ({ key, defaultPrevented }) => {
        if (defaultPrevented) document.body.dataset.taken = key;
      });
    });
    await page.keyboard.press(pressOf(chords[0]));
    // What the browser does by itself is to press the button that has the focus.
    await (id === 'open' ? page.locator('[data-zoomable]') : page.locator('body[data-taken]')).waitFor();
  });
});

it('an operator finds an area, looks at it, raises a flag, takes it and fills a display, and touches no mouse', async () => {
  const session = await openSession(system.url, 'situation');
  const screen = await enrolScreen(browser, { url: system.url, session, name: 'Головна' });
  await using console = await signIn(browser, system.url, 'situation', {
    path: '/?grid=9&feedSource=edge&kind=cell',
  });
  const { page } = console;
  await page.locator('[data-slot="0"]').waitFor();
  const area = areas.find(({ id }) => id === AREA);
  const facility = facilities.find(({ id }) => id === area?.facilityId);

  await command(page, `${area?.name.uk} ${facility?.shortName.uk}`, `area ${AREA}`);
  await page.locator(`[data-zoomable] [data-area-id="${AREA}"][data-state="live"]`).waitFor();
  const card = page.locator('[data-zoomable] ~ aside article[data-flag-id]', { hasText: 'Негайно' });
  const before = await card.count();
  await page.keyboard.press('KeyF');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => card.count()).toBe(before + 1);

  await tabTo(page, card.first().getByRole('button', { name: 'Прийняти' }));
  await page.keyboard.press('Enter');
  await page.locator('[data-zoomable] ~ aside article[data-flag="acknowledged"]').first().waitFor();
  await page.keyboard.press('Escape');
  await page.locator('[data-zoomable]').waitFor({ state: 'detached' });

  await command(page, 'екрани', 'page /displays');
  await tabTo(page, page.getByRole('button', { name: 'Вивести на екрани' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await tabTo(page, dialog.getByLabel('Назва сцени'));
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.type('Без миші');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await screen.page.locator('[data-scene="Без миші"] [data-area-id]').first().waitFor();
  expect(console.errors).toEqual([]);
});
