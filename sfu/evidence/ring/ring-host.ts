import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { VartaError } from '#contract/errors.ts';
import type { FromRingThread, TapedPicture, TapeParts, ToRingThread } from './ring-messages.ts';

/** Who has a tape, and is told of it. */
interface TapeOwner {
  /** A keyframe would help. */
  onBroken(): void;
  /** The thread keeps nothing of it any more, or is gone. */
  onGone(): void;
  /** The thread is gone, and with it all that it kept. */
  onLost(): void;
}

interface Taker {
  line: number;
  onPictures(pictures: TapedPicture[]): void;
  caughtUp: PromiseWithResolvers<void>;
}

/** Pictures of a feed that come, until `leave` is called. */
export interface Joined {
  /** Resolves when all has come that was kept, or nothing will. */
  caughtUp: Promise<void>;
  leave(): void;
}

interface Running {
  thread: Worker;
  port: PromiseWithResolvers<number>;
  /** Its port, once it listens. */
  listensAt: number | undefined;
}

/** A thread that failed is followed by another after this time: one that fails at once must not take the node’s time. */
const RESTART_MS = 1_000;

/**
 * The thread of rings, from its first use on: one a node. When it fails, whoever had something there is told; the first use
 * after a moment starts another.
 */
export class RingHost implements AsyncDisposable {
  readonly #log: Pick<Logger, 'error'>;
  readonly #now: () => number;
  readonly #tapes = new Map<number, TapeOwner>();
  readonly #takers = new Map<number, Taker>();
  #running: Running | undefined;
  #bounds = { preMs: 0, bytes: 0 };
  #lastId = 0;
  #failedAtMs = -Infinity;
  #closed = false;

  /** `now`: milliseconds since 1970. */
  constructor({ log, now }: { log: Pick<Logger, 'error'>; now: () => number }) {
    this.#log = log;
    this.#now = now;
  }

  /** A number that nothing else has here. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** The UDP port on loopback that packets are to be sent to. @throws VartaError `no_sfu` without a thread; what it failed with. */
  async findPort(): Promise<number> {
    return this.#start().port.promise;
  }

  /** How far back, and how much of memory (bytes), is kept of each feed. */
  setBounds(bounds: { preMs: number; bytes: number }): void {
    const { preMs, bytes } = this.#bounds;
    if (bounds.preMs === preMs && bounds.bytes === bytes) return;
    this.#bounds = bounds;
    this.#post({ type: 'bounds', ...bounds });
  }

  /** Packets will come to a port. @throws VartaError `no_sfu` when the thread that listened there is gone. */
  beginTape({ to, ...parts }: TapeParts & { to: number }, owner: TapeOwner): void {
    if (this.#running?.listensAt !== to)
      throw new VartaError('no_sfu', 'This node makes no clips at this moment');
    this.#tapes.set(parts.tape, owner);
    this.#post({ type: 'begin', ...parts });
  }

  noteKeyframe(tape: number): void {
    this.#post({ type: 'keyframe', tape });
  }

  endTape(tape: number): void {
    if (this.#tapes.has(tape)) this.#post({ type: 'end', tape });
  }

  /** Keeps what comes of a feed from now on; `bytes` (one number) then says what it takes of memory. */
  keep(line: number, bytes: Int32Array): void {
    this.#post({ type: 'keep', line, bytes });
  }

  /** Has overwritten what is kept of a feed. Whoever has the keys overwrites them before. */
  wipe(line: number): void {
    this.#post({ type: 'wipe', line });
  }

  /**
   * Gives pictures of a feed: those kept, from the last keyframe at or before `fromMs` (since 1970), and those that come.
   *
   * @throws VartaError `no_sfu` while there is no thread.
   */
  join(line: number, fromMs: number, onPictures: Taker['onPictures']): Joined {
    const { thread } = this.#start();
    const taker = this.nextId();
    const caughtUp = Promise.withResolvers<void>();
    thread.postMessage({ type: 'join', taker, line, fromMs } satisfies ToRingThread);
    this.#takers.set(taker, { line, onPictures, caughtUp });
    return {
      caughtUp: caughtUp.promise,
      leave: () => {
        if (!this.#takers.delete(taker)) return;
        caughtUp.resolve();
        this.#post({ type: 'leave', taker });
      },
    };
  }

  /** Ends the thread. Whatever it kept is encrypted with keys that their owners have overwritten. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const running = this.#running;
    this.#lose();
    await running?.thread.terminate();
  }

  /** A thread that is gone has forgotten what this would be about. */
  #post(message: ToRingThread): void {
    this.#running?.thread.postMessage(message);
  }

  #start(): Running {
    if (this.#running) return this.#running;
    if (this.#closed || this.#now() - this.#failedAtMs < RESTART_MS)
      throw new VartaError('no_sfu', 'This node makes no clips at this moment');
    const port = Promise.withResolvers<number>();
    // Whoever waits for it hears of it.
    port.promise.catch(() => undefined);
    const thread = new Worker(new URL('./ring-thread.ts', import.meta.url), { name: 'rings' });
    const running: Running = { thread, port, listensAt: undefined };
    this.#running = running;
    thread.unref();
    thread.on('message', (message: FromRingThread) => this.#handle(message, running));
    thread.on('error', (error) => this.#log.error({ err: error }, 'the thread of rings failed'));
    thread.on('exit', () => {
      port.reject(new Error('The thread of rings has ended'));
      if (this.#running !== running) return;
      this.#failedAtMs = this.#now();
      this.#log.error('the thread of rings has ended');
      this.#lose();
    });
    thread.postMessage({ type: 'bounds', ...this.#bounds } satisfies ToRingThread);
    // Those who were left by a thread that failed: what was kept is gone, and what comes is theirs.
    for (const [taker, { line }] of this.#takers)
      thread.postMessage({ type: 'join', taker, line, fromMs: Infinity } satisfies ToRingThread);
    return running;
  }

  #handle(message: FromRingThread, running: Running): void {
    switch (message.type) {
      case 'ready':
        running.listensAt = message.port;
        running.port.resolve(message.port);
        break;
      case 'pictures':
        this.#takers.get(message.taker)?.onPictures(message.pictures.map(toBuffered));
        break;
      case 'caught-up':
        this.#takers.get(message.taker)?.caughtUp.resolve();
        break;
      case 'broken':
        this.#tapes.get(message.tape)?.onBroken();
        break;
      case 'gone':
        this.#tapes.get(message.tape)?.onGone();
        this.#tapes.delete(message.tape);
        break;
    }
  }

  #lose(): void {
    this.#running = undefined;
    const owners = [...this.#tapes.values()];
    const takers = [...this.#takers.values()];
    this.#tapes.clear();
    for (const { caughtUp } of takers) caughtUp.resolve();
    for (const owner of owners) {
      owner.onGone();
      owner.onLost();
    }
  }
}

/** A buffer comes as plain bytes from another thread. */
function toBuffered({ bytes, ...about }: TapedPicture): TapedPicture {
  return { ...about, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}
