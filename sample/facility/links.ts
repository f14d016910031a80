import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { FacilityId } from '#contract/ids.ts';
import type { FacilityCameras } from '../cameras/facility-cameras.ts';
import type { KeyRing } from './key-ring.ts';
import { type FacilityLink, openFacilityLink } from './link.ts';

/** Time from one facility's connection to the next: the server is not to be stormed. */
const STAGGER_MS = 12;

/** Connects every facility's equipment, one after another. Ends early when the signal says so. */
export async function openFacilityLinks(options: {
  facilities: ReadonlyMap<FacilityId, FacilityCameras>;
  serverUrl: string;
  keys: KeyRing;
  log: Logger;
  signal: AbortSignal;
}): Promise<AsyncDisposable> {
  const { facilities, serverUrl, keys, log, signal } = options;
  const links: FacilityLink[] = [];
  for (const [facilityId, cameras] of facilities) {
    if (signal.aborted) break;
    if (cameras.feedIds.length === 0) continue;
    links.push(openFacilityLink({ facilityId, serverUrl, keys, cameras, log: log.child({ facilityId }) }));
    await delay(STAGGER_MS, undefined, { signal }).catch(() => undefined);
  }
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(links.map((link) => link[Symbol.asyncDispose]()));
    },
  };
}
