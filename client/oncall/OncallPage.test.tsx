import '../design/base.css';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { FlagEscalation } from '#contract/alerts.ts';
import type { Flag } from '#contract/flags.ts';
import { failure } from '../session/failure.ts';
import { sampleFacility, sampleFlag, sampleSnapshot, sampleWireRegistry } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { OncallPage } from './OncallPage.tsx';

const ACTIONS = ['status.read', 'feed.watch', 'flag.read', 'flag.acknowledge', 'flag.call'];
const NOTHING_TOLD = { ok: true, value: FlagEscalation.parse({ steps: [], next: null }) } as const;
const ready = () => page.getByRole('button', { name: 'Записати дзвінок' });

let dispose = () => {};
beforeEach(() => history.replaceState(null, '', '/oncall'));
afterEach(() => {
  dispose();
  history.replaceState(null, '', '/');
});

async function open(flags: Flag[], world: Parameters<typeof createTestDesk>[0] = {}) {
  await page.viewport(390, 844);
  const made = createTestDesk({
    snapshot: [sampleSnapshot({ flags })],
    actions: ACTIONS,
    get: (path) => (path.endsWith('/escalation') ? NOTHING_TOLD : undefined),
    ...world,
  });
  dispose = () => made.desk[Symbol.dispose]();
  await render(
    <Surroundings desk={made.desk}>
      <div style={{ position: 'fixed', inset: 0 }}>
        <OncallPage />
      </div>
    </Surroundings>,
  );
  return made;
}

test('an alert on an area that is no more says so, and its facility can still be called', async () => {
  const registry = sampleWireRegistry({ facilities: [sampleFacility({ phone: '+380000006802' })] });
  await open([sampleFlag({ areaId: 'ua-68-itt-2-cell-99' })], { registry });
  await expect.element(page.getByText('Цієї зони вже немає')).toBeVisible();
  await expect
    .element(page.getByRole('link', { name: 'Подзвонити' }))
    .toHaveAttribute('href', 'tel:+380000006802');
  await expect.element(page.getByRole('button', { name: 'Прийняти' })).toBeVisible();
  expect(document.querySelector('video')).toBe(null);
});

test('a facility without a telephone is said to have none, and a flag on the whole of it to have no picture', async () => {
  const { areaId: _, ...whole } = sampleFlag();
  await open([whole]);
  await expect.element(page.getByText('Тривога щодо всього закладу')).toBeVisible();
  await expect.element(page.getByText('Телефону закладу немає в реєстрі')).toBeVisible();
  expect(document.querySelector('a[href^="tel:"]')).toBe(null);
});

test('all that is done is in reach of a thumb: large, and in the lower quarter', async () => {
  await open([sampleFlag(), sampleFlag({ id: crypto.randomUUID() })]);
  await expect.element(ready()).toBeVisible();
  for (const button of [
    ready(),
    page.getByRole('button', { name: 'Прийняти' }),
    page.getByRole('button', { name: 'Наступна тривога' }),
  ]) {
    const box = button.element().getBoundingClientRect();
    expect(box.height).toBeGreaterThanOrEqual(48);
    expect(box.top).toBeGreaterThan(0.75 * 844);
    expect(box.bottom).toBeLessThanOrEqual(844);
  }
});

test('what somebody writes down survives that the flag is closed meanwhile', async () => {
  const flag = sampleFlag();
  const closed: Flag = {
    ...flag,
    state: 'resolved',
    version: 2,
    history: [
      ...flag.history,
      {
        state: 'resolved',
        by: { kind: 'person', id: 'duty-68', name: 'duty-68' },
        at: flag.history[0]?.at ?? '',
        reason: 'Лікар оглянув',
      },
    ],
  };
  const { sendDelta, posted } = await open([flag], {
    get: (path) =>
      path.endsWith('/escalation')
        ? NOTHING_TOLD
        : path.endsWith(flag.id)
          ? { ok: true, value: closed }
          : undefined,
    post: () => ({ ok: true, value: closed }),
  });
  await ready().click();
  await page.getByLabelText('Що сказано').fill('Лікар уже їде');
  const seq = sampleSnapshot().seq + 1;
  sendDelta({ regionId: flag.regionId, seq, at: new Date().toISOString(), flags: [closed] });
  await expect.poll(() => document.body.textContent).toContain('Усунуто, тривогу закрито');
  await expect.element(page.getByLabelText('Що сказано')).toHaveValue('Лікар уже їде');
  await page.getByRole('dialog').getByRole('button', { name: 'Записати', exact: true }).click();
  await expect.poll(() => posted.length).toBe(1);
  expect(posted[0]).toMatchObject({
    path: `/api/v1/flags/${flag.id}/calls`,
    body: { said: 'Лікар уже їде' },
  });
});

test('a night of which nothing is known is not called quiet', async () => {
  await open([], { get: (path) => (path.includes('/live/snapshot') ? failure('offline') : undefined) });
  await expect.element(page.getByText('Завантажуємо тривоги…')).toBeVisible();
  expect(document.body.textContent).not.toContain('Тривог немає');
});

test('who may not take an alert is told that it waits for somebody else, not that it is done', async () => {
  await open([sampleFlag()], { actions: ACTIONS.filter((action) => action !== 'flag.acknowledge') });
  const waits = page.getByText('Чекає на іншого');
  await expect.element(waits).toBeVisible();
  expect(waits.element().querySelector('.lucide-hourglass')).not.toBeNull();
});
