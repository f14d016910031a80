/** When things are compared again. */
export interface Agenda extends Disposable {
  /** At the end of this turn, however often it is asked for. */
  soon(): void;
  /** In `delayMs` at the latest; a time that is nearer already stays. */
  within(delayMs: number): void;
}

interface Ports {
  run(): void;
  monotonicMs(): number;
}

/** Gathers whatever asks for the same work: many changes in one turn are compared once. */
export function createAgenda({ run, monotonicMs }: Ports): Agenda {
  let isScheduled = false;
  let ended = false;
  let wake: { timer: ReturnType<typeof setTimeout>; atMs: number } | undefined;

  function soon(): void {
    if (isScheduled || ended) return;
    isScheduled = true;
    queueMicrotask(() => {
      isScheduled = false;
      if (!ended) run();
    });
  }

  return {
    soon,
    within(delayMs) {
      if (ended) return;
      const atMs = monotonicMs() + Math.max(0, delayMs);
      if (wake && wake.atMs <= atMs) return;
      clearTimeout(wake?.timer);
      const timer = setTimeout(() => {
        wake = undefined;
        soon();
      }, delayMs + 1);
      wake = { timer, atMs };
    },
    [Symbol.dispose]() {
      ended = true;
      clearTimeout(wake?.timer);
    },
  };
}
