import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser, signIn } from './fixtures/browser.ts';
import { openRoom, type Room } from './fixtures/room.ts';
import { startSystem } from './fixtures/system.ts';
import { playSamples } from './screen-samples.ts';
import {
  DISPLAY_SHOTS,
  LANGUAGES,
  type Language,
  pictureName,
  SHOTS,
  type Shot,
  SIZES,
} from './screen-shots.ts';
import { resize, settle } from './screen-steps.ts';

/**
 * Takes the pictures of `docs/screens/` from the running sample nation: `npm run screens`. All of them, or those that are
 * named: `npm run screens -- wall digest`. Another folder: SCREENS_DIR. A nation that runs already: SCREENS_URL. Fields of
 * dates are the browser's own: in Ukrainian where it knows that (on Debian: chromium-l10n).
 */
const FOLDER = resolve(process.env.SCREENS_DIR ?? resolve(import.meta.dirname, '../../docs/screens'));
const LOCALES = { uk: 'uk-UA', en: 'en-GB' } as const;
/** Of WebP. Letters stay sharp, and all pictures together stay small enough to lie beside the code. */
const QUALITY = 60;

const wanted = new Set(process.argv.slice(2));
const isWanted = ({ name }: { name: string }) => wanted.size === 0 || wanted.has(name);

/** One picture of each size, of a page as it stands there. A size at which it does not settle has none, and is told of. */
async function take(
  page: Page,
  { name, sizes = SIZES }: Pick<Shot, 'name' | 'sizes'>,
  language: Language,
): Promise<void> {
  const chromium = await page.context().newCDPSession(page);
  for (const { width, height } of sizes)
    await attempt(`${name}-${language}-${width}`, async () => {
      await resize(page, { width, height });
      await settle(page);
      const { data } = await chromium.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
      writeFileSync(resolve(FOLDER, pictureName(name, language, width)), Buffer.from(data, 'base64'));
    });
  await chromium.detach();
  await page.setViewportSize(SIZES[0]);
}

/** One page that is not there must not cost all the others. */
async function attempt(name: string, run: () => Promise<void>): Promise<void> {
  await run().catch((error: unknown) => {
    failed.push(`${name}: ${String(error).split('\n')[0]}`);
  });
}

async function takeSignIn(url: string): Promise<void> {
  for (const language of LANGUAGES) {
    const context = await browsers[language].newContext({ viewport: SIZES[0], colorScheme: 'dark' });
    const page = await context.newPage();
    await page.goto(`${url}/?lang=${language}`);
    await page.waitForSelector('input[type="password"]');
    await take(page, { name: 'sign-in' }, language);
    await context.close();
  }
}

async function takeDisplays({ pages }: Room, url: string): Promise<void> {
  for (const { name, state, ready } of DISPLAY_SHOTS.filter(isWanted))
    for (const language of LANGUAGES)
      await attempt(`${name}-${language}`, async () => {
        await pages[state].goto(`${url}/display?lang=${language}`);
        await ready(pages[state]);
        await take(pages[state], { name }, language);
      });
}

/** All pages of a person: one sign-in a language, and each page opened once for all its sizes. */
async function takeOf(user: string, shots: readonly Shot[]): Promise<void> {
  for (const language of LANGUAGES) {
    await using console = await signIn(browsers[language], url, user, {
      path: '/healthz',
      locale: LOCALES[language],
    });
    const { page } = console;
    for (const { name, path, ready, sizes = SIZES, alarms = 'right', theme = 'dark' } of shots)
      await attempt(`${name}-${language}`, async () => {
        await page.evaluate(
          (chosen) => {
            for (const [what, value] of Object.entries(chosen)) localStorage.setItem(`varta.${what}`, value);
          },
          { alarms, theme },
        );
        await page.goto(`${url}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
        await ready(page);
        await take(page, { name, sizes }, language);
      });
  }
}

const failed: string[] = [];
mkdirSync(FOLDER, { recursive: true });
await using stack = new AsyncDisposableStack();
const url = process.env.SCREENS_URL ?? stack.use(await startSystem()).url;
const launch = async (language: Language) =>
  stack.adopt(await launchBrowser({ language }), (it) => it.close());
const browsers = { uk: await launch('uk'), en: await launch('en') };
if (process.env.SCREENS_URL === undefined) await playSamples(browsers.uk, url);
if (isWanted({ name: 'sign-in' })) await takeSignIn(url);
const asked = SHOTS.filter(isWanted);
const ofRoom = asked.filter(({ withRoom }) => withRoom);
if (ofRoom.length > 0 || DISPLAY_SHOTS.some(isWanted)) {
  await using room = await openRoom(browsers.uk, url);
  await takeDisplays(room, url);
  await takeOf('situation', ofRoom);
}
for (const [user, shots] of Map.groupBy(
  asked.filter(({ withRoom }) => !withRoom),
  (shot) => shot.user ?? 'situation',
))
  await takeOf(user, shots);
for (const line of failed) process.stderr.write(`${line}\n`);
if (failed.length > 0) process.exitCode = 1;
