import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { Handover, type HandoverItem } from '#contract/handover.ts';
import { failure, type Outcome } from '../session/failure.ts';
import { sampleRegion, sampleWireRegistry } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { HandoverPage } from './HandoverPage.tsx';

const AREA = 'ua-68-itt-2-cell-4';
const AT = '2026-11-22T06:00:00.000Z';
const ACTIONS = ['status.read', 'flag.read', 'handover.read', 'handover.make'];

let dispose = () => {};
afterEach(() => dispose());

const item = (id: string, change: Partial<HandoverItem> = {}): HandoverItem => ({
  id,
  kind: 'risk',
  regionId: 'UA-68',
  entries: [{ key: id, facilityId: 'ua-68-itt-2', areaId: AREA, at: AT, vulnerabilities: ['minor'] }],
  count: 1,
  addedAt: AT,
  late: false,
  rev: 1,
  acknowledged: null,
  ...change,
});
const CHECK = item('check', {
  kind: 'check',
  entries: [{ key: 'check', facilityId: 'ua-68-itt-2', areaId: AREA, at: AT }],
});
const handover = (change: Partial<Handover> = {}): Handover =>
  Handover.parse({
    id: '00000000-0000-4000-8000-000000000001',
    scope: { kind: 'nation' },
    state: 'open',
    opened: { by: 'situation-2', at: AT },
    shiftEndsAt: AT,
    ended: null,
    previousAt: null,
    since: { raised: 3, resolved: 1, dismissed: 0 },
    items: [item('one'), CHECK],
    left: 0,
    notes: [],
    checkedAt: AT,
    version: 1,
    ...change,
  });
const signed = { by: 'situation', at: AT };

/** The page on a server that has one handover, and answers what is posted. */
async function openPage(first: Handover | null, post: (path: string) => Outcome<unknown>, actions = ACTIONS) {
  let current = first;
  const page = createTestDesk({
    actions,
    get: (path) => {
      if (path.includes('/handovers/current')) return { ok: true, value: { handover: current, open: [] } };
      return path.includes('/handovers') ? { ok: true, value: { items: [], nextCursor: null } } : undefined;
    },
    post: (path) => {
      const outcome = post(path);
      if (outcome.ok) current = outcome.value as Handover;
      return outcome;
    },
  });
  dispose = () => page.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={page.desk}>
      <HandoverPage />
    </Surroundings>,
  );
  return { ...page, screen };
}

test('each item is acknowledged by name, by keyboard alone, and only then it can be finished', async () => {
  const answers = [
    handover({ items: [item('one', { acknowledged: signed }), CHECK], version: 2 }),
    handover({
      items: [item('one', { acknowledged: signed }), { ...CHECK, acknowledged: signed }],
      version: 3,
    }),
    handover({
      state: 'closed',
      ended: signed,
      items: [item('one', { acknowledged: signed }), { ...CHECK, acknowledged: signed }],
      version: 4,
    }),
  ];
  const { screen, posted } = await openPage(handover(), () => {
    const next = answers.shift();
    return next ? { ok: true, value: next } : failure('internal');
  });
  await expect.element(screen.getByText('неповнолітні')).toBeVisible();
  const finish = screen.getByRole('button', { name: 'Завершити передавання' });
  await expect.element(finish).toBeDisabled();
  screen.getByRole('button', { name: 'Прийняти: неповнолітні' }).element().focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(screen.getByText('Прийнято 1 з 2')).toBeVisible();
  // The next one has the focus already.
  await expect
    .element(screen.getByRole('button', { name: /^Прийняти: Перевірку прострочено/ }))
    .toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.element(screen.getByText('Прийнято 2 з 2')).toBeVisible();
  await expect.element(finish).toBeEnabled();
  await finish.click();
  await expect.element(screen.getByText(/^Зміну прийнято: situation/)).toBeVisible();
  expect(posted.map(({ path, body }) => [path.split('/').at(-1), body])).toEqual([
    ['acknowledgements', { itemId: 'one', rev: 1 }],
    ['acknowledgements', { itemId: 'check', rev: 1 }],
    ['end', { to: 'closed' }],
  ]);
});

test('who opened it acknowledges nothing, and can take it back with a reason', async () => {
  const own = handover({ opened: { by: 'situation', at: AT } });
  const { screen, posted } = await openPage(own, () => ({
    ok: true,
    value: { ...own, state: 'withdrawn', ended: signed, version: 2 },
  }));
  await expect.element(screen.getByText(/Прийняти має інша особа/)).toBeVisible();
  expect(screen.getByRole('button', { name: /^Прийняти/ }).elements()).toHaveLength(0);
  await screen.getByRole('button', { name: 'Відкликати' }).click();
  await expect.element(screen.getByRole('button', { name: 'Відкликати' })).toBeDisabled();
  await screen.getByRole('textbox', { name: 'Чому відкликаєте' }).fill('натиснуто помилково');
  await screen.getByRole('button', { name: 'Відкликати' }).click();
  await expect.element(screen.getByText(/^Відкликано: situation/)).toBeVisible();
  expect(posted[0]?.body).toEqual({ to: 'withdrawn', reason: 'натиснуто помилково' });
});

test('what changed while one was reading is said, and shown', async () => {
  const grown = item('one', { rev: 2, late: true });
  let isFirst = true;
  const { screen } = await openPage(handover({ items: [item('one')] }), () => {
    if (!isFirst) return { ok: true, value: handover({ items: [grown], version: 2 }) };
    isFirst = false;
    return failure('conflict');
  });
  await screen.getByRole('button', { name: 'Прийняти: неповнолітні' }).click();
  await expect.element(screen.getByText(/^Поки ви читали, тут щось змінилося/)).toBeVisible();
});

test('what is still to come is told, keeps it open when all that is shown is acknowledged, and comes', async () => {
  const first = item('one', { acknowledged: signed });
  let isThrough = false;
  const { screen } = await openPage(
    handover({ items: [item('one'), { ...CHECK, acknowledged: signed }], left: 52 }),
    () => {
      isThrough = true;
      return { ok: true, value: handover({ items: [first], left: 52, version: 2 }) };
    },
  );
  await expect.element(screen.getByText('Прийнято 1 з 2. Попереду ще 52')).toBeVisible();
  await expect.element(screen.getByText(/^Ще не показано: 52/)).toBeVisible();
  await screen.getByRole('button', { name: 'Прийняти: неповнолітні' }).click();
  await expect.element(screen.getByText('Прийнято 1 з 1. Попереду ще 52')).toBeVisible();
  expect(isThrough).toBe(true);
  await expect.element(screen.getByRole('button', { name: 'Завершити передавання' })).toBeDisabled();
});

test('what happened in the shift is told calmly, folds away, and what is new is marked', async () => {
  const changes: Handover['changes'] = {
    from: AT,
    whole: false,
    counts: { arrivals: 12, escaped: 1, gates: 3 },
    notable: [{ type: 'ESCAPED', at: AT, facilityId: 'ua-68-itt-2', areaId: AREA, caseId: 'cr-68-2-one' }],
  };
  const items = [item('one', { isNew: true }), { ...CHECK, late: true }];
  const since = { raised: 30_000, resolved: 1, dismissed: 0, whole: false as const };
  const { screen } = await openPage(handover({ changes, items, since }), () => failure('internal'));
  await expect.element(screen.getByText('Доставлено осіб')).toBeVisible();
  const counts = [...document.querySelectorAll('[data-count]')].map((one) => one.textContent);
  expect(counts).toEqual(['Доставлено осіб12', 'Втечі1', 'Зони закрито від перегляду3']);
  expect(screen.getByRole('listitem').filter({ hasText: 'Втеча' }).element().textContent).toMatch(
    /Втеча · Камера 4 · .+ · справа cr-68-2-one$/,
  );
  await expect.element(screen.getByText(/^Записів багато: пораховано від/)).toBeVisible();
  await expect.element(screen.getByText(/Тривог багато: давніші закриті/)).toBeVisible();
  await expect.element(screen.getByText('нове за зміну')).toBeVisible();
  await expect.element(screen.getByText('щойно з’явилося')).toBeVisible();
  await screen.getByText('Що сталося за зміну').click();
  await expect.poll(() => document.querySelectorAll('[data-count]').length).toBe(0);
});

test('a refusal to close because more has come says so', async () => {
  const { screen } = await openPage(handover({ items: [item('one', { acknowledged: signed })] }), () =>
    failure('unacknowledged_left'),
  );
  await screen.getByRole('button', { name: 'Завершити передавання' }).click();
  await expect.element(screen.getByText(/Прийнято ще не все/)).toBeVisible();
});

test('many of one cause are one item: what it is, how many, and each place by name', async () => {
  const rule = { id: 'check-missed', params: {} };
  const entry = (index: number, over: object = {}) => ({
    key: `k${index}`,
    facilityId: 'ua-68-itt-2',
    areaId: AREA,
    at: AT,
    flag: {
      id: `00000000-0000-4000-8000-00000000000${index}`,
      category: 'missed-check' as const,
      severity: 3 as const,
      state: 'raised' as const,
      note: '',
      rule,
      ...over,
    },
  });
  const burst = item('burst', {
    kind: 'flag',
    severity: 3,
    entries: [entry(1), entry(2), entry(3, { state: 'assigned', takenBy: 'duty-68' })],
    count: 5,
  });
  const { screen } = await openPage(handover({ items: [burst], left: 2 }), () => failure('internal'));
  await expect.element(screen.getByText(/^Перевірку не відмічено вчасно · .+: 5$/)).toBeVisible();
  const row = screen.getByRole('listitem').filter({ hasText: /: 5/ }).element();
  expect(row.querySelectorAll('ul li')).toHaveLength(4);
  expect(row.textContent).toContain('Хто прийняв: duty-68');
  expect(row.textContent).toContain('і ще 2: наступним пунктом');
});

test('where none is open, who works in shifts can open one, and outside control can read', async () => {
  const { screen, posted } = await openPage(null, () => ({ ok: true, value: handover({ items: [] }) }));
  await screen.getByRole('spinbutton').fill('8');
  await screen.getByRole('textbox').fill('Камера 4: лікар буде о 15:00');
  await screen.getByRole('button', { name: 'Передати зміну' }).click();
  await expect.poll(() => posted[0]?.body).toEqual({ shiftHours: 8, note: 'Камера 4: лікар буде о 15:00' });
  dispose();
  const reader = await openPage(null, () => failure('forbidden'), ['status.read', 'handover.read']);
  await expect.element(reader.screen.getByText(/щойно його відкриють/)).toBeVisible();
});

test('who is in no area is named by the case', async () => {
  const entries = [{ key: 'gone', facilityId: 'ua-68-itt-2', at: AT, caseId: 'cr-68-2-three' }];
  const { screen } = await openPage(handover({ items: [item('gone', { kind: 'unplaced', entries })] }), () =>
    failure('internal'),
  );
  await expect
    .element(screen.getByRole('heading', { name: /^Затримані, чиє місце не зазначено/ }))
    .toBeVisible();
  await expect
    .element(screen.getByText('Справа cr-68-2-three: місце в закладі не зазначено', { exact: true }))
    .toBeVisible();
});

test('a situation room hands over a usual part, or regions that it chooses, and sees what is under way', async () => {
  const REGIONS = ['UA-68', 'UA-46', 'UA-63', 'UA-14'].map((id) =>
    sampleRegion({ id, name: { uk: id, en: id } }),
  );
  const east = {
    id: '00000000-0000-4000-8000-0000000000ea',
    desk: 'situation',
    scope: { kind: 'regions', regionIds: ['UA-63', 'UA-14', 'UA-09'] },
    state: 'open',
    opened: { by: 'situation-2', at: AT },
    shiftEndsAt: AT,
    ended: null,
    items: 4,
    acknowledged: 1,
  };
  const page = createTestDesk({
    actions: ACTIONS,
    registry: sampleWireRegistry({ regions: REGIONS }),
    get: (path) => {
      if (path.includes('/current')) return { ok: true, value: { handover: null, open: [east] } };
      if (path.includes(`/handovers/${handover().id}`)) return { ok: true, value: handover() };
      return path.includes('/handovers') ? { ok: true, value: { items: [], nextCursor: null } } : undefined;
    },
    post: () => ({ ok: true, value: handover({ scope: { kind: 'regions', regionIds: ['UA-46'] } }) }),
  });
  dispose = () => page.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={page.desk}>
      <HandoverPage />
    </Surroundings>,
  );
  await expect.element(screen.getByText(/^Схід · триває · Прийнято 1 з 4/)).toBeVisible();
  expect(screen.getByRole('radio', { name: 'Уся країна' }).query()).toBeNull();
  expect(screen.getByRole('radio', { name: 'Схід' }).query()).toBeNull();
  await screen.getByRole('radio', { name: 'Захід' }).click({ force: true });
  await screen.getByRole('checkbox', { name: 'UA-68' }).click({ force: true });
  await screen.getByRole('button', { name: 'Передати зміну' }).click();
  await expect.poll(() => page.posted[0]?.body).toMatchObject({ regionIds: ['UA-46'] });
});
