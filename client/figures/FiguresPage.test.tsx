import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import type { FiguresReply } from '#contract/figures.ts';
import { failure, type Outcome } from '../session/failure.ts';
import { sampleFigures, sampleFiguresReply } from '../test/figures-samples.ts';
import { sampleRegion, sampleWireRegistry } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { FiguresPage } from './FiguresPage.tsx';

const HOUR = 3_600;
const DAY = 24 * HOUR;

let dispose = () => {};
afterEach(() => dispose());

async function openPage(answer: (path: string) => Outcome<FiguresReply>) {
  const asked: string[] = [];
  const { desk } = createTestDesk({
    actions: ['status.read', 'figures.read'],
    registry: sampleWireRegistry({
      regions: [
        sampleRegion(),
        sampleRegion({ id: 'UA-46', name: { uk: 'Львівська область', en: 'Lviv oblast' } }),
      ],
    }),
    get: (path) => {
      if (!path.includes('/figures')) return undefined;
      asked.push(path);
      return answer(path);
    },
  });
  dispose = () => desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={desk}>
      <FiguresPage />
    </Surroundings>,
  );
  return { screen, asked };
}

/** What a card says: its number, and what that is made of. */
function card(name: string): [value: string, detail: string] {
  const term = [...document.querySelectorAll('dt')].find((one) => one.textContent === name);
  const [value, detail] = [...(term?.parentElement?.querySelectorAll('dd') ?? [])];
  return [plain(value?.textContent), plain(detail?.textContent)];
}

/** Numbers with ordinary spaces. */
function plain(text: string | null | undefined): string {
  return (text ?? '').replace(/\s/g, ' ');
}

const FIGURES = sampleFigures({
  begun: 1234,
  closed: 1200,
  // 22 days have begun: 11 people on average.
  heldSeconds: 11 * 22 * DAY,
  dark: [
    { cause: 'fault', seconds: 10 * HOUR },
    { cause: 'network', seconds: 14.2 * HOUR },
    // Neither is time without video.
    { cause: 'confidential', seconds: 100 * HOUR },
    { cause: 'unknown', seconds: 2 * 22 * DAY },
  ],
  lawyer: {
    within1h: 6,
    within6h: 2,
    later: 1,
    none: 1,
    unassigned: 2,
    medianMinutes: 45,
    worstMinutes: 420,
  },
  checks: { onTime: 900, late: 60, missed: 40 },
  complaints: { byKind: { treatment: 2, medical: 1 }, byOutcome: { upheld: 1 } },
  hotline: { byKind: { rights: 4 }, byOutcome: {} },
  force: { physical: 3, baton: 1 },
  restraints: 5,
  space: {
    seconds: 1_000 * HOUR,
    under4Seconds: 125 * HOUR,
    under3Seconds: 5.5 * HOUR,
    meanM2: 5.2,
    leastM2: 2.6,
  },
});

test('each figure is what it was counted from', async () => {
  const days = Array.from({ length: 30 }, (_, index) => ({
    day: `2026-11-${String(index + 1).padStart(2, '0')}`,
    begun: 0,
    heldSeconds: 0,
    darkSeconds: 0,
    breaches: 0,
    checksMissed: 0,
    force: 0,
    complaints: 0,
  }));
  const { screen } = await openPage(() => ({
    ok: true,
    value: sampleFiguresReply({ total: { place: { kind: 'nation' }, figures: FIGURES }, days }),
  }));
  await expect.element(screen.getByText('Осіб у середньому').first()).toBeVisible();
  expect(card('Осіб у середньому')).toEqual(['11', 'затримано 1 234 · закрито справ 1 200']);
  // 24.2 hours of the 4752 of which it is known.
  expect(card('Час без відео')[0]).toMatch(/^0,5\s?%$/);
  expect(card('Час без відео')[1]).toContain('несправність 10 год · зв’язок 14 год');
  expect(card('Захисник за 1 годину (не норма закону)')[0]).toMatch(/^50\s?%$/);
  expect(card('Захисник за 1 годину (не норма закону)')[1]).toBe(
    'за 6 годин ще 2 · пізніше 1 · не призначено або не прибув 3 · медіана 45 хв, найдовше 7 год',
  );
  expect(card('Перевірки вчасно')).toEqual([
    expect.stringMatching(/^90\s?%$/),
    'із запізненням 60 · пропущено 40',
  ]);
  expect(card('Менш як 4 м² на особу')).toEqual([
    expect.stringMatching(/^12,5\s?%$/),
    '125 год, з них менш як 3 м² 5,5 год · у середньому 5,2 м², щонайменше 2,6 м²',
  ]);
  expect(card('Скарги')).toEqual(['7', 'з гарячої лінії 4 · підтверджено 1']);
  expect(card('Застосування сили')).toEqual(['4', 'фізична сила 3 · кийок 1 · засоби обмеження 5']);
});

test('a column’s head brings the worst to the top, and a region opens its facilities', async () => {
  const row = (regionId: string, missed: number) => ({
    place: { kind: 'region' as const, regionId },
    figures: sampleFigures({ checks: { onTime: 100 - missed, late: 0, missed } }),
  });
  const { screen, asked } = await openPage(() => ({
    ok: true,
    value: sampleFiguresReply({ rows: [row('UA-68', 25), row('UA-46', 3)] }),
  }));
  const cells = () =>
    [...document.querySelectorAll('section[aria-label="Порівняння"] tbody tr')].map((one) => [
      one.querySelector('th')?.textContent,
      plain(one.querySelectorAll('td')[4]?.textContent).replace(' ', ''),
    ]);
  await expect.poll(cells).toEqual([
    ['Львівська область', '97%'],
    ['Хмельницька область', '75%'],
  ]);
  await screen.getByRole('button', { name: 'Перевірки вчасно' }).click();
  await expect
    .poll(() => cells().map(([name]) => name))
    .toEqual(['Хмельницька область', 'Львівська область']);
  await screen.getByRole('button', { name: 'Львівська область' }).click();
  await expect.poll(() => asked.at(-1)).toContain('region=UA-46');
});

test('a facility is opened from its region, and its figures are asked for alone', async () => {
  const facility = (facilityId: string) => ({
    place: { kind: 'facility' as const, regionId: 'UA-68', facilityId },
    figures: sampleFigures(),
  });
  const { screen, asked } = await openPage(() => ({
    ok: true,
    value: sampleFiguresReply({ rows: [facility('ua-68-itt-2'), facility('ua-68-itt-3')] }),
  }));
  await screen.getByRole('button', { name: 'ІТТ №2 Хмельницький' }).click();
  await expect
    .poll(() => new URLSearchParams(asked.at(-1)?.split('?')[1]).get('facility'))
    .toBe('ua-68-itt-2');
  await expect.poll(() => document.querySelectorAll('select')[1]?.value).toBe('ua-68-itt-2');
  expect(document.querySelector('a[href*="format=csv"]')?.getAttribute('href')).toContain(
    'facility=ua-68-itt-2',
  );
});

test('bars are as high as their days, on an axis that says so', async () => {
  const day = (number: number, breaches: number) => ({
    day: `2026-11-0${number}`,
    begun: 0,
    heldSeconds: 0,
    darkSeconds: 0,
    breaches,
    checksMissed: 0,
    force: 0,
    complaints: 0,
  });
  const { screen } = await openPage(() => ({
    ok: true,
    value: sampleFiguresReply({ days: [day(1, 4), day(2, 0), day(3, 8)] }),
  }));
  await screen.getByRole('button', { name: 'Порушені строки закону' }).click();
  const chart = screen.getByRole('img', { name: 'Порушені строки закону' });
  await expect.element(chart).toBeVisible();
  const bars = [...chart.element().querySelectorAll('rect')];
  expect(bars.map((bar) => bar.textContent)).toEqual(['2026-11-01: 4', '2026-11-02: 0', '2026-11-03: 8']);
  const heights = bars.map((bar) => Number(bar.getAttribute('height')));
  const axis = [...chart.element().querySelectorAll('line')].map((line) => Number(line.getAttribute('y1')));
  const whole = (axis[0] ?? 0) - (axis[2] ?? 0);
  // The axis ends at 10.
  expect(heights.map((height) => Math.round((height / whole) * 100))).toEqual([40, 0, 80]);
});

test('what is not complete, or could not be read, is said', async () => {
  let isFirst = true;
  const { screen } = await openPage(() => {
    if (!isFirst) return { ok: true, value: sampleFiguresReply({ complete: false }) };
    isFirst = false;
    return failure('store_unavailable');
  });
  await expect.element(screen.getByText('Показники не прочитано')).toBeVisible();
  await screen.getByRole('button', { name: 'Спробувати ще раз' }).click();
  await expect.element(screen.getByText(/Частину подій ще не пораховано/)).toBeVisible();
});
