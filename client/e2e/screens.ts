import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser, signIn } from './fixtures/browser.ts';
import { openRoom, type Room } from './fixtures/room.ts';
import { type System, startSystem } from './fixtures/system.ts';
import { playFailures, playSamples } from './screen-samples.ts';
import {
  DISPLAY_SHOTS,
  LANGUAGES,
  type Language,
  MAP_SHOT,
  pictureName,
  SHOTS,
  type Shot,
  SIZES,
  SPAN_SHOT,
} from './screen-shots.ts';
import { type Cameras, mapWithAlarm, playing, resize, settle } from './screen-steps.ts';

/**
 * Takes the pictures of `docs/screens/` from the running sample nation: `npm run screens`. All of them, or those that are
 * named: `npm run screens -- wall digest`. Another folder: SCREENS_DIR. A nation that runs already: SCREENS_URL; what
 * fails in pictures fails in our own alone. Fields of dates are the browser's own: in Ukrainian where it knows that (on
 * Debian: chromium-l10n).
 */
const FOLDER = resolve(process.env.SCREENS_DIR ?? resolve(import.meta.dirname, '../../docs/screens'));
const GIVEN_URL = process.env.SCREENS_URL;
const LOCALES = { uk: 'uk-UA', en: 'en-GB' } as const;
/** Of WebP. Letters stay sharp, and all pictures together stay small enough to lie beside the code. */
const QUALITY = 60;

const wanted = new Set(process.argv.slice(2));
const isWanted = ({ name }: { name: string }) => wanted.size === 0 || wanted.has(name);

/** Where pictures are taken. */
interface Place {
  url: string;
  cameras: Cameras;
}

/** One picture of each size, of a page as it stands there. A size at which it does not settle has none, and is told of. */
async function take(
  page: Page,
  { name, sizes = SIZES, during }: Pick<Shot, 'name' | 'sizes' | 'during'>,
  language: Language,
): Promise<void> {
  for (const { width, height } of sizes)
    await attempt(`${name}-${language}-${width}`, async () => {
      await resize(page, { width, height });
      await settle(page, { waitsForTiles: during !== 'failures' });
      await capture(page, pictureName(name, language, width));
    });
  await page.setViewportSize(SIZES[0]);
}

async function capture(page: Page, file: string): Promise<void> {
  const chromium = await page.context().newCDPSession(page);
  const { data } = await chromium.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  writeFileSync(resolve(FOLDER, file), Buffer.from(data, 'base64'));
  await chromium.detach();
}

/** One page that is not there must not cost all the others. */
async function attempt(name: string, run: () => Promise<void>): Promise<void> {
  await run().catch((error: unknown) => {
    failed.push(`${name}: ${String(error).split('\n')[0]}`);
  });
}

async function takeSignIn({ url }: Place): Promise<void> {
  for (const language of LANGUAGES) {
    const context = await browsers[language].newContext({ viewport: SIZES[0], colorScheme: 'dark' });
    const page = await context.newPage();
    await page.goto(`${url}/?lang=${language}`);
    await page.waitForSelector('input[type="password"]');
    await take(page, { name: 'sign-in' }, language);
    await context.close();
  }
}

async function takeDisplays({ pages }: Room, { url }: Place): Promise<void> {
  for (const { state, ready, ...shot } of DISPLAY_SHOTS.filter(isWanted))
    for (const language of LANGUAGES)
      await attempt(`${shot.name}-${language}`, async () => {
        await pages[state].goto(`${url}/display?lang=${language}`);
        await ready(pages[state]);
        await take(pages[state], shot, language);
      });
}

/** A screen with the country as a map. */
async function takeMap(room: Room, { url }: Place): Promise<void> {
  const page = await room.map();
  for (const language of LANGUAGES)
    await attempt(`${MAP_SHOT.name}-${language}`, async () => {
      await page.goto(`${url}/display?lang=${language}`);
      await mapWithAlarm(page);
      await take(page, MAP_SHOT, language);
    });
}

/** Between two screens, in pixels of the picture of both. */
const FRAME_PX = 8;

/** Two screens with one scene, as they hang beside each other. */
async function takeSpan(room: Room, { url }: Place): Promise<void> {
  const pages = await room.spread();
  const [{ width, height }] = SPAN_SHOT.sizes;
  const one = { width: (width - FRAME_PX) / 2, height: (((width - FRAME_PX) / 2) * height) / width };
  const context = await browsers.uk.newContext({ viewport: { width, height: Math.round(one.height) } });
  for (const language of LANGUAGES)
    await attempt(`${SPAN_SHOT.name}-${language}`, async () => {
      const look = async (page: Page) => {
        await page.goto(`${url}/display?lang=${language}`);
        await page.waitForSelector('[data-span]');
        await playing(page);
        await settle(page);
        return page.screenshot({ type: 'png' });
      };
      const pictures = await Promise.all(pages.map(look));
      const images = pictures.map(
        (png) => `<img width="${one.width}" src="data:image/png;base64,${png.toString('base64')}">`,
      );
      const both = await context.newPage();
      await both.setContent(
        `<body style="margin:0;display:flex;gap:${FRAME_PX}px;background:#000">${images.join('')}</body>`,
      );
      await capture(both, pictureName(SPAN_SHOT.name, language, width));
      await both.close();
    });
  await context.close();
}

/** All pages of a person: one sign-in a language, and each page opened once for all its sizes. */
async function takeOf(user: string, shots: readonly Shot[], { url, cameras }: Place): Promise<void> {
  for (const language of LANGUAGES) {
    await using console = await signIn(browsers[language], url, user, {
      path: '/healthz',
      locale: LOCALES[language],
    });
    const { page } = console;
    for (const { path, ready, alarms = 'right', theme = 'dark', ...shot } of shots)
      await attempt(`${shot.name}-${language}`, async () => {
        await page.evaluate(
          (chosen) => {
            for (const [what, value] of Object.entries(chosen)) localStorage.setItem(`varta.${what}`, value);
          },
          { alarms, theme },
        );
        await page.goto(`${url}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
        try {
          await ready(page, cameras);
          await take(page, shot, language);
        } finally {
          cameras.goOn();
        }
      });
  }
}

/** Everything that is of a nation on an ordinary night; then with a room; then with failures, which stay. */
async function takeNation(place: Place): Promise<void> {
  const meanwhile = Map.groupBy(SHOTS.filter(isWanted), ({ during }) => during);
  if (isWanted({ name: 'sign-in' })) await takeSignIn(place);
  const ofRoom = meanwhile.get('room') ?? [];
  if (ofRoom.length > 0 || [...DISPLAY_SHOTS, SPAN_SHOT, MAP_SHOT].some(isWanted)) {
    await using room = await openRoom(browsers.uk, place.url);
    await takeDisplays(room, place);
    if (ofRoom.length > 0) await takeOf('situation', ofRoom, place);
    if (isWanted(SPAN_SHOT)) await takeSpan(room, place);
    if (isWanted(MAP_SHOT)) await takeMap(room, place);
  }
  const ordinary = Map.groupBy(meanwhile.get(undefined) ?? [], ({ user = 'situation' }) => user);
  for (const [user, shots] of ordinary) await takeOf(user, shots, place);
  const failing = meanwhile.get('failures') ?? [];
  if (failing.length === 0 || place.url === GIVEN_URL) return;
  await playFailures(browsers.uk, place.url);
  await takeOf('situation', failing, place);
}

/** A place of our own. */
function placeOf(system: System): Place {
  const signal = (name: NodeJS.Signals) => {
    const { pid } = system.processOf('sample') ?? {};
    if (pid !== undefined) process.kill(pid, name);
  };
  return {
    url: system.url,
    cameras: { stop: () => signal('SIGSTOP'), goOn: () => signal('SIGCONT') },
  };
}

/** That of somebody else, who keeps the cameras. */
const away = (url: string): Place => ({ url, cameras: { stop: () => undefined, goOn: () => undefined } });

async function takeUkraine(): Promise<void> {
  if (GIVEN_URL !== undefined) return takeNation(away(GIVEN_URL));
  await using system = await startSystem();
  await playSamples(browsers.uk, system.url);
  await takeNation(placeOf(system));
}

async function takeKazakhstan(shots: readonly Shot[]): Promise<void> {
  await using system = await startSystem({ SAMPLE_NATION: 'kz' });
  await takeOf('situation', shots, placeOf(system));
}

const failed: string[] = [];
mkdirSync(FOLDER, { recursive: true });
await using stack = new AsyncDisposableStack();
const launch = async (language: Language) =>
  stack.adopt(await launchBrowser({ language }), (it) => it.close());
const browsers = { uk: await launch('uk'), en: await launch('en') };
const elsewhere = SHOTS.filter((shot) => shot.during === 'kz' && isWanted(shot));
if (wanted.size === 0 || wanted.size > elsewhere.length) await takeUkraine();
if (elsewhere.length > 0 && GIVEN_URL === undefined) await takeKazakhstan(elsewhere);
for (const line of failed) process.stderr.write(`${line}\n`);
if (failed.length > 0) process.exitCode = 1;
