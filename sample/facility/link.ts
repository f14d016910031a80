import type { Logger } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { Refusal } from '#contract/errors.ts';
import {
  FACILITY_MESSAGES,
  type FacilityHandshake,
  FeedDemand,
  FeedRelease,
} from '#contract/facility-link.ts';
import type { FacilityId, FeedId } from '#contract/ids.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import type { FacilityCameras } from '../cameras/facility-cameras.ts';
import type { KeyRing } from './key-ring.ts';

/** Demands that the server does not repeat within this time of a connection stand no more. */
const CONFIRM_MS = 10_000;
/** Without a server for this long nobody can be watching: the cameras stop. */
const FORSAKEN_MS = 60_000;
/** A refused connection is tried again after one to ten seconds. */
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 10_000;

/** A facility's connection to the server: demands come in, the cameras follow them. */
export interface FacilityLink extends AsyncDisposable {
  readonly connected: boolean;
}

/** Connects, and connects again whenever the connection is lost or refused, until it is disposed of. */
export function openFacilityLink(options: {
  facilityId: FacilityId;
  serverUrl: string;
  keys: KeyRing;
  cameras: Pick<FacilityCameras, 'feedIds' | 'demand' | 'release' | 'demanded'>;
  log: Logger;
  /** @default CONFIRM_MS */
  confirmMs?: number;
}): FacilityLink {
  const { facilityId, serverUrl, keys, cameras, log, confirmMs = CONFIRM_MS } = options;
  const confirmed = new Set<FeedId>();
  /** One thing at a time waits: for demands to be confirmed, or for the server to come back. */
  let pending: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let retryMs = RETRY_MIN_MS;

  const socket: Socket = io(`${serverUrl}/facility`, {
    transports: ['websocket'],
    // One connection a facility, as if each stood in a place of its own.
    forceNew: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 3_000,
    auth: (give) => give(toHandshake()),
  });

  function toHandshake(): FacilityHandshake {
    return {
      protocol: PROTOCOL_VERSION,
      facilityId,
      key: keys.get(facilityId) ?? '',
      feeds: [...cameras.feedIds],
    };
  }

  function wait(ms: number, then: () => void): void {
    clearTimeout(pending);
    pending = setTimeout(then, ms);
  }

  function stopUnconfirmed(): void {
    for (const feedId of cameras.demanded()) if (!confirmed.has(feedId)) cameras.release(feedId);
  }

  function stopAll(): void {
    for (const feedId of cameras.demanded()) cameras.release(feedId);
  }

  function connectLater(): void {
    clearTimeout(retry);
    retry = setTimeout(
      () => void keys.refresh().then(() => socket.connect()),
      retryMs * (0.75 + Math.random() / 2),
    );
    retryMs = Math.min(RETRY_MAX_MS, retryMs * 2);
  }

  socket.on('connect', () => {
    retryMs = RETRY_MIN_MS;
    confirmed.clear();
    wait(confirmMs, stopUnconfirmed);
    log.debug('facility connected');
  });
  socket.on('disconnect', (reason) => {
    wait(FORSAKEN_MS, stopAll);
    log.debug({ reason }, 'facility disconnected');
    // Only when the server itself has closed it does the client not come back by itself.
    if (!socket.active) connectLater();
  });
  socket.on('connect_error', (error: Error & { data?: unknown }) => {
    // While it is active it tries again by itself: the server is not there. Otherwise it has been refused.
    if (socket.active) return;
    const refusal = Refusal.safeParse(error.data);
    log.warn({ code: refusal.data?.code ?? error.message }, 'the server refuses the facility');
    connectLater();
  });
  socket.on(FACILITY_MESSAGES.demand, (message: unknown) => {
    const demand = FeedDemand.safeParse(message);
    if (!demand.success) {
      log.warn({ err: demand.error }, 'unreadable demand');
      return;
    }
    confirmed.add(demand.data.feedId);
    cameras.demand(demand.data);
  });
  socket.on(FACILITY_MESSAGES.release, (message: unknown) => {
    const release = FeedRelease.safeParse(message);
    if (release.success) cameras.release(release.data.feedId);
    else log.warn({ err: release.error }, 'unreadable release');
  });

  return {
    get connected() {
      return socket.connected;
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(pending);
      clearTimeout(retry);
      socket.removeAllListeners();
      socket.disconnect();
    },
  };
}
