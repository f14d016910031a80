import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import type { Air } from '#contract/conditions.ts';
import type { LimitInfo } from '#contract/live.ts';
import {
  sampleArea,
  sampleClock,
  sampleFacility,
  sampleStatus,
  sampleWireRegistry,
} from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { FocusFacts } from './FocusFacts.tsx';

let dispose = () => {};
afterEach(() => dispose());

const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const text = (uk: string) => ({ uk, en: uk });
const limit = (over: Partial<LimitInfo>): LimitInfo => ({
  normSet: 'ua-cpc',
  limit: 'court',
  label: text('до суду'),
  source: text('КПК України, ст. 211'),
  normName: text('КПК України'),
  standing: 'law',
  ...over,
});
const LIMITS = [
  limit({}),
  limit({
    normSet: 'ua-cpc-615',
    limit: 'hold',
    label: text('тримання за ст. 615'),
    normName: text('КПК, ст. 615'),
    shadows: ['ua-cpc/court'],
  }),
  limit({ limit: 'relatives', label: text('сповістити рідних'), source: text('КПК, ст. 213') }),
  limit({
    normSet: 'echr',
    limit: 'space-3',
    label: text('менше 3 м² на особу'),
    source: text('«Муршич проти Хорватії»'),
    normName: text('ЄСПЛ'),
  }),
  limit({
    normSet: 'ua-order-777',
    limit: 'mixed-sex',
    label: text('чоловіки й жінки разом'),
    source: text('Наказ № 777'),
  }),
];

async function show(status: Parameters<typeof sampleStatus>[0], air?: Air) {
  const { desk } = createTestDesk({
    get: (path) => (path.startsWith('/api/v1/areas/') ? { ok: true, value: { air } } : undefined),
    registry: sampleWireRegistry({ limits: LIMITS }),
  });
  dispose = () => desk[Symbol.dispose]();
  const data = {
    area: sampleArea(),
    facility: sampleFacility(),
    status: sampleStatus(status),
    feed: undefined,
    flags: [],
  };
  return render(
    <Surroundings desk={desk}>
      <FocusFacts data={data} />
    </Surroundings>,
  );
}

const clock = (over: Parameters<typeof sampleClock>[0] = {}) =>
  sampleClock({ anchorAt: soon(-600), amberAt: soon(100), redAt: soon(200), dueAt: soon(300), ...over });

test('a limit that another norm stands in for is there, in grey, with the name of that norm', async () => {
  const screen = await show({
    clocks: [clock({ shadowed: true }), clock({ normSet: 'ua-cpc-615', limit: 'hold' })],
  });
  await expect.element(screen.getByText('натомість діє: КПК, ст. 615: тримання за ст. 615')).toBeVisible();
  const rows = [...screen.container.querySelectorAll<HTMLElement>('li[data-clock]')];
  expect(rows.map(({ dataset }) => dataset.shadowed)).toEqual([undefined, 'true']);
  const colours = rows.map((row) => getComputedStyle(row.firstElementChild as Element).color);
  expect(colours[0]).not.toBe(colours[1]);
});

test('each clock says its article, and what its time rests on', async () => {
  const screen = await show({
    clocks: [clock(), clock({ limit: 'relatives', kind: 'duty', standing: 'judgment' })],
  });
  await expect.element(screen.getByText('КПК України, ст. 211')).toBeVisible();
  await expect.element(screen.getByText('КПК, ст. 213')).toBeVisible();
  await expect.element(screen.getByText(/^до .* · закон$/)).toBeVisible();
  await expect.element(screen.getByText(/^до .* · наша оцінка, не норма закону$/)).toBeVisible();
});

test('room says the line that it is below, and whose norm that is', async () => {
  const screen = await show({
    headcount: 5,
    space: { m2PerPerson: 2.97, below: { normSet: 'echr', limit: 'space-3' }, level: 'red' },
  });
  await expect.element(screen.getByText('2,9 м² · менше 3 м² на особу')).toBeVisible();
  await expect.element(screen.getByText('ЄСПЛ · «Муршич проти Хорватії» · закон')).toBeVisible();
});

test('air has its age; a finding says since when and by which rule', async () => {
  const screen = await show({
    air: { temperatureC: 17.5, co2Ppm: 1_450, at: soon(-12) },
    findings: [{ normSet: 'ua-order-777', code: 'mixed-sex', since: '2026-11-22T12:05:00.000Z' }],
  });
  await expect.element(screen.getByText('17,5 °C · CO₂ 1450 ppm')).toBeVisible();
  await expect.element(screen.getByText('12 хв тому')).toBeVisible();
  await expect.element(screen.getByText('чоловіки й жінки разом')).toBeVisible();
  await expect.element(screen.getByText('з 22 листопада о 14:05 · Наказ № 777 · закон')).toBeVisible();
});

test('air that is as it should be is asked for when somebody looks', async () => {
  const screen = await show({}, { temperatureC: 20.5, at: soon(-3) });
  await expect.element(screen.getByText('20,5 °C')).toBeVisible();
  await expect.element(screen.getByText('3 хв тому')).toBeVisible();
});
