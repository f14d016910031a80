import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { createFactsIndex } from '../store/facts.ts';
import { indexRegistry } from '../store/registry.ts';
import { liveStateOf } from '../test/live-state.ts';
import { MAP_AREAS, MAP_FACILITIES } from '../test/map-samples.ts';
import { sampleFlag, sampleRegion, sampleStatus, sampleWireRegistry } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { MapList } from './MapList.tsx';
import { mapFacts } from './map-facts.ts';
import type { Measure } from './measure.ts';

let dispose = () => {};
afterEach(() => dispose());

const REGION = 'UA-68';
const UNHEARD = 'west-2';

/** The list of a region with a facility that has a flag, one where nothing is wrong, and one that was never heard of. */
async function showList(measure: Measure) {
  const registry = indexRegistry(
    sampleWireRegistry({
      regions: [sampleRegion({ id: REGION })],
      facilities: MAP_FACILITIES,
      areas: MAP_AREAS,
    }),
  );
  const statuses = MAP_AREAS.filter(({ facilityId }) => facilityId !== UNHEARD).map(({ id }, index) =>
    sampleStatus({
      areaId: id,
      clocks: [],
      space: index === 0 ? { m2PerPerson: 2.8, level: 'red' } : { m2PerPerson: 6 },
    }),
  );
  const flags = [sampleFlag({ facilityId: 'east-1', areaId: 'east-1-cell-1', severity: 2 })];
  const live = liveStateOf({ areas: MAP_AREAS, statuses, flags });
  const country = createFactsIndex().read({ ...live, registry })?.country;
  if (!country) throw new Error('no registry');
  const { desk } = createTestDesk();
  dispose = () => desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={desk}>
      <MapList
        facts={mapFacts(country, { measure, passes: undefined })}
        chosen={[REGION]}
        choosing={undefined}
        onRegion={() => {}}
        onFacility={() => {}}
      />
    </Surroundings>,
  );
  return (name: string) => screen.getByRole('button', { name });
}

test('a row is called what stands in it: the place, its sign in words, and its numbers', async () => {
  const row = await showList('state');
  await expect
    .element(row('Хмельницька область Швидко · 3 заклади · 12 осіб · 1 тривога'))
    .toHaveAttribute('data-worst', '2');
  await expect.element(row('ІТТ east-1 Швидко · 2 зони · 6 осіб · 1 тривога')).toBeVisible();
  await expect.element(row('ІТТ west-1 Без тривог · 2 зони · 6 осіб')).toBeVisible();
});

test('another layer says its own words', async () => {
  const row = await showList('space');
  await expect.element(row('ІТТ west-1 Менше 3 м² на особу · 2 зони · 6 осіб')).toBeVisible();
  await expect.element(row('ІТТ east-1 Місця достатньо · 2 зони · 6 осіб · 1 тривога')).toBeVisible();
});

test('where nothing was ever heard it says so, and does not count nobody', async () => {
  const row = await showList('state');
  await expect.element(row('ІТТ west-2 Даних немає · 2 зони')).toBeVisible();
});
