import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Flag } from '#contract/flags.ts';
import { type Chord, SHORTCUTS, type Shortcut, type ShortcutId } from '../shell/shortcuts.ts';
import { openSession } from './fixtures/api.ts';
import type { Console } from './fixtures/browser.ts';
import { enrolScreen } from './fixtures/display-screens.ts';
import { systemForFile } from './fixtures/started.ts';
import { sampleNation } from './fixtures/tiles.ts';

const { areas, facilities } = sampleNation();
const AREA = 'ua-68-itt-2-cell-1';

const varta = systemForFile();

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

/** What has to be pressed before a key means something. */
const BEFORE: Partial<Record<ShortcutId, readonly string[]>> = {
  zoomOut: ['+'],
  zoomReset: ['+'],
  pan: ['+'],
  previousPage: ['PageDown'],
  previousArea: ['PageDown'],
  leaveChoice: ['KeyL'],
  showFlag: ['ArrowDown'],
  toDetail: ['ArrowDown'],
  toRow: ['ArrowDown', 'ArrowRight'],
  showStill: ['ArrowDown'],
  pickFlag: ['ArrowDown'],
  pickAlike: ['ArrowDown', 'Space'],
  acknowledgeFlags: ['ArrowDown', 'Space'],
  assignFlags: ['ArrowDown', 'Space'],
  shelveFlags: ['ArrowDown', 'Space'],
  closeFlags: ['ArrowDown', 'Space'],
  previousAlert: ['ArrowRight'],
};

interface Place {
  username: string;
  path: string;
  /** What is there once the page is, with its data. */
  ready: string;
  /** What the keys are for has the focus; the page itself without. */
  focused?: string;
}

/** Where the keys of a place are tried. */
const PLACES: Record<Shortcut['where'], Place> = {
  everywhere: {
    username: 'duty-68',
    path: '/?region=UA-68&grid=4',
    ready: '#alarm-list article',
    focused: '[data-slot="0"] > button',
  },
  wall: {
    username: 'duty-68',
    path: '/?region=UA-68&grid=4',
    ready: '[data-slot="0"]',
    focused: '[data-slot="0"] > button',
  },
  focus: {
    username: 'duty-68',
    path: `/?region=UA-68&area=${AREA}`,
    // With a tile of the wall behind it, from one area to the next the way is the wall's; and with its flags.
    ready: 'body:has([data-slot="1"]) [data-zoomable] ~ aside article[data-flag-id]',
    focused: '[data-zoomable] [data-area-id] > button',
  },
  map: { username: 'duty-68', path: '/map', ready: 'canvas' },
  queue: { username: 'duty-68', path: '/flags', ready: 'input[data-pick]' },
  oncall: { username: 'oncall', path: '/oncall', ready: 'article[data-flag-id]' },
};

/** What is tried, where the first key of the sheet could do nothing from where the focus is. */
const PRESSED: Partial<Record<ShortcutId, string>> = { move: 'ArrowRight', arrange: 'Shift+ArrowRight' };

/** What has the focus, where it is not what usually has it there. */
const FOCUSED: Partial<Record<ShortcutId, string>> = { toSpot: '[data-slot="1"] > button' };

/** What has to be there before a key means anything. */
const NEEDS: Partial<Record<ShortcutId, string>> = {
  showStill: '[data-part="evidence"]:not(:has([aria-busy]))',
};

/** What a key does: something is there that was not, or what a page says of itself becomes something else. */
type Effect = { comes: string } | { changes: () => unknown };

const DIALOG: Effect = { comes: '[role="dialog"]' };
const ZOOM: Effect = { changes: () => document.querySelector('[data-zoomable]')?.getAttribute('style') };
const FIRST_TILE: Effect = {
  changes: () => document.querySelector<HTMLElement>('[data-slot="0"]')?.dataset.areaId,
};
const ENLARGED: Effect = {
  changes: () => document.querySelector<HTMLElement>('[data-zoomable] [data-area-id]')?.dataset.areaId,
};
const ALERT: Effect = {
  changes: () => document.querySelector<HTMLElement>('article[data-flag-id]')?.dataset.flagId,
};
const LASSO: Effect = { changes: () => document.querySelector('[data-lasso]') === null };

const EFFECTS: Record<ShortcutId, Effect> = {
  palette: { comes: '[data-command]' },
  sheet: { comes: '[data-shortcut]' },
  search: { comes: 'input[type="search"]:focus' },
  toAlarm: { comes: '#alarm-list [data-flag-id] :focus' },
  move: { comes: '[data-slot="1"] > button:focus' },
  open: { comes: '[data-zoomable]' },
  raise: DIALOG,
  nextPage: FIRST_TILE,
  previousPage: FIRST_TILE,
  arrange: FIRST_TILE,
  toSpot: FIRST_TILE,
  leave: ENLARGED,
  raiseHere: DIALOG,
  acknowledgeHere: {
    changes: () => document.querySelectorAll('[data-zoomable] ~ aside article[data-flag="raised"]').length,
  },
  gate: DIALOG,
  putOnDisplay: DIALOG,
  zoomIn: ZOOM,
  zoomOut: ZOOM,
  zoomReset: ZOOM,
  pan: ZOOM,
  nextArea: ENLARGED,
  previousArea: ENLARGED,
  moveFlag: { comes: 'input[data-pick]:focus' },
  showFlag: { comes: '[data-slot]' },
  toDetail: { comes: '[data-flag-detail]:focus' },
  toRow: { comes: 'input[data-pick]:focus' },
  // Where there is no still, the keyboard is where it is said why.
  showStill: { comes: '[data-part="evidence"] img, [data-part="evidence"]:focus' },
  pickFlag: { comes: '[data-picked]' },
  pickAlike: { changes: () => document.querySelectorAll('[data-picked]').length },
  acknowledgeFlags: { comes: '[data-outcome]' },
  assignFlags: DIALOG,
  // Only who has taken a flag may put it aside; to everybody else it is said.
  shelveFlags: { comes: '[role="dialog"], [data-picked-count] [role="status"] > span' },
  closeFlags: DIALOG,
  previousAlert: ALERT,
  nextAlert: ALERT,
  acknowledgeAlert: { comes: 'article[data-flag="acknowledged"]' },
  noteCall: DIALOG,
  choose: LASSO,
  leaveChoice: LASSO,
  measure: {
    changes: () => [...document.querySelectorAll('[aria-pressed="true"]')].map((one) => one.textContent),
  },
};

/** What there is of an effect now. */
function readEffect(page: Page, effect: Effect): Promise<unknown> {
  return 'comes' in effect ? page.locator(effect.comes).count() : page.evaluate(effect.changes);
}

/** Waits until an effect is another one than it was. */
async function untilOther(page: Page, effect: Effect, before: unknown): Promise<void> {
  await expect.poll(() => readEffect(page, effect), { timeout: 10_000 }).not.toEqual(before);
}

const pressOf = (chord: Chord) =>
  [chord.ctrl ? 'Control' : [], chord.shift ? 'Shift' : [], 'code' in chord ? chord.code : chord.key]
    .flat()
    .join('+');

describe('every key that stands on the sheet', () => {
  const consoles = new Map<string, Console>();
  beforeAll(async () => {
    const situation = await openSession(varta.system.url, 'situation');
    // As many as the queue and the phone need to go from one to the next.
    for (const areaId of ['ua-68-itt-1-cell-1', AREA, 'ua-68-itt-1-cell-2'])
      await situation.post('/api/v1/flags', { areaId, category: 'medical', severity: 1, note: 'вигадано' });
    for (const username of new Set(Object.values(PLACES).map((place) => place.username)))
      consoles.set(username, await varta.signIn(username));
  });

  it.each([...SHORTCUTS])('$id ($where) does what the sheet says', async ({ id, where, chords }) => {
    const { username, path, ready, focused } = PLACES[where];
    const effect = EFFECTS[id];
    const page = consoles.get(username)?.page;
    if (!page) throw new Error(`nobody is signed in as ${username}`);
    await page.goto(`${varta.system.url}${path}`);
    await page.locator(ready).first().waitFor();
    const target = FOCUSED[id] ?? focused;
    const focus = async () => {
      if (target) await page.locator(target).first().focus();
    };
    await focus();
    if (BEFORE[id]) {
      const first = await readEffect(page, effect);
      for (const key of BEFORE[id]) await page.keyboard.press(key);
      if ('changes' in effect) await untilOther(page, effect, first);
      await focus();
    }
    if (NEEDS[id]) await page.locator(NEEDS[id]).waitFor();
    const before = await readEffect(page, effect);
    if ('comes' in effect) expect(before).toBe(0);
    await page.keyboard.press(PRESSED[id] ?? pressOf(chords[0]));
    await untilOther(page, effect, before);
  });
});

it('an operator finds an area, looks at it, raises a flag, takes it and fills a display, and touches no mouse', async () => {
  const session = await openSession(varta.system.url, 'situation');
  // Long before it is taken: cards are put together anew when another alarm comes.
  const raised = await session.post('/api/v1/flags', {
    areaId: 'ua-68-itt-1-cell-2',
    category: 'medical',
    severity: 1,
    note: 'вигадано',
  });
  expect(raised.ok).toBe(true);
  const screen = await enrolScreen(varta.browser, { url: varta.system.url, session, name: 'Головна' });
  await using console = await varta.signIn('situation', {
    path: '/?grid=9&feedSource=edge&kind=cell',
  });
  const { page } = console;
  await page.locator('[data-slot="0"]').waitFor();
  const area = areas.find(({ id }) => id === AREA);
  const facility = facilities.find(({ id }) => id === area?.facilityId);

  await command(page, `${area?.name.uk} ${facility?.shortName.uk}`, `area ${AREA}`);
  await page.locator(`[data-zoomable] [data-area-id="${AREA}"][data-state="live"]`).waitFor();
  const card = page.locator('[data-zoomable] ~ aside article[data-flag="raised"]', { hasText: 'Негайно' });
  const before = await card.count();
  await page.keyboard.press('KeyF');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => card.count()).toBe(before + 1);

  await page.keyboard.press('KeyA');
  await expect.poll(() => card.count(), { timeout: 10_000 }).toBe(0);
  await page.keyboard.press('Escape');
  await page.locator('[data-zoomable]').waitFor({ state: 'detached' });

  // From the wall it is two keys.
  await page.locator('#alarm-list article[data-flag="raised"]').first().waitFor();
  await page.keyboard.press('KeyT');
  const first = await page.evaluate(
    () => document.activeElement?.closest<HTMLElement>('#alarm-list [data-flag="raised"]')?.dataset.flagId,
  );
  expect(first).toBeDefined();
  await page.keyboard.press('Enter');
  // In a burst its card may go into that of others that were taken.
  const stateOf = async () => Flag.parse(await (await session.get(`/api/v1/flags/${first}`)).json()).state;
  await expect.poll(stateOf, { timeout: 10_000 }).toBe('acknowledged');

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
