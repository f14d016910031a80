/** A picture that ffmpeg has kept for longer than this is not shown as if it were of now. Milliseconds. */
export const MAX_LATE_MS = 1_000;
/** Until its first picture ffmpeg may take this long: machines on which everything begins at once are slow. */
const START_WITHIN_MS = 10_000;
/** What came in while it started is drawn over faster than it came; after this it is at the present, or never will be. */
const CATCH_UP_MS = 5_000;

/**
 * How far ffmpeg is behind. It makes one picture of each, in their order, and stamps them when it reads them: so only
 * counting tells. A picture that it makes none of makes it seem later than it is, and never earlier for long.
 */
export class Lateness {
  /** When the pictures that have not come out yet went in; milliseconds since 1970. */
  readonly #inside: number[] = [];
  #firstOutAt: number | undefined;

  /** A whole picture went in. */
  noteIn(now: number): void {
    this.#inside.push(now);
  }

  /** A whole picture came out; gives how long it was inside, in milliseconds. */
  noteOut(now: number): number {
    this.#firstOutAt ??= now;
    return now - (this.#inside.shift() ?? now);
  }

  /** Whether what comes next is too old to be shown. */
  isTooLate(now: number): boolean {
    const [oldest] = this.#inside;
    if (oldest === undefined) return false;
    if (this.#firstOutAt === undefined) return now - oldest > START_WITHIN_MS;
    return now - oldest > MAX_LATE_MS && now - this.#firstOutAt > CATCH_UP_MS;
  }
}
