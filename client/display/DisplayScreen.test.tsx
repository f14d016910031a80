import '../design/base.css';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { page as browserPage } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { AreaFilter, NO_FILTER } from '#contract/area-filter.ts';
import { DisplaySelf, type Span } from '#contract/displays.ts';
import type { Flag } from '#contract/flags.ts';
import { GeometryReply } from '#contract/geometry.ts';
import type { MapFill, SceneContent } from '#contract/scenes.ts';
import outlines from '../../config/nation/geo/ua.topo.json' with { type: 'json' };
import { MAP_AREAS, MAP_FACILITIES } from '../test/map-samples.ts';
import {
  sampleDelta,
  sampleFlag,
  sampleSnapshot,
  sampleStatus,
  sampleWireRegistry,
} from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { DisplayScreen } from './DisplayScreen.tsx';

const [INSIDE, OTHER] = ['west-1-cell-1', 'east-1-cell-1'];
const [FLAG, OTHER_FLAG] = [
  sampleFlag({ facilityId: 'west-1', areaId: INSIDE }),
  sampleFlag({ id: crypto.randomUUID(), facilityId: 'east-1', areaId: OTHER }),
];

const REGION = AreaFilter.parse({ region: ['UA-68'] });
const map = (measure: MapFill['measure'], filter = REGION): SceneContent => ({
  name: `Мапа ${measure}`,
  rows: 2,
  columns: 4,
  fill: { kind: 'map', filter, measure },
});
const TILES: SceneContent = {
  name: 'Зони',
  rows: 1,
  columns: 2,
  fill: { kind: 'areas', areaIds: [INSIDE, null] },
};

// The code of the map comes when there is one to show: on a busy machine that takes longer than a test has.
beforeAll(async () => {
  await import('../map/StillMap.tsx');
});

let dispose = () => {};
let before = '';
beforeEach(async () => {
  before = location.href;
  await browserPage.viewport(1600, 900);
});
afterEach(() => {
  dispose();
  vi.restoreAllMocks();
  history.replaceState(null, '', before);
});

interface OnWall {
  /** Of the picture, what this display has and what all of the wall have. */
  span: Span;
  parts: readonly Span[];
}

/** What the display is told: a paused tour that stands at a scene. */
function selfAt(scenes: readonly SceneContent[], anchorIndex: number, onWall?: OnWall): DisplaySelf {
  const at = new Date(Date.now() - 1_000).toISOString();
  const show = {
    version: 1 + anchorIndex,
    scenes,
    dwellMs: 30_000,
    isPaused: true,
    anchorIndex,
    anchorAt: at,
    pushedBy: 'situation',
    pushedAt: at,
    leftOut: 0,
    ...(onWall && { span: onWall.span }),
  };
  return DisplaySelf.parse({
    id: 'd-abcdefghjk',
    name: 'Ліва',
    place: '',
    diagonalInches: 55,
    distanceM: 1,
    spot: false,
    scope: { kind: 'nation' },
    actions: ['registry.read', 'status.read', 'feed.watch', 'flag.read'],
    show,
    parts: onWall?.parts ?? [],
    sample: true,
    serverTime: at,
  });
}

async function showDisplay(scenes: readonly SceneContent[], onWall?: OnWall) {
  // The address of a display says nothing of what is on it.
  history.replaceState(null, '', '/display/d-abcdefghjk?measure=clock&region=UA-05');
  const page = createTestDesk({
    registry: sampleWireRegistry({ facilities: MAP_FACILITIES, areas: MAP_AREAS }),
    snapshot: [
      sampleSnapshot({ areas: MAP_AREAS.map(({ id }) => sampleStatus({ areaId: id, clocks: [] })) }),
    ],
    get: (path) =>
      path === '/api/v1/geometry'
        ? { ok: true, value: GeometryReply.parse({ geometry: outlines }) }
        : undefined,
  });
  dispose = () => page.desk[Symbol.dispose]();
  const content = (index: number) => (
    <Surroundings desk={page.desk}>
      <DisplayScreen self={selfAt(scenes, index, onWall)} onBehind={() => {}} />
    </Surroundings>
  );
  const screen = await render(content(0));
  const find = (selector: string) => document.querySelector<HTMLElement>(selector);
  let seq = 10;
  return {
    ...page,
    screen,
    canvas: () => find('[data-scene-map] canvas') as HTMLCanvasElement | null,
    drawn: () => find('[data-scene-map] [data-detail]')?.dataset,
    box: () => find('[data-scene-map]')?.getBoundingClientRect(),
    isOpen: () => find('[data-scene-map]')?.dataset.open,
    tile: (areaId: string) => find(`[data-held] [data-area-id="${areaId}"]`),
    /** The tour goes to a scene. */
    step: (index: number) => screen.rerender(content(index)),
    flag(flag: Flag, state: Flag['state'] = 'raised') {
      seq += 1;
      page.sendDelta(sampleDelta(seq, { flags: [{ ...flag, state }] }));
    },
  };
}

test('a map has the whole screen, shows what the scene asks for, and answers nobody', async () => {
  const { drawn, box, screen } = await showDisplay([map('space')]);
  await expect.poll(() => drawn()?.marks, { timeout: 15_000 }).toBe('3');
  expect(drawn()?.measure).toBe('space');
  await expect.poll(() => document.querySelector('[data-outlines="true"]')).not.toBeNull();
  expect(box()?.width).toBe(1600);
  // Neither a hand nor the keyboard gets at it.
  expect(document.querySelector('[data-outlines]')?.hasAttribute('inert')).toBe(true);
  expect(screen.container.querySelectorAll('button')).toHaveLength(0);
  const legend = document.querySelector('[data-legend="space"]');
  expect(legend?.textContent).toContain('Хмельницька область');
  expect(legend?.textContent).toContain('Менше 3 м² на особу');
  // Beside the map, not over it.
  expect(legend?.getBoundingClientRect().top).toBeGreaterThanOrEqual(box()?.bottom ?? Infinity);
});

test('a tour that comes back to a map, or goes to another one, finds the same canvas', async () => {
  const { canvas, drawn, isOpen, step } = await showDisplay([map('state'), TILES, map('space', NO_FILTER)]);
  await expect.poll(() => drawn()?.marks, { timeout: 15_000 }).toBe('3');
  const first = canvas();
  expect(first).not.toBeNull();
  await step(1);
  await expect.poll(isOpen).toBe('false');
  expect(first?.checkVisibility({ visibilityProperty: true })).toBe(false);
  await step(2);
  await expect.poll(() => drawn()?.measure).toBe('space');
  expect(isOpen()).toBe('true');
  await step(0);
  await expect.poll(() => drawn()?.measure).toBe('state');
  expect(canvas()).toBe(first);
  expect(first?.getContext('webgl2')?.isContextLost()).toBe(false);
});

test('an alarm of the tour stands beside the map, in the last column, until somebody acknowledges', async () => {
  const { drawn, box, tile, flag } = await showDisplay([map('state'), TILES]);
  await expect.poll(() => drawn()?.marks, { timeout: 15_000 }).toBe('3');
  // What is on the map alone is a sign there.
  flag(OTHER_FLAG);
  flag(FLAG);
  await expect.poll(() => tile(INSIDE)).not.toBeNull();
  expect(tile(OTHER)).toBeNull();
  expect(Number(tile(INSIDE)?.dataset.slot) % 4).toBe(3);
  expect(box()?.right).toBeLessThanOrEqual(tile(INSIDE)?.getBoundingClientRect().left ?? 0);
  expect(box()?.width).toBe(1200);
  flag(FLAG, 'acknowledged');
  await expect.poll(() => tile(INSIDE)).toBeNull();
  expect(box()?.width).toBe(1600);
  expect(drawn()?.marks).toBe('3');
});

test('a display that can draw no map says so, and shows alarms', async () => {
  const { getContext } = HTMLCanvasElement.prototype;
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(function (
    this: HTMLCanvasElement,
    kind: string,
  ) {
    return kind === 'webgl2' ? null : getContext.call(this, kind);
  } as typeof getContext);
  const { screen, tile, flag } = await showDisplay([map('state'), TILES]);
  await expect.element(screen.getByText('Мапа недоступна на цьому пристрої')).toBeVisible();
  expect(screen.container.textContent).not.toContain('Перелік ліворуч');
  flag(FLAG);
  await expect.poll(() => tile(INSIDE)).not.toBeNull();
});

test.each([
  ['upper', 0],
  ['lower', 1],
] as const)('of a wall the lower displays have the line, below the tiles: %s', async (_, at) => {
  const parts = [0, 0.5].map((y) => ({ x: 0, y, width: 1, height: 0.5 }));
  const areas: SceneContent = {
    name: 'Зони',
    rows: 2,
    columns: 1,
    fill: { kind: 'areas', areaIds: [INSIDE, OTHER] },
  };
  const { screen, sendLost } = await showDisplay([areas], { span: parts[at] as Span, parts });
  const tile = screen.container.querySelector(`[data-area-id="${[INSIDE, OTHER][at]}"]`);
  const line = () =>
    screen.container.querySelector('[data-testid="data-age"]')?.closest('footer')?.getBoundingClientRect();
  await expect.poll(() => line() !== undefined).toBe(at === 1);
  if (at === 1) expect(tile?.getBoundingClientRect().bottom).toBeLessThanOrEqual(line()?.top ?? 0);
  // No tile goes over the edge between the two.
  expect(tile?.getBoundingClientRect().top).toBeGreaterThanOrEqual(0);
  expect(tile?.getBoundingClientRect().bottom).toBeLessThanOrEqual(900);
  sendLost();
  await expect.poll(line).toBeDefined();
});
