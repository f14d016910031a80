import { VartaError } from '#contract/errors.ts';

/** Tasks of one key that may wait at once; more means that the thing behind it does not answer. */
const MAX_WAITING = 64;

/**
 * Runs tasks of the same key one after another and tasks of different keys side by side. A task that fails does not
 * spoil the next one. Keys without tasks take no memory.
 */
export class KeyedQueue {
  readonly #tails = new Map<string, { done: Promise<unknown>; waiting: number }>();

  /** @throws VartaError `limit_reached` when too many tasks of this key wait. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    if (before && before.waiting >= MAX_WAITING) throw new VartaError('limit_reached');
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
