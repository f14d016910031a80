import { decodeAll } from './decode-all.ts';
import type { BatchResult, Decoded } from './decode-batch.ts';
import type { Keyframe } from './keyframe.ts';

/** A keyframe that waits to be decoded. */
export interface Waiting {
  keyframe: Keyframe;
  /** The first of its feed, which is not kept waiting. */
  isFirst: boolean;
  /** Aborted as soon as nobody may look at it any more. */
  signal: AbortSignal;
  /** It is over by then; milliseconds since 1970. */
  untilMs: number;
}

/** Counts since the start. */
export interface DecodeCounts {
  decoded: number;
  undecodable: number;
  /** Taken, and thrown away because the last one who watched had gone, or its area was closed. */
  discarded: number;
}

export interface BatchPorts {
  /** Aborted when it is to end at once. */
  decode(keyframes: readonly Keyframe[], signal: AbortSignal): Promise<BatchResult>;
  log: { warn(fields: object, message: string): void };
  /** Milliseconds since 1970. */
  now: () => number;
}

interface BatchOptions<W extends Waiting> extends BatchPorts {
  /** Keyframes are decoded together this often, in milliseconds; a feed's first one waits no longer than a tick. */
  everyMs: number;
  /** What is counted here is counted in these. */
  counts: DecodeCounts;
  onDecoded(waiting: W, decoded: Decoded): void;
}

/** Keyframes that wait to be decoded. Beyond, there is no room for further ones. */
export const MAX_WAITING = 128;

/** Decodes keyframes together, one batch at a time. One that is over meanwhile is thrown away, decoded or not. */
export class DecodeBatches<W extends Waiting> implements AsyncDisposable {
  readonly #options: BatchOptions<W>;
  readonly #closing = new AbortController();
  #waiting: W[] = [];
  #decodedAt = 0;
  #decoding: Promise<void> | undefined;

  constructor(options: BatchOptions<W>) {
    this.#options = options;
  }

  /** How many more may wait; below 0 when what was under way has come in beyond. */
  get room(): number {
    return MAX_WAITING - this.#waiting.length;
  }

  add(waiting: W): void {
    this.#waiting.push(waiting);
  }

  /** Throws away what is over, instead of holding it until the next batch. */
  dropOver(): void {
    this.#waiting = this.#waiting.filter((it) => !this.#isOver(it));
  }

  /** To be called every so often: decodes what waits when it is time, or when a feed's first keyframe is among it. */
  tick(): void {
    const { everyMs, now } = this.#options;
    const isTime = now() - this.#decodedAt >= everyMs;
    const hasFirst = this.#waiting.some(({ isFirst }) => isFirst);
    if (this.#decoding || this.#waiting.length === 0 || !(isTime || hasFirst)) return;
    this.#decodedAt = now();
    this.#decoding = this.#decode().finally(() => {
      this.#decoding = undefined;
    });
  }

  /** Ends the batch that is under way, and forgets what waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#decoding;
    this.#waiting = [];
  }

  async #decode(): Promise<void> {
    const { counts, decode, onDecoded, log } = this.#options;
    const batch = this.#waiting.splice(0).filter((it) => !this.#isOver(it));
    if (batch.length === 0) return;
    try {
      const decoded = await decodeAll(
        batch.map(({ keyframe }) => keyframe),
        (keyframes) => decode(keyframes, this.#closing.signal),
      );
      for (const [index, it] of batch.entries()) {
        if (this.#isOver(it)) continue;
        const picture = decoded[index];
        if (!picture) counts.undecodable++;
        else {
          counts.decoded++;
          onDecoded(it, picture);
        }
      }
    } catch (error) {
      if (!this.#closing.signal.aborted)
        log.warn({ error: (error as Error).message }, 'keyframes cannot be decoded');
    }
  }

  /** Nobody watches it any more, or may look at it: it is as if it had never been taken. */
  #isOver({ signal, untilMs }: W): boolean {
    const isOver = signal.aborted || this.#options.now() >= untilMs;
    if (isOver) this.#options.counts.discarded++;
    return isOver;
  }
}
