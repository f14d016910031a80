import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openSession, postEvents } from './fixtures/api.ts';
import { eventually } from './fixtures/processes.ts';
import { systemForFile } from './fixtures/started.ts';
import {
  frameRates,
  installTileReader,
  readTiles,
  sampleNation,
  type TileReading,
} from './fixtures/tiles.ts';

const nation = sampleNation();
const indexOf = (areaId: string) => nation.areas.findIndex(({ id }) => id === areaId);

const varta = systemForFile();

/**
 * Two readings of the wall, ten seconds apart, between which no area came or went: what is urgent moves to the front, and
 * a tile that has just come has had no time to show anything.
 */
async function readUnchanged(page: Page): Promise<[TileReading[], TileReading[]]> {
  const areasOf = (tiles: readonly TileReading[]) => tiles.map(({ areaId }) => areaId).sort();
  return eventually('the wall has the same areas for ten seconds', 100_000, async () => {
    const before = await readTiles(page);
    await page.waitForTimeout(10_000);
    const after = await readTiles(page);
    return areasOf(before).join() === areasOf(after).join() && [before, after];
  });
}

describe('the wall', () => {
  it('plays 64 tiles, each showing its own area, at 10 frames a second or more', async () => {
    await using wall = await varta.signIn('situation', {
      path: '/?grid=64&feedSource=edge&kind=cell',
    });
    await installTileReader(wall.page);
    await eventually('64 tiles show their own area', 90_000, async () => {
      const tiles = await readTiles(wall.page);
      return (
        tiles.length === 64 &&
        tiles.every(({ areaId, seenIndex, state }) => state === 'live' && seenIndex === indexOf(areaId))
      );
    });
    const [before, after] = await readUnchanged(wall.page);
    expect(after.map(({ areaId, seenIndex }) => ({ areaId, seenIndex }))).toEqual(
      after.map(({ areaId }) => ({ areaId, seenIndex: indexOf(areaId) })),
    );
    const rates = [...frameRates(before, after).values()];
    expect(rates.length).toBe(64);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(10);
    expect(new Set(after.map(({ areaId }) => areaId)).size).toBe(64);
    expect(wall.errors).toEqual([]);
  });

  it('narrows wall and map by the same filter', async () => {
    await using wall = await varta.signIn('situation', { path: '/?grid=16&region=UA-68' });
    await wall.page.waitForSelector('[data-area-id]');
    const regions = async () => {
      const ids = await wall.page.$$eval('[data-area-id]', (tiles) =>
        tiles.map((tile) => (tile as HTMLElement).dataset.areaId ?? ''),
      );
      return new Set(ids.map((id) => nation.areas[indexOf(id)]?.regionId));
    };
    expect(await regions()).toEqual(new Set(['UA-68']));

    await wall.page.goto(`${varta.system.url}/map?region=UA-68`);
    const own = nation.facilities.filter(({ regionId }) => regionId === 'UA-68').length;
    await wall.page.waitForSelector(`[data-facility-count="${own}"]`, { state: 'attached', timeout: 60_000 });
    await wall.page.goto(`${varta.system.url}/map`);
    await wall.page.waitForSelector(
      `[data-facility-count="${nation.facilities.length}"][data-region-count="27"]`,
      {
        state: 'attached',
        timeout: 60_000,
      },
    );
  });

  it('shows an event on its tile within a second of its acknowledgement', async () => {
    const area = nation.areas.find(
      ({ kind, regionId, privacy, capacity }) =>
        kind === 'cell' && regionId === 'UA-77' && privacy === 'normal' && capacity > 1,
    );
    if (!area) throw new Error('no such area');
    await using wall = await varta.signIn('situation', { path: '/?grid=16&region=UA-77' });
    const tile = wall.page.locator(`[data-area-id="${area.id}"]`);
    await tile.waitFor();
    const situation = await openSession(varta.system.url, 'situation');
    const headcount = async () =>
      ((await (await situation.get(`/api/v1/areas/${area.id}`)).json()) as { headcount: number }).headcount;
    const before = await headcount();
    const at = new Date().toISOString();
    const common = { caseId: `e2e-${Date.now()}`, occurredAt: at, recordedAt: at, recordedBy: 'e2e' };
    const reply = await postEvents(varta.system.url, varta.system.facilityKeys()[area.facilityId] ?? '', [
      {
        ...common,
        id: crypto.randomUUID(),
        type: 'APPREHENDED',
        person: { sex: 'male', minor: false, regime: 'criminal', atRisk: false },
      },
      { ...common, id: crypto.randomUUID(), type: 'CELL_PLACED', areaId: area.id },
    ]);
    expect(await reply.json()).toMatchObject({ results: [{ status: 'accepted' }, { status: 'accepted' }] });
    await wall.page.waitForFunction(
      ({ id, text }) => document.querySelector(`[data-area-id="${id}"]`)?.textContent?.includes(text),
      { id: area.id, text: `${before + 1}/${area.capacity}` },
      { timeout: 1_000, polling: 50 },
    );
    expect(await headcount()).toBe(before + 1);
  });

  it('shows a duty centre its own region only', async () => {
    await using wall = await varta.signIn('duty-68', { path: '/?grid=25' });
    await wall.page.waitForSelector('[data-area-id]');
    const ids = await wall.page.$$eval('[data-area-id]', (tiles) =>
      tiles.map((tile) => (tile as HTMLElement).dataset.areaId ?? ''),
    );
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.every((id) => id.startsWith('ua-68-'))).toBe(true);
    await wall.page.goto(`${varta.system.url}/?grid=25&region=UA-05`);
    await eventually('the wall has started', 10_000, () =>
      wall.page.evaluate(
        () =>
          document.body.textContent?.includes('ІТТ') ||
          document.querySelectorAll('[data-area-id]').length === 0,
      ),
    );
    expect(await wall.page.locator('[data-area-id^="ua-05"]').count()).toBe(0);
  });

  it('goes while it plays when the right to it goes: no tile, no still, and the page says why', async () => {
    const admin = await openSession(varta.system.url, 'admin');
    const change = async (body: object) => {
      const reply = await fetch(`${varta.system.url}/api/v1/accounts/situation-2`, {
        method: 'PATCH',
        headers: { cookie: admin.cookie, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(reply.status).toBe(200);
    };
    const path = '/?grid=25&region=UA-05';
    await using wall = await varta.signIn('situation-2', { path });
    const { page } = wall;
    await page.waitForSelector('[data-area-id^="ua-05-"][data-state="live"]', { timeout: 60_000 });
    await change({ scope: { kind: 'regions', regionIds: ['UA-68'] } });
    try {
      await page.getByText('Сеанс завершено.').waitFor();
      expect(await page.locator('[data-area-id]').count()).toBe(0);
      expect(await page.locator('video, canvas, img[src^="blob:"], img[src*="poster"]').count()).toBe(0);

      // Back again, with what is left: the address still asks for what is gone.
      await page.getByLabel('Ім’я користувача').fill('situation-2');
      await page.getByLabel('Пароль', { exact: true }).fill('varta-sample');
      await page.getByRole('button', { name: 'Увійти', exact: true }).click();
      await page.getByText('Сеанс завершено.').waitFor({ state: 'detached' });
      await page.goto(`${varta.system.url}/?grid=25`);
      await page.waitForSelector('[data-area-id^="ua-68-"]');
      expect(await page.locator('[data-area-id]:not([data-area-id^="ua-68-"])').count()).toBe(0);
      await page.goto(varta.system.url + path);
      await page.getByRole('navigation').first().waitFor();
      expect(await page.locator('[data-area-id]').count()).toBe(0);
    } finally {
      await change({ scope: { kind: 'nation' } });
    }
  });
});

describe('a flag', () => {
  it('raised in one browser appears in another', async () => {
    await using one = await varta.signIn('situation', {
      path: '/?grid=9&region=UA-68&feedSource=edge',
    });
    await using other = await varta.signIn('duty-68', { path: '/' });
    await other.page.waitForSelector('[data-area-id]');
    const tile = one.page.locator('[data-slot="0"] > button').first();
    await tile.waitFor();
    await tile.click({ button: 'left', trial: true });
    await tile.focus();
    await one.page.keyboard.press('f');
    const dialog = one.page.getByRole('dialog');
    await dialog.waitFor();
    const note = `e2e ${Date.now()}`;
    await dialog.locator('textarea').fill(note);
    await dialog.locator('button[type="submit"]').click();
    await dialog.waitFor({ state: 'detached' });
    await other.page.getByText(note).first().waitFor({ timeout: 5_000 });
  });
});
