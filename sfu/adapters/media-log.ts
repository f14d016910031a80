import { setLogEventListeners } from 'mediasoup';
import type { Logger } from 'pino';

/** Sends mediasoup's own log to ours. mediasoup has one log for the process, so only `main.ts` may do this. */
export function forwardMediaLog(log: Logger): void {
  setLogEventListeners({
    onwarn: (namespace, message) => log.debug({ namespace }, message),
    onerror: (namespace: string, message: string, error?: Error) =>
      log.warn({ namespace, err: error }, message),
  });
}
