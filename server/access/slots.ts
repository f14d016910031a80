/** Bounds work that is costly: so much at a time, so much waiting, and no more. */
export interface Slots {
  /** Runs `work` when its turn comes; undefined, at once, when too much is waiting already. */
  run<T>(work: () => Promise<T>): Promise<T> | undefined;
}

/** `running` at the same time, `waiting` in a queue, first come first served. */
export function createSlots({ running, waiting }: { running: number; waiting: number }): Slots {
  let free = running;
  const queue: (() => void)[] = [];

  const release = () => {
    const next = queue.shift();
    if (next) next();
    else free += 1;
  };
  const take = async () => {
    if (free > 0) {
      free -= 1;
      return;
    }
    await new Promise<void>((resolve) => {
      queue.push(resolve);
    });
  };

  return {
    run: (work) => {
      if (free === 0 && queue.length >= waiting) return undefined;
      return take().then(work).finally(release);
    },
  };
}
