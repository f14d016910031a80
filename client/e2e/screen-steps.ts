import type { Page, Route } from 'playwright-core';
import { z } from 'zod';

/** What is done on a page before its picture is taken, and when it is there. */
const PATIENCE_MS = 60_000;
const patient = { timeout: PATIENCE_MS };

/** Those of a sample nation, all together. */
export interface Cameras {
  /** From now on they send nothing. */
  stop(): void;
  goOn(): void;
}

export const has = (selector: string) => (page: Page) => page.waitForSelector(selector, patient);
export const hasHidden = (selector: string) => (page: Page) =>
  page.waitForSelector(selector, { ...patient, state: 'attached' });

/** A display with the tiles of its scene, all of them moving. */
export async function playing(page: Page): Promise<void> {
  await page.waitForSelector('[data-scene] [data-area-id]', patient);
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll('[data-scene] [data-area-id][data-state]')].every(
        (tile) => tile instanceof HTMLElement && tile.dataset.state === 'live',
      ),
    undefined,
    patient,
  );
}

/** A display with a map, and an alarm beside it that plays. */
export async function mapWithAlarm(page: Page): Promise<void> {
  await hasHidden('[data-scene-map][data-open="true"] [data-outlines="true"] [data-detail]')(page);
  await page.waitForSelector('[data-held] [data-area-id][data-state="live"]', patient);
}

export async function wallWithMap(page: Page): Promise<void> {
  await hasHidden('[data-map="ua"]')(page);
  await page.waitForSelector('[data-state="live"]', patient);
}

/** Each display has told how it does, and those that play are seen small, with a still in each of their places. */
export async function displaysAtWork(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const cards = [...document.querySelectorAll('[data-display-id]')];
      const tilesOf = (card: Element) => [...card.querySelectorAll('ul > li')];
      const isAtWork = (card: Element) =>
        card.querySelector('[data-health="well"]') !== null &&
        tilesOf(card).every((tile) => tile.querySelector('img') !== null);
      return cards.every(isAtWork) && cards.filter((card) => tilesOf(card).length > 0).length > 1;
    },
    undefined,
    patient,
  );
}

/** What the wall can be filtered by. What opens over tiles waits for them: nobody can tell later how they do below it. */
export async function openFilter(page: Page): Promise<void> {
  await page.waitForSelector('[data-state="live"]', patient);
  await settle(page);
  await page.getByRole('button', { name: /^(Фільтр|Filter)$/ }).click(patient);
  await page.waitForSelector('[role="dialog"]', patient);
}

/** Some areas by their names. */
export async function openPalette(page: Page): Promise<void> {
  await page.waitForSelector('[data-state="live"]', patient);
  await settle(page);
  await page.keyboard.press('Control+k');
  const isUkrainian = (await page.locator('html').getAttribute('lang')) === 'uk';
  await page.keyboard.type(isUkrainian ? 'камера 1' : 'cell 1');
  await page.waitForSelector('[data-command^="area "]', patient);
}

export async function openShortcuts(page: Page): Promise<void> {
  await page.waitForSelector('[data-state="live"]', patient);
  await settle(page);
  await page.keyboard.press('?');
  await page.waitForSelector('[data-shortcut]', patient);
}

/** A flag on the area that is enlarged. */
export async function openRaise(page: Page): Promise<void> {
  await page.waitForSelector('[data-state="live"]', patient);
  await settle(page);
  await page.keyboard.press('f');
  await page.waitForSelector('[role="dialog"] textarea', patient);
}

/** What is to be put on displays. */
export async function openPush(page: Page): Promise<void> {
  await displaysAtWork(page);
  const card = page.locator('[data-display-id]').first();
  await card.getByRole('button', { name: /^(Вивести|Put on)/ }).click(patient);
  await page.waitForSelector('[role="dialog"] form', patient);
}

/** A tour that is being changed. */
export async function openTour(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^(Змінити|Change)/ })
    .first()
    .click(patient);
  await page.locator('[role="dialog"] [data-step="0"] [aria-expanded]').click(patient);
}

/** Stills are taken of what has been watched for so long, with time for all of a page. */
const STILLS_MS = 20_000;

/**
 * A wall on which everything that can be said instead of a picture is said at once: one facility's equipment and an area
 * are closed already; now all cameras stop, of which some were on the wall and others have only a still.
 */
export async function failOnWall(page: Page, cameras: Cameras): Promise<void> {
  for (const state of ['live', 'lost', 'confidential']) await has(`[data-state="${state}"]`)(page);
  await page.waitForTimeout(STILLS_MS);
  await divide(page, 16);
  cameras.stop();
  await divide(page, 25);
  for (const fresh of ['frozen', 'still']) await has(`[data-fresh="${fresh}"]`)(page);
}

/** So many tiles on the wall. */
async function divide(page: Page, count: number): Promise<void> {
  await page.locator('[data-layout-menu]').click(patient);
  await page.getByRole('button', { name: String(count), exact: true }).click(patient);
  await page.keyboard.press('Escape');
}

/** The person whose clock presses most. */
export async function openCase(page: Page): Promise<void> {
  await page.locator('a[data-case-id]').first().click(patient);
  await page.waitForSelector('article[data-case-id]', patient);
}

/** The part that is being handed over. */
export async function openHandover(page: Page): Promise<void> {
  await page.locator('main a[href^="/handover/"]').first().click(patient);
  await page.waitForSelector('[data-acknowledge]', patient);
}

/** Of the month that runs. */
export async function openDigest(page: Page): Promise<void> {
  await page.locator('a[href^="/figures/digest"]').click(patient);
  await page.waitForSelector('article table', patient);
}

/** Evidence that somebody looks at. */
export async function lookAtEvidence(page: Page): Promise<void> {
  await page.locator('[data-evidence="kept"] figure button').first().click(patient);
  await page.waitForSelector('[data-evidence="kept"] figure img', patient);
}

/** What one writes down after a call. */
export async function openCall(page: Page): Promise<void> {
  await page.locator('article[data-flag-id]').waitFor(patient);
  await page.keyboard.press('n');
  await page.waitForSelector('[role="dialog"]', patient);
}

/** The most urgent flag of the queue, with what there is on it where that stands beside. */
export const lookAtFlag = (page: Page) =>
  has('input[data-pick]')(page).then(() => page.keyboard.press('ArrowDown'));

/** A burst, picked as one: the first flag that others are like. */
export async function pickBurst(page: Page): Promise<void> {
  const boxes = page.locator('input[data-pick]');
  const picked = page.locator('[data-picked-count]');
  await boxes.first().waitFor(patient);
  for (const box of await boxes.all()) {
    await box.check(patient);
    await page.keyboard.press('s');
    if ((await picked.getAttribute('data-picked-count', patient)) !== '1') return;
    await box.uncheck(patient);
  }
  throw new Error('no flag is like another one');
}

export async function startRound(page: Page): Promise<void> {
  const start = page.getByRole('button', { name: /^(Почати обхід|Start)/ });
  await start.or(page.locator('form')).first().waitFor(patient);
  if ((await start.count()) > 0) await start.click(patient);
  await page.waitForSelector('form', patient);
}

export async function openRoom(page: Page): Promise<void> {
  await page.locator('a[data-room-id]').first().click(patient);
  await page.waitForSelector('a[href$="/CONDITIONS_MEASURED"]', patient);
}

export async function openRoomRecord(page: Page): Promise<void> {
  await openRoom(page);
  await page.locator('a[href$="/CONDITIONS_MEASURED"]').click(patient);
  await page.waitForSelector('form', patient);
}

export async function openPerson(page: Page): Promise<void> {
  await page.locator('a[data-case-id]').first().click(patient);
  await page.waitForSelector('a[href$="/COMPLAINT"]', patient);
}

export async function openPersonRecord(page: Page): Promise<void> {
  await openPerson(page);
  await page.locator('a[href$="/COMPLAINT"]').click(patient);
  await page.waitForSelector('form', patient);
}

/** A record that the server took, and one that it refused: its time was spoilt on the way there. */
export async function makeRecords(page: Page): Promise<void> {
  await recordWater(page);
  await page.waitForSelector('[data-record-state="taken"]', patient);
  await page.route(EVENTS, spoil);
  await page.locator('nav a[href="/inspect/people"]').click(patient);
  await recordWater(page);
  await page.waitForSelector('[data-record-state="refused"]', patient);
  await page.unroute(EVENTS, spoil);
}

/** The record that was refused, to be put right. */
export async function mendRecord(page: Page): Promise<void> {
  await page.locator('[data-record-state="refused"] a').first().click(patient);
  await page.waitForSelector('form', patient);
}

async function recordWater(page: Page): Promise<void> {
  await page.locator('a[data-case-id]').first().click(patient);
  await page.locator('a[href$="/WATER"]').click(patient);
  await page.locator('form button[type="submit"]').click(patient);
  await page.locator('form').waitFor({ ...patient, state: 'detached' });
  await page.locator('nav a[href="/inspect/records"]').click(patient);
}

const EVENTS = '**/custody/events';
const Batch = z.looseObject({ events: z.array(z.looseObject({ occurredAt: z.string() })) });
const SPOILT = '2001-01-01T00:00:00.000Z';

async function spoil(route: Route): Promise<void> {
  const batch = Batch.parse(route.request().postDataJSON());
  const events = batch.events.map((event) => ({ ...event, occurredAt: SPOILT }));
  await route.continue({ postData: JSON.stringify({ ...batch, events }) });
}

/** For so long a page takes another size before it says anything of its tiles: until then they say what was at the old one. */
const RESIZE_MS = 1_000;

/** Gives a page another size, and it the time to see that. */
export async function resize(page: Page, size: { width: number; height: number }): Promise<void> {
  const before = page.viewportSize();
  if (before?.width === size.width && before.height === size.height) return;
  await page.setViewportSize(size);
  await page.waitForTimeout(RESIZE_MS);
}

/**
 * Waits until a page has settled after it was opened or has got another size: letters are there, nothing is being read,
 * the data are current, and the last change has been painted. Of several tiles in sight at least one moves, and none
 * is still waiting for its picture, unless that is what is to be seen.
 *
 * @throws what Playwright throws when the page does not settle
 */
export async function settle(page: Page, { waitsForTiles = true } = {}): Promise<void> {
  await page.waitForFunction(
    (waitsForTiles) => {
      const tiles = [...document.querySelectorAll<HTMLElement>('[data-area-id][data-state]')].filter(
        (tile) => {
          const box = tile.getBoundingClientRect();
          const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
          const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
          if (left >= right || top >= bottom) return false;
          // Behind an enlarged area the wall stands as it was.
          return tile.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
        },
      );
      const states = tiles.map(({ dataset }) => dataset.state);
      return (
        document.fonts.status === 'loaded' &&
        document.querySelector('[aria-busy="true"]') === null &&
        // How old the data are, in a number: they are there.
        [...document.querySelectorAll('[data-testid="data-age"] > :first-child')].every((age) =>
          /\d/.test(age.textContent),
        ) &&
        [...document.images].every((image) => image.complete) &&
        (!waitsForTiles ||
          ((states.length < 2 || states.includes('live')) &&
            !states.includes('connecting') &&
            !states.includes('idle')))
      );
    },
    waitsForTiles,
    patient,
  );
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(undefined)))),
  );
  // The map draws a canvas, slowly where there is no graphics card, and says nowhere when it has.
  if ((await page.locator('canvas').count()) > 0) await page.waitForTimeout(3_000);
}
