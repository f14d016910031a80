import { performance } from 'node:perf_hooks';
import { isStill, readVitals, type Vitals } from './vitals.ts';

/** How often a worker is looked at. Each look asks it something that costs it some 30 µs. */
export const LOOK_MS = 250;
/**
 * Looks without an answer after which a process that does nothing is given up: 1.25 s. It neither answers nor moves
 * media, so nothing is lost with it, and tiles that stand still are to be back within 3 s.
 */
const STILL_LOOKS = 5;
/**
 * Looks without an answer after which any process is given up: 4 s. One that uses its core, or waits for one, may
 * still move media, or will as soon as the machine lets it; another in its place would fare no better.
 */
const SILENT_LOOKS = 16;

/**
 * A look counts only if this process has waited for something to happen for so long since the one before: then nothing
 * that a worker had said was left unheard, and none waited for us to read what it writes. Milliseconds.
 */
const HEARD_MS = 10;

interface PulseOptions {
  pid: number;
  /** User and system time that the process has used so far by its own account, in milliseconds. Rejects when it is gone. */
  ask(): Promise<number>;
  /** @default what the system says of it */
  vitals?: (pid: number) => Vitals | undefined;
  /** For how long this process has waited for something to happen so far, in milliseconds. @default its event loop's own account */
  idleMs?: () => number;
}

/**
 * Whether a worker is alive, by whether it answers. Looks are counted and not milliseconds, and of those only the ones
 * before which this process had nothing to do: one that is busy has answers that it has not heard, and gives nobody up.
 */
export class Pulse {
  readonly #options: PulseOptions;
  #isAsked = false;
  /** Looks since it was asked. */
  #silent = 0;
  /** Looks since it was last seen to do something. */
  #still = 0;
  #before: Vitals | undefined;
  #idleMs = 0;
  #cpuMs: number | undefined;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  /** What the process had used when it answered last, in milliseconds; undefined before its first answer. */
  get cpuMs(): number | undefined {
    return this.#cpuMs;
  }

  /** To be called every {@link LOOK_MS}. Whether the process is to be given up. */
  look(): boolean {
    const { pid, vitals = readVitals, idleMs = loopIdleMs } = this.#options;
    const idleBefore = this.#idleMs;
    this.#idleMs = idleMs();
    if (!this.#isAsked) {
      void this.#ask();
      return false;
    }
    this.#silent += 1;
    const now = vitals(pid);
    const hasHeardAll = this.#idleMs - idleBefore >= HEARD_MS;
    if (this.#silent > 1 && !isStill(this.#before, now)) this.#still = 0;
    else if (hasHeardAll) this.#still += 1;
    this.#before = now;
    return this.#still >= STILL_LOOKS || this.#silent >= SILENT_LOOKS;
  }

  async #ask(): Promise<void> {
    this.#isAsked = true;
    this.#silent = 0;
    this.#still = 0;
    try {
      this.#cpuMs = await this.#options.ask();
    } catch {
      // It died or was closed while asked; its owner hears of that by itself.
    } finally {
      this.#isAsked = false;
    }
  }
}

function loopIdleMs(): number {
  return performance.eventLoopUtilization().idle;
}
