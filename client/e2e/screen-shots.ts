import type { Page } from 'playwright-core';

/** A page of the program, and when it is ready to have its picture taken. */
export interface Shot {
  name: string;
  path: string;
  /** Whose page it is. @default 'situation' */
  user?: string;
  /** Also on a large display of 3840 by 2160. @default false */
  large?: true;
  ready(page: Page): Promise<unknown>;
}

const PATIENCE_MS = 60_000;

const has = (selector: string) => (page: Page) => page.waitForSelector(selector, { timeout: PATIENCE_MS });
/** The page itself, not the notice that it is being opened. */
const opened = has('main h1:not(:has-text("Відкриваємо")):not(:has-text("Opening"))');
const hasHidden = (selector: string) => (page: Page) =>
  page.waitForSelector(selector, { timeout: PATIENCE_MS, state: 'attached' });

/** Every page that people use, by the account that uses it. Of details, one of each. */
export const SHOTS: readonly Shot[] = [
  { name: 'wall', path: '/?kind=cell&feedSource=edge', large: true, ready: has('[data-state="live"]') },
  {
    name: 'focus',
    path: '/?region=UA-68&area=ua-68-itt-2-cell-1',
    large: true,
    ready: has('[data-state="live"]'),
  },
  { name: 'map', path: '/map', large: true, ready: hasHidden('[data-facility-count="126"]') },
  { name: 'flags', path: '/flags', large: true, ready: has('[data-flag-id]') },
  { name: 'cases', path: '/cases', large: true, ready: has('a[data-case-id]') },
  { name: 'case', path: '/cases', large: true, ready: openCase },
  { name: 'handover', path: '/handover', large: true, ready: openHandover },
  { name: 'complaints', path: '/complaints', large: true, ready: has('[data-complaint]') },
  { name: 'figures', path: '/figures', large: true, ready: has('table') },
  { name: 'digest', path: '/figures/digest?month=2026-11', large: true, ready: has('table') },
  { name: 'displays', path: '/displays', large: true, ready: opened },
  { name: 'alerts', path: '/alerts', ready: has('input[type="range"]') },
  { name: 'account', path: '/account', ready: has('li code, li p') },
  { name: 'handover-open', path: '/handover', user: 'duty-68', ready: has('form textarea') },
  { name: 'handover-part', path: '/handover', ready: has('form textarea') },
  { name: 'hotline', path: '/complaints', user: 'hotline', ready: has('form textarea') },
  { name: 'oncall', path: '/oncall', user: 'oncall', large: true, ready: has('article[data-flag-id]') },
  { name: 'oncall-call', path: '/oncall', user: 'oncall', ready: openCall },
  { name: 'flags-picked', path: '/flags', ready: pickBurst },
  { name: 'viewings', path: '/audit', user: 'oversight', ready: opened },
  { name: 'watching', path: '/audit/watching', user: 'oversight', ready: opened },
  { name: 'audit', path: '/audit/entries', user: 'oversight', ready: has('details') },
  { name: 'seals', path: '/audit/seals', user: 'oversight', ready: has('[data-seal]') },
  { name: 'holds', path: '/audit/holds', user: 'oversight', ready: opened },
  { name: 'admin', path: '/admin', user: 'admin', large: true, ready: has('[data-intake-key]') },
  { name: 'inspect', path: '/inspect', user: 'inspector', ready: has('a[data-room-id]') },
  { name: 'round', path: '/inspect/round', user: 'inspector', ready: startRound },
  { name: 'record', path: '/inspect/people', user: 'inspector', ready: openComplaint },
];

/** The person whose clock presses most. */
async function openCase(page: Page): Promise<void> {
  await page.locator('a[data-case-id]').first().click({ timeout: PATIENCE_MS });
  await page.waitForSelector('article[data-case-id]', { timeout: PATIENCE_MS });
}

/** The part that is being handed over. */
async function openHandover(page: Page): Promise<void> {
  await page.locator('main a[href^="/handover/"]').first().click({ timeout: PATIENCE_MS });
  await page.waitForSelector('[data-acknowledge]', { timeout: PATIENCE_MS });
}

async function startRound(page: Page): Promise<void> {
  const start = page.getByRole('button', { name: /^(Почати обхід|Start)/ });
  await start.or(page.locator('form')).first().waitFor({ timeout: PATIENCE_MS });
  if ((await start.count()) > 0) await start.click({ timeout: PATIENCE_MS });
  await page.waitForSelector('form', { timeout: PATIENCE_MS });
}

/** What one writes down after a call. */
async function openCall(page: Page): Promise<void> {
  await page.locator('article[data-flag-id]').waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press('n');
  await page.waitForSelector('[role="dialog"]', { timeout: PATIENCE_MS });
}

/** A burst, picked as one. */
async function pickBurst(page: Page): Promise<void> {
  await page.locator('input[data-pick]').first().check({ timeout: PATIENCE_MS });
  await page.keyboard.press('s');
  await page.waitForSelector('[data-picked-count]', { timeout: PATIENCE_MS });
}

async function openComplaint(page: Page): Promise<void> {
  await page.locator('a[data-case-id]').first().click({ timeout: PATIENCE_MS });
  await page.locator('a[href$="/COMPLAINT"]').click({ timeout: PATIENCE_MS });
  await page.waitForSelector('form', { timeout: PATIENCE_MS });
}

/**
 * Waits until a page has settled after it was opened or has got another size: letters are there, nothing is being read,
 * no tile is still connecting, and the last change has been painted. What does not settle is taken as it is.
 */
export async function settle(page: Page): Promise<void> {
  await page
    .waitForFunction(
      () =>
        document.fonts.status === 'loaded' &&
        document.querySelector('[aria-busy="true"]') === null &&
        [...document.images].every((image) => image.complete) &&
        document.querySelector('[data-state="connecting"], [data-state="idle"] video') === null,
      undefined,
      { timeout: 12_000 },
    )
    .catch(() => {});
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(undefined)))),
  );
  // The map draws a canvas, slowly where there is no graphics card, and says nowhere when it has.
  if ((await page.locator('canvas').count()) > 0) await page.waitForTimeout(3_000);
}
