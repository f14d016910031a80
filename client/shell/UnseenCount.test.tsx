import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import {
  sampleArea,
  sampleFacility,
  sampleFeed,
  sampleRegion,
  sampleSnapshot,
  sampleStatus,
  sampleWireRegistry,
} from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { UnseenCount } from './UnseenCount.tsx';

const HERE = { regionId: 'UA-68', facilityId: 'itt-here' };
const THERE = { regionId: 'UA-05', facilityId: 'itt-there' };
const DARK = [sampleArea({ ...HERE, id: 'here-dark' }), sampleArea({ ...THERE, id: 'there-dark' })];
const AREAS = [...DARK, sampleArea({ ...HERE, id: 'here-seen' }), sampleArea({ ...THERE, id: 'there-seen' })];

let dispose = () => {};
const before = location.href;
afterEach(() => {
  dispose();
  history.replaceState(null, '', before);
});

/** The count at a URL, in a country of two regions with one area without video in each. */
async function open(url: string) {
  history.replaceState(null, '', url);
  const { desk } = createTestDesk({
    registry: sampleWireRegistry({
      regions: [HERE, THERE].map(({ regionId }) => sampleRegion({ id: regionId })),
      facilities: [HERE, THERE].map(({ regionId, facilityId }) =>
        sampleFacility({ id: facilityId, regionId }),
      ),
      areas: AREAS,
    }),
    snapshot: [HERE, THERE].map(({ regionId }) => {
      const within = AREAS.filter((area) => area.regionId === regionId);
      return sampleSnapshot({
        regionId,
        areas: within.map(({ id }) => sampleStatus({ areaId: id })),
        feeds: within.map((area) =>
          sampleFeed({
            areaId: area.id,
            feedId: `${area.id}-cam-1`,
            state: DARK.includes(area) ? 'lost' : 'live',
          }),
        ),
      });
    }),
  });
  dispose = () => desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={desk}>
      <UnseenCount />
    </Surroundings>,
  );
  const matched = () => desk.selection.store.getState().matched.toSorted();
  const count = screen.getByRole('button', { name: '2 зони з людьми без відео' });
  await expect.element(count).toBeVisible();
  return { desk, matched, show: () => count.click() };
}

const address = () => location.pathname + location.search;

test('from another page it leads to the wall with all areas that were counted, and "back" leads there again', async () => {
  const { desk, matched, show } = await open('/handover?region=UA-68&text=seen');
  await show();
  expect(address()).toBe('/?status=unseen');
  expect(matched()).toEqual(['here-dark', 'there-dark']);
  history.back();
  await expect.poll(address).toBe('/handover?region=UA-68&text=seen');
  await expect.poll(() => desk.view.store.getState().filter).toMatchObject({ region: ['UA-68'], status: [] });
});

test('on the wall it asks for nothing that was asked for before: neither the region, nor a page', async () => {
  const { desk, matched, show } = await open('/?region=UA-68&kind=cell&page=2');
  await show();
  expect(address()).toBe('/?status=unseen');
  expect(matched()).toEqual(['here-dark', 'there-dark']);
  expect(desk.view.store.getState().page).toBe(0);
  history.back();
  await expect.poll(matched).toEqual(['here-dark', 'here-seen']);
  expect(address()).toBe('/?region=UA-68&kind=cell&page=2');
});

test('an area that is enlarged does not stand before them, and "back" brings it again', async () => {
  const { desk, matched, show } = await open('/?region=UA-68&area=here-seen');
  await show();
  expect(desk.view.store.getState().focus).toBeNull();
  expect(address()).toBe('/?status=unseen');
  expect(matched()).toEqual(['here-dark', 'there-dark']);
  history.back();
  await expect.poll(() => desk.view.store.getState().focus).toBe('here-seen');
  await expect.poll(matched).toEqual(['here-dark', 'here-seen']);
});
