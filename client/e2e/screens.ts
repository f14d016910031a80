import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, signIn } from './fixtures/browser.ts';
import { startSystem } from './fixtures/system.ts';

/** Takes the pictures of `docs/screens/` from the running sample nation: `npm run screens`. */
const FOLDER = resolve(import.meta.dirname, '../../docs/screens');
const SIZES = [
  { width: 1920, height: 1080 },
  { width: 3840, height: 2160 },
  { width: 390, height: 844 },
];
const LANGUAGES = ['uk', 'en'] as const;

/** A page, and what to wait for before the picture is taken. */
interface Shot {
  name: string;
  path: string;
  /** Whose page it is. @default 'situation' */
  user?: string;
  ready(page: Page): Promise<unknown>;
}

const playing = (atLeast: number) => (page: Page) =>
  page.waitForFunction(
    (count) => document.querySelectorAll('[data-area-id][data-state="live"]').length >= count,
    atLeast,
    { timeout: 60_000 },
  );

const SHOTS: readonly Shot[] = [
  { name: 'wall', path: '/?kind=cell&feedSource=edge', ready: playing(1) },
  { name: 'focus', path: '/?region=UA-68&area=ua-68-itt-2-cell-1', ready: playing(1) },
  {
    name: 'map',
    path: '/map',
    ready: (page) =>
      page.waitForSelector('[data-facility-count="126"]', { state: 'attached', timeout: 60_000 }),
  },
  { name: 'figures', path: '/figures', ready: (page) => page.waitForSelector('table', { timeout: 60_000 }) },
  {
    name: 'digest',
    path: '/figures/digest?month=2026-11',
    ready: (page) => page.waitForSelector('table', { timeout: 60_000 }),
  },
  { name: 'flags', path: '/flags', ready: (page) => page.waitForLoadState('networkidle') },
  { name: 'handover', path: '/handover', ready: (page) => page.waitForSelector('[data-acknowledge]') },
  {
    name: 'audit',
    path: '/audit/seals',
    user: 'oversight',
    ready: (page) => page.waitForSelector('[data-seal]'),
  },
  { name: 'cases', path: '/cases', ready: (page) => page.waitForSelector('a[data-case-id]') },
  { name: 'case', path: '/cases', ready: openCase },
  {
    name: 'inspect',
    path: '/inspect',
    user: 'inspector',
    ready: (page) => page.waitForSelector('a[data-room-id]'),
  },
  { name: 'round', path: '/inspect/round', user: 'inspector', ready: startRound },
  { name: 'record', path: '/inspect/people', user: 'inspector', ready: openComplaint },
];

/** The person whose clock presses most. */
async function openCase(page: Page): Promise<void> {
  await page.locator('a[data-case-id]').first().click();
  await page.waitForSelector('article[data-case-id]');
}

async function startRound(page: Page): Promise<void> {
  await page.locator('section button').first().click();
  await page.waitForSelector('form');
}

async function openComplaint(page: Page): Promise<void> {
  await page.locator('a[data-case-id]').first().click();
  await page.locator('a[href$="/COMPLAINT"]').click();
  await page.waitForSelector('form');
}

async function takeAll(browser: Browser, url: string): Promise<void> {
  for (const { width, height } of SIZES) {
    for (const language of LANGUAGES) {
      const suffix = `${language}-${width}.png`;
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: 'dark' });
      const door = await context.newPage();
      await door.goto(`${url}/?lang=${language}`);
      await door.waitForSelector('input[type="password"]');
      await door.screenshot({ path: resolve(FOLDER, `sign-in-${suffix}`) });
      await context.close();

      for (const { name, path, user = 'situation', ready } of SHOTS) {
        await using console = await signIn(browser, url, user, {
          path: `${path}${path.includes('?') ? '&' : '?'}lang=${language}`,
          width,
          height,
        });
        await ready(console.page);
        // Pictures arrive tile by tile, and the map's first paint is slow without a graphics card.
        await console.page.waitForTimeout(name === 'map' ? 8_000 : 5_000);
        await console.page.screenshot({ path: resolve(FOLDER, `${name}-${suffix}`) });
      }
    }
  }
}

mkdirSync(FOLDER, { recursive: true });
await using system = await startSystem();
await using stack = new AsyncDisposableStack();
const browser = stack.adopt(await launchBrowser(), (it) => it.close());
await raiseSampleFlags(browser, system.url);
await openSampleHandover(browser, system.url);
await takeAll(browser, system.url);

/** Some flags, so that the alarm zone is seen at work. */
async function raiseSampleFlags(of: Browser, url: string): Promise<void> {
  await using console = await signIn(of, url, 'situation', { path: '/healthz' });
  const flags = [
    {
      areaId: 'ua-68-itt-2-cell-1',
      category: 'medical',
      severity: 1,
      note: 'Демонстрація: особа просить лікаря',
    },
    {
      areaId: 'ua-53-itt-2-cell-2',
      category: 'missed-check',
      severity: 2,
      note: 'Демонстрація: перевірку пропущено',
    },
    { areaId: 'ua-46-itt-1-cell-1', category: 'overcrowding', severity: 3, note: '' },
    { areaId: 'ua-05-itt-3-cell-2', category: 'complaint', severity: 4, note: '' },
  ];
  for (const flag of flags) {
    const reply = await console.context.request.post(`${url}/api/v1/flags`, {
      data: { id: crypto.randomUUID(), ...flag },
    });
    if (!reply.ok()) throw new Error(`flag on ${flag.areaId}: ${await reply.text()}`);
  }
}

/** A handover of the nation that somebody else than the one in the pictures has opened. */
async function openSampleHandover(of: Browser, url: string): Promise<void> {
  await using console = await signIn(of, url, 'situation-2', { path: '/healthz' });
  const reply = await console.context.request.post(`${url}/api/v1/handovers`, {
    data: { shiftHours: 12, note: 'Демонстрація: ІТТ №2, камера 4 – лікар буде о 15:00' },
  });
  if (!reply.ok()) throw new Error(`handover: ${await reply.text()}`);
}
