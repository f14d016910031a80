import { afterEach, beforeEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { sampleArea, sampleWireRegistry } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { useSwap } from './use-swap.ts';

const AREAS = Array.from({ length: 3 }, (_, index) => sampleArea({ id: `cell-${index + 1}` }));

let before = '';
beforeEach(() => {
  before = location.href;
});
afterEach(() => history.replaceState(null, '', before));

test('tiles change places as they are drawn, and not with one that the filter has just taken away', async () => {
  history.replaceState(null, '', '/');
  const { desk } = createTestDesk({ registry: sampleWireRegistry({ areas: AREAS }) });
  using _ = desk;
  desk.view.setCapacity(3);
  await expect.poll(() => desk.selection.store.getState().placed).toEqual(['cell-1', 'cell-2', 'cell-3']);
  let swap: ReturnType<typeof useSwap>['swap'] = () => true;
  function Grid({ slots }: { slots: readonly string[] }) {
    ({ swap } = useSwap(slots));
    return null;
  }
  const page = (slots: readonly string[]) => (
    <Surroundings desk={desk}>
      <Grid slots={slots} />
    </Surroundings>
  );
  const screen = await render(page(['cell-1', 'cell-9', 'cell-3']));
  expect([swap(0, 1), swap(1, 0)]).toEqual([false, false]);
  expect(desk.view.store.getState().pins).toEqual([]);
  await screen.rerender(page(['cell-1', 'cell-2', 'cell-3']));
  expect(swap(0, 2)).toBe(true);
  expect(
    desk.view.store
      .getState()
      .pins.map(({ areaId }) => areaId)
      .toSorted(),
  ).toEqual(['cell-1', 'cell-3']);
});
