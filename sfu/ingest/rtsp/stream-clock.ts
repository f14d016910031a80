/** RTP clock of video, ticks a millisecond. */
const TICKS_PER_MS = 90;
/** A step of the camera's clock beyond these is a jump (it was set, or the stream began anew), not a pause. */
const MAX_AHEAD_MS = 10_000;
const MAX_BACK_MS = 1_000;
/** The least delay is looked for in this time and the same before it, so that it follows a clock that drifts. */
const WINDOW_MS = 10_000;

const wrap = (ticks: number) => ((ticks % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000;

/**
 * Puts a camera's timestamps onto this node's clock, the same for both layers of a feed, so that a receiver may change
 * between them, and goes on counting when a camera comes back. Distances between pictures stay the camera's.
 */
export class StreamClock {
  readonly #firstTicks: number;
  #last: { input: number; atMs: number } | undefined;
  /** How long after the instant that it stands for a packet came; the least in two windows. Milliseconds. */
  #delays = { since: 0, least: Number.POSITIVE_INFINITY, leastBefore: Number.POSITIVE_INFINITY };

  /** @param firstTicks where timestamps begin, the same for all layers of a feed */
  constructor(firstTicks: number) {
    this.#firstTicks = firstTicks;
  }

  /** The camera begins anew: its timestamps have nothing to do with those before. */
  restart(): void {
    this.#last = undefined;
  }

  /** The timestamp to send for one that came now. */
  toTimestamp(input: number, nowMs: number): number {
    const stepMs = this.#last && ((input - this.#last.input) | 0) / TICKS_PER_MS;
    const isJump = stepMs === undefined || stepMs > MAX_AHEAD_MS || stepMs < -MAX_BACK_MS;
    const atMs = isJump || !this.#last ? nowMs : this.#last.atMs + stepMs;
    if (isJump) this.#delays = { since: nowMs, least: 0, leastBefore: Number.POSITIVE_INFINITY };
    this.#last = { input, atMs };
    this.#note(nowMs - atMs, nowMs);
    return wrap(this.#firstTicks + Math.round(atMs * TICKS_PER_MS));
  }

  /** The timestamp of a picture that would be taken now, for sender reports. */
  timestampAt(nowMs: number): number {
    const delay = Math.min(this.#delays.least, this.#delays.leastBefore);
    return wrap(this.#firstTicks + Math.round((nowMs - (Number.isFinite(delay) ? delay : 0)) * TICKS_PER_MS));
  }

  #note(delay: number, nowMs: number): void {
    if (nowMs - this.#delays.since >= WINDOW_MS) {
      this.#delays = { since: nowMs, least: delay, leastBefore: this.#delays.least };
    } else this.#delays.least = Math.min(this.#delays.least, delay);
  }
}
