import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { sampleDelta } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { Shell } from './Shell.tsx';

let dispose = () => {};
const before = location.href;
afterEach(() => {
  dispose();
  history.replaceState(null, '', before);
});

test.each([
  ['/', 1600],
  ['/', 390],
  ['/oncall', 390],
])(
  '%s, %d wide, says that it is of another version or cannot read, and how that is mended',
  async (path, width) => {
    await page.viewport(width, 844);
    history.replaceState(null, '', path);
    const { desk, sendBuild, sendUnreadable, sendDelta } = createTestDesk({
      actions: ['status.read', 'feed.watch', 'flag.read', 'flag.call'],
    });
    dispose = () => desk[Symbol.dispose]();
    await render(
      <Surroundings desk={desk}>
        <Shell />
      </Surroundings>,
    );
    const sign = () => document.querySelector<HTMLElement>('[data-page-trouble]');
    await expect
      .poll(() => document.querySelector('[data-testid="data-age"]')?.textContent)
      .toContain('тому');
    sendBuild('index-own.js');
    expect(sign()).toBeNull();

    sendBuild('index-other.js');
    await expect.poll(() => sign()?.textContent).toBe('Є нова версія сторінкиОновити');
    sendUnreadable();
    sendDelta(sampleDelta(999));
    await expect.poll(() => sign()?.textContent).toBe('Не всі дані читаютьсяОновити');
    const button = sign()?.querySelector('button');
    const box = button?.getBoundingClientRect();
    if (!button || !box) throw new Error('no button');
    expect(box.right).toBeLessThanOrEqual(width);
    expect(button.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2))).toBe(
      true,
    );
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
  },
);

test('whoever sees nothing live, and has no connection to be told over, is told of another version, too', async () => {
  await page.viewport(1600, 844);
  const { desk } = createTestDesk({
    actions: ['registry.read', 'complaint.take'],
    servedBuild: 'index-other.js',
  });
  dispose = () => desk[Symbol.dispose]();
  await render(
    <Surroundings desk={desk}>
      <Shell />
    </Surroundings>,
  );
  await expect
    .poll(() => document.querySelector('[data-page-trouble="other"]')?.textContent)
    .toBe('Є нова версія сторінкиОновити');
});
