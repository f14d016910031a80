import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { FacilityId } from '#contract/ids.ts';
import type { KeyRing } from './key-ring.ts';

const ASK_EVERY_MS = 250;
const ANSWER_WITHIN_MS = 2_000;
/** How often it is said that there still is no server. */
const SAY_EVERY_MS = 15_000;

/** Resolves when the server answers and there is a key for each facility. Rejects when the signal says so. */
export async function awaitServer(options: {
  serverUrl: string;
  facilityIds: readonly FacilityId[];
  keys: KeyRing;
  log: Logger;
  signal: AbortSignal;
}): Promise<void> {
  const { serverUrl, facilityIds, keys, log, signal } = options;
  let saidMs = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const answers = await isAlive(serverUrl, signal);
    if (answers) await keys.refresh();
    const missing = facilityIds.filter((id) => keys.get(id) === undefined).length;
    if (answers && missing === 0) return;
    if (performance.now() - saidMs >= SAY_EVERY_MS) {
      saidMs = performance.now();
      log.warn(
        { serverUrl, answers, keysMissing: missing },
        'waiting for the server and the facilities’ keys',
      );
    }
    await delay(ASK_EVERY_MS, undefined, { signal });
  }
}

async function isAlive(serverUrl: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(`${serverUrl}/healthz`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
