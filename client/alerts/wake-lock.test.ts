import { afterEach, expect, test, vi } from 'vitest';
import { keepAwake } from './wake-lock.ts';

afterEach(() => vi.restoreAllMocks());

test('the screen is held awake while the page is seen, and let go with it', async () => {
  const asked = vi.spyOn(navigator.wakeLock, 'request');
  const awake = keepAwake(window);
  expect(asked).toHaveBeenCalledWith('screen');
  const held = await asked.mock.results[0]?.value;
  expect(held.released).toBe(false);
  awake[Symbol.dispose]();
  await expect.poll(() => held.released).toBe(true);
});

test('what the browser takes away is asked for again when the page is seen again', async () => {
  const asked = vi.spyOn(navigator.wakeLock, 'request');
  using _awake = keepAwake(window);
  const held = await asked.mock.results[0]?.value;
  await held.release();
  document.dispatchEvent(new Event('visibilitychange'));
  await expect.poll(() => asked.mock.calls.length).toBe(2);
});

test('a browser that refuses is left as it is, and asked again later', async () => {
  const asked = vi
    .spyOn(navigator.wakeLock, 'request')
    .mockRejectedValueOnce(new DOMException('power saving', 'NotAllowedError'));
  using _awake = keepAwake(window);
  await expect.poll(() => asked.mock.settledResults.length).toBe(1);
  document.dispatchEvent(new Event('visibilitychange'));
  await expect.poll(() => asked.mock.calls.length).toBe(2);
});
