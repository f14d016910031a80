import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import type { FeedHealth } from '#contract/feeds.ts';
import { failure, type Outcome } from '../session/failure.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { FocusStream } from './FocusStream.tsx';

let dispose = () => {};
afterEach(() => dispose());

const FEED = 'ua-68-itt-1-cell-1-cam-1';
const HEALTH: FeedHealth = {
  feedId: FEED,
  layers: [
    { layer: 'low', bitrateBps: 152_400, fps: 15, keyframeIntervalMs: 2_000, loss: 0.004, jitterMs: 3 },
    { layer: 'high', bitrateBps: 1_200_000, fps: null, keyframeIntervalMs: null, loss: 0, jitterMs: 0 },
  ],
  lastKeyframeAt: '2026-11-22T14:00:01.000Z',
  lastFrameAt: '2026-11-22T14:00:02.900Z',
  at: '2026-11-22T14:00:03.000Z',
};

async function show(answer: Outcome<unknown>) {
  const asked: string[] = [];
  const { desk } = createTestDesk({
    get: (path) => {
      if (!path.endsWith('/health')) return undefined;
      asked.push(path);
      return answer;
    },
  });
  dispose = () => desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={desk}>
      <FocusStream feedId={FEED} />
    </Surroundings>,
  );
  return { screen, asked };
}

test('figures are asked for when they are opened, and told by layer, with the last frame', async () => {
  const { screen, asked } = await show({ ok: true, value: HEALTH });
  expect(asked).toEqual([]);
  await screen.getByText('Показники відеопотоку').click();
  const figures = screen.getByRole('group');
  await expect
    .poll(() => figures.element().textContent)
    .toContain('152 кбіт/с · 15,0 кадр/с · ключовий кадр що 2,0 с · втрати 0,4 % · коливання затримки 3 мс');
  expect(figures.element().textContent).toMatch(/1\s?200 кбіт\/с · втрати 0,0 % · коливання затримки 0 мс/);
  expect(figures.element().textContent).toContain('Останній кадр22 листопада о 16:00:02');
  expect(asked).toContain(`/api/v1/feeds/${FEED}/health`);
});

test('that nothing comes is no failure', async () => {
  const { screen } = await show(failure('not_found'));
  await screen.getByText('Показники відеопотоку').click();
  await expect
    .element(screen.getByText('Показників немає: відео не надходить або щойно почалося.'))
    .toBeVisible();
});
