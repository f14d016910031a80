import { setTimeout as delay } from 'node:timers/promises';
import { VartaError } from '#contract/errors.ts';
import type { ListenAddress } from './addresses.ts';
import { countFailures, respawnPauseMs } from './backoff.ts';
import { MediaWorker, type MediaWorkerOptions } from './media-worker.ts';
import { LOOK_MS, Pulse } from './pulse.ts';

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

/** Time in which the load of the workers is the mean; shorter ones say little. */
const MEASURE_MS = 1_500;

/** The node's workers. One that dies is replaced, with growing pauses when it dies at once; the others do not notice. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Map<number, MediaWorker>();
  readonly #stopping = new AbortController();
  readonly #respawns = new Set<Promise<void>>();
  readonly #pulses = new Map<MediaWorker, Pulse>();
  #lastCpu: { at: number; ms: Map<MediaWorker, number> } | undefined;
  #load = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** Starts the workers. @throws Error when one of them does not start: then the settings are wrong, not the day. */
  async start(): Promise<void> {
    await Promise.all(Array.from({ length: this.#options.workers }, (_, index) => this.#spawn(index, 0)));
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
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
    this.#pulses.clear();
    await Promise.allSettled(this.#respawns);
  }

  /** A worker that hangs holds its tiles still: it is killed, so that it is replaced. */
  #look(): void {
    for (const [worker, pulse] of this.#pulses) {
      if (!pulse.look()) continue;
      this.#pulses.delete(worker);
      this.#options.log.error(
        { worker: worker.index, pid: worker.pid },
        'media worker does not answer, killing it',
      );
      worker.kill();
    }
    this.#measure();
  }

  #measure(): void {
    const at = this.#options.now();
    const before = this.#lastCpu;
    if (before && at - before.at < MEASURE_MS) return;
    const ms = new Map<MediaWorker, number>();
    for (const [worker, { cpuMs }] of this.#pulses) if (cpuMs !== undefined) ms.set(worker, cpuMs);
    this.#lastCpu = { at, ms };
    if (!before) return;
    let used = 0;
    for (const [worker, cpuMs] of ms) used += cpuMs - (before.ms.get(worker) ?? cpuMs);
    this.#load = Math.max(0, used / (at - before.at) / this.size);
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
    this.#pulses.set(worker, new Pulse({ pid: worker.pid, ask: () => worker.cpuMs() }));
    const port = options.listen && firstPort + index;
    log.info({ worker: index, pid: worker.pid, port }, 'media worker runs');
    worker.onDied(() => {
      if (this.#workers.get(index) === worker) this.#workers.delete(index);
      this.#pulses.delete(worker);
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
