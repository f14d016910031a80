import { expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { useTimed } from './use-timed.ts';

test('another value comes with the second, and renders once; the same one does not render', async () => {
  const { desk } = createTestDesk();
  using _ = desk;
  let [said, renders, reads] = ['one', 0, 0];
  const read = () => {
    reads += 1;
    return { said };
  };
  const isSame = (before: { said: string }, now: { said: string }) => before.said === now.said;
  function Said() {
    renders += 1;
    return <output>{useTimed(read, isSame).said}</output>;
  }
  const screen = await render(
    <Surroundings desk={desk}>
      <Said />
    </Surroundings>,
  );
  const output = screen.getByRole('status');
  await expect.element(output).toHaveTextContent('one');
  const [rendersBefore, readsBefore] = [renders, reads];
  await expect.poll(() => reads).toBeGreaterThan(readsBefore + 1);
  expect(renders).toBe(rendersBefore);
  said = 'two';
  await expect.element(output).toHaveTextContent('two');
  expect(renders).toBe(rendersBefore + 1);
});
