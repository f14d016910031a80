import { expect, test } from 'vitest';
import { systemForFile } from './fixtures/started.ts';
import { outOfReach, settled } from './fixtures/tab-order.ts';

const varta = systemForFile();

test.each(['situation', 'oversight', 'inspector', 'admin'])(
  '%s reaches every control of every page with Tab, or with a key of its group',
  async (username) => {
    await using console = await varta.signIn(username, { path: '/account' });
    const { page } = console;
    await settled(page);
    await page.keyboard.press('Control+KeyK');
    const commands = page.locator('[data-command^="page "]');
    await commands.first().waitFor();
    const paths = await commands.evaluateAll((items) =>
      items.map((item) => item.getAttribute('data-command')?.slice('page '.length)),
    );
    expect(paths.length).toBeGreaterThan(1);
    for (const path of paths) {
      await page.goto(`${varta.system.url}${path}`);
      await settled(page);
      expect(await outOfReach(page), path).toEqual([]);
    }
  },
);

test('what Tab does not lead to is told by name', async () => {
  const page = await varta.browser.newPage();
  await page.setContent(`<main>
    <button>First</button><button tabindex="-1">Left out</button><button disabled>Not now</button>
    <div style="cursor: pointer">Only looks so</div><label style="cursor: pointer">Named <input /></label>
    <ul role="listbox"><li role="option" tabindex="0">One</li><li role="option" tabindex="-1">Other</li></ul>
  </main>`);
  expect(await outOfReach(page)).toEqual(['button Left out', 'only a pointer: div Only looks so']);
  await page.close();
});
