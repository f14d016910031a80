import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { EvidenceCustody, EvidenceList, TakeEvidenceBody } from '#contract/evidence.ts';
import type { Flag } from '#contract/flags.ts';
import { PlaceHoldBody } from '#contract/holds.ts';
import { failure, type Outcome } from '../session/failure.ts';
import { ABOUT, FACILITY, FLAG, HASH, KEPT } from '../test/evidence-samples.ts';
import { paintsOver } from '../test/pixels.ts';
import { NOON } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { FlagEvidence } from './FlagEvidence.tsx';

let dispose = () => {};
afterEach(() => dispose());

type Answer = (path: string, body?: unknown) => Outcome<unknown>;
const listOf =
  (...items: unknown[]): Answer =>
  () => ({ ok: true, value: EvidenceList.parse({ items, feeds: [ABOUT.feedId], isKept: true }) });

async function open(actions: string[], answers: Record<string, Answer>, flag: Flag = FLAG) {
  const asked: string[] = [];
  const find = (asking: string) =>
    answers[asking] ?? Object.entries(answers).find(([end]) => asking.endsWith(end))?.[1];
  const page = createTestDesk({
    actions: ['status.read', ...actions] as never,
    get: (asking) => {
      asked.push(asking);
      return find(asking)?.(asking);
    },
    post: (asking, body) => find(`POST ${asking}`)?.(asking, body) ?? failure('not_found'),
  });
  dispose = () => page.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={page.desk}>
      <FlagEvidence flag={flag} />
    </Surroundings>,
  );
  return { screen, asked };
}

test('no picture is asked for before somebody wants it, and nothing plays by itself', async () => {
  const { screen } = await open(['evidence.read'], { '/evidence': listOf(KEPT) });
  expect(screen.container.querySelector('img, video')).toBeNull();
  await screen.getByText('Докази').click();
  await expect.element(screen.getByText('Збережено')).toBeVisible();
  expect(screen.container.querySelector('img, video')).toBeNull();
  await screen.getByRole('button', { name: 'Показати відео' }).click();
  const video = screen.container.querySelector('video');
  expect(video?.getAttribute('src')).toBe(`/api/v1/evidence/${ABOUT.id}/files/clip-1.mp4`);
  expect([video?.autoplay, video?.paused, video?.controls]).toEqual([false, true, true]);
  await expect.element(screen.getByText(/Обрізано до/)).toBeVisible();
  // What only outside control does is not offered.
  expect(screen.container.textContent).not.toContain('Вивантажити');
  expect(screen.container.textContent).not.toContain('Що з ним робили');
  expect(screen.container.textContent).not.toContain('Зберегти відео зараз');
});

test('who looks is in the pixels over stills and clips, also on the whole screen, which the bare video never fills', async () => {
  const { screen } = await open(['evidence.read'], { '/evidence': listOf(KEPT) });
  await screen.getByText('Докази').click();
  await screen.getByRole('button', { name: 'Показати відео' }).click();
  await screen.getByRole('button', { name: 'Показати кадр' }).click();
  const marks = screen.container.querySelectorAll<HTMLElement>('[data-watermark="large"]');
  expect(marks).toHaveLength(2);
  for (const mark of marks) {
    expect(mark.children).toHaveLength(9);
    expect(mark.textContent).toContain('situation');
    expect(mark.textContent).toContain(ABOUT.areaId);
    const frame = mark.parentElement;
    if (!frame) throw new Error('no frame');
    expect(frame.querySelector('img, video')).not.toBeNull();
    await expect.poll(() => paintsOver(frame, mark), { timeout: 15_000 }).toBe(true);
  }
  const video = screen.container.querySelector('video');
  expect(video?.getAttribute('controlslist')?.split(' ')).toContain('nofullscreen');
  expect(video?.disablePictureInPicture).toBe(true);
  const frame = video?.parentElement;
  const { length } = screen.getByRole('button', { name: 'На весь екран' }).elements();
  expect(length).toBe(2);
  for (const button of screen.getByRole('button', { name: 'На весь екран' }).all())
    if (frame?.contains(button.element())) await button.click();
  await expect.poll(() => document.fullscreenElement).toBe(frame);
  expect(document.fullscreenElement?.querySelector('[data-watermark]')).not.toBeNull();
  await document.exitFullscreen();
});

test('who may not see it, and a flag on a whole facility, have no such part', async () => {
  const { screen } = await open([], { '/evidence': listOf(KEPT) });
  expect(screen.container.textContent).toBe('');
  const { areaId: _, ...ofFacility } = FLAG;
  const other = await open(['evidence.read'], {}, ofFacility);
  expect(other.screen.container.textContent).toBe('');
});

test('a clip is asked for with a reason; what is being taken, failed or was sealed says so', async () => {
  const asked: unknown[] = [];
  const id = (last: string) => ABOUT.id.slice(0, -1) + last;
  const { screen } = await open(['evidence.read', 'evidence.take'], {
    [`/api/v1/flags/${FLAG.id}/evidence`]: listOf(
      { state: 'taking', ...ABOUT, id: id('b') },
      { state: 'failed', ...ABOUT, id: id('c'), why: 'confidential', failedAt: NOON },
      { ...KEPT, id: id('d'), sealedAt: NOON },
    ),
    [`POST /api/v1/flags/${FLAG.id}/evidence`]: (_, body) => {
      asked.push(TakeEvidenceBody.parse(body));
      return { ok: true, value: { state: 'taking', ...ABOUT } };
    },
  });
  await screen.getByText('Докази').click();
  await expect.element(screen.getByText('Знімаємо…')).toBeVisible();
  await expect.element(screen.getByText('зона була конфіденційною', { exact: true })).toBeVisible();
  await expect.element(screen.getByText(/Ніхто не може це побачити/)).toBeVisible();
  expect(screen.container.querySelector('figure')).toBeNull();
  await screen.getByRole('button', { name: 'Зберегти відео зараз' }).click();
  await screen.getByRole('textbox', { name: /Навіщо/ }).fill('чути крики');
  await screen.getByRole('button', { name: 'Зберегти', exact: true }).click();
  await expect.poll(() => asked).toMatchObject([{ feedId: ABOUT.feedId, reason: 'чути крики' }]);
});

test('outside control sees what was done with it, and orders that it is not erased', async () => {
  const held: unknown[] = [];
  const entry = {
    chain: 'UA-68',
    seq: 7,
    at: NOON,
    actor: { kind: 'person', id: 'anna' },
    action: 'evidence.read',
    resource: `evidence:${ABOUT.id}`,
    outcome: 'done',
    details: {},
    prevHash: HASH,
    hash: HASH,
  };
  const { screen } = await open(['evidence.read', 'evidence.export', 'hold.place', 'audit.read'], {
    '/custody': () => ({ ok: true, value: EvidenceCustody.parse({ items: [entry] }) }),
    'POST /api/v1/holds': (_, body) => {
      const { target, id, ...words } = PlaceHoldBody.parse(body);
      held.push(target);
      return {
        ok: true,
        value: {
          id,
          target,
          regionId: 'UA-68',
          facilityId: FACILITY,
          office: 'ombudsman',
          reference: words.reference,
          placed: { by: 'o', at: NOON, reason: words.reason },
          released: null,
        },
      };
    },
    '/evidence': listOf(KEPT),
  });
  await screen.getByText('Докази').click();
  await screen.getByText('Що з ним робили').click();
  await expect.element(screen.getByText(/anna · перегляд кадру чи відео/)).toBeVisible();
  await expect.element(screen.getByRole('button', { name: 'Вивантажити пакет' })).toBeVisible();
  await screen.getByRole('button', { name: 'Заборонити стирання' }).click();
  await screen.getByRole('textbox', { name: 'Номер провадження чи перевірки' }).fill('7/26');
  await screen.getByRole('textbox', { name: 'Підстава' }).fill('звернення родини');
  await screen.getByRole('dialog').getByRole('button', { name: 'Заборонити стирання' }).click();
  await expect.poll(() => held).toEqual([{ kind: 'flag', flagId: FLAG.id }]);
  await expect.element(screen.getByText('Стирання заборонено.')).toBeVisible();
});
