import '../design/base.css';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { EvidenceList } from '#contract/evidence.ts';
import type { Flag } from '#contract/flags.ts';
import { failure, type Outcome } from '../session/failure.ts';
import { ABOUT, KEPT } from '../test/evidence-samples.ts';
import { inMinutes, sampleDelta, sampleFlag, sampleSnapshot } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { FlagsPage } from './FlagsPage.tsx';

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const FLAGS = [1, 2, 3, 4, 5, 6].map((number) =>
  sampleFlag({ id: id(number), severity: 3, note: `Примітка ${number}` }),
);
const ACTIONS = [
  'status.read',
  'feed.watch',
  'flag.read',
  'flag.acknowledge',
  'flag.assign',
  'flag.resolve',
  'flag.call',
  'evidence.read',
];
const DESK = [1920, 1080] as const;
const HAND = [390, 844] as const;

let dispose = () => {};
beforeEach(() => history.replaceState(null, '', '/flags'));
afterEach(() => {
  vi.useRealTimers();
  dispose();
  document.documentElement.style.removeProperty('--scale');
  history.replaceState(null, '', '/');
});

const NOTHING_TOLD: Outcome<unknown> = { ok: true, value: { steps: [], next: null } };
const STILL: Outcome<unknown> = {
  ok: true,
  value: EvidenceList.parse({ items: [KEPT], feeds: [ABOUT.feedId], isKept: true }),
};

/** The queue at a size, with answers for the paths that end so; and the paths that were asked for. */
async function open(
  [width, height]: readonly [number, number],
  answers: Record<string, () => Outcome<unknown>> = {},
  flags: readonly Flag[] = FLAGS,
) {
  await page.viewport(width, height);
  const asked: string[] = [];
  const known = { '/escalation': () => NOTHING_TOLD, '/evidence': () => STILL, ...answers };
  const made = createTestDesk({
    snapshot: [sampleSnapshot({ flags: [...flags] })],
    actions: ACTIONS,
    get: (path) => {
      if (path.startsWith('/api/v1/flags/')) asked.push(path.slice('/api/v1/flags/'.length));
      return Object.entries(known).find(([end]) => path.endsWith(end))?.[1]();
    },
    post: (path) => ({ ok: true, value: FLAGS.find((flag) => path.includes(flag.id)) }),
  });
  dispose = () => made.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={made.desk}>
      <div style={{ position: 'fixed', inset: 0 }}>
        <FlagsPage />
      </div>
    </Surroundings>,
  );
  return { ...made, screen, asked };
}

const rowsThere = () =>
  expect.poll(() => document.querySelectorAll('li[data-row]').length).toBe(FLAGS.length);
const shown = () => document.querySelector<HTMLElement>('[data-flag-detail]')?.dataset.flagDetail;
const current = () =>
  [...document.querySelectorAll<HTMLElement>('li[aria-current="true"]')].map(({ dataset }) => dataset.row);
const detail = () => page.getByRole('region', { name: 'Подробиці тривоги' });
const boxOf = (number: number) => document.querySelector<HTMLElement>(`[data-pick="${id(number)}"]`);

test('at a desk what there is on the row with the keyboard stands beside the queue, and keys lead there and back', async () => {
  await open(DESK);
  await rowsThere();
  await expect.element(page.getByText('Тривогу не обрано')).toBeVisible();
  expect(current()).toEqual([]);
  await userEvent.keyboard('{ArrowDown}{ArrowDown}');
  await expect.poll(shown).toBe(id(2));
  expect(current()).toEqual([id(2)]);
  await expect.element(detail().getByText('Примітка 2')).toBeVisible();
  await expect.element(detail().getByText('Перебіг')).toBeVisible();
  await expect.element(detail().getByText('Збережено')).toBeVisible();
  // The rows do not offer it a second time, and what follows them is not read out with every step.
  expect(document.querySelector('li[data-row] details')).toBe(null);
  expect(detail().element().querySelector('[role="status"], [role="alert"]')).toBe(null);
  const [queue, beside] = [
    boxOf(2)?.closest('ul')?.getBoundingClientRect(),
    detail().element().getBoundingClientRect(),
  ];
  expect(queue?.right).toBeLessThanOrEqual(beside.left);
  expect(beside.right).toBeLessThanOrEqual(1920);

  await userEvent.keyboard('{ArrowRight}');
  await expect.element(detail()).toHaveFocus();
  // There the arrows scroll, and the row stays.
  await userEvent.keyboard('{ArrowDown}');
  expect(shown()).toBe(id(2));
  await userEvent.keyboard('{ArrowLeft}');
  expect(document.activeElement).toBe(boxOf(2));
  await userEvent.keyboard('{ArrowUp}');
  await expect.poll(shown).toBe(id(1));
  // Whatever has been used of a row, that row it is; after the last one Tab leads to the details.
  const buttons = document.querySelectorAll<HTMLElement>(`[data-row="${id(6)}"] button`);
  buttons[buttons.length - 1]?.focus();
  await expect.poll(shown).toBe(id(6));
  await userEvent.tab();
  await expect.element(detail()).toHaveFocus();
});

test('whoever goes past rows with a held key asks for nothing; where they rest, once', async () => {
  const { asked } = await open(DESK);
  await rowsThere();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  for (let pressed = 1; pressed <= FLAGS.length; pressed += 1) {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
    await vi.advanceTimersByTimeAsync(50);
    expect(shown()).toBe(id(pressed));
    expect(detail().element().textContent).toContain(`Примітка ${pressed}`);
  }
  expect(asked).toEqual([]);
  expect(location.search).toBe('');
  await vi.advanceTimersByTimeAsync(200);
  vi.useRealTimers();
  await expect.poll(() => asked.toSorted()).toEqual([`${id(6)}/escalation`, `${id(6)}/evidence`]);
  await expect.poll(() => location.search).toBe(`?id=${id(6)}`);
});

test.each([
  [1279, 1, false],
  [1280, 1, true],
  // Text of twice the size needs twice the room.
  [1920, 2, false],
  [3840, 2, true],
])(
  'at %i pixels with text × %i what there is on a flag stands beside: %s',
  async (width, scale, isBeside) => {
    document.documentElement.style.setProperty('--scale', String(scale));
    await open([width, 900]);
    await rowsThere();
    expect(detail().elements()).toHaveLength(isBeside ? 1 : 0);
    expect(document.querySelectorAll('li[data-row] details')).toHaveLength(isBeside ? 0 : 2 * FLAGS.length);
    for (const part of document.querySelectorAll('li[data-row] [data-actions] button, [data-flag-detail]')) {
      const { left, right } = part.getBoundingClientRect();
      const row = part.closest('li')?.getBoundingClientRect();
      expect(left).toBeGreaterThanOrEqual(row?.left ?? 0);
      expect(right).toBeLessThanOrEqual(row?.right ?? width);
    }
  },
);

test('in a hand rows fold open as ever, by keys too', async () => {
  await open(HAND);
  await rowsThere();
  await userEvent.keyboard('{ArrowDown}{ArrowRight}');
  const fold = (name: string) => document.querySelector(`[data-row="${id(1)}"] [data-fold="${name}"][open]`);
  await expect.poll(() => fold('course')?.textContent).toContain('Ситуаційний центр');
  await userEvent.keyboard('e');
  await expect.element(page.getByText('Збережено')).toBeVisible();
  expect(fold('evidence')).not.toBe(null);
  expect(document.querySelector('img')).toBe(null);
  await userEvent.keyboard('e');
  await expect.poll(() => document.querySelector('img')?.getAttribute('src')).toMatch(/\/files\/still\.jpg$/);
  expect(detail().elements()).toEqual([]);
  expect(location.search).toBe('');
});

test('Enter on a row shows its area, on a button it does what the button says', async () => {
  const { desk, posted } = await open(DESK);
  await rowsThere();
  await userEvent.keyboard('{ArrowDown}');
  boxOf(1)?.closest('li')?.querySelector<HTMLElement>('[data-actions] button')?.focus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => posted.length).toBe(1);
  expect(location.pathname).toBe('/flags');
  boxOf(1)?.focus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => location.pathname).toBe('/');
  expect(desk.view.store.getState().marked).toBe(FLAGS[0]?.areaId);
});

test('the still of that moment is shown by a key alone, and not before: each look is on record', async () => {
  await open(DESK);
  await rowsThere();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(detail().getByText('Збережено')).toBeVisible();
  expect(document.querySelector('img, video')).toBe(null);
  const held = { key: 'e', code: 'KeyE', repeat: true, bubbles: true, cancelable: true };
  boxOf(1)?.dispatchEvent(new KeyboardEvent('keydown', held));
  expect(document.activeElement).toBe(boxOf(1));
  await userEvent.keyboard('e');
  await expect
    .poll(() => detail().element().querySelector('img')?.getAttribute('src'))
    .toBe(`/api/v1/evidence/${ABOUT.id}/files/still.jpg`);
  // A second look at what is there already leaves the keyboard on the row.
  await userEvent.keyboard('e');
  expect(document.activeElement).toBe(boxOf(1));
});

test('another flag is told from its top, and the way back from the details is its row', async () => {
  await open([1920, 320]);
  await rowsThere();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}');
  await expect.poll(shown).toBe(id(2));
  const region = detail().element();
  await expect.poll(() => region.scrollHeight).toBeGreaterThan(region.clientHeight + 20);
  region.scrollTop = 20;
  expect(region.scrollTop).toBe(20);
  await userEvent.keyboard('{ArrowDown}');
  await expect.poll(shown).toBe(id(3));
  expect(region.scrollTop).toBe(0);
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(detail()).toHaveFocus();
  await userEvent.keyboard('{Shift>}{Tab}{/Shift}');
  expect(document.activeElement).toBe(boxOf(3));
  expect(shown()).toBe(id(3));
});

test('in a hand a link to a flag without a row says what became of it, until another one is looked at', async () => {
  history.replaceState(null, '', `/flags?id=${id(77)}`);
  await open(HAND, { [id(77)]: () => failure('unknown_flag') });
  await rowsThere();
  await expect.element(page.getByText('Такої тривоги немає')).toBeVisible();
  await userEvent.keyboard('{ArrowDown}');
  await expect.poll(() => document.querySelector('[data-linked-flag]')).toBe(null);
  await expect.poll(() => location.search).toBe('');
});

test('a flag that somebody closes meanwhile says who did, and the queue goes on where it was', async () => {
  const [, second] = FLAGS;
  if (!second) throw new Error('no flag');
  const by = { kind: 'person', id: 'duty-68', name: 'Черговий' } as const;
  const step = { state: 'resolved', by, at: inMinutes(5), reason: 'Лікар оглянув' } as const;
  const closed: Flag = { ...second, state: 'resolved', version: 2, history: [...second.history, step] };
  const { sendDelta } = await open(DESK, { [second.id]: () => ({ ok: true, value: closed }) });
  await rowsThere();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}');
  await expect.poll(shown).toBe(id(2));
  sendDelta(sampleDelta(sampleSnapshot().seq + 1, { flags: [closed] }));
  await expect.element(detail().getByText(/Усунуто, тривогу закрито. Хто: Черговий/)).toBeVisible();
  expect(current()).toEqual([]);
  await userEvent.keyboard('{ArrowDown}');
  await expect.poll(shown).toBe(id(3));
});

test('a link leads to its flag: at a desk it stands beside the queue', async () => {
  history.replaceState(null, '', `/flags?id=${id(5)}`);
  await open(DESK);
  await rowsThere();
  expect(shown()).toBe(id(5));
  expect(current()).toEqual([id(5)]);
  await expect.element(detail().getByText('Примітка 5')).toBeVisible();
  await userEvent.keyboard('{ArrowDown}');
  await expect.poll(shown).toBe(id(6));
});

test('in a hand its row is in sight, and unfolded', async () => {
  history.replaceState(null, '', `/flags?id=${id(5)}`);
  await open(HAND);
  await rowsThere();
  const open5 = () => document.querySelector<HTMLElement>(`[data-row="${id(5)}"] [data-fold="course"][open]`);
  await expect.poll(() => open5()?.textContent).toContain('Ситуаційний центр');
  expect(document.querySelectorAll('[data-fold][open]')).toHaveLength(1);
  const { top } = document.querySelector(`[data-row="${id(5)}"]`)?.getBoundingClientRect() ?? { top: -1 };
  expect(top).toBeGreaterThanOrEqual(0);
  expect(top).toBeLessThan(844);
});

test('what cannot be shown says why, and what failed is asked for again', async () => {
  let answer: Outcome<unknown> = failure('no_answer');
  const gone = id(77);
  history.replaceState(null, '', `/flags?id=${gone}`);
  await open(DESK, { [gone]: () => answer, '/escalation': () => failure('store_unavailable') });
  await expect.element(detail().getByText('Тривогу не завантажено')).toBeVisible();
  answer = failure('unknown_flag');
  await detail().getByRole('button', { name: 'Спробувати ще раз' }).click();
  await expect.element(detail().getByText('Такої тривоги немає')).toBeVisible();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(detail().getByText('Примітка 1')).toBeVisible();
  // What the flag itself says stands there all the same.
  await expect.element(detail().getByText(/Сховище недоступне/)).toBeVisible();
  await expect.element(detail().getByText('Ситуаційний центр', { exact: false }).first()).toBeVisible();
});
