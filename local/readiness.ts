import { setTimeout as delay } from 'node:timers/promises';
import type { ChildService } from './child-service.ts';

const pollMs = 200;
const requestTimeoutMs = 5_000;
const readyTimeoutMs = 120_000;
/** A service that dies this often before anything works has a reason that a restart does not mend. */
const hopelessFailures = 6;
const shownCharacters = 300;

/** The answer of `/readyz`: undefined when it is 200, or else what stands in the way. */
async function askReadiness(origin: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(requestTimeoutMs) });
    const text = await response.text();
    return response.status === 200 ? undefined : `${response.status} ${text.slice(0, shownCharacters)}`;
  } catch {
    return 'no answer';
  }
}

/**
 * Waits until the server says that it and everything it needs is there.
 *
 * @throws when a service keeps dying, or when it takes too long, with the last reason that was given.
 */
export async function waitUntilReady(
  origin: string,
  services: readonly ChildService[],
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + readyTimeoutMs;
  for (;;) {
    const obstacle = await askReadiness(origin);
    if (obstacle === undefined) return;
    signal.throwIfAborted();
    const hopeless = services.find((service) => service.failuresInARow >= hopelessFailures);
    if (hopeless)
      throw new Error(`${hopeless.name} keeps ending (${hopeless.lastEnd}); its lines above say why.`);
    if (performance.now() > deadline) {
      throw new Error(`${origin}/readyz was not ready within ${readyTimeoutMs / 1000} s: ${obstacle}`);
    }
    await delay(pollMs, undefined, { signal });
  }
}
