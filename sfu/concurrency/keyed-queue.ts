import { VartaError } from '#contract/errors.ts';

/** Tasks of one key that may wait at once where nothing else is said: more means that what they wait for does not answer. */
const MAX_WAITING = 64;

/**
 * Runs tasks of the same key one after another and tasks of different keys side by side. A task that fails does not
 * spoil the next one. Keys without tasks take no memory.
 */
export class KeyedQueue {
  readonly #maxWaiting: number;
  readonly #tails = new Map<string, { done: Promise<unknown>; waiting: number }>();

  constructor({ maxWaiting = MAX_WAITING }: { maxWaiting?: number } = {}) {
    this.#maxWaiting = maxWaiting;
  }

  /** @throws VartaError `limit_reached` when too many tasks of this key wait. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    if (before && before.waiting >= this.#maxWaiting) throw new VartaError('limit_reached');
    const result = before ? before.done.then(task, task) : task();
    const tail = { done: result, waiting: (before?.waiting ?? 0) + 1 };
    this.#tails.set(key, tail);
    try {
      return await result;
    } finally {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
      else {
        const latest = this.#tails.get(key);
        if (latest) latest.waiting -= 1;
      }
    }
  }
}
