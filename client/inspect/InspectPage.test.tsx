import '../design/base.css';
import { deleteDB } from 'idb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { RULES } from '../../config/rules/rules.ts';
import { failure, type Outcome } from '../session/failure.ts';
import {
  inMinutes,
  NOON,
  sampleArea,
  sampleSnapshot,
  sampleStatus,
  sampleWireRegistry,
} from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { InspectPage } from './InspectPage.tsx';
import { DATABASE } from './record-store.ts';

const LATE = 'ua-68-itt-2-cell-1';
const SOON = 'ua-68-itt-2-cell-2';
const CASE = 'cr-68-2-000123';

let dispose = () => {};
beforeEach(() => deleteDB(DATABASE));
afterEach(() => dispose());

interface Sent {
  account: string;
  events: { type: string; areaId?: string; caseId?: string; count?: number; note?: string }[];
}

/** The page at a path, with two cells, two people in the first; `online`: whether records can be sent. */
async function open(path: string, online = true) {
  const page = createTestDesk({
    actions: ['status.read', 'case.read', 'custody.record'],
    registry: sampleWireRegistry({
      areas: [
        sampleArea({ id: SOON, name: { uk: 'Камера 2', en: 'Cell 2' } }),
        sampleArea({ id: LATE, name: { uk: 'Камера 1', en: 'Cell 1' } }),
      ],
    }),
    snapshot: [
      sampleSnapshot({
        areas: [
          sampleStatus({ areaId: LATE, headcount: 2, nextCheckDueAt: inMinutes(-30) }),
          sampleStatus({ areaId: SOON, headcount: 0, clocks: [], nextCheckDueAt: null }),
        ],
      }),
    ],
    get(asked): Outcome<unknown> | undefined {
      if (asked.endsWith('/session'))
        return online
          ? { ok: true, value: { username: 'situation', serverTime: new Date().toISOString() } }
          : failure('offline');
      if (!asked.startsWith('/api/v1/cases')) return undefined;
      const person = { caseId: CASE, areaId: LATE, person: null, detainedAt: NOON };
      return { ok: true, value: { items: [person], nextCursor: null } };
    },
    post: (_path, body) => ({
      ok: true,
      value: {
        results: (body as { events: { id: string }[] }).events.map(({ id }) => ({ id, status: 'accepted' })),
      },
    }),
  });
  dispose = () => page.desk[Symbol.dispose]();
  const { hook } = memoryLocation({ path, record: true });
  const screen = await render(
    <Router hook={hook}>
      <Surroundings desk={page.desk}>
        <InspectPage />
      </Surroundings>
    </Router>,
  );
  const sent = () => page.posted.flatMap(({ body }) => (body as Sent).events);
  return { ...page, screen, sent };
}

test('a round leads from room to room, most pressing first, one tap each', async () => {
  const { screen, sent } = await open('/inspect/round');
  await screen.getByRole('button', { name: 'Почати обхід' }).click();
  await expect.element(screen.getByRole('heading', { name: 'Камера 1' })).toBeVisible();
  await screen.getByRole('button', { name: 'сплять' }).click();
  await screen.getByRole('button', { name: 'Перевірено' }).click();
  await expect.element(screen.getByRole('heading', { name: 'Камера 2' })).toBeVisible();
  await screen.getByRole('button', { name: 'Порожньо' }).click();
  await expect.element(screen.getByText('Обхід завершено')).toBeVisible();
  await expect.poll(() => sent().length).toBe(2);
  expect(sent()).toMatchObject([
    { type: 'CELL_CHECK', areaId: LATE, note: 'сплять' },
    { type: 'EMPTY_SEEN', areaId: SOON },
  ]);
});

test('people who are not there by the record are recorded as seen', async () => {
  const { screen, sent } = await open(`/inspect/room/${LATE}/check`);
  await screen.getByRole('button', { name: 'Більше' }).click();
  await expect.element(screen.getByText(/За записами 2/)).toBeVisible();
  await screen.getByRole('button', { name: 'Перевірено' }).click();
  await expect.poll(() => sent().length).toBe(2);
  expect(sent()).toMatchObject([{ type: 'CELL_CHECK' }, { type: 'PRESENCE_SEEN', areaId: LATE, count: 3 }]);
});

test('a complaint needs its kind and a few words', async () => {
  const { screen, sent } = await open(`/inspect/person/${CASE}/COMPLAINT`);
  const save = screen.getByRole('button', { name: 'Записати' });
  await save.click();
  await expect.element(screen.getByRole('alert')).toHaveTextContent('Оберіть: На що скарга');
  await screen.getByText('умови').click();
  await save.click();
  await expect.element(screen.getByRole('alert')).toHaveTextContent('Опишіть кількома словами');
  await screen.getByRole('textbox').fill('Холодно');
  await save.click();
  await expect.poll(() => sent().length).toBe(1);
  expect(sent()[0]).toMatchObject({ type: 'COMPLAINT', caseId: CASE, complaintKind: 'conditions' });
});

test('whoever records force is told beforehand what comes of saying neither why nor more', async () => {
  expect(RULES.get('force-unexplained')?.severity).toBe(1);
  const { screen, sent } = await open(`/inspect/person/${CASE}/FORCE_USED`);
  const said = /ні підстави, ні примітки.* тривогою рівня «Негайно»/;
  const ground = screen.getByRole('textbox', { name: /^Підстава/ });
  await expect.element(screen.getByText(said)).toBeVisible();
  await expect.element(ground).toHaveAccessibleName(said);
  // It is no order: what happened is to be recorded at once, too.
  await screen.getByText('фізична сила').click();
  await screen.getByRole('button', { name: 'Записати' }).click();
  await expect.poll(() => sent().length).toBe(1);
  expect(sent()[0]).toMatchObject({ type: 'FORCE_USED', caseId: CASE });
});

test('other records that ask for a ground say nothing of it', async () => {
  const { screen } = await open(`/inspect/person/${CASE}/RESTRAINT_ON`);
  await expect.element(screen.getByRole('textbox', { name: /^Підстава/ })).toBeVisible();
  await expect.element(screen.getByText(/«Негайно»/)).not.toBeInTheDocument();
});

test('without a network a record waits, and the page says so', async () => {
  const { screen, sent } = await open(`/inspect/room/${LATE}/check`, false);
  await screen.getByRole('button', { name: 'Перевірено' }).click();
  await expect.element(screen.getByTestId('sync-line')).toHaveTextContent('1 запис чекає');
  expect(sent()).toEqual([]);
});
