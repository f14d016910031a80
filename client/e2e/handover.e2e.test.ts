import { expect, it } from 'vitest';
import { systemForFile } from './fixtures/started.ts';

const varta = systemForFile();

it('a duty officer hands over; the next one goes through it by keyboard, and it stays to be read', async () => {
  await using goes = await varta.signIn('duty-68', { path: '/handover' });
  await goes.page.getByLabel('Що ще має знати наступна зміна').fill('Лікар буде о 15:00');
  await goes.page.getByRole('button', { name: 'Передати зміну' }).click();
  await goes.page.getByText(/^Передає: duty-68/).waitFor();
  expect(await goes.page.locator('[data-acknowledge]').count()).toBe(0);

  await using comes = await varta.signIn('duty-68-2', {
    path: '/handover',
    width: 390,
    height: 844,
  });
  await comes.page.getByText('Лікар буде о 15:00').waitFor();
  const finish = comes.page.getByRole('button', { name: 'Завершити передавання' });
  // The sample nation lives: what comes up meanwhile has to be acknowledged as well.
  await expect
    .poll(
      async () => {
        const next = comes.page.locator('[data-acknowledge]').first();
        if ((await next.count()) > 0) await next.press('Enter');
        // It goes as soon as it has been pressed.
        else if (await finish.isEnabled({ timeout: 1_000 }).catch(() => false)) await finish.click();
        return comes.page.getByText(/^Зміну прийнято: duty-68-2/).count();
      },
      { timeout: 120_000, interval: 50 },
    )
    .toBe(1);

  await using reads = await varta.signIn('oversight', { path: '/handover' });
  await reads.page.getByRole('link', { name: /duty-68 → duty-68-2/ }).click();
  await reads.page.getByText(/^Зміну прийнято: duty-68-2/).waitFor();
  const unsigned = reads.page.locator('[data-item][data-acknowledged="false"]');
  expect(await unsigned.count()).toBe(0);
});
