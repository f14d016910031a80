import '../design/base.css';
import { afterEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import { AreaFilter } from '#contract/area-filter.ts';
import { AWAY_AFTER_MS, DisplayHealth, DisplayView, Show } from '#contract/displays.ts';
import { POSTER_TAKEN_AT_HEADER } from '#contract/posters.ts';
import {
  sampleArea,
  sampleDelta,
  sampleSnapshot,
  sampleStatus,
  sampleWireRegistry,
} from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { Miniature } from './Miniature.tsx';

const AREA = 'ua-68-itt-2-cell-4';
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

let dispose = () => {};
afterEach(() => {
  dispose();
  vi.restoreAllMocks();
});

const tile = (areaId: string | null, state: string) => ({ areaId, state, held: false });

function healthOf(tiles: DisplayHealth['tiles'], at = ago(0)): DisplayHealth {
  return DisplayHealth.parse({
    visible: true,
    decodedFps: 15,
    tiles,
    rows: 1,
    columns: tiles.length,
    step: 0,
    showVersion: 1,
    dataAgeMs: 100,
    build: 'index-1.js',
    screen: { width: 1920, height: 1080 },
    at,
  });
}

async function show(
  health: DisplayHealth,
  {
    takenAt = ago(14_000),
    language = 'uk',
    onIt = null,
  }: { takenAt?: string; language?: 'uk' | 'en'; onIt?: Show | null } = {},
) {
  const asked: string[] = [];
  const page = createTestDesk({
    snapshot: [sampleSnapshot({ areas: [sampleStatus({})] })],
    registry: sampleWireRegistry({
      areas: [sampleArea({ id: AREA }), sampleArea({ id: 'ua-68-itt-2-cell-5' })],
    }),
    poster: (path) => {
      asked.push(path);
      return new Response(new Uint8Array([1]), { headers: { [POSTER_TAKEN_AT_HEADER]: takenAt } });
    },
  });
  dispose = () => page.desk[Symbol.dispose]();
  const display = DisplayView.parse({
    id: 'd-abcdefghjk',
    name: 'Ліва',
    place: '',
    diagonalInches: 55,
    distanceM: 4,
    spot: false,
    scope: { kind: 'nation' },
    enrolledBy: 'situation',
    enrolledAt: ago(1_000_000),
    version: 1,
    show: onIt,
    health,
  });
  const screen = await render(
    <Surroundings desk={page.desk} language={language}>
      <div style={{ width: 640 }}>
        <Miniature display={display} health={health} />
      </div>
    </Surroundings>,
  );
  const text = () => screen.container.textContent ?? '';
  const images = () => screen.container.querySelectorAll('img').length;
  return { ...page, screen, text, images, asked };
}

test('every still carries its age, which grows, and every tile its state in words', async () => {
  const { text, images } = await show(healthOf([tile(AREA, 'live'), tile('ua-68-itt-2-cell-5', 'lost')]));
  await expect.poll(images).toBe(1);
  expect(text()).toMatch(/Наживо.*знімок 1[4-9] с тому/);
  expect(text()).toContain('Втрачено');
  const before = text();
  await expect.poll(text).not.toBe(before);
  expect(text()).toMatch(/знімок 1[5-9] с тому/);
});

test('every tile says in which facility its area is, and whole under the pointer', async () => {
  const { screen } = await show(healthOf([tile(AREA, 'live'), tile(null, 'empty')]));
  const place = () => screen.container.querySelector('li span')?.textContent;
  await expect.poll(place).toBe('Камера 4 ІТТ №2 Хмельницький');
  expect(screen.container.querySelector('li')?.title).toBe('Камера 4, ІТТ №2 Хмельницький');
});

test('every still says who looks, when and at what; what shows none has no mark', async () => {
  const { screen, images, sendDelta } = await show(
    healthOf([tile(AREA, 'live'), tile('ua-68-itt-2-cell-5', 'lost')]),
  );
  const marks = () => [...screen.container.querySelectorAll('[data-watermark="small"]')];
  await expect.poll(images).toBe(1);
  expect(marks().map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/^situation\s· .*\s· ua-68-itt-2-cell-4$/u),
  ]);
  expect(marks()[0]?.parentElement?.querySelector('img')).not.toBeNull();
  sendDelta(sampleDelta(11, { areas: [sampleStatus({ confidentialSince: ago(0) })] }));
  await expect.poll(() => marks().length).toBe(0);
});

/** A clock of the page that can be put on. */
function createTime(): { passedMs: number } {
  const time = { passedMs: 0 };
  const { now } = performance;
  vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + time.passedMs);
  return time;
}

test('a newer still is asked for as soon as nodes take one, and no sooner', async () => {
  const time = createTime();
  const { images, asked } = await show(healthOf([tile(AREA, 'live')]));
  await expect.poll(images).toBe(1);
  for (const count of [2, 3]) {
    time.passedMs += 10_000;
    await expect.poll(() => asked.length, { timeout: 8_000 }).toBe(count);
  }
});

test('a display that falls silent has no pictures and says since when, without any news', async () => {
  const time = createTime();
  const { text, images, screen } = await show(healthOf([tile(AREA, 'live')]));
  await expect.poll(images).toBe(1);
  time.passedMs = AWAY_AFTER_MS + 1_000;
  await expect.poll(images, { timeout: 10_000 }).toBe(0);
  expect(text()).toMatch(/^Не озивається з (\d+ \S+ о )?\d\d:\d\d:\d\d$/);
  expect(screen.container.querySelector('[data-away]')).not.toBeNull();
  expect(screen.container.querySelectorAll('li')).toHaveLength(0);
});

test('of a display that is away no still is asked for at all', async () => {
  const { text, asked } = await show(healthOf([tile(AREA, 'live')], ago(AWAY_AFTER_MS + 60_000)), {
    language: 'en',
  });
  await expect.poll(text).toMatch(/^Silent since \d\d:\d\d:\d\d$/);
  expect(asked).toEqual([]);
});

test('an area that was closed since the display told shows nothing at once', async () => {
  const { text, images, sendDelta } = await show(healthOf([tile(AREA, 'live')]));
  await expect.poll(images).toBe(1);
  sendDelta(sampleDelta(11, { areas: [sampleStatus({ confidentialSince: ago(0) })] }));
  await expect.poll(images).toBe(0);
  expect(text()).toContain('Конфіденційно');
});

test.each([
  ['uk', 'Зони вже немає'],
  ['en', 'This area no longer exists'],
] as const)('an area that is no more is said to be none (%s)', async (language, words) => {
  const { text } = await show(healthOf([tile('ua-68-itt-2-cell-99', 'idle'), tile(null, 'empty')]), {
    language,
  });
  await expect.poll(text).toBe(words);
});

const MAP: Show = Show.parse({
  version: 1,
  scenes: [
    {
      name: 'Область',
      rows: 1,
      columns: 3,
      fill: { kind: 'map', filter: AreaFilter.parse({ region: ['UA-68'] }), measure: 'space' },
    },
  ],
  dwellMs: 30_000,
  isPaused: false,
  anchorIndex: 0,
  anchorAt: ago(20_000),
  pushedBy: 'situation',
  pushedAt: ago(20_000),
  leftOut: 0,
});

test('a map is said to be one, and by which filter; what an alarm holds stands beside it', async () => {
  const empty = tile(null, 'empty');
  const held = { ...tile(AREA, 'live'), held: true };
  const { screen, text, images } = await show(healthOf([empty, empty, held]), { onIt: MAP });
  await expect.poll(text).toMatch(/Мапа · м² на особу.*Хмельницька область/);
  await expect.poll(images).toBe(1);
  const [map, area, ...others] = [...screen.container.querySelectorAll('li')];
  expect(others).toEqual([]);
  expect(map?.dataset.state).toBe('map');
  const [mapBox, areaBox] = [map, area].map((box) => box?.getBoundingClientRect());
  expect(mapBox?.right).toBeLessThanOrEqual(areaBox?.left ?? 0);
  expect(mapBox?.width).toBeGreaterThan(1.9 * (areaBox?.width ?? Infinity));
});

test('what a display told before a map was put on it is shown as it was', async () => {
  const { images, text } = await show(healthOf([tile(AREA, 'live')]), {
    onIt: { ...MAP, pushedAt: new Date(Date.now() + 5_000).toISOString() },
  });
  await expect.poll(images).toBe(1);
  expect(text()).not.toContain('Мапа');
});
