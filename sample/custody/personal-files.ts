import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { KeyRing } from '../facility/key-ring.ts';
import { personalDataOf } from './personal-data.ts';
import type { FacilityEvent } from './rounds.ts';

/** Requests at once: nobody waits for them. */
const CONNECTIONS = 2;
/** People that may wait for their data to be sent; of more, the first are given up. */
const MAX_WAITING = 5_000;
const REQUEST_TIMEOUT_MS = 15_000;
const RETRY_MS = 2_000;

/** The part of the custody systems that knows who people are. It tells the server of each who is apprehended. */
export interface PersonalFiles extends AsyncDisposable {
  /** Looks for those who are new among events that are sent. */
  see(events: readonly FacilityEvent[]): void;
}

interface Waiting {
  facilityId: string;
  caseId: string;
  recordedAt: string;
}

export function createPersonalFiles(options: {
  serverUrl: string;
  keys: KeyRing;
  log: Logger;
}): PersonalFiles {
  const { serverUrl, keys, log } = options;
  const waiting: Waiting[] = [];
  const senders = new Set<Promise<void>>();
  const stopping = new AbortController();

  function see(events: readonly FacilityEvent[]): void {
    for (const { facilityId, event } of events) {
      if (event.type !== 'APPREHENDED') continue;
      waiting.push({ facilityId, caseId: event.caseId, recordedAt: event.recordedAt });
    }
    waiting.splice(0, waiting.length - MAX_WAITING);
    while (senders.size < Math.min(CONNECTIONS, waiting.length) && !stopping.signal.aborted) {
      const sender: Promise<void> = sendAll().finally(() => senders.delete(sender));
      senders.add(sender);
    }
  }

  async function sendAll(): Promise<void> {
    for (let next = waiting.shift(); next && !stopping.signal.aborted; next = waiting.shift()) {
      if ((await send(next)) !== 'retry') continue;
      waiting.push(next);
      await delay(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  async function send({ facilityId, caseId, recordedAt }: Waiting): Promise<'done' | 'retry'> {
    try {
      const response = await fetch(`${serverUrl}/api/v1/custody/cases/${caseId}/personal`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${keys.get(facilityId) ?? ''}`,
        },
        body: JSON.stringify(personalDataOf(caseId, recordedAt)),
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      if (response.ok) return 'done';
      if (response.status === 401) await keys.refresh();
      if ([401, 404, 408, 429].includes(response.status) || response.status >= 500) return 'retry';
      log.warn({ facilityId, caseId, status: response.status }, 'personal data was refused');
      return 'done';
    } catch (error) {
      if (!stopping.signal.aborted) log.debug({ err: error, facilityId }, 'personal data not sent yet');
      return 'retry';
    }
  }

  return {
    see,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all(senders);
    },
  };
}
