import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { GateBody } from '#contract/gate.ts';
import { MaskBody } from '#contract/mask.ts';
import type { AreaStatus } from '#contract/status.ts';
import { failure } from '../session/failure.ts';
import { sampleArea, sampleFacility, sampleStatus } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { GateButton } from './GateButton.tsx';
import { MaskButton } from './MaskButton.tsx';
import { VisitList } from './VisitList.tsx';

const AREA = 'ua-68-itt-2-cell-4';
const EVENT = '00000000-0000-4000-8000-000000000001';
const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

let dispose = () => {};
afterEach(() => dispose());

async function show(
  what: 'gate' | 'mask' | 'visits',
  status: Partial<AreaStatus> = {},
  world: Parameters<typeof createTestDesk>[0] = {},
) {
  const page = createTestDesk({
    actions: ['status.read', 'gate.set', 'mask.lift'],
    post: () => ({ ok: true, value: { event: EVENT, until: null } }),
    ...world,
  });
  dispose = () => page.desk[Symbol.dispose]();
  const masks = [{ x: 0, y: 0, width: 0.5, height: 0.5 }];
  const area = sampleArea({
    privacy: what === 'mask' ? 'masked' : 'normal',
    feeds: [{ id: `${AREA}-cam-1`, source: 'edge', layers: ['low', 'high'], masks }],
  });
  const data = { area, facility: sampleFacility(), status: sampleStatus(status) };
  const Shown = { gate: GateButton, mask: MaskButton, visits: VisitList }[what];
  const screen = await render(
    <Surroundings desk={page.desk}>
      <Shown data={data} />
    </Surroundings>,
  );
  return { ...page, screen };
}

test('G, a reason, Enter: the area is closed for half an hour', async () => {
  const { screen, posted } = await show('gate');
  await userEvent.keyboard('g');
  await expect.element(screen.getByRole('dialog')).toBeVisible();
  await screen.getByRole('button', { name: 'Особистий обшук' }).click();
  await screen.getByRole('textbox').click();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => posted.length).toBe(1);
  expect(posted[0]?.path).toBe(`/api/v1/areas/${AREA}/gate`);
  expect(GateBody.parse(posted[0]?.body)).toEqual({ act: 'open', minutes: 30, reason: 'Особистий обшук' });
  await expect.poll(() => screen.getByRole('dialog').elements().length).toBe(0);
});

test('nothing is closed without a reason, and a refusal is said in words', async () => {
  const { screen, posted } = await show('gate', {}, { post: () => failure('store_unavailable') });
  await screen.getByRole('button', { name: 'Закрити для всіх' }).click();
  const send = screen.getByRole('dialog').getByRole('button', { name: 'Закрити для всіх' });
  await expect.element(send).toBeDisabled();
  await screen.getByRole('textbox').fill('Обробка камери');
  await send.click();
  await expect.element(screen.getByText(/Сховище недоступне/)).toBeVisible();
  expect(posted).toHaveLength(1);
});

test('one that is closed says by whom and until when, and can be given more time or opened', async () => {
  const gate = { since: soon(-10), until: soon(20), by: 'duty-68' };
  const { screen, posted } = await show('gate', { gate, confidentialSince: gate.since });
  await screen.getByRole('button', { name: 'Закрито для всіх' }).click();
  await expect.element(screen.getByText(/закрито: duty-68 · до \d\d:\d\d/)).toBeVisible();
  await screen.getByRole('button', { name: 'Відкрити знову' }).click();
  await expect.poll(() => posted.map(({ body }) => body)).toEqual([{ act: 'close' }]);
});

const visit = (minutes: number) => ({
  kind: 'lawyer' as const,
  caseId: 'cr-68-2-000123',
  since: soon(-200),
  until: soon(minutes),
});

test('an area that is closed for a visit says until when, and who may says that it goes on', async () => {
  const { screen, posted } = await show('visits', { visits: [visit(10)], confidentialSince: soon(-200) });
  await expect.element(screen.getByText(/Захисник, з (\d+ \S+ о )?\d\d:\d\d/)).toBeVisible();
  await expect.element(screen.getByText(/Конфіденційність закінчується о \d\d:\d\d/)).toBeVisible();
  await screen.getByRole('button', { name: 'Візит триває: продовжити' }).click();
  await expect.poll(() => posted.length).toBe(1);
  expect(posted[0]?.path).toBe(`/api/v1/areas/${AREA}/gate`);
  expect(GateBody.parse(posted[0]?.body)).toEqual({ act: 'prolong', caseId: 'cr-68-2-000123' });
});

test('who may not close areas sees until when, and no button', async () => {
  const { screen } = await show('visits', { visits: [visit(10)] }, { actions: ['status.read'] });
  await expect.element(screen.getByText(/Конфіденційність закінчується о \d\d:\d\d/)).toBeVisible();
  expect(screen.getByRole('button').elements()).toHaveLength(0);
});

test('who may not has no button', async () => {
  const { screen } = await show('gate', {}, { actions: ['status.read'] });
  expect(screen.getByRole('button').elements()).toHaveLength(0);
});

test('what is covered is shown for somebody under constant observation, with a reason', async () => {
  const clock = { normSet: 'ua-cpc', limit: 'court', caseId: 'cr-68-2-000123' };
  const times = { anchorAt: soon(-60), amberAt: soon(60), redAt: soon(90), dueAt: soon(120) };
  const { screen, posted } = await show('mask', { observation: 3, clocks: [{ ...clock, ...times }] });
  await screen.getByRole('button', { name: 'Показати приховане' }).click();
  await screen.getByRole('textbox').fill('Не рухається, не видно рук');
  await screen.getByRole('button', { name: 'Показати', exact: true }).click();
  await expect.poll(() => posted.length).toBe(1);
  expect(MaskBody.parse(posted[0]?.body)).toEqual({
    act: 'lift',
    caseId: 'cr-68-2-000123',
    minutes: 10,
    reason: 'Не рухається, не видно рук',
  });
});

test('and for nobody else', async () => {
  const { screen } = await show('mask');
  await screen.getByRole('button', { name: 'Показати приховане' }).click();
  await expect.element(screen.getByText(/немає нікого під постійним наглядом/)).toBeVisible();
  await screen.getByRole('textbox').fill('Хочу подивитися');
  await expect.element(screen.getByRole('button', { name: 'Показати', exact: true })).toBeDisabled();
});
