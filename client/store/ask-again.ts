const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000] as const;

/** How long to wait before the server is asked again, in milliseconds; `attempt` counts from 0. */
function retryDelayMs(attempt: number): number {
  return RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? RETRY_MS[0];
}

/** Waits before the server is asked again, but not beyond the owner's end. */
export function beforeAskingAgain(attempt: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, retryDelayMs(attempt));
    signal.addEventListener('abort', done);
  });
}
