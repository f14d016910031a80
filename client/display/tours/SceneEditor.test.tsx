import '../../design/base.css';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { AreaFilter } from '#contract/area-filter.ts';
import type { SceneContent } from '#contract/scenes.ts';
import { sampleArea, sampleSnapshot, sampleStatus, sampleWireRegistry } from '../../test/samples.ts';
import { createTestDesk, Surroundings } from '../../test/test-desk.tsx';
import { SceneEditor } from './SceneEditor.tsx';

const AREAS = ['cell-1', 'cell-2'].map((id) => sampleArea({ id }));
const TILES: SceneContent = {
  name: 'Сцена',
  rows: 2,
  columns: 2,
  fill: { kind: 'areas', areaIds: ['cell-1', 'cell-2', null, null] },
};

let dispose = () => {};
let before = '';
beforeEach(() => {
  before = location.href;
});
afterEach(() => {
  dispose();
  history.replaceState(null, '', before);
});

/** The editor of a scene, on a console whose wall is at an address. */
async function edit(scene: SceneContent, url: string) {
  history.replaceState(null, '', url);
  const { desk } = createTestDesk({
    registry: sampleWireRegistry({ areas: AREAS }),
    snapshot: [sampleSnapshot({ areas: AREAS.map(({ id }) => sampleStatus({ areaId: id, clocks: [] })) })],
  });
  dispose = () => desk[Symbol.dispose]();
  let latest = scene;
  function Editor() {
    const [edited, setEdited] = useState(scene);
    latest = edited;
    return <SceneEditor scene={edited} onChange={setEdited} />;
  }
  const screen = await render(
    <Surroundings desk={desk}>
      <Editor />
    </Surroundings>,
  );
  return { screen, scene: () => latest };
}

test('a scene becomes the map by the wall’s filter, keeps its size, and says what was asked for', async () => {
  const { screen, scene } = await edit(TILES, '/?region=UA-68&measure=space');
  const button = screen.getByRole('button', { name: 'Мапа за фільтром стіни' });
  await expect.element(button).toHaveAttribute('aria-pressed', 'false');
  await button.click();
  await expect.element(button).toHaveAttribute('aria-pressed', 'true');
  const fill = { kind: 'map', filter: AreaFilter.parse({ region: ['UA-68'] }), measure: 'space' };
  expect(scene()).toEqual({ ...TILES, fill });
  await expect.element(screen.getByText(/Знаки показують: м² на особу\./)).toBeVisible();
  await expect.element(screen.getByText('Хмельницька область')).toBeVisible();
  // A map has no places to fill.
  expect(screen.getByRole('list', { name: 'Місця сцени' }).elements()).toEqual([]);
  await screen.getByLabelText('Стовпців').fill('5');
  expect(scene()).toEqual({ ...TILES, columns: 5, fill });
});

test('a map by no filter says that it is all there is, and goes for tiles again', async () => {
  const { screen, scene } = await edit(TILES, '/');
  await screen.getByRole('button', { name: 'Мапа за фільтром стіни' }).click();
  await expect.element(screen.getByText('Усе, що дозволено показувати')).toBeVisible();
  await screen.getByRole('button', { name: 'Зони зі стіни' }).click();
  await expect.element(screen.getByRole('list', { name: 'Місця сцени' })).toBeVisible();
  expect(scene().fill).toMatchObject({ kind: 'areas' });
});
