import '../design/base.css';
import { afterEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { RaiseFlagBody } from '#contract/flags.ts';
import { failure } from '../session/failure.ts';
import { sampleFlag, sampleSnapshot } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { CloseFlagDialog } from './CloseFlagDialog.tsx';
import { FlagCard } from './FlagCard.tsx';
import { RaiseFlagDialog } from './RaiseFlagDialog.tsx';

const AREA = 'ua-68-itt-2-cell-4';

let dispose = () => {};
afterEach(() => dispose());

function createPage(world: Parameters<typeof createTestDesk>[0] = {}) {
  const page = createTestDesk({ snapshot: [sampleSnapshot()], ...world });
  dispose = () => page.desk[Symbol.dispose]();
  return page;
}

async function openDialog(world: Parameters<typeof createTestDesk>[0] = {}) {
  const page = createPage(world);
  const onClose = vi.fn();
  const screen = await render(
    <Surroundings desk={page.desk}>
      <RaiseFlagDialog areaId={AREA} onClose={onClose} />
    </Surroundings>,
  );
  await expect.element(screen.getByRole('dialog')).toBeVisible();
  return { ...page, screen, onClose };
}

test('Enter alone sends what is chosen already: two keystrokes from a tile', async () => {
  const { posted, onClose } = await openDialog({ post: () => ({ ok: true, value: sampleFlag() }) });
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => onClose.mock.calls.length).toBe(1);
  expect(posted).toHaveLength(1);
  expect(posted[0]?.path).toBe('/api/v1/flags');
  expect(RaiseFlagBody.parse(posted[0]?.body)).toMatchObject({
    areaId: AREA,
    category: 'other',
    severity: 2,
    note: '',
  });
});

test('digits choose the level, but not while a note is written', async () => {
  const { screen, posted } = await openDialog({ post: () => ({ ok: true, value: sampleFlag() }) });
  await userEvent.keyboard('1');
  await expect.element(screen.getByRole('radio', { name: 'Негайно' })).toBeChecked();
  await screen.getByRole('radio', { name: 'Застосовано силу' }).click({ force: true });
  await screen.getByRole('textbox').fill('4 особи біля дверей');
  await screen.getByRole('button', { name: 'Підняти' }).click();
  await expect.poll(() => posted.length).toBe(1);
  expect(posted[0]?.body).toMatchObject({ category: 'force', severity: 1, note: '4 особи біля дверей' });
});

test('a refusal is said in words, and another attempt is the same flag', async () => {
  const answers = [failure('store_unavailable'), { ok: true as const, value: sampleFlag() }];
  const { screen, posted, onClose } = await openDialog({
    post: () => answers.shift() ?? failure('internal'),
  });
  await userEvent.keyboard('{Enter}');
  await expect.element(screen.getByText(/Сховище недоступне/)).toBeVisible();
  expect(onClose).not.toHaveBeenCalled();
  await screen.getByRole('button', { name: 'Підняти' }).click();
  await expect.poll(() => onClose.mock.calls.length).toBe(1);
  const [first, second] = posted.map(({ body }) => RaiseFlagBody.parse(body).id);
  expect(second).toBe(first);
});

test('a flag is closed with a reason that says something', async () => {
  const flag = sampleFlag({ state: 'acknowledged', version: 3 });
  const page = createPage({ post: () => ({ ok: true, value: flag }) });
  const onClose = vi.fn();
  const screen = await render(
    <Surroundings desk={page.desk}>
      <CloseFlagDialog flags={[flag]} onClose={onClose} />
    </Surroundings>,
  );
  const send = screen.getByRole('button', { name: 'Закрити', exact: true });
  await screen.getByRole('textbox').fill('  ok ');
  await expect.element(send).toBeDisabled();
  await screen.getByRole('textbox').fill('Лікар оглянув, загрози немає');
  await send.click();
  await expect.poll(() => onClose.mock.calls.length).toBe(1);
  expect(page.posted).toEqual([
    {
      path: `/api/v1/flags/${flag.id}/transitions`,
      body: { to: 'resolved', reason: 'Лікар оглянув, загрози немає', version: 3 },
    },
  ]);
});

test('a card offers what this person may do, and no more', async () => {
  const flag = sampleFlag();
  const page = createPage({ actions: ['status.read', 'flag.read'] });
  const screen = await render(
    <Surroundings desk={page.desk}>
      <FlagCard flags={[flag]} placed />
    </Surroundings>,
  );
  await expect.element(screen.getByText('Потрібна медична допомога')).toBeVisible();
  await expect.element(screen.getByRole('button', { name: 'Показати' })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Прийняти' }).elements()).toHaveLength(0);
  expect(screen.getByRole('button', { name: 'Закрити' }).elements()).toHaveLength(0);
});

test('a group is acknowledged one by one; what somebody else took meanwhile is no failure', async () => {
  const flags = [
    sampleFlag(),
    sampleFlag({ id: '00000000-0000-4000-8000-000000000002' }),
    sampleFlag({ id: '00000000-0000-4000-8000-000000000003' }),
  ] as const;
  const answers = [{ ok: true as const, value: flags[0] }, failure('conflict'), failure('no_answer')];
  const page = createPage({ post: () => answers.shift() ?? failure('internal') });
  const screen = await render(
    <Surroundings desk={page.desk}>
      <FlagCard flags={flags} placed />
    </Surroundings>,
  );
  await screen.getByRole('button', { name: 'Прийняти всі' }).click();
  await expect.element(screen.getByText(/Сервер не відповів вчасно/)).toBeVisible();
  expect(page.posted).toHaveLength(3);
});
