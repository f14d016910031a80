import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { useScale } from './use-canvas.ts';

const { style } = document.documentElement;
afterEach(() => style.removeProperty('--scale'));

function Scale() {
  return <output>{useScale()}</output>;
}

test('the map’s words grow with those of the page, also after it was opened', async () => {
  style.setProperty('--scale', '1');
  const screen = await render(<Scale />);
  await expect.element(screen.getByRole('status')).toHaveTextContent('1');
  style.setProperty('--scale', '2.5');
  await expect.element(screen.getByRole('status')).toHaveTextContent('2.5');
});
