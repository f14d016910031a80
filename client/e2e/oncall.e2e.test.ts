import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Flag } from '#contract/flags.ts';
import { openSession, type Session } from './fixtures/api.ts';
import type { Console } from './fixtures/browser.ts';
import { installWayReader } from './fixtures/media-way.ts';
import { eventually } from './fixtures/processes.ts';
import { systemForFile } from './fixtures/started.ts';
import { openThinLine, type ThinLine } from './fixtures/thin-line.ts';

const CELL = 'ua-68-itt-1-cell-1';
const FAR_CELL = 'ua-05-itt-1-cell-1';
/** Of a phone at the edge of a cell: to the page and to its media alike. */
const RATE_BPS = 300_000;
const RTT_MS = 300;
const PATIENCE_MS = 120_000;
const HAND = { width: 390, height: 844 };

const varta = systemForFile({ SAMPLE_EVENTS_PER_SECOND: '0' });
let line: ThinLine;
let situation: Session;

beforeAll(async () => {
  line = await openThinLine(varta.system.mediaPorts);
  situation = await openSession(varta.system.url, 'situation');
});

afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
});

async function raise(areaId: string): Promise<Flag> {
  const body = { areaId, category: 'medical', severity: 1, note: 'вигадано для випробування' };
  const reply = await situation.post('/api/v1/flags', body);
  return Flag.parse(await reply.json());
}

const flagOf = async (id: string) => Flag.parse(await (await situation.get(`/api/v1/flags/${id}`)).json());

const close = (flag: Flag, reason = 'Оглянуто на місці') =>
  situation.post(`/api/v1/flags/${flag.id}/transitions`, { to: 'resolved', reason });

/** A phone of somebody on call. */
const open = (path: string, username = 'oncall', prepare?: (page: Page) => Promise<void>): Promise<Console> =>
  varta.signIn(username, { path, ...HAND, ...(prepare ? { prepare } : {}) });

const shows = (page: Page, flagId: string) =>
  page.locator(`article[data-flag-id="${flagId}"]`).waitFor({ timeout: PATIENCE_MS });

async function onThinNetwork(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: RTT_MS,
    downloadThroughput: RATE_BPS / 8,
    uploadThroughput: RATE_BPS / 8,
  });
  await installWayReader(page, { without: [], withTurn: false });
  await line.lead(page);
}

/** The picture on the page, and over how many connections and streams pictures come. */
const readPicture = (page: Page) =>
  page.evaluate(async () => {
    const { vartaConnections } = window as unknown as { vartaConnections: RTCPeerConnection[] };
    const alive = vartaConnections.filter(({ connectionState }) => connectionState === 'connected');
    let streams = 0;
    for (const connection of alive)
      for (const stats of (await connection.getStats()).values())
        if (stats.type === 'inbound-rtp' && stats.bytesReceived > 0) streams += 1;
    const videos = [...document.querySelectorAll('video')].filter((one) => one.videoWidth > 0);
    return {
      connections: alive.length,
      streams,
      widths: videos.map((one) => one.videoWidth),
      frames: videos[0]?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
    };
  });

describe('a phone with 300 kbit/s and 300 ms', () => {
  it('shows the alert and its moving picture, and takes an answer and a note', async () => {
    const flag = await raise(CELL);
    line.shape({ rateBps: RATE_BPS, delayMs: RTT_MS });
    await using phone = await open('/oncall', 'oncall', onThinNetwork);
    const { page } = phone;
    await shows(page, flag.id);
    await page.getByRole('heading', { name: 'Потрібна медична допомога' }).waitFor();
    // Which alert it is stands in the address: a reload, or a second look, is at the same one.
    await page.waitForURL((url) => url.searchParams.get('flag') === flag.id);

    await page.locator(`[data-area-id="${CELL}"][data-state="live"]`).waitFor({ timeout: PATIENCE_MS });
    const first = await readPicture(page);
    expect(first).toMatchObject({ connections: 1, streams: 1, widths: [320] });
    await eventually('the picture goes on moving', 30_000, async () => {
      const { frames, widths } = await readPicture(page);
      return frames > first.frames + 60 && widths[0] === 320;
    });

    await page.getByRole('button', { name: 'Прийняти' }).click();
    await eventually('the answer is with the server', 20_000, async () => {
      const { state, history } = await flagOf(flag.id);
      return state === 'acknowledged' && history.at(-1)?.by.id === 'oncall';
    });
    await page.getByText('Прийнято', { exact: true }).waitFor({ timeout: 20_000 });

    expect(await page.locator('a[href^="tel:+"]').count()).toBe(1);
    await page.getByRole('button', { name: 'Записати дзвінок' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Що сказано').fill('Лікар у камері, стан стабільний');
    await dialog.getByRole('button', { name: 'Записати' }).click();
    await dialog.waitFor({ state: 'detached', timeout: 30_000 });
    await page.locator('[data-call]').getByText('Лікар у камері').waitFor({ timeout: 20_000 });
    expect((await flagOf(flag.id)).calls).toMatchObject([
      { called: 'Чергова частина закладу', reached: true, by: { id: 'oncall' } },
    ]);
    await close(flag);
  });

  it('is sent nothing while nobody looks', async () => {
    const flag = await raise(CELL);
    line.shape({ rateBps: RATE_BPS, delayMs: RTT_MS });
    await using phone = await open(`/oncall?flag=${flag.id}`, 'oncall', onThinNetwork);
    const { page } = phone;
    await page.locator('[data-state="live"]').waitFor({ timeout: PATIENCE_MS });
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await eventually('no media', 20_000, async () => {
      const before = line.media.packets;
      await page.waitForTimeout(2_000);
      return line.media.packets === before;
    });
    line.shape({});
    await close(flag);
  });
});

describe('on call', () => {
  it('one goes from alert to alert by keys alone, and an answer moves nothing', async () => {
    const first = await raise(CELL);
    const second = await raise('ua-68-itt-1-cell-2');
    const third = await raise(FAR_CELL);
    await using phone = await open('/oncall');
    const { page } = phone;
    await shows(page, first.id);
    await page.keyboard.press('a');
    await page.getByText('Прийнято', { exact: true }).waitFor();
    expect((await flagOf(first.id)).state).toBe('acknowledged');
    await shows(page, first.id);
    await page.keyboard.press('ArrowRight');
    await shows(page, second.id);
    await page.keyboard.press('ArrowRight');
    await shows(page, third.id);
    await page.keyboard.press('ArrowLeft');
    await shows(page, second.id);
    await page.keyboard.press('ArrowLeft');
    await shows(page, first.id);
    // The one that waits, most urgent and for longest, is one step away from everywhere.
    await page.locator('[data-waiting]').click();
    await shows(page, second.id);
    await page.keyboard.press('n');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // What is closed while somebody looks at it says so, and stays.
    await close(second, 'Лікар оглянув');
    await page.getByText('Усунуто, тривогу закрито').waitFor();
    await page.getByText('Лікар оглянув').first().waitFor();
    await page.keyboard.press('ArrowRight');
    await shows(page, third.id);
    await close(first);
    await close(third);
  });

  it('a link that is too old, wrong or not for this person says which', async () => {
    const old = await raise(CELL);
    await close(old, 'Оглянуто, загрози немає');
    const far = await raise(FAR_CELL);
    await using phone = await open(`/oncall?flag=${old.id}`, 'duty-68');
    const { page } = phone;
    await page.getByText('Усунуто, тривогу закрито').waitFor();
    await page.getByText('Оглянуто, загрози немає').first().waitFor();
    expect(await page.getByRole('button', { name: 'Прийняти' }).count()).toBe(0);
    expect(await page.locator('video').count()).toBe(0);
    for (const [flag, state] of [
      [crypto.randomUUID(), 'gone'],
      ['nonsense', 'gone'],
      [far.id, 'forbidden'],
    ]) {
      await page.goto(`${varta.system.url}/oncall?flag=${flag}`);
      await page.locator(`[data-gone="${state}"]`).waitFor();
      expect(await page.locator('article[data-flag-id]').count()).toBe(0);
    }
    await close(far);
  });

  it('a phone without a network says when the last news came, and finds its way back', async () => {
    const flag = await raise(CELL);
    await using phone = await open('/oncall');
    const { page, context } = phone;
    await shows(page, flag.id);
    await context.setOffline(true);
    await page
      .locator('[data-lost]')
      .getByText(/Останні дані: (\d+ \S+ о )?\d\d:\d\d:\d\d/)
      .waitFor({ timeout: 60_000 });
    // What is known stays in sight, and what is sent says that it was not.
    await shows(page, flag.id);
    await page.getByRole('button', { name: 'Прийняти' }).click();
    await page.locator('footer [role="alert"]').waitFor({ timeout: 20_000 });
    expect((await flagOf(flag.id)).state).toBe('raised');
    await context.setOffline(false);
    await page.locator('[data-lost]').waitFor({ state: 'detached', timeout: 60_000 });
    await page.getByRole('button', { name: 'Прийняти' }).click();
    await page.getByText('Прийнято', { exact: true }).waitFor({ timeout: 20_000 });
    await close(flag);
  });

  it('whoever is on call comes to it by signing in, and nobody else does', async () => {
    for (const [username, path] of [
      ['oncall', '/oncall'],
      ['duty-68', '/'],
    ] as const) {
      const context = await varta.browser.newContext({ viewport: HAND });
      const page = await context.newPage();
      await page.goto(varta.system.url);
      await page.getByLabel('Ім’я користувача').fill(username);
      await page.getByLabel('Пароль', { exact: true }).fill('varta-sample');
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.pathname === path);
      await page.locator('main#content').waitFor();
      expect(new URL(page.url()).pathname).toBe(path);
      await context.close();
    }
  });

  it('can be put on the home screen, and begins there', async () => {
    await using phone = await open('/oncall');
    const { page } = phone;
    await page.getByTestId('data-age').waitFor();
    const cdp = await page.context().newCDPSession(page);
    const { url, data } = await cdp.send('Page.getAppManifest');
    expect(url).toBe(`${varta.system.url}/oncall.webmanifest`);
    expect(JSON.parse(data ?? '')).toMatchObject({
      id: '/oncall',
      start_url: '/oncall',
      display: 'standalone',
    });
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
    // A context of a test is a private window.
    expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
  });
});
