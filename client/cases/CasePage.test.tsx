import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { Route, Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { CaseDetail, ReadWordsReply } from '#contract/cases.ts';
import {
  PurposeList,
  ReadEarlierBody,
  ReadEarlierReply,
  ReadPersonalBody,
  ReadPersonalReply,
} from '#contract/personal.ts';
import { failure, type Outcome } from '../session/failure.ts';
import { inMinutes, NOON } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { CasePage } from './CasePage.tsx';

const CASE = 'cr-68-2-000123';
const FACILITY = 'ua-68-itt-2';

function detail(over: Partial<CaseDetail> = {}): CaseDetail {
  return CaseDetail.parse({
    summary: {
      caseId: CASE,
      facilityId: FACILITY,
      regionId: 'UA-68',
      areaId: null,
      person: { sex: 'female', minor: true, regime: 'criminal', atRisk: false },
      detainedAt: inMinutes(-300),
      closedAt: null,
      clocks: [],
      contradictions: 1,
      updatedAt: NOON,
    },
    times: {
      actual: inMinutes(-300),
      delivered: inMinutes(-310),
      registered: inMinutes(-280),
      protocol: null,
    },
    contradictions: [{ code: 'delivered-before-actual', at: inMinutes(-310), against: inMinutes(-300) }],
    runs: [],
    stays: [],
    timeline: [],
    flags: [],
    leftOut: { events: 0, flags: 0, viewings: 0 },
    ...over,
  });
}

let dispose = () => {};
afterEach(() => dispose());

const ACTIONS = ['status.read', 'case.read', 'personal.read'];

async function open(answers: Record<string, () => Outcome<unknown>>, actions = ACTIONS) {
  const page = createTestDesk({
    actions,
    get: (path) => Object.entries(answers).find(([end]) => path.endsWith(end))?.[1](),
    post: (path) =>
      Object.entries(answers).find(([end]) => path.endsWith(end))?.[1]() ?? failure('not_found'),
  });
  dispose = () => page.desk[Symbol.dispose]();
  const { hook } = memoryLocation({ path: `/cases/${FACILITY}/${CASE}`, record: true });
  const screen = await render(
    <Router hook={hook}>
      <Surroundings desk={page.desk}>
        <Route path="/cases/:facilityId/:caseId">
          <CasePage />
        </Route>
      </Surroundings>
    </Router>,
  );
  return { ...page, screen };
}

const CASE_PATH = `/cases/${CASE}`;
const PURPOSES = PurposeList.parse({
  items: [
    {
      id: 'medical-emergency',
      label: { uk: 'Медична допомога', en: 'Medical help' },
      explanation: { uk: 'Лише для допомоги', en: 'For help only' },
      needsNote: false,
    },
    {
      id: 'proceeding',
      label: { uk: 'Провадження', en: 'Proceeding' },
      explanation: { uk: 'Потрібен номер', en: 'Needs a number' },
      needsNote: true,
    },
  ],
});
const PERSONAL = ReadPersonalReply.parse({
  caseId: CASE,
  data: { familyName: 'Вигадана', givenName: 'Особа', charges: ['ст. 185'], healthNotes: [] },
  recordedAt: NOON,
  receivedAt: NOON,
  auditSeq: 77,
});

test('contradictions are said in words, and what is missing is said to be', async () => {
  const { screen } = await open({ [CASE_PATH]: () => ({ ok: true, value: detail() }) });
  await expect.element(screen.getByText('Доставлення записано раніше за фактичне затримання')).toBeVisible();
  await expect.element(screen.getByText('не записано')).toBeVisible();
  await expect.element(screen.getByText('неповнолітня особа', { exact: true })).toBeVisible();
});

test.each([
  ['unknown_case', 'Такої справи немає'],
  ['forbidden', 'Цю справу вам не видно'],
  ['store_unavailable', 'Справа не відкрилася'],
] as const)('%s has a page of its own', async (code, words) => {
  const { screen } = await open({ [CASE_PATH]: () => failure(code) });
  await expect.element(screen.getByText(words)).toBeVisible();
});

test('a right that was lost takes what was shown with it', async () => {
  const answers: Outcome<unknown>[] = [{ ok: true, value: detail() }, failure('forbidden')];
  const { screen } = await open({ [CASE_PATH]: () => answers.shift() ?? failure('internal') });
  await screen.getByRole('button', { name: 'Оновити' }).click();
  await expect.element(screen.getByText('Цю справу вам не видно')).toBeVisible();
  expect(screen.getByText(CASE).elements()).toHaveLength(0);
});

test('without a connection the case stays, with its age', async () => {
  const answers: Outcome<unknown>[] = [{ ok: true, value: detail() }, failure('offline')];
  const { screen } = await open({ [CASE_PATH]: () => answers.shift() ?? failure('internal') });
  await screen.getByRole('button', { name: 'Оновити' }).click();
  await expect.element(screen.getByText(/Зв’язку немає: показано стан на/)).toBeVisible();
  await expect.element(screen.getByText('Чотири часи')).toBeVisible();
});

test('names are shown after a purpose and its grounds, and go when they are hidden', async () => {
  const { screen, posted } = await open({
    [CASE_PATH]: () => ({ ok: true, value: detail() }),
    '/purposes': () => ({ ok: true, value: PURPOSES }),
    '/personal': () => ({ ok: true, value: PERSONAL }),
  });
  await screen.getByRole('button', { name: 'Особові дані' }).click();
  await expect.element(screen.getByText(/назавжди залишиться в журналі/)).toBeVisible();
  const show = screen.getByRole('button', { name: 'Показати' });
  await expect.element(show).toBeDisabled();
  await screen.getByRole('radio', { name: /Провадження/ }).click();
  await expect.element(show).toBeDisabled();
  await screen.getByRole('textbox').fill('№ 12024');
  await userEvent.keyboard('{Tab}');
  await show.click();
  await expect.element(screen.getByText('Вигадана Особа')).toBeVisible();
  expect(ReadPersonalBody.parse(posted[0]?.body)).toEqual({ purpose: 'proceeding', note: '№ 12024' });
  await screen.getByRole('button', { name: 'Сховати' }).click();
  expect(screen.getByText('Вигадана Особа').elements()).toHaveLength(0);
});

test('outside control reads what was said before a correction, and how far back it goes', async () => {
  const said = (version: number, familyName: string) => ({
    version,
    data: { familyName, givenName: 'Особа', charges: [], healthNotes: [] },
    recordedAt: NOON,
    receivedAt: NOON,
  });
  const pages = [
    { caseId: CASE, items: [said(3, 'Третя')], nextBefore: 3, auditSeq: 80 },
    { caseId: CASE, items: [said(2, 'Друга'), said(1, 'Перша')], nextBefore: null, auditSeq: 81 },
  ];
  const { screen, posted } = await open(
    {
      [CASE_PATH]: () => ({ ok: true, value: detail() }),
      '/purposes': () => ({ ok: true, value: PURPOSES }),
      '/earlier': () => ({ ok: true, value: ReadEarlierReply.parse(pages.shift()) }),
    },
    [...ACTIONS, 'personal.read-earlier'],
  );
  const give = async (opener: string) => {
    await screen.getByRole('button', { name: opener }).click();
    await screen.getByRole('radio', { name: /Медична допомога/ }).click();
    await screen.getByRole('button', { name: 'Показати', exact: true }).click();
  };
  await give('Що записано раніше');
  await expect.element(screen.getByText('Третя Особа')).toBeVisible();
  await give('Ще раніше');
  await expect.element(screen.getByText('Перша Особа')).toBeVisible();
  expect(screen.getByText('Третя Особа').elements()).toHaveLength(0);
  expect(screen.getByRole('button', { name: 'Ще раніше' }).elements()).toHaveLength(0);
  expect(posted.map(({ body }) => ReadEarlierBody.parse(body).before)).toEqual([undefined, 3]);
  await screen.getByRole('button', { name: 'Сховати' }).click();
  expect(screen.getByText('Перша Особа').elements()).toHaveLength(0);
});

test('notes are shown after a purpose, and go when they are hidden', async () => {
  const id = '00000000-0000-4000-8000-000000000001';
  const entry = {
    id,
    type: 'COMPLAINT',
    occurredAt: NOON,
    recordedAt: NOON,
    receivedAt: NOON,
    recordedBy: 'inspector-1',
    via: { kind: 'person', id: 'inspector' },
    areaId: null,
    details: {},
    hasWords: true,
    voidedBy: null,
    replaces: null,
  } as const;
  const { screen, posted } = await open({
    [CASE_PATH]: () => ({ ok: true, value: detail({ timeline: [entry] }) }),
    '/purposes': () => ({ ok: true, value: PURPOSES }),
    '/notes': () => ({
      ok: true,
      value: ReadWordsReply.parse({ caseId: CASE, items: [{ id, note: 'Просить лікаря' }], auditSeq: 78 }),
    }),
  });
  await expect.element(screen.getByText(/внесено під обліковим записом inspector/)).toBeVisible();
  await screen.getByRole('button', { name: 'Показати примітки' }).click();
  await screen.getByRole('radio', { name: /Медична допомога/ }).click();
  await screen.getByRole('button', { name: 'Показати', exact: true }).click();
  await expect.element(screen.getByText('Просить лікаря')).toBeVisible();
  expect(posted[0]?.path).toMatch(/\/notes$/);
  await screen.getByRole('button', { name: 'Сховати примітки' }).click();
  expect(screen.getByText('Просить лікаря').elements()).toHaveLength(0);
});

test('who may not read personal data is not offered it', async () => {
  const { screen } = await open({ [CASE_PATH]: () => ({ ok: true, value: detail() }) }, ['case.read']);
  await expect.element(screen.getByText('Чотири часи')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Особові дані' }).elements()).toHaveLength(0);
  expect(screen.getByRole('button', { name: 'Що записано раніше' }).elements()).toHaveLength(0);
});
