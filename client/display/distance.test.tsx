import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { page as browserPage } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { DisplaySelf } from '#contract/displays.ts';
import { sampleArea, sampleClock, sampleFlag, sampleSnapshot, sampleStatus } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { isWhole } from '../test/whole.ts';
import { DisplayScreen } from './DisplayScreen.tsx';

const AREA = sampleArea().id;
const NAME = 'Ліва половина стіни';
const SCENE = 'Нічний обхід';
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

/** A screen as it hangs: its picture, in inches, the eyes' distance, in metres, and the page that fills it, in CSS pixels. */
interface Hanging {
  diagonalInches: number;
  distanceM: number;
  width: number;
  height: number;
}
type Grid = readonly [rows: number, columns: number];

const UHD = { width: 3840, height: 2160 };
const HD = { width: 1920, height: 1080 };
const ROOM: Hanging = { diagonalInches: 55, distanceM: 5, ...UHD };

let dispose = () => {};
afterEach(() => dispose());

/** A tour of two scenes, of which the first is on. */
function selfOf({ diagonalInches, distanceM }: Hanging, [rows, columns]: Grid): DisplaySelf {
  const at = new Date(Date.now() - 1_000).toISOString();
  const areaIds = [AREA, ...Array.from({ length: rows * columns - 1 }, () => null)];
  const scene = { name: SCENE, rows, columns, fill: { kind: 'areas', areaIds } };
  return DisplaySelf.parse({
    id: 'd-abcdefghjk',
    name: NAME,
    place: '',
    diagonalInches,
    distanceM,
    spot: false,
    scope: { kind: 'nation' },
    actions: ['registry.read', 'status.read', 'feed.watch', 'flag.read'],
    show: {
      version: rows * 100 + columns,
      scenes: [scene, { ...scene, name: 'Вдень' }],
      dwellMs: 30_000,
      isPaused: true,
      anchorIndex: 0,
      anchorAt: at,
      pushedBy: 'situation',
      pushedAt: at,
      leftOut: 0,
    },
    parts: [],
    sample: true,
    serverTime: at,
  });
}

/** A display whose first place has an alarm; and how its parts are found. */
async function hang(hanging: Hanging, first: Grid) {
  await browserPage.viewport(hanging.width, hanging.height);
  const clock = sampleClock({ amberAt: inHours(12), redAt: inHours(13), dueAt: inHours(14.1) });
  const { desk } = createTestDesk({
    snapshot: [
      sampleSnapshot({
        areas: [sampleStatus({ clocks: [clock], nextCheckDueAt: inHours(1) })],
        flags: [sampleFlag({ severity: 1 })],
      }),
    ],
  });
  dispose = () => desk[Symbol.dispose]();
  const content = (grid: Grid) => (
    <Surroundings desk={desk}>
      <DisplayScreen self={selfOf(hanging, grid)} onBehind={() => {}} />
    </Surroundings>
  );
  const screen = await render(content(first));
  await expect.element(screen.getByText('Камера 4', { exact: true })).toBeInTheDocument();
  await document.fonts.load('16px "Inter Variable"', 'Н');
  const find = (selector: string) => {
    const element = screen.container.querySelector(selector);
    if (!element) throw new Error(`no ${selector}`);
    return element;
  };
  return {
    find,
    word: (text: string | RegExp) => screen.getByText(text, { exact: true }).element(),
    /** Divides the screen in another way. */
    divide: (grid: Grid) => screen.rerender(content(grid)),
  };
}

/** How high the capitals of an element's words are to the eye, in arc minutes: as they are drawn, by the angle itself. */
function minutesOf(element: Element, { diagonalInches, distanceM, width, height }: Hanging): number {
  const { fontSize, fontWeight, fontFamily } = getComputedStyle(element);
  const context = document.createElement('canvas').getContext('2d');
  if (!context) throw new Error('no canvas');
  // Large, so that no rounding to pixels counts.
  context.font = `${fontWeight} 1000px ${fontFamily}`;
  const capPx = (context.measureText('Н').actualBoundingBoxAscent / 1000) * Number.parseFloat(fontSize);
  const capMm = (capPx * diagonalInches * 25.4) / Math.hypot(width, height);
  return 2 * Math.atan(capMm / 2 / (distanceM * 1000)) * (180 / Math.PI) * 60;
}

/** One in a thousand is what the scale's last digit and the font's table may be off. */
const ALMOST = 0.999;

test.each<[string, Hanging]>([
  ['55″ in 4K at 5 m', ROOM],
  ['43″ in 4K at 5 m', { ...ROOM, diagonalInches: 43 }],
  ['85″ in 4K at 4 m', { ...ROOM, diagonalInches: 85, distanceM: 4 }],
  ['55″ in HD at 5 m', { ...ROOM, ...HD }],
])('what must be read has capitals of 16 arc minutes, what labels of 12: %s', async (_, hanging) => {
  const { word, find, divide } = await hang(hanging, [1, 1]);
  expect(document.fonts.check('16px "Inter Variable"', 'Н')).toBe(true);
  const grids: Grid[] = [
    [1, 1],
    [2, 2],
    [1, 3],
    [2, 4],
    [4, 4],
    [8, 8],
  ];
  for (const grid of grids) {
    await divide(grid);
    const where = (text: string | RegExp) => `${text}, ${grid.join('×')}`;
    for (const text of ['Негайно', 'Камера 4', 'ІТТ №2 Хмельницький', '3/4', /^14 год/])
      expect(minutesOf(word(text), hanging), where(text)).toBeGreaterThanOrEqual(16 * ALMOST);
    for (const text of ['до суду', NAME, SCENE, 'Демонстраційні дані'])
      expect(minutesOf(word(text), hanging), where(text)).toBeGreaterThanOrEqual(12 * ALMOST);
    for (const part of ['article [data-fresh]', '[data-testid="data-age"] > :first-child'])
      expect(minutesOf(find(part), hanging), where(part)).toBeGreaterThanOrEqual(12 * ALMOST);
  }
});

test.each<Grid>([
  [1, 1],
  [2, 2],
  [1, 3],
])('an alarm is said in whole words at 5 m on 55″: %i×%i', async (...grid) => {
  const { word, find } = await hang(ROOM, grid);
  const [tile, top, bottom] = [find('article'), find('article header'), find('article footer')];
  for (const text of ['Негайно', 'Камера 4', 'ІТТ №2 Хмельницький'])
    expect(isWhole(word(text), [top, tile]), text).toBe(true);
  for (const text of ['3/4', 'до суду', /^14 год/])
    expect(isWhole(word(text), [bottom, tile]), String(text)).toBe(true);
  expect(top.getBoundingClientRect().bottom).toBeLessThanOrEqual(bottom.getBoundingClientRect().top);
});

test('a high place has room for an alarm’s words above and below its picture', async () => {
  const { find } = await hang(ROOM, [1, 3]);
  const { top, width, height } = find('article').getBoundingClientRect();
  const pictureHeight = (width * 9) / 16;
  const pictureTop = top + (height - pictureHeight) / 2;
  expect(find('article header').getBoundingClientRect().bottom).toBeLessThan(pictureTop);
  expect(find('article footer').getBoundingClientRect().top).toBeGreaterThan(pictureTop + pictureHeight);
});

test('a display says its own name whole, however much else its line has to say', async () => {
  const { word, find } = await hang(ROOM, [2, 2]);
  const line = find('main > footer');
  for (const text of [NAME, SCENE, 'Демонстраційні дані'])
    expect(isWhole(word(text), [line]), text).toBe(true);
  expect(isWhole(find('[data-testid="data-age"]'), [line])).toBe(true);
});
