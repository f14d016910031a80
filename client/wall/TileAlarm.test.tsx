import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import {
  sampleArea,
  sampleClock,
  sampleFacility,
  sampleFlag,
  sampleSnapshot,
  sampleStatus,
  sampleWireRegistry,
} from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { isWhole } from '../test/whole.ts';
import { Tile } from './Tile.tsx';

const AREA = sampleArea().id;
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

let dispose = () => {};
afterEach(() => {
  dispose();
  document.documentElement.style.removeProperty('--scale');
});

interface Shown {
  /** In CSS pixels. */
  size: readonly [width: number, height: number];
  scale?: number;
  area?: string;
  facility?: string;
}

/** The tile of an area for which the most urgent flag was raised; its strips, and how its words are told from others. */
async function showAlarm({ size, scale = 1, area = 'Камера 4', facility = 'ІТТ №2 Хмельницький' }: Shown) {
  document.documentElement.style.setProperty('--scale', String(scale));
  const clock = sampleClock({ amberAt: inHours(12), redAt: inHours(13), dueAt: inHours(14.1) });
  const page = createTestDesk({
    registry: sampleWireRegistry({
      areas: [sampleArea({ name: { uk: area, en: area } })],
      facilities: [sampleFacility({ shortName: { uk: facility, en: facility } })],
    }),
    snapshot: [
      sampleSnapshot({
        areas: [sampleStatus({ clocks: [clock], nextCheckDueAt: inHours(1) })],
        flags: [sampleFlag({ severity: 1 })],
      }),
    ],
  });
  dispose = () => page.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={page.desk}>
      <div style={{ width: size[0], height: size[1], display: 'grid' }}>
        <Tile
          areaId={AREA}
          slot={0}
          pictureWidth={size[0]}
          shown
          tabbable
          marked={false}
          onOpen={() => {}}
          onRaise={() => {}}
        />
      </div>
    </Surroundings>,
  );
  await expect.element(screen.getByText(area, { exact: true })).toBeInTheDocument();
  await document.fonts.ready;
  const find = (selector: string) => {
    const element = screen.container.querySelector(selector);
    if (!element) throw new Error(`no ${selector}`);
    return element;
  };
  const [tile, top, bottom] = ['article', 'header', 'footer'].map(find) as [Element, Element, Element];
  const word = (text: string | RegExp) => screen.getByText(text, { exact: true }).element();
  return { tile, top, bottom, word };
}

test.each<[string, Shown]>([
  ['one of 64 on a desk', { size: [198, 124] }],
  ['one of 64 in 4K', { size: [396, 248], scale: 2 }],
  [
    'one of 64 with a long name of its facility',
    { size: [198, 124], facility: 'ІТТ №3 Білгород-Дністровський' },
  ],
  ['one of 64 with a long name of its area', { size: [198, 124], area: 'Кімната слідчих дій' }],
  ['one of 25', { size: [320, 200] }],
  ['one that is as narrow as high', { size: [130, 130] }],
  ['one of 9', { size: [640, 400] }],
])(
  'an alarm says how urgent it is, where, for how many, and until when, in whole words: %s',
  async (_, shown) => {
    const { tile, top, bottom, word } = await showAlarm(shown);
    const [area = 'Камера 4', facility = 'ІТТ №2 Хмельницький'] = [shown.area, shown.facility];
    for (const text of ['Негайно', area, facility]) expect(isWhole(word(text), [top, tile]), text).toBe(true);
    for (const text of ['3/4', 'до суду', /^14 год/])
      expect(isWhole(word(text), [bottom, tile]), String(text)).toBe(true);
    expect(top.getBoundingClientRect().bottom).toBeLessThanOrEqual(bottom.getBoundingClientRect().top);
  },
);

test('one that is too low for lines keeps its shape, its area and its time', async () => {
  const { tile, top, bottom, word } = await showAlarm({ size: [160, 66] });
  expect(word('Негайно').checkVisibility()).toBe(false);
  expect(top.querySelector('svg')?.checkVisibility()).toBe(true);
  expect(isWhole(word('Камера 4'), [top, tile])).toBe(true);
  expect(isWhole(word(/^14 год/), [bottom, tile])).toBe(true);
  expect(top.getBoundingClientRect().bottom).toBeLessThanOrEqual(bottom.getBoundingClientRect().top);
});
