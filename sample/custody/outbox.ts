import type { Logger } from 'pino';
import { CustodyEventsReply } from '#contract/custody-events.ts';
import type { FacilityId } from '#contract/ids.ts';
import type { KeyRing } from '../facility/key-ring.ts';
import { nextBatch } from './opening.ts';
import type { FacilityEvent } from './rounds.ts';

/** Requests at once, over all facilities. */
const CONNECTIONS = 6;
const REQUEST_TIMEOUT_MS = 15_000;
const RETRY_MIN_MS = 300;
const RETRY_MAX_MS = 5_000;

/**
 * Sends events facility by facility, in order, each until it is acknowledged. A facility is told of whole before the next
 * one begins: half of what is true of it would look like neglect.
 */
export interface Outbox extends AsyncDisposable {
  push(events: readonly FacilityEvent[]): void;
  /** Events that are not acknowledged yet. */
  readonly pending: number;
  /** When the oldest of them was written down, in ms since the epoch; null when there is none. */
  oldestPendingMs(): number | null;
}

interface FacilityQueue {
  facilityId: FacilityId;
  events: FacilityEvent['event'][];
  /** In line, being sent, or waiting to be tried again. */
  sending: boolean;
  /** Time to wait after the next failure. */
  retryMs: number;
  retry?: NodeJS.Timeout;
}

type Outcome = 'done' | 'retry' | 'drop';

/** Unbounded by itself: who pushes looks at `pending` first. */
export function createOutbox(options: { serverUrl: string; keys: KeyRing; log: Logger }): Outbox {
  const { serverUrl, keys, log } = options;
  const queues = new Map<FacilityId, FacilityQueue>();
  /** Facilities with something to send: those that have begun, then the longest waiting. */
  const ready: FacilityQueue[] = [];
  const stopping = new AbortController();
  const senders = new Set<Promise<void>>();
  let pending = 0;

  function push(events: readonly FacilityEvent[]): void {
    for (const { facilityId, event } of events) {
      const queue = queues.get(facilityId) ?? {
        facilityId,
        events: [],
        sending: false,
        retryMs: RETRY_MIN_MS,
      };
      queues.set(facilityId, queue);
      queue.events.push(event);
      pending++;
      if (queue.sending) continue;
      queue.sending = true;
      ready.push(queue);
    }
    startSenders();
  }

  function startSenders(): void {
    while (senders.size < CONNECTIONS && ready.length > 0 && !stopping.signal.aborted) {
      const sender: Promise<void> = sendAll().finally(() => senders.delete(sender));
      senders.add(sender);
    }
  }

  async function sendAll(): Promise<void> {
    for (let queue = ready.shift(); queue; queue = stopping.signal.aborted ? undefined : ready.shift()) {
      await sendBatch(queue);
    }
  }

  async function sendBatch(queue: FacilityQueue): Promise<void> {
    const batch = nextBatch(queue.events);
    const outcome = await post(queue.facilityId, batch);
    if (outcome === 'retry') {
      // The others do not wait for a facility that gets no answer.
      queue.retry = setTimeout(() => line(queue), queue.retryMs * (0.75 + Math.random() / 2));
      queue.retryMs = Math.min(RETRY_MAX_MS, queue.retryMs * 2);
      return;
    }
    queue.retryMs = RETRY_MIN_MS;
    queue.events.splice(0, batch.length);
    pending -= batch.length;
    if (queue.events.length > 0) ready.unshift(queue);
    else queue.sending = false;
  }

  function line(queue: FacilityQueue): void {
    ready.push(queue);
    startSenders();
  }

  async function post(facilityId: FacilityId, events: readonly FacilityEvent['event'][]): Promise<Outcome> {
    try {
      const response = await fetch(`${serverUrl}/api/v1/custody/events`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${keys.get(facilityId) ?? ''}`,
        },
        body: JSON.stringify({ events }),
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      });
      const body: unknown = await response.json().catch(() => undefined);
      if (response.ok) return readResults(facilityId, body);
      return await refused(facilityId, response.status, body);
    } catch (error) {
      if (!stopping.signal.aborted) log.debug({ err: error, facilityId }, 'events not sent; will try again');
      return 'retry';
    }
  }

  function readResults(facilityId: FacilityId, body: unknown): Outcome {
    const { results } = CustodyEventsReply.parse(body);
    const rejected = results.filter(({ status }) => status === 'rejected');
    if (rejected.length > 0) {
      log.warn({ facilityId, rejected: rejected.length, first: rejected[0] }, 'events were rejected');
    }
    return 'done';
  }

  async function refused(facilityId: FacilityId, status: number, body: unknown): Promise<Outcome> {
    if (status === 401 || status === 403) {
      log.warn({ facilityId, status }, 'the server refuses the key of a facility');
      await keys.refresh();
      return 'retry';
    }
    if (status === 404 || status === 408 || status === 429 || status >= 500) return 'retry';
    log.error({ facilityId, status, body }, 'a batch of events was refused, and is given up');
    return 'drop';
  }

  return {
    push,
    get pending() {
      return pending;
    },
    oldestPendingMs() {
      const heads = [...queues.values()].flatMap(({ events }) =>
        events[0] ? [Date.parse(events[0].recordedAt)] : [],
      );
      return heads.length === 0 ? null : Math.min(...heads);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      for (const { retry } of queues.values()) clearTimeout(retry);
      await Promise.all(senders);
      for (const { retry } of queues.values()) clearTimeout(retry);
    },
  };
}
