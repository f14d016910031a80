import type { AreaId } from '#contract/ids.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { Leases } from '../../adapters/redis/leases.ts';
import { type Repeated, repeat } from '../../concurrency/repeat.ts';
import { Projection, type ProjectionPorts } from './projection.ts';

/** What the lease of this work is called. */
const WORK = 'feed-projection';
const LEASE_MS = 5_000;
const LEASE_RENEWAL_MS = 1_500;
/** Pause between two attempts to become the one that projects. */
const CANDIDACY_MS = 1_000;
/** How often everything is compared with what the nodes say, for reports that got lost. */
const RECONCILE_MS = 5_000;

interface FeedProjectorOptions extends ProjectionPorts {
  /** A connection of its own, because it waits for news most of the time. Closed with this. */
  reader: Redis;
  replicaId: string;
}

/** Turns what nodes report of feeds into what consoles show. One replica does it at a time; two do no harm. */
export class FeedProjector implements AsyncDisposable {
  readonly #options: FeedProjectorOptions;
  readonly #leases: Leases;
  readonly #running: Repeated;
  #leading: Projection | undefined;

  constructor(options: FeedProjectorOptions) {
    this.#options = options;
    this.#leases = new Leases({ redis: options.redis, holder: options.replicaId, ttlMs: LEASE_MS });
    this.#running = repeat((signal) => this.#stand(signal), {
      everyMs: CANDIDACY_MS,
      onError: (error) => options.log.warn({ err: error }, 'projection of feeds interrupted'),
    });
  }

  /** Whether these areas may be watched has changed. */
  handleAreas(areaIds: ReadonlySet<AreaId>): void {
    this.#leading?.touchAreas(areaIds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = this.#running[Symbol.asyncDispose]();
    // Ends the read that waits for news.
    if (this.#options.reader.isOpen) this.#options.reader.destroy();
    await ended;
    await this.#leases.release(WORK).catch(() => {
      // It runs out by itself.
    });
  }

  /** Takes the lease if it is free, and projects for as long as it is held. */
  async #stand(signal: AbortSignal): Promise<void> {
    const { view, reader, log, replicaId } = this.#options;
    if (!view.current || !(await this.#leases.hold(WORK))) return;
    const projection = new Projection(this.#options, reader);
    await projection.start();
    log.info({ replicaId }, 'this replica projects feeds');
    this.#leading = projection;
    try {
      await this.#lead(projection, signal);
    } finally {
      this.#leading = undefined;
    }
  }

  async #lead(projection: Projection, signal: AbortSignal): Promise<void> {
    const { now, view } = this.#options;
    let renewedAtMs = now();
    let reconciledAtMs = now();
    while (!signal.aborted && view.current) {
      await projection.read();
      if (now() - reconciledAtMs >= RECONCILE_MS) {
        await projection.reconcile();
        reconciledAtMs = now();
      }
      await projection.flush();
      if (now() - renewedAtMs < LEASE_RENEWAL_MS) continue;
      if (!(await this.#leases.hold(WORK))) return;
      renewedAtMs = now();
    }
  }
}
