/** One timer for everything on the page that counts; it stands still while nothing does. */
export interface Ticker extends Disposable {
  /** Calls the listener about every `PERIOD_MS`, until the returned function is called. */
  add(listener: Tick): () => void;
}

/** Gets a monotonic instant, and whether this is a tick on which text may change: one a second. */
export type Tick = (monotonicMs: number, textMayChange: boolean) => void;

/**
 * Four times a second: a picture that stops is noticed within a second and a quarter. Reading the frame counters of 64
 * videos so often costs nothing that can be measured; a frame callback on each of them costs a sixth of the renderer.
 */
export const PERIOD_MS = 250;
const TICKS_A_SECOND = 1_000 / PERIOD_MS;

interface Timers {
  monotonicMs(): number;
  setInterval(run: () => void, periodMs: number): number;
  clearInterval(handle: number): void;
}

export function createTicker({ monotonicMs, setInterval, clearInterval }: Timers): Ticker {
  const listeners = new Set<Tick>();
  let handle: number | undefined;
  let ticks = 0;

  function tick(): void {
    ticks += 1;
    const nowMs = monotonicMs();
    const textMayChange = ticks % TICKS_A_SECOND === 0;
    for (const listener of listeners) listener(nowMs, textMayChange);
  }

  function stop(): void {
    if (handle !== undefined) clearInterval(handle);
    handle = undefined;
  }

  return {
    add(listener) {
      listeners.add(listener);
      handle ??= setInterval(tick, PERIOD_MS);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    [Symbol.dispose]() {
      listeners.clear();
      stop();
    },
  };
}
