import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import {
  Complaint,
  ComplaintStepBody,
  type ComplaintWords,
  TakeComplaintBody,
} from '#contract/complaints.ts';
import { failure, type Outcome } from '../session/failure.ts';
import { NOON, sampleFacility } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { ComplaintsPage } from './ComplaintsPage.tsx';

let dispose = () => {};
afterEach(() => dispose());

const FACILITY = sampleFacility();
const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const complaint = (index: number, change: Partial<Complaint> = {}): Complaint =>
  Complaint.parse({
    id: idOf(index),
    number: `AAAA-${String(index).padStart(4, '0')}`,
    regionId: 'UA-68',
    facilityId: FACILITY.id,
    kind: 'treatment',
    happenedAt: null,
    anonymous: false,
    state: 'received',
    outcome: null,
    flagId: idOf(index),
    history: [{ state: 'received', by: 'hotline', at: NOON }],
    version: 1,
    ...change,
  });

interface Given {
  actions: string[];
  pages: Complaint[][];
  post?(path: string, body: unknown): Outcome<unknown>;
}

async function openPage({ actions, pages, post = () => failure('internal') }: Given) {
  const asked: string[] = [];
  const test = createTestDesk({
    actions: ['status.read', ...actions],
    get: (path) => {
      if (path.includes('/facilities')) return { ok: true, value: { items: [FACILITY], nextCursor: null } };
      if (!path.includes('/complaints')) return undefined;
      asked.push(path);
      const index = Number(new URL(path, location.origin).searchParams.get('cursor') ?? 0);
      const nextCursor = index + 1 < pages.length ? String(index + 1) : null;
      return { ok: true, value: { items: pages[index] ?? [], nextCursor } };
    },
    post,
  });
  dispose = () => test.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={test.desk}>
      <ComplaintsPage />
    </Surroundings>,
  );
  return { screen, asked, posted: test.posted };
}

const numbers = () =>
  [...document.querySelectorAll<HTMLElement>('[data-complaint]')].map(({ dataset }) => dataset.complaint);

test('older complaints come when they are asked for, and stand below the newer ones', async () => {
  const { screen } = await openPage({
    actions: ['complaint.read'],
    pages: [[complaint(1), complaint(2)], [complaint(3)]],
  });
  await expect.poll(numbers).toEqual(['AAAA-0001', 'AAAA-0002']);
  await screen.getByRole('button', { name: 'Показати старіші' }).click();
  await expect.poll(numbers).toEqual(['AAAA-0001', 'AAAA-0002', 'AAAA-0003']);
  expect(screen.getByRole('button', { name: 'Показати старіші' }).query()).toBeNull();
});

test('an operator takes what is said on the telephone, and is told the caller’s number', async () => {
  const { screen, posted } = await openPage({
    actions: ['complaint.read', 'complaint.take'],
    pages: [[]],
    post: () => ({ ok: true, value: complaint(7) }),
  });
  await screen.getByLabelText('Заклад').fill(FACILITY.name.uk);
  await screen.getByLabelText('Про що').selectOptions('medical');
  await screen.getByLabelText('Що каже людина, її словами').fill('Зразок: не кличуть лікаря');
  await screen.getByLabelText('Телефон').fill('вигаданий');
  await screen.getByRole('button', { name: 'Прийняти скаргу' }).click();
  await expect.element(screen.getByRole('status').getByText('AAAA-0007')).toBeVisible();
  expect(TakeComplaintBody.parse(posted[0]?.body)).toMatchObject({
    facilityId: FACILITY.id,
    kind: 'medical',
    text: 'Зразок: не кличуть лікаря',
    contact: { phone: 'вигаданий' },
  });
});

test('an anonymous caller leaves no contact behind, also when one was typed before', async () => {
  const { screen, posted } = await openPage({
    actions: ['complaint.read', 'complaint.take'],
    pages: [[]],
    post: () => ({ ok: true, value: complaint(8) }),
  });
  await screen.getByLabelText('Заклад').fill(FACILITY.name.uk);
  await screen.getByLabelText('Що каже людина, її словами').fill('Зразок');
  await screen.getByLabelText('Телефон').fill('вигаданий');
  await screen.getByRole('checkbox', { name: 'Анонімно' }).click();
  await screen.getByRole('button', { name: 'Прийняти скаргу' }).click();
  await expect.poll(() => posted.length).toBe(1);
  expect(posted[0]?.body).not.toHaveProperty('contact');
});

test('an answer needs an outcome that somebody chose; words and notes are shown when they are asked for', async () => {
  const words: ComplaintWords = {
    id: idOf(1),
    text: 'Зразок: не кличуть лікаря',
    contact: { phone: 'вигаданий' },
    notes: [{ version: 2, text: 'Зразок: лікар був' }],
    auditSeq: 1,
  };
  const review = complaint(1, {
    state: 'in-review',
    version: 2,
    history: [
      { state: 'received', by: 'hotline', at: NOON },
      { state: 'in-review', by: 'duty-68', at: NOON, noted: true },
    ],
    intake: { keyId: '0123456789abcdef', name: 'Вигадана лінія' },
  });
  const { screen, posted } = await openPage({
    actions: ['complaint.read', 'complaint.answer', 'personal.read'],
    pages: [[review]],
    post: (path) => ({ ok: true, value: path.endsWith('/personal') ? words : review }),
  });
  await expect.element(screen.getByText(/через «Вигадана лінія»/)).toBeVisible();
  expect(screen.getByText('Зразок', { exact: false }).query()).toBeNull();
  await screen.getByRole('button', { name: 'Прочитати (для розгляду скарги)' }).click();
  await expect.element(screen.getByText('Зразок: не кличуть лікаря')).toBeVisible();
  await expect.element(screen.getByText(/Зразок: лікар був/)).toBeVisible();

  await screen.getByRole('button', { name: 'Надати відповідь' }).click();
  const dialog = screen.getByRole('dialog');
  const send = dialog.getByRole('button', { name: 'Надати відповідь' });
  await expect.element(send).toBeDisabled();
  await dialog.getByRole('radio', { name: 'підтверджено', exact: true }).click({ force: true });
  await dialog.getByLabelText('Нотатка').fill('Зразок: вибачились');
  await send.click();
  await expect.poll(() => posted.at(-1)?.path).toMatch(/\/transitions$/);
  expect(ComplaintStepBody.parse(posted.at(-1)?.body)).toEqual({
    to: 'answered',
    outcome: 'upheld',
    note: 'Зразок: вибачились',
    version: 2,
  });
});
