import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { LIVE_MESSAGES } from '#contract/live.ts';
import { openSession } from './fixtures/api.ts';
import { enrolScreen, showsAreas } from './fixtures/display-screens.ts';
import { systemForFile } from './fixtures/started.ts';
import { plainCells } from './fixtures/tiles.ts';

/** Pages whose server is of another version than they are. */

const varta = systemForFile();

/** Changes what the server says on its way to a page. */
const rewrite = (change: (frame: string) => string) => (page: Page) =>
  page.routeWebSocket('**/socket.io/**', (socket) => {
    const server = socket.connectToServer();
    server.onMessage((frame) => socket.send(typeof frame === 'string' ? change(frame) : frame));
  });

test('a page says that the server has another version of it, and is loaded anew by hand', async () => {
  let isOther = true;
  const prepare = rewrite((frame) =>
    isOther && frame.includes(LIVE_MESSAGES.build)
      ? frame.replace(/index-[\w-]+\.js/, 'index-other.js')
      : frame,
  );
  await using console = await varta.signIn('situation', { prepare });
  const { page } = console;
  const sign = page.locator('[data-page-trouble="other"]', { hasText: 'Є нова версія сторінки' });
  await sign.waitFor();
  isOther = false;
  const loaded = page.waitForEvent('load');
  await sign.getByRole('button', { name: 'Оновити' }).click();
  await loaded;
  await page
    .getByTestId('data-age')
    .getByText(/^оновлено .* тому$/)
    .waitFor();
  expect(await page.locator('[data-page-trouble]').count()).toBe(0);
});

test('a display that cannot read what the server says loads its page anew, once, and shows the same', async () => {
  const areaIds = plainCells(2);
  const session = await openSession(varta.system.url, 'situation');
  let isUnknown = false;
  const prepare = rewrite((frame) =>
    isUnknown && frame.includes(LIVE_MESSAGES.heartbeat) ? frame.replace('"at"', '"whatCameLater"') : frame,
  );
  const { id, page } = await enrolScreen(varta.browser, {
    url: varta.system.url,
    session,
    name: 'Стіна',
    prepare,
  });
  const scenes = [{ name: 'Дві камери', rows: 1, columns: 2, fill: { kind: 'areas', areaIds } }];
  await session.post('/api/v1/displays/push', { displayIds: [id], scenes, dwellS: 30 });
  await showsAreas(page, areaIds, 'before');

  let loads = 0;
  page.on('load', () => {
    loads += 1;
  });
  const loaded = page.waitForEvent('load', { timeout: 30_000 });
  isUnknown = true;
  await loaded;
  await showsAreas(page, areaIds, 'though the page that came cannot read either');
  expect(loads).toBe(1);
});
