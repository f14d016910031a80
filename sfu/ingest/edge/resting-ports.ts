/**
 * A port that was closed is not given to anybody for this long. Who sent to it hears by way of the servers that it is to
 * stop, which takes a moment, and what still comes would take the place of whoever the port is for now. Milliseconds.
 */
export const REST_MS = 5_000;

/** UDP ports of a node that were closed just now. */
export class RestingPorts {
  readonly #now: () => number;
  /** When each was closed, the oldest first. */
  readonly #closed = new Map<number, number>();
  /** Ports that are bound now only because they rest, so that others are drawn. */
  passedOver = 0;

  /** `now`: milliseconds, any clock. */
  constructor(now: () => number) {
    this.#now = now;
  }

  noteClosed(port: number): void {
    this.#prune();
    this.#closed.delete(port);
    this.#closed.set(port, this.#now());
  }

  has(port: number): boolean {
    this.#prune();
    return this.#closed.has(port);
  }

  #prune(): void {
    const rested = this.#now() - REST_MS;
    for (const [port, closedAt] of this.#closed) {
      if (closedAt > rested) return;
      this.#closed.delete(port);
    }
  }
}
