import type { Browser } from 'playwright-core';
import { signIn } from '../e2e/fixtures/browser.ts';
import { installBeat } from './beat.ts';

/** Moves of the mouse or its wheel: there and back, in and out. */
const STEPS = 60;

/** What moving a map costs its page. */
export interface MapMotion {
  /** For each move the longest time for which the page's thread did nothing else, in milliseconds. */
  heldMs: number[];
  /** Frames a second that the page made while it moved; software draws them here, so another machine makes more. */
  fps: number;
}

/** Pans and zooms the map of a country as a hand does, one move a frame, from all of it to single areas and back. */
export async function moveMap(browser: Browser, origin: string): Promise<MapMotion> {
  await using console = await signIn(browser, origin, 'situation', { path: '/map' });
  const { page } = console;
  const canvas = page.locator('main canvas').first();
  await canvas.waitFor({ timeout: 60_000 });
  // What is drawn first is not what is measured: facilities are counted when the snapshot has come.
  await page.locator('[data-facility-count]:not([data-facility-count="0"])').waitFor({
    state: 'attached',
    timeout: 60_000,
  });
  await installBeat(page);
  const box = await canvas.boundingBox();
  if (!box) throw new Error('the map is not in sight');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const heldMs: number[] = [];
  const step = async (act: () => Promise<void>) => {
    await page.evaluate('vartaBeat.restart()');
    await act();
    const held = await page.evaluate(
      () =>
        new Promise<number>((resolve) =>
          // The task after the callback comes when the frame has been drawn.
          requestAnimationFrame(() =>
            setTimeout(() =>
              resolve((window as unknown as { vartaBeat: { heldMs(): number } }).vartaBeat.heldMs()),
            ),
          ),
        ),
    );
    heldMs.push(held);
  };
  const begunAt = performance.now();
  await page.mouse.move(x, y);
  for (let at = 0; at < STEPS; at += 1) await step(() => page.mouse.wheel(0, at < STEPS / 2 ? -120 : 120));
  await page.mouse.down();
  for (let at = 0; at < STEPS; at += 1)
    await step(() => page.mouse.move(x + 4 * Math.min(at, STEPS - at), y + 2 * Math.min(at, STEPS - at)));
  await page.mouse.up();
  return { heldMs, fps: (heldMs.length * 1_000) / (performance.now() - begunAt) };
}
