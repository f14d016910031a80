/** Longer intervals mean that a picture may take this long to appear; encoders are asked for two seconds. */
export const LONGEST_INTERVAL_MS = 4_000;
/** A keyframe this soon after it was asked for may be an answer. */
const ANSWER_MS = 1_500;
/** One that comes by so much sooner than by itself is an answer; less may be the sender's clock. */
const SOONER_MS = 250;
/** Intervals in a row that are too long before it is a fault, and that are not before it is none any more. */
const INTERVALS = 3;
/** Ticks of the RTP clock of video in a millisecond. */
const TICKS_PER_MS = 90;
/** The sender's clock may have jumped when it says more; then what counts is when they came. */
const MAX_INTERVAL_MS = 120_000;

/** Whether a keyframe was asked for before it came: not at all, in vain until its time had come, or just before. */
type Request = 'none' | 'in-vain' | 'just-before';

/**
 * Follows the keyframes of one stream. Whether they come too seldom is only a matter where they do not come on request: an
 * encoder that answers may have as few as it likes. That it answers is not seen from a keyframe that was due anyway, and
 * that it does not is not seen while nobody asks.
 */
export class KeyframeIntervals {
  #timestamp: number | undefined;
  #lastAt: number | undefined;
  #askedAt: number | undefined;
  #intervalMs: number | undefined;
  /** The last interval that no request can have shortened. */
  #ownIntervalMs: number | undefined;
  /** The last one that ended soon after a request. */
  #askedIntervalMs: number | undefined;
  /** Undefined while nothing shows it. */
  #comesOnRequest: boolean | undefined;
  #streak = 0;
  #isTooLong = false;
  /** None comes any more, though it was asked for. */
  #hasStopped = false;

  /** @param takesRequests Whether the sender can be asked for keyframes at all. */
  constructor({ takesRequests }: { takesRequests: boolean }) {
    this.#comesOnRequest = takesRequests ? undefined : false;
  }

  /** When the last one came, in milliseconds since 1970. */
  get lastAt(): number | undefined {
    return this.#lastAt;
  }

  /** Between the last two, by the sender's clock. */
  get intervalMs(): number | undefined {
    return this.#intervalMs;
  }

  /** They come too seldom, and not when they are asked for either. */
  get isTooLong(): boolean {
    return this.#isTooLong || this.#hasStopped;
  }

  /** The source was asked for one; `at` in milliseconds since 1970. */
  handleRequest(at: number): void {
    // The first of several: what comes after it answers it.
    this.#askedAt ??= at;
    this.look(at);
  }

  /** Finds out whether they have stopped; `at` in milliseconds since 1970. To be called now and again while packets come. */
  look(at: number): void {
    if (this.#askedAt === undefined || at - this.#askedAt <= ANSWER_MS) return;
    // Before the first one, and after an interruption, there is only the request to count from.
    const lastAt = this.#timestamp === undefined ? this.#askedAt : (this.#lastAt ?? this.#askedAt);
    if (at - lastAt > LONGEST_INTERVAL_MS + ANSWER_MS) this.#hasStopped = true;
  }

  /** A packet of a keyframe came; several have the same timestamp. */
  handleKeyframe(timestamp: number, at: number): void {
    if (timestamp === this.#timestamp) return;
    const before = this.#timestamp;
    const cameAfterMs = at - (this.#lastAt ?? at);
    this.#timestamp = timestamp;
    this.#lastAt = at;
    const waitedMs = this.#askedAt === undefined ? undefined : at - this.#askedAt;
    this.#askedAt = undefined;
    const toldMs = before === undefined ? undefined : ((timestamp - before) >>> 0) / TICKS_PER_MS;
    const intervalMs = toldMs !== undefined && toldMs > MAX_INTERVAL_MS ? cameAfterMs : toldMs;
    const isBad = intervalMs === undefined ? undefined : this.#judge(intervalMs, toRequest(waitedMs));
    if (!isBad) this.#hasStopped = false;
    if (intervalMs !== undefined) this.#intervalMs = intervalMs;
    if (isBad !== undefined) this.#count(isBad);
  }

  /** The stream was interrupted: the next interval says nothing. */
  interrupt(): void {
    this.#timestamp = undefined;
    this.#askedAt = undefined;
    this.#intervalMs = undefined;
    this.#hasStopped = false;
  }

  /** Whether an interval speaks against the sender; undefined when it speaks neither against it nor for it. */
  #judge(intervalMs: number, request: Request): boolean | undefined {
    if (request === 'just-before') this.#askedIntervalMs = intervalMs;
    else this.#ownIntervalMs = intervalMs;
    const shown = this.#showsAnswers(request);
    const isAnswer = request === 'just-before' && shown === true;
    if (isAnswer) this.#comesOnRequest = true;
    else this.#comesOnRequest ??= shown;
    if (intervalMs <= LONGEST_INTERVAL_MS || isAnswer) return false;
    if (request === 'just-before') return undefined;
    return request === 'in-vain' || this.#comesOnRequest === false ? true : undefined;
  }

  /** Whether requests are seen to bring keyframes; undefined when it cannot be told. */
  #showsAnswers(request: Request): boolean | undefined {
    if (request === 'in-vain') return false;
    if (this.#ownIntervalMs === undefined || this.#askedIntervalMs === undefined) return undefined;
    const soonerMs = this.#ownIntervalMs - this.#askedIntervalMs;
    if (soonerMs >= SOONER_MS) return true;
    // In its time: the request has changed nothing.
    return soonerMs > -SOONER_MS ? false : undefined;
  }

  #count(isBad: boolean): void {
    this.#streak = isBad === this.#isTooLong ? 0 : this.#streak + 1;
    if (this.#streak < INTERVALS) return;
    this.#isTooLong = isBad;
    this.#streak = 0;
    // It may have answered once.
    if (isBad) this.#comesOnRequest = false;
  }
}

function toRequest(waitedMs: number | undefined): Request {
  if (waitedMs === undefined) return 'none';
  return waitedMs <= ANSWER_MS ? 'just-before' : 'in-vain';
}
