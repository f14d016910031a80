/** Packets that are kept while one before them is missing; what was lost is asked for again and comes within this. */
const MAX_WAITING = 48;
/** And for no longer than this, whatever is waited for: a retransmission takes a round trip or two. Milliseconds. */
const MAX_WAIT_MS = 400;
const SEQUENCES = 0x1_0000;

/** Puts the packets of one stream into their order. What does not come is left out. */
export class PacketOrder<T> {
  readonly #waiting = new Map<number, T>();
  #next: number | undefined;
  /** Since when packets have been kept waiting, without a pause. */
  #waitsSince: number | undefined;

  /** The packets that are due with this one, in order. `now`: milliseconds since 1970. */
  push(sequence: number, packet: T, now: number): T[] {
    this.#next ??= sequence;
    // Older than what has been given out already.
    if (distance(this.#next, sequence) >= SEQUENCES / 2) return [];
    this.#waiting.set(sequence, packet);
    const due = this.#drain();
    this.#waitsSince = this.#waiting.size === 0 ? undefined : (this.#waitsSince ?? now);
    const isOverdue = this.#waitsSince !== undefined && now - this.#waitsSince >= MAX_WAIT_MS;
    if (isOverdue || this.#waiting.size > MAX_WAITING) {
      const from = this.#next;
      this.#next = [...this.#waiting.keys()].reduce((a, b) =>
        distance(from, a) <= distance(from, b) ? a : b,
      );
      due.push(...this.#drain());
      this.#waitsSince = this.#waiting.size === 0 ? undefined : now;
    }
    return due;
  }

  #drain(): T[] {
    const due: T[] = [];
    for (;;) {
      const next = this.#next ?? 0;
      const packet = this.#waiting.get(next);
      if (packet === undefined) return due;
      this.#waiting.delete(next);
      this.#next = (next + 1) % SEQUENCES;
      due.push(packet);
    }
  }
}

/** How many sequence numbers lie from one to another. */
function distance(from: number, to: number): number {
  return (to - from + SEQUENCES) % SEQUENCES;
}
