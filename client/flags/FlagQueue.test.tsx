import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import type { Flag } from '#contract/flags.ts';
import { failure, type Outcome } from '../session/failure.ts';
import { sampleFlag, sampleSnapshot } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { FlagQueue } from './FlagQueue.tsx';

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const flag = (number: number, over: Partial<Flag> = {}) =>
  sampleFlag({ id: id(number), category: 'no-video', severity: 3, ...over });
const BURST = [flag(1), flag(2), flag(3), flag(4)];
const OTHER = flag(5, { category: 'medical', severity: 2 });

let dispose = () => {};
afterEach(() => dispose());

/** `people`: to whom flags can be assigned, by what the page asks. @default one person everywhere */
async function open(
  answers: Record<string, Outcome<unknown>> = {},
  flags = [OTHER, ...BURST],
  people: (query: string) => unknown[] = () => [PERSON],
) {
  /** Paths of flags that were taken back. */
  const takenBack: string[] = [];
  const page = createTestDesk({
    snapshot: [sampleSnapshot()],
    actions: ['flag.read', 'flag.acknowledge', 'flag.assign', 'flag.resolve', 'flag.call', 'flag.shelve'],
    post: (path) => answers[path.split('/')[4] ?? ''] ?? { ok: true, value: flag(1) },
    get: (path) => {
      if (path.endsWith('/shelving')) takenBack.push(path);
      const [, query] = path.split('/api/v1/assignees?');
      if (query !== undefined) return { ok: true, value: { items: people(query), nextCursor: null } };
      return path.endsWith('/shelving') ? { ok: true, value: flag(1) } : undefined;
    },
  });
  dispose = () => page.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={page.desk}>
      <FlagQueue flags={flags} />
    </Surroundings>,
  );
  const asked = () => page.posted.map(({ path, body }) => [path.split('/')[4], body]);
  return { ...page, screen, asked, takenBack };
}

const PERSON = {
  username: 'oncall',
  displayName: { uk: 'Черговий керівник', en: 'On call' },
  role: 'oncall',
};

test('a burst is picked and acknowledged as one, by keys alone; of each flag it is said what became of it', async () => {
  const { screen, asked } = await open({
    [id(2)]: failure('conflict'),
    [id(3)]: failure('store_unavailable'),
  });
  await userEvent.keyboard('{ArrowDown}{ArrowDown} s');
  await expect.element(screen.getByText('Вибрано 4 тривоги')).toBeVisible();
  await userEvent.keyboard('a');
  await expect.element(screen.getByText('Виконано: 3, не вдалося: 1')).toBeVisible();
  expect(
    asked()
      .map(([flagId]) => flagId)
      .toSorted(),
  ).toEqual(BURST.map((one) => one.id));
  const outcomes = () =>
    [...document.querySelectorAll<HTMLElement>('[data-outcome]')].map(({ dataset }) => dataset.outcome);
  expect(outcomes()).toEqual(['done', 'overtaken', 'store_unavailable', 'done']);
  // What failed is what is picked now, for another attempt with the same key.
  await expect.element(screen.getByText('Вибрано 1 тривогу')).toBeVisible();
  await userEvent.keyboard('a');
  await expect.poll(() => asked().length).toBe(5);
  expect(asked().at(-1)?.[0]).toBe(id(3));
});

test('a burst is closed with a ready reason, by its number; words of one’s own are still possible', async () => {
  const { screen, asked } = await open();
  await userEvent.keyboard('{ArrowDown}{ArrowDown} sr');
  await expect.element(screen.getByRole('dialog')).toBeVisible();
  await expect.element(screen.getByRole('radio', { name: 'Усунуто' })).toHaveFocus();
  await userEvent.keyboard('1');
  // The first that is offered is the one for what these flags are about; its words can be added to.
  await expect.element(screen.getByRole('textbox')).toHaveValue('Камеру відновлено');
  await expect.element(screen.getByRole('textbox')).toHaveFocus();
  await userEvent.keyboard(' о 14:05{Control>}{Enter}{/Control}');
  await expect.poll(() => asked().length).toBe(4);
  for (const [, body] of asked())
    expect(body).toMatchObject({ to: 'resolved', reason: 'Камеру відновлено о 14:05' });
});

test('what could not be closed is said in the dialog, and another attempt is for the rest', async () => {
  const answers: Record<string, Outcome<unknown>> = { [id(4)]: failure('store_unavailable') };
  const { screen, asked } = await open(answers);
  await userEvent.keyboard('{ArrowDown}{ArrowDown} sr');
  await expect.element(screen.getByRole('dialog')).toBeVisible();
  await screen.getByRole('textbox').fill('Оглянуто на місці');
  const send = screen.getByRole('dialog').getByRole('button', { name: 'Закрити', exact: true });
  await send.last().click();
  await expect.element(screen.getByText(/Виконано: 3, не вдалося: 1\. Сховище недоступне/)).toBeVisible();
  delete answers[id(4)];
  await send.last().click();
  await expect.poll(() => document.querySelector('[role="dialog"]')).toBe(null);
  expect(
    asked()
      .map(([flagId]) => flagId)
      .slice(4),
  ).toEqual([id(4)]);
});

test('a burst is handed to somebody as one', async () => {
  const { screen, asked } = await open();
  await userEvent.keyboard('{ArrowDown}{ArrowDown} sd');
  await screen.getByText('Черговий керівник').click();
  await screen.getByRole('dialog').getByRole('button', { name: 'Доручити' }).click();
  await expect.poll(() => asked().length).toBe(4);
  for (const [, body] of asked()) expect(body).toMatchObject({ to: 'assigned', assignee: 'oncall' });
});

const OF_TWO_REGIONS = [
  flag(1, { facilityId: 'ua-68-itt-2' }),
  flag(2, { facilityId: 'ua-68-itt-3' }),
  flag(3, { regionId: 'UA-05', facilityId: 'ua-05-itt-1' }),
];
const dutyOf = (query: string) => ({
  username: query,
  displayName: { uk: `Черговий ${query}`, en: `Duty officer ${query}` },
  role: 'duty',
});

test('a burst of two regions is handed to those alone who can have all of it', async () => {
  const places: string[] = [];
  const { screen, asked } = await open({}, OF_TWO_REGIONS, (query) => {
    places.push(query);
    return [dutyOf(query), PERSON];
  });
  await userEvent.keyboard('{ArrowDown} sd');
  await expect.element(screen.getByText('Черговий керівник')).toBeVisible();
  expect(screen.getByRole('dialog').getByRole('radio').elements()).toHaveLength(1);
  expect(places).toEqual(['region=UA-68', 'region=UA-05&facility=ua-05-itt-1']);
  await screen.getByText('Черговий керівник').click();
  await screen.getByRole('dialog').getByRole('button', { name: 'Доручити' }).click();
  await expect.poll(() => asked().length).toBe(3);
});

test('where nobody can have all of it, it is said what to do', async () => {
  const { screen } = await open({}, OF_TWO_REGIONS, (query) => [dutyOf(query)]);
  await userEvent.keyboard('{ArrowDown} sd');
  await expect.element(screen.getByText(/Доручіть тривоги кожної області окремо/)).toBeVisible();
  const send = screen.getByRole('dialog').getByRole('button', { name: 'Доручити' });
  await expect.element(send).toBeDisabled();
});

test('a call is put down once, however often it is sent', async () => {
  const answers: Record<string, Outcome<unknown>> = { [OTHER.id]: failure('no_answer') };
  const { screen, asked } = await open(answers);
  await screen.getByRole('button', { name: 'Записати дзвінок' }).first().click();
  const dialog = screen.getByRole('dialog');
  await dialog.getByLabelText('Що сказано').fill('Лікар оглянув');
  const send = dialog.getByRole('button', { name: 'Записати', exact: true });
  await send.click();
  await expect.element(screen.getByText(/Дзвінок не записано/)).toBeVisible();
  delete answers[OTHER.id];
  await send.click();
  await expect.poll(() => document.querySelector('[role="dialog"]')).toBe(null);
  const [first, second] = asked().map(([, body]) => body);
  expect(second).toEqual(first);
  expect(first).toMatchObject({ called: 'Чергова частина закладу', reached: true, said: 'Лікар оглянув' });
});

test('what nobody has answered is not put aside, and it is said why', async () => {
  const { screen, asked } = await open();
  await userEvent.keyboard('{ArrowDown} w');
  await expect.element(screen.getByText(/Відкласти можна лише прийняту тривогу/)).toBeVisible();
  expect(document.querySelector('[role="dialog"]')).toBe(null);
  expect(asked()).toEqual([]);
});

test('a burst that was answered is put aside as one, with a reason and until a time, each once', async () => {
  const answers: Record<string, Outcome<unknown>> = { [id(4)]: failure('no_answer') };
  const answered = BURST.map((one) => ({ ...one, state: 'acknowledged' as const }));
  const { screen, asked } = await open(answers, answered);
  await userEvent.keyboard('{ArrowDown} sw');
  await expect.element(screen.getByRole('dialog')).toBeVisible();
  await expect.element(screen.getByRole('textbox')).toHaveAccessibleDescription(/Без імен: причина/);
  await screen.getByRole('textbox').fill('Майстер у дорозі');
  await screen.getByText('1 год', { exact: true }).click();
  const send = screen.getByRole('dialog').getByRole('button', { name: 'Відкласти', exact: true });
  await send.click();
  await expect.element(screen.getByRole('alert')).toBeVisible();
  delete answers[id(4)];
  await send.click();
  await expect.poll(() => document.querySelector('[role="dialog"]')).toBe(null);
  for (const [, body] of asked()) expect(body).toMatchObject({ minutes: 60, reason: 'Майстер у дорозі' });
  const ofFourth = asked().filter(([flagId]) => flagId === id(4));
  expect(ofFourth).toHaveLength(2);
  expect(ofFourth[0]).toEqual(ofFourth[1]);
});

test('what is put aside says by whom, until when and why, and is taken back', async () => {
  const by = { kind: 'person', id: 'duty-68', name: 'Черговий' } as const;
  const shelving = {
    id: crypto.randomUUID(),
    by,
    at: new Date().toISOString(),
    until: new Date(Date.now() + 3_600_000).toISOString(),
    reason: 'Майстер у дорозі',
  };
  const { screen, takenBack } = await open({}, [
    flag(1, { state: 'acknowledged', version: 2, shelvings: [shelving] }),
  ]);
  await expect.element(screen.getByText('Майстер у дорозі')).toBeVisible();
  await expect.element(screen.getByText(/Відкладено до (\d+ \S+ о )?\d\d:\d\d, Черговий/)).toBeVisible();
  expect(screen.getByRole('button', { name: 'Відкласти' }).elements()).toEqual([]);
  await screen.getByRole('button', { name: 'Повернути' }).click();
  await expect.poll(() => takenBack).toEqual([`/api/v1/flags/${id(1)}/shelving`]);
});
