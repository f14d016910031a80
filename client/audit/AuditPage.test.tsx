import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { Route, Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { AuditState } from '#contract/audit.ts';
import { Hold, HoldPage, PlaceHoldBody } from '#contract/holds.ts';
import { ViewingPage } from '#contract/viewings.ts';
import { ReviewWatchingBody, WatchingFinding } from '#contract/watching.ts';
import { failure, type Outcome } from '../session/failure.ts';
import { TopBar } from '../shell/TopBar.tsx';
import { inMinutes, NOON } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { AuditPage } from './AuditPage.tsx';

const FACILITY = 'ua-68-itt-2';
const CELL = `${FACILITY}-cell-4`;
const HASH = '0123456789abcdef'.repeat(4);

let dispose = () => {};
afterEach(() => dispose());

type Answer = (path: string, body?: unknown) => Outcome<unknown>;

async function open(path: string, answers: Record<string, Answer>) {
  const asked: string[] = [];
  const find = (asking: string) => Object.entries(answers).find(([start]) => asking.startsWith(start))?.[1];
  const page = createTestDesk({
    actions: ['status.read', 'audit.read', 'hold.read', 'hold.place', 'hold.release'],
    get: (asking) => {
      if (find(asking)) asked.push(asking);
      return find(asking)?.(asking);
    },
    post: (asking, body) => find(asking)?.(asking, body) ?? failure('not_found'),
  });
  dispose = () => page.desk[Symbol.dispose]();
  const { hook } = memoryLocation({ path, record: true });
  const screen = await render(
    <Router hook={hook}>
      <Surroundings desk={page.desk}>
        <Route path="/audit/*?">
          <AuditPage />
        </Route>
      </Surroundings>
    </Router>,
  );
  return { ...page, screen, asked };
}

function viewing(person: string, over: Partial<ViewingPage['items'][number]> = {}) {
  return {
    by: { kind: 'person', id: person },
    areaId: CELL,
    facilityId: FACILITY,
    regionId: 'UA-68',
    feedId: `${CELL}-cam-1`,
    from: inMinutes(-30),
    to: inMinutes(-10),
    seconds: 1_200,
    ...over,
  };
}
const pageOfViewings = (items: unknown[], nextCursor: string | null = null): Outcome<unknown> => ({
  ok: true,
  value: ViewingPage.parse({ items, nextCursor, isCut: false }),
});

test('viewings say what was sent and what could be seen; the form asks by person; more come on demand', async () => {
  const { screen, asked } = await open('/audit', {
    '/api/v1/audit/viewings': (path) =>
      path.includes('cursor=')
        ? pageOfViewings([viewing('vira')])
        : pageOfViewings([viewing('anna', { seen: { seconds: 600, high: 60 } }), viewing('boris')], '12_1'),
  });
  const rows = screen.container.querySelectorAll(`[data-viewing="${CELL}"]`);
  await expect.poll(() => screen.container.querySelectorAll('[data-viewing]').length).toBe(2);
  expect(rows.length).toBeLessThanOrEqual(2);
  await expect.element(screen.getByText(/видно 10 хв/)).toBeVisible();
  await expect.element(screen.getByText(/велике зображення 1 хв/)).toBeVisible();
  // What a page said nothing of is not shown as unseen.
  await expect.element(screen.getByText(/видимість невідома/)).toBeVisible();

  await screen.getByRole('button', { name: 'Показати ще' }).click();
  await expect.element(screen.getByText('vira')).toBeVisible();
  await expect.element(screen.getByText('anna')).toBeVisible();

  await userEvent.fill(screen.getByRole('searchbox', { name: 'Хто дивився (обліковий запис)' }), 'anna');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => asked.at(-1)).toContain('person=anna');
  expect(asked.at(-1)).not.toContain('cursor');
});

const state = (over: Partial<AuditState>): Answer => {
  return () => ({
    ok: true,
    value: AuditState.parse({ at: NOON, isSigning: true, changedChains: [], last: null, ...over }),
  });
};
const LAST = {
  seq: 7,
  at: NOON,
  heads: {},
  prevHash: '0'.repeat(64),
  kid: 'one',
  hash: HASH,
  signature: 'A'.repeat(86),
};
const NONE: Answer = () => ({ ok: true, value: { items: [], nextCursor: null } });

test('the sign of a whole record shows the number to write down, and how to verify it elsewhere', async () => {
  const { screen } = await open('/audit/seals', {
    '/api/v1/audit/state': state({ last: LAST }),
    '/api/v1/audit/checkpoints': NONE,
    '/api/v1/audit/export/ready': () => failure('step_up_required'),
  });
  await expect
    .element(screen.getByRole('heading', { name: 'Записи відповідають підписаному' }))
    .toBeVisible();
  expect(screen.container.querySelector('[data-hash]')?.textContent).toBe(HASH.match(/.{4}/g)?.join(' '));
  // Whoever signed in long ago proves first who they are; the refusal is not taken for the file.
  await screen.getByRole('button', { name: 'Вивантажити журнал' }).click();
  await expect.element(screen.getByRole('dialog', { name: 'Підтвердьте, що це ви' })).toBeVisible();
});

test('a record that was changed after signing is an alarm, and names the chains', async () => {
  const { screen } = await open('/audit/seals', {
    '/api/v1/audit/state': state({ last: LAST, changedChains: ['UA-68'] }),
    '/api/v1/audit/checkpoints': NONE,
  });
  const alarm = screen.getByRole('alert');
  await expect.element(alarm.getByRole('heading', { name: 'Записи змінено після підпису' })).toBeVisible();
  await expect.element(alarm.getByText('Не збігається: UA-68.')).toBeVisible();
});

test('entries are told in plain words, and refusals by themselves', async () => {
  const entry = (seq: number, action: string, outcome: string) => ({
    chain: 'nation',
    seq,
    at: NOON,
    actor: { kind: 'person', id: 'duty-68' },
    action,
    resource: 'region:UA-68',
    outcome,
    details: { code: 'forbidden' },
    prevHash: HASH,
    hash: HASH,
  });
  const { screen, asked } = await open('/audit/entries', {
    '/api/v1/audit/entries': (path) => ({
      ok: true,
      value: {
        items: path.includes('outcome=refused')
          ? [entry(3, 'audit.read', 'refused')]
          : [
              entry(4, 'session.sign-in', 'done'),
              entry(3, 'audit.read', 'refused'),
              entry(2, 'new.act', 'done'),
            ],
        nextCursor: null,
      },
    }),
  });
  await expect.element(screen.getByText('вхід у систему')).toBeVisible();
  // An act that has no words yet is told by its name.
  await expect.element(screen.getByText('new.act').first()).toBeVisible();
  await expect.element(screen.getByText('Хмельницька область').nth(1)).toBeVisible();
  await screen.getByRole('checkbox', { name: 'Лише відмови' }).click();
  await expect.poll(() => asked.at(-1)).toContain('outcome=refused');
  await expect.poll(() => screen.container.textContent?.includes('вхід у систему')).toBe(false);
  await expect.element(screen.getByText('відмовлено')).toBeVisible();
});

test('a finding about watching is told with its time, and reviewed with words', async () => {
  const finding = WatchingFinding.parse({
    id: '7b0e4a9a-6c53-8dbb-8c4d-1f1d3f4b9a11',
    regionId: 'UA-68',
    facilityId: FACILITY,
    areaId: CELL,
    person: 'duty-68',
    from: inMinutes(-600),
    to: inMinutes(-120),
    seconds: 3_000,
    foundAt: NOON,
    reviewed: null,
  });
  let known = finding;
  const { screen, posted } = await open('/audit/watching', {
    [`/api/v1/audit/watching/${finding.id}/review`]: (_, body) => {
      const { note } = ReviewWatchingBody.parse(body);
      known = { ...finding, reviewed: { by: 'prosecutor', at: NOON, note } };
      return { ok: true, value: known };
    },
    '/api/v1/audit/watching': () => ({ ok: true, value: { items: [known], isCut: false } }),
  });
  await expect.element(screen.getByText(/велике зображення 50 хв/)).toBeVisible();
  await screen.getByRole('textbox', { name: 'Що з’ясовано' }).fill('Пояснення отримано');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => posted.at(-1)?.body).toEqual({ note: 'Пояснення отримано' });
  await expect.element(screen.getByText(/Розглянуто: prosecutor/)).toBeVisible();
});

test('what nobody has reviewed is told to outside control wherever they are, and to nobody else', async () => {
  const finding = WatchingFinding.parse({
    id: '7b0e4a9a-6c53-8dbb-8c4d-1f1d3f4b9a11',
    regionId: 'UA-68',
    facilityId: FACILITY,
    areaId: CELL,
    person: 'duty-68',
    from: inMinutes(-600),
    to: inMinutes(-120),
    seconds: 3_000,
    foundAt: NOON,
    reviewed: null,
  });
  const reviewed = { ...finding, id: '7b0e4a9a-6c53-8dbb-8c4d-1f1d3f4b9a12' };
  const items = [finding, { ...reviewed, reviewed: { by: 'prosecutor', at: NOON, note: 'Пояснено' } }];
  const show = async (...actions: string[]) => {
    const asked: string[] = [];
    const page = createTestDesk({
      actions: ['alert.own', ...actions] as never,
      get: (path) => {
        asked.push(path);
        return path === '/api/v1/audit/watching' ? { ok: true, value: { items, isCut: false } } : undefined;
      },
    });
    dispose = () => page.desk[Symbol.dispose]();
    const { hook } = memoryLocation({ path: '/figures' });
    const screen = await render(
      <Router hook={hook}>
        <Surroundings desk={page.desk}>
          <TopBar path="/figures" onPalette={() => {}} />
        </Surroundings>
      </Router>,
    );
    return { asked, screen, dispose };
  };
  const control = await show('audit.read', 'watching.review');
  const link = control.screen.getByRole('link', { name: '1 нічний перегляд не розглянуто' });
  await expect.element(link).toBeVisible();
  expect(link.element().getAttribute('href')).toBe('/audit/watching');
  await control.screen.unmount();
  control.dispose();
  const police = await show('flag.read', 'flag.acknowledge');
  await expect.element(police.screen.getByRole('banner')).toBeVisible();
  expect(police.screen.container.textContent).not.toContain('не розглянуто');
  expect(police.asked).not.toContain('/api/v1/audit/watching');
});

const hold = (over: Partial<Hold> = {}): Hold =>
  Hold.parse({
    id: '7b0e4a9a-6c53-4dbb-8c4d-1f1d3f4b9a11',
    regionId: 'UA-68',
    facilityId: FACILITY,
    office: 'prosecutor',
    target: { kind: 'case', facilityId: FACILITY, caseId: 'cr-1' },
    reference: '1/2026',
    placed: { by: 'prosecutor', at: NOON, reason: 'Перевірка скарги' },
    released: null,
    ...over,
  });

test('a hold is placed with a reason; only one’s own office’s can be released', async () => {
  const held = [hold()];
  const { screen, posted } = await open('/audit/holds', {
    '/api/v1/holds/': () => ({ ok: true, value: hold() }),
    '/api/v1/holds': (_, body) => {
      if (body === undefined) return { ok: true, value: HoldPage.parse({ items: held, nextCursor: null }) };
      const { id, target } = PlaceHoldBody.parse(body);
      // The page of this test is of the office `situation`.
      const mine = hold({ id, target, office: 'situation' });
      held.unshift(mine);
      return { ok: true, value: mine };
    },
  });
  await expect.element(screen.getByText('Перевірка скарги')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Зняти заборону' }).elements()).toHaveLength(0);

  await screen.getByRole('button', { name: 'Заборонити видалення' }).click();
  const dialog = screen.getByRole('dialog');
  await userEvent.selectOptions(dialog.getByRole('combobox', { name: 'Заклад' }), FACILITY);
  await dialog.getByRole('textbox', { name: 'Номер справи' }).fill('cr-7');
  await dialog.getByRole('textbox', { name: 'Номер провадження чи перевірки' }).fill('12/2026');
  await dialog.getByRole('textbox', { name: 'Підстава' }).fill('Скарга');
  await dialog.getByRole('button', { name: 'Заборонити видалення' }).click();
  await expect
    .poll(() => posted.at(-1)?.body)
    .toMatchObject({
      target: { kind: 'case', facilityId: FACILITY, caseId: 'cr-7' },
      reference: '12/2026',
      reason: 'Скарга',
    });
  await expect.element(screen.getByText(/справа cr-7/)).toBeVisible();
  await screen.getByRole('button', { name: 'Зняти заборону' }).click();
  await screen.getByRole('dialog').getByRole('textbox', { name: 'Підстава' }).fill('Закрито');
  await screen.getByRole('dialog').getByRole('button', { name: 'Зняти заборону' }).click();
  await expect.poll(() => posted.at(-1)?.body).toEqual({ reason: 'Закрито' });
});
