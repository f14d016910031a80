import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, signIn } from './fixtures/browser.ts';
import { startSystem } from './fixtures/system.ts';
import { playSamples } from './screen-samples.ts';
import { SHOTS, type Shot, settle } from './screen-shots.ts';

/**
 * Takes the pictures of `docs/screens/` from the running sample nation: `npm run screens`. All of them, or those that are
 * named: `npm run screens -- wall digest`. Another folder: SCREENS_DIR. A nation that runs already: SCREENS_URL.
 */
const FOLDER = resolve(process.env.SCREENS_DIR ?? resolve(import.meta.dirname, '../../docs/screens'));
const DESK = { width: 1920, height: 1080 };
const SIZES = [DESK, { width: 390, height: 844 }];
const LARGE = { width: 3840, height: 2160 };
const LANGUAGES = ['uk', 'en'] as const;
const LOCALES = { uk: 'uk-UA', en: 'en-GB' } as const;
/** Photographs of a wall are most of what is seen: more would be bytes that nobody sees. */
const QUALITY = 72;

const wanted = new Set(process.argv.slice(2));
const isWanted = (name: string) => wanted.size === 0 || wanted.has(name);

async function take(page: Page, name: string, sizes: readonly (typeof DESK)[]): Promise<void> {
  for (const { width, height } of sizes) {
    await page.setViewportSize({ width, height });
    await settle(page);
    const path = resolve(FOLDER, `${name}-${width}.jpg`);
    await page.screenshot({ path, type: 'jpeg', quality: QUALITY });
  }
}

async function takeSignIn(browser: Browser, url: string): Promise<void> {
  for (const language of LANGUAGES) {
    const context = await browser.newContext({ viewport: DESK, colorScheme: 'dark' });
    const page = await context.newPage();
    await page.goto(`${url}/?lang=${language}`);
    await page.waitForSelector('input[type="password"]');
    await take(page, `sign-in-${language}`, [...SIZES, LARGE]);
    await context.close();
  }
}

/** All pages of a person: one sign-in a language, and each page opened once for all its sizes. */
async function takeOf(user: string, shots: readonly Shot[]): Promise<void> {
  for (const language of LANGUAGES) {
    await using console = await signIn(browser, url, user, { path: '/healthz', locale: LOCALES[language] });
    const { page } = console;
    for (const { name, path, large, ready } of shots) {
      await page.setViewportSize(DESK);
      try {
        await page.goto(`${url}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
        await ready(page);
        await take(page, `${name}-${language}`, large ? [...SIZES, LARGE] : SIZES);
      } catch (error) {
        // One page that is not there must not cost all the others.
        failed.push(`${name}-${language}: ${String(error).split('\n')[0]}`);
      }
    }
  }
}

const failed: string[] = [];
mkdirSync(FOLDER, { recursive: true });
await using stack = new AsyncDisposableStack();
const url = process.env.SCREENS_URL ?? stack.use(await startSystem()).url;
const browser = stack.adopt(await launchBrowser(), (it) => it.close());
if (process.env.SCREENS_URL === undefined) await playSamples(browser, url);
if (isWanted('sign-in')) await takeSignIn(browser, url);
for (const [user, shots] of Map.groupBy(SHOTS, (shot) => shot.user ?? 'situation')) {
  const asked = shots.filter(({ name }) => isWanted(name));
  if (asked.length > 0) await takeOf(user, asked);
}
for (const line of failed) process.stderr.write(`${line}\n`);
if (failed.length > 0) process.exitCode = 1;
