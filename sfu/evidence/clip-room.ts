/** With less than this to spare no clip is begun: half a minute of a large picture, or minutes of a small one. Bytes. */
const MIN_SPARE_BYTES = 8 * 1024 * 1024;

/** Memory that all clips of a node share: of their pictures, and of the files that are made of them. Bytes. */
export class ClipRoom {
  readonly #maxBytes: number;
  #usedBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Whether there is enough for another clip. */
  get hasSpare(): boolean {
    return this.#maxBytes - this.#usedBytes >= MIN_SPARE_BYTES;
  }

  /** Takes so much of it; false, and nothing is taken, where it is not there. */
  take(bytes: number): boolean {
    if (this.#usedBytes + bytes > this.#maxBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}
