import { setTimeout as delay } from 'node:timers/promises';
import { VartaError } from '#contract/errors.ts';
import type { ListenAddress } from './addresses.ts';
import { countFailures, respawnPauseMs } from './backoff.ts';
import { MediaWorker, type MediaWorkerOptions } from './media-worker.ts';

export interface PoolLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface WorkerPoolOptions {
  /** Number of workers; worker n listens on the first port + n, if it is to listen. */
  workers: number;
  firstPort: number;
  worker: Omit<MediaWorkerOptions, 'listen'> & { listen: ListenAddress | undefined };
  log: PoolLog;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Called when a worker has died, before another one takes its place. */
  onDied: (worker: MediaWorker) => void;
}

/** A worker that does not answer for this long is as good as dead, and holds its tiles still. */
const HANG_MS = 4_000;
/** How often workers are asked what they use. */
const MEASURE_MS = 1_500;

/** The node's workers. One that dies is replaced, with growing pauses when it dies at once; the others do not notice. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Map<number, MediaWorker>();
  readonly #stopping = new AbortController();
  readonly #respawns = new Set<Promise<void>>();
  #lastCpu: { at: number; ms: Map<MediaWorker, number> } | undefined;
  #load = 0;
  #timer: NodeJS.Timeout | undefined;
  #isMeasuring = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** Starts the workers. @throws Error when one of them does not start: then the settings are wrong, not the day. */
  async start(): Promise<void> {
    await Promise.all(Array.from({ length: this.#options.workers }, (_, index) => this.#spawn(index, 0)));
    this.#timer = setInterval(() => void this.#measure(), MEASURE_MS);
    this.#timer.unref();
  }

  /** Workers that run now, the one with the least to do first. */
  get ready(): MediaWorker[] {
    return [...this.#workers.values()]
      .filter((worker) => !worker.closed)
      .sort((a, b) => a.weight - b.weight || a.index - b.index);
  }

  get size(): number {
    return this.#options.workers;
  }

  /** @throws VartaError `no_sfu` while no worker runs. */
  leastLoaded(): MediaWorker {
    const [worker] = this.ready;
    if (!worker) throw new VartaError('no_sfu', 'No media worker runs at the moment');
    return worker;
  }

  /** Share of the workers' cores that was in use when it was last measured, 0 to 1. Nobody waits for a worker here. */
  get load(): number {
    return this.#load;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#timer);
    for (const worker of this.#workers.values()) worker.close();
    this.#workers.clear();
    await Promise.allSettled(this.#respawns);
  }

  /** Measures the load. It is also the proof of life: a worker that does not answer is killed, so that it is replaced. */
  async #measure(): Promise<void> {
    if (this.#isMeasuring) return;
    this.#isMeasuring = true;
    try {
      this.#load = await this.#measureLoad();
    } finally {
      this.#isMeasuring = false;
    }
  }

  async #measureLoad(): Promise<number> {
    const at = this.#options.now();
    const ms = new Map<MediaWorker, number>();
    await Promise.all(
      this.ready.map(async (worker) => {
        const cpuMs = await this.#askCpu(worker);
        if (cpuMs !== undefined) ms.set(worker, cpuMs);
      }),
    );
    const before = this.#lastCpu;
    this.#lastCpu = { at, ms };
    if (!before || at <= before.at) return 0;
    let used = 0;
    for (const [worker, cpuMs] of ms) used += cpuMs - (before.ms.get(worker) ?? cpuMs);
    return Math.max(0, used / (at - before.at) / this.size);
  }

  async #askCpu(worker: MediaWorker): Promise<number | undefined> {
    const answered = new AbortController();
    const tooLate = delay(HANG_MS, 'hangs' as const, { signal: answered.signal, ref: false });
    try {
      const answer = await Promise.race([worker.cpuMs(), tooLate]);
      if (answer !== 'hangs') return answer;
      this.#options.log.error(
        { worker: worker.index, pid: worker.pid },
        'media worker does not answer, killing it',
      );
      worker.kill();
      return undefined;
    } catch {
      // It died or was closed while asked; its owner hears of that by itself.
      return undefined;
    } finally {
      answered.abort();
      tooLate.catch(() => undefined);
    }
  }

  async #spawn(index: number, failures: number): Promise<void> {
    const { log, now, onDied, worker: options, firstPort } = this.#options;
    const startedAt = now();
    const worker = await MediaWorker.create(index, {
      ...options,
      listen: options.listen && { ...options.listen, port: firstPort + index },
    });
    if (this.#stopping.signal.aborted) {
      worker.close();
      return;
    }
    this.#workers.set(index, worker);
    const port = options.listen && firstPort + index;
    log.info({ worker: index, pid: worker.pid, port }, 'media worker runs');
    worker.onDied(() => {
      if (this.#workers.get(index) === worker) this.#workers.delete(index);
      log.error({ worker: index, pid: worker.pid }, 'media worker died');
      onDied(worker);
      this.#respawn(index, countFailures(failures, now() - startedAt));
    });
  }

  #respawn(index: number, failures: number): void {
    const attempt = this.#tryAgain(index, failures);
    this.#respawns.add(attempt);
    void attempt.finally(() => this.#respawns.delete(attempt));
  }

  /** Never rejects: a worker that cannot be had now is asked for again later. */
  async #tryAgain(index: number, failures: number): Promise<void> {
    const { signal } = this.#stopping;
    for (let failed = failures; !signal.aborted; failed += 1) {
      try {
        await delay(respawnPauseMs(failed), undefined, { signal });
        await this.#spawn(index, failed);
        return;
      } catch (error) {
        if (!signal.aborted) {
          const { message } = error as Error;
          this.#options.log.error({ worker: index, error: message }, 'media worker does not start');
        }
      }
    }
  }
}
