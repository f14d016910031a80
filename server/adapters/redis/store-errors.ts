import {
  ClientClosedError,
  ClientOfflineError,
  ConnectionTimeoutError,
  DisconnectsClientError,
  ReconnectStrategyError,
  SocketClosedUnexpectedlyError,
  SocketTimeoutError,
} from 'redis';
import { toVartaError, VartaError } from '#contract/errors.ts';

const AWAY = [
  ClientClosedError,
  ClientOfflineError,
  ConnectionTimeoutError,
  DisconnectsClientError,
  ReconnectStrategyError,
  SocketClosedUnexpectedlyError,
  SocketTimeoutError,
];

/** Replies of a Redis that cannot do its work now: loading, a replica, a disk that is full, a failover under way. */
const NOT_NOW = /^(?:LOADING|READONLY|MISCONF|OOM|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|BUSY)\b/;

/** Whether something thrown means that the store is away, and not that we asked it something wrong. */
export function isStoreUnavailable(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return (
    AWAY.some((type) => thrown instanceof type) ||
    NOT_NOW.test(thrown.message) ||
    (thrown as NodeJS.ErrnoException).code === 'ECONNREFUSED'
  );
}

/** What an edge answers to anything thrown: a refusal as it is, `store_unavailable` while Redis is away, else `internal`. */
export function toEdgeError(thrown: unknown): VartaError {
  return isStoreUnavailable(thrown)
    ? new VartaError('store_unavailable', undefined, { cause: thrown })
    : toVartaError(thrown);
}
