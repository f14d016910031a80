import type { Log } from './log.ts';

/** A stop that takes longer than this is ended: sockets get 1 s, requests 5 s, the rest is quick. */
const STOP_PATIENCE_MS = 15_000;

/** Waits for SIGINT or SIGTERM. From then on the process ends soon, whatever hangs; a second signal ends it at once. */
export async function untilStopped(log: Log): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  const stop = (signal: NodeJS.Signals) => {
    process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
    resolve(signal);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const signal = await promise;
  log.info({ signal }, 'stopping');
  setTimeout(() => {
    log.error({ patienceMs: STOP_PATIENCE_MS }, 'the stop hangs; ending the process');
    process.exit(1);
  }, STOP_PATIENCE_MS).unref();
}

/** What nobody caught is logged whole and ends the process: its state is not to be trusted, its supervisor starts it anew. */
export function endOnUncaught(log: Log): void {
  process.on('uncaughtException', (error, origin) => {
    log.fatal({ err: error, origin }, 'uncaught error; ending the process');
    process.exit(1);
  });
}
