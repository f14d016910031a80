import { performance } from 'node:perf_hooks';

/** What the event loop has done since the process began, in milliseconds. */
export interface LoopTime {
  active: number;
  idle: number;
}

/** Time in which the load of the event loop is the mean; shorter ones say little. */
const MEASURE_MS = 1_000;

/**
 * How busy a node is, 0 to 1: its workers' cores or its one JavaScript thread, whichever is busier. Packets of cameras
 * that are pulled by RTSP go through that thread.
 */
export class NodeLoad {
  readonly #pool: { readonly load: number };
  readonly #loopTime: () => LoopTime;
  #before: LoopTime;
  #loop = 0;

  constructor(
    pool: { readonly load: number },
    loopTime: () => LoopTime = () => performance.eventLoopUtilization(),
  ) {
    this.#pool = pool;
    this.#loopTime = loopTime;
    this.#before = loopTime();
  }

  /** The load when it was last measured. */
  get load(): number {
    const now = this.#loopTime();
    const activeMs = now.active - this.#before.active;
    const passedMs = activeMs + now.idle - this.#before.idle;
    if (passedMs >= MEASURE_MS) {
      this.#loop = activeMs / passedMs;
      this.#before = now;
    }
    return Math.max(this.#pool.load, this.#loop);
  }
}
