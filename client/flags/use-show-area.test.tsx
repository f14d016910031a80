import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import type { Flag } from '#contract/flags.ts';
import {
  sampleArea,
  sampleFacility,
  sampleFlag,
  sampleSnapshot,
  sampleWireRegistry,
} from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { FlagCard } from './FlagCard.tsx';

const NUMBERS = [1, 2, 3, 10];
const FACILITIES = NUMBERS.map((number) =>
  sampleFacility({
    id: `itt-${number}`,
    name: { uk: `Ізолятор №${number}`, en: `Facility №${number}` },
    shortName: { uk: `ІТТ №${number}`, en: `ITT №${number}` },
  }),
);
const AREAS = NUMBERS.flatMap((number) =>
  ['a', 'b'].map((cell) => sampleArea({ id: `itt-${number}-${cell}`, facilityId: `itt-${number}` })),
);

const flagId = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const inArea = (number: number, areaId: string, over: Partial<Flag> = {}) =>
  sampleFlag({ id: flagId(number), areaId, facilityId: areaId.replace(/-[ab]$/, ''), ...over });
function onFacility(number: number, facilityId: string): Flag {
  const { areaId, ...flag } = sampleFlag({ id: flagId(number), facilityId });
  return flag;
}

let dispose = () => {};
const before = location.href;
afterEach(() => {
  dispose();
  history.replaceState(null, '', before);
});

/** The wall at a URL with these flags open, and the card of the first `told` of them. */
async function open(url: string, flags: readonly [Flag, ...Flag[]], told = flags.length) {
  history.replaceState(null, '', url);
  const { desk } = createTestDesk({
    registry: sampleWireRegistry({ facilities: FACILITIES, areas: AREAS }),
    snapshot: [sampleSnapshot({ flags: [...flags] })],
  });
  dispose = () => desk[Symbol.dispose]();
  const [first, ...others] = flags.slice(0, told) as [Flag, ...Flag[]];
  const screen = await render(
    <Surroundings desk={desk}>
      <FlagCard flags={[first, ...others]} placed />
    </Surroundings>,
  );
  const matched = () => desk.selection.store.getState().matched.toSorted();
  await expect.poll(() => desk.selection.store.getState().total).toBe(AREAS.length);
  return { desk, matched, show: () => screen.getByRole('button', { name: 'Показати' }).click() };
}

test('a group shows the areas of its own flags, not others with flags as severe', async () => {
  const { show, matched } = await open(
    '/',
    [
      inArea(1, 'itt-1-a'),
      inArea(2, 'itt-2-b'),
      onFacility(3, 'itt-3'),
      inArea(4, 'itt-10-a', { category: 'other' }),
    ],
    3,
  );
  await show();
  expect(matched()).toEqual(['itt-1-a', 'itt-2-b', 'itt-3-a', 'itt-3-b']);
});

test('a blackout of three facilities shows all three', async () => {
  const { show, matched } = await open('/', [
    onFacility(1, 'itt-1'),
    onFacility(2, 'itt-2'),
    onFacility(3, 'itt-3'),
  ]);
  await show();
  expect(matched()).toEqual(['itt-1-a', 'itt-1-b', 'itt-2-a', 'itt-2-b', 'itt-3-a', 'itt-3-b']);
});

test('№1 is shown without №10', async () => {
  const { show, matched } = await open('/', [onFacility(1, 'itt-1')]);
  await show();
  expect(matched()).toEqual(['itt-1-a', 'itt-1-b']);
});

test('"back" brings the operator’s filter again after a group', async () => {
  const { show, matched } = await open('/?place=itt-10', [onFacility(1, 'itt-1'), onFacility(2, 'itt-2')]);
  expect(matched()).toEqual(['itt-10-a', 'itt-10-b']);
  await show();
  expect(matched()).toHaveLength(4);
  history.back();
  await expect.poll(matched).toEqual(['itt-10-a', 'itt-10-b']);
  expect(location.search).toBe('?place=itt-10');
});

test('and after an area that the filter did not let through', async () => {
  const { desk, show, matched } = await open('/?place=itt-10', [inArea(1, 'itt-1-a')]);
  await show();
  expect(matched()).toHaveLength(AREAS.length);
  expect(desk.view.store.getState().marked).toBe('itt-1-a');
  history.back();
  await expect.poll(matched).toEqual(['itt-10-a', 'itt-10-b']);
});

test('from another page "back" leads there, with the filter that it had', async () => {
  const { desk, show, matched } = await open('/flags?place=itt-10', [onFacility(1, 'itt-1')]);
  await show();
  expect(location.pathname + location.search).toBe('/?place=itt-1');
  expect(matched()).toEqual(['itt-1-a', 'itt-1-b']);
  history.back();
  await expect.poll(() => location.pathname + location.search).toBe('/flags?place=itt-10');
  await expect.poll(() => desk.view.store.getState().filter.place).toEqual(['itt-10']);
});
