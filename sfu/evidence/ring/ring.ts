import type { RingHost } from './ring-host.ts';
import type { Tap } from './tap.ts';

/** What is kept of one feed while somebody of this node watches it. */
export class Ring {
  readonly watching: AbortSignal;
  readonly #host: RingHost;
  readonly #line: number;
  readonly #bytes = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #taps = new Set<Tap>();

  constructor({ host, line, watching }: { host: RingHost; line: number; watching: AbortSignal }) {
    this.#host = host;
    this.#line = line;
    this.watching = watching;
  }

  /** What it takes of memory, in bytes. */
  get bytes(): number {
    return Atomics.load(this.#bytes, 0);
  }

  /** What comes over a tap is kept. */
  add(tap: Tap): void {
    this.#taps.add(tap);
    this.#host.keep(this.#line, this.#bytes);
    tap.onGone(() => {
      this.#taps.delete(tap);
      // A thread that failed says nothing of it any more.
      if (this.#taps.size === 0) Atomics.store(this.#bytes, 0, 0);
    });
  }

  /** Overwrites the keys, in this turn; the thread then overwrites what it has. */
  wipe(): void {
    for (const { key } of this.#taps) key.fill(0);
    this.#taps.clear();
    this.#host.wipe(this.#line);
  }
}
