import type { Page } from 'playwright-core';

/**
 * Puts a message into the page that it sends itself over and over: `vartaBeat.heldMs()` is the longest time since
 * `restart()` for which its thread was busy with anything else, be it events, rendering, layout or the paint of a frame.
 */
export async function installBeat(page: Page): Promise<void> {
  await page.evaluate(() => {
    let [heldMs, beatMs] = [0, performance.now()];
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const nowMs = performance.now();
      heldMs = Math.max(heldMs, nowMs - beatMs);
      beatMs = nowMs;
      port2.postMessage(null);
    };
    port2.postMessage(null);
    Reflect.set(globalThis, 'vartaBeat', {
      restart() {
        heldMs = 0;
        beatMs = performance.now();
      },
      heldMs: () => heldMs,
    });
  });
}
