import { setTimeout as wait } from 'node:timers/promises';

interface RepeatOptions {
  everyMs: number;
  /** Told of a run that failed; the next one comes all the same. */
  onError(error: unknown): void;
}

/** A task that runs again and again, one run at a time. Its owner disposes of it, which waits for the run under way. */
export interface Repeated extends AsyncDisposable {
  /** Runs as soon as the present run is over, instead of at its time. */
  soon(): void;
}

/** Runs a task at once and then every so often until it is disposed of; the signal ends waits inside the task. */
export function repeat(
  task: (signal: AbortSignal) => Promise<void> | void,
  options: RepeatOptions,
): Repeated {
  const ending = new AbortController();
  let waiting = new AbortController();
  let isWanted = false;

  const run = async () => {
    while (!ending.signal.aborted) {
      isWanted = false;
      try {
        await task(ending.signal);
      } catch (error) {
        if (!ending.signal.aborted) options.onError(error);
      }
      if (isWanted || ending.signal.aborted) continue;
      waiting = new AbortController();
      // An abort is how the wait ends early; there is nothing else that it can reject with.
      await wait(options.everyMs, undefined, { signal: waiting.signal }).catch(() => {});
    }
  };
  const done = run();

  return {
    soon: () => {
      isWanted = true;
      waiting.abort();
    },
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      waiting.abort();
      await done;
    },
  };
}
