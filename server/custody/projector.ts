import { setTimeout as delay } from 'node:timers/promises';
import type { RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { Leases } from '../adapters/redis/leases.ts';
import { readStreams } from '../adapters/redis/read-streams.ts';
import { isStoreUnavailable } from '../adapters/redis/store-errors.ts';
import { type EventStore, type StreamEntry, toEntry } from './event-store.ts';
import { Partition, type PartitionLog } from './partition.ts';
import type { Basis } from './state/basis.ts';
import type { StateStore } from './state-store.ts';

/** A replica that was killed is succeeded after this at the latest. */
const LEASE_MS = 3_000;
/** Leases are renewed so often in their time. */
const RENEWALS = 3;
/** Longest wait for events; also how long a region that was just taken over may wait to be read. */
const BLOCK_MS = 500;
/** Events of a region that one commit takes at most. */
const MAX_BATCH = 500;
/** Commits of a region are at least so far apart, so that a burst becomes few deltas. An event that comes alone does not wait. */
const PACE_MS = 40;
const RETRY_MS = 200;
/** A region that cannot be projected is tried again after this, then after twice as long, up to the longest. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** What is wrong with a region, and when it is tried again. */
interface Trouble {
  failures: number;
  retryAtMs: number;
}

interface ProjectorOptions {
  redis: Redis;
  /** A connection of its own: reading blocks it. */
  newConnection: () => Promise<Redis>;
  regionIds: readonly RegionId[];
  events: EventStore;
  states: StateStore;
  basis: Basis;
  /** Who holds this replica's leases; no other process has this name. */
  replicaId: string;
  log: PartitionLog;
  /** @default 3000 */
  leaseMs?: number | undefined;
}

/**
 * Turns events into status, for the regions whose lease this replica holds. What it commits depends on the position in
 * Redis alone, so that it may be killed, cut off, or doubled at any point.
 */
export class Projector {
  readonly #options: ProjectorOptions;
  readonly #reader: Redis;
  readonly #leases: Leases;
  readonly #leaseMs: number;
  readonly #closing = new AbortController();
  #partitions = new Map<RegionId, Partition>();
  /** Regions that are being read or built; that may take minutes, while the others go on. */
  readonly #opening = new Map<RegionId, Promise<void>>();
  readonly #troubles = new Map<RegionId, Trouble>();
  #renewAtMs = 0;
  #running: Promise<void> = Promise.resolve();

  static async start(options: ProjectorOptions): Promise<Projector> {
    const projector = new Projector(options, await options.newConnection());
    projector.#running = projector.#run();
    return projector;
  }

  private constructor(options: ProjectorOptions, reader: Redis) {
    this.#options = options;
    this.#reader = reader;
    this.#leaseMs = options.leaseMs ?? LEASE_MS;
    this.#leases = new Leases({ redis: options.redis, holder: options.replicaId, ttlMs: this.#leaseMs });
  }

  /** Regions that this replica projects now. */
  get regionIds(): readonly RegionId[] {
    return [...this.#partitions.keys()];
  }

  /** Regions that this replica could not project when it last tried, other than because Redis was away. */
  get stoppedRegionIds(): readonly RegionId[] {
    return [...this.#troubles.keys()];
  }

  /** Ends the work, gives the leases up, and closes the connection that it opened. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    // A read that blocks ends with its connection.
    if (this.#reader.isOpen) this.#reader.destroy();
    await this.#running;
    await Promise.all(this.#opening.values());
    const held = [...this.#partitions.keys()];
    this.#partitions.clear();
    await Promise.allSettled(held.map((id) => this.#leases.release(leaseOf(id))));
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    let complained = false;
    while (!signal.aborted) {
      try {
        await this.#step();
        complained = false;
      } catch (error) {
        if (signal.aborted) return;
        // What was under way may or may not have been committed: only Redis knows.
        this.#partitions.clear();
        this.#renewAtMs = 0;
        if (!complained) this.#options.log.warn({ error }, 'custody events cannot be projected now');
        complained = true;
        await this.#pause(RETRY_MS);
      }
    }
  }

  async #step(): Promise<void> {
    if (performance.now() >= this.#renewAtMs) await this.#renewLeases();
    if (this.#partitions.size === 0) {
      await this.#pause(BLOCK_MS);
      return;
    }
    const startMs = performance.now();
    const partitions = [...this.#partitions.values()];
    const news = await readStreams(
      this.#reader,
      partitions.map(({ regionId, streamId }) => ({ key: keys.custody(regionId), id: streamId })),
      { count: MAX_BATCH, waitMs: BLOCK_MS, pollMs: PACE_MS, signal: this.#closing.signal },
    );
    await Promise.all(
      partitions.map(async (partition) => {
        const messages = news.get(keys.custody(partition.regionId)) ?? [];
        await this.#project(
          partition,
          messages.map(({ id, message }) => toEntry(id, message)),
        );
      }),
    );
    if (news.size > 0) await this.#pause(PACE_MS - (performance.now() - startMs));
  }

  /** Projects the next events of a region. What goes wrong with it is its own affair. */
  async #project(partition: Partition, entries: readonly StreamEntry[]): Promise<void> {
    const { regionId } = partition;
    try {
      if (await partition.project(entries)) {
        this.#troubles.delete(regionId);
        return;
      }
      this.#options.log.info({ region: regionId }, 'another replica projects this region');
      if (this.#partitions.get(regionId) === partition) this.#partitions.delete(regionId);
    } catch (error) {
      await this.#noteFailure(regionId, error);
    }
  }

  /** Renews leases, takes free ones, and lets go of lost ones. */
  async #renewLeases(): Promise<void> {
    this.#renewAtMs = performance.now() + this.#leaseMs / RENEWALS;
    const begun: Promise<void>[] = [];
    await Promise.all(
      this.#options.regionIds.map(async (regionId) => {
        if (performance.now() < (this.#troubles.get(regionId)?.retryAtMs ?? 0)) return;
        const held = await this.#leases.hold(leaseOf(regionId));
        if (!held) {
          this.#partitions.delete(regionId);
          this.#troubles.delete(regionId);
        }
        if (!held || this.#partitions.has(regionId) || this.#opening.has(regionId)) return;
        const opening = this.#open(regionId).finally(() => this.#opening.delete(regionId));
        this.#opening.set(regionId, opening);
        begun.push(opening);
      }),
    );
    // Most are read in an instant, and events need not wait for the next round.
    if (begun.length > 0) await Promise.race([Promise.all(begun), this.#pause(BLOCK_MS)]);
  }

  async #open(regionId: RegionId): Promise<void> {
    try {
      const partition = await Partition.open({ ...this.#options, regionId });
      if (partition) this.#partitions.set(regionId, partition);
      else this.#options.log.info({ region: regionId }, 'another replica has built this region anew');
    } catch (error) {
      await this.#noteFailure(regionId, error);
    }
  }

  /** Lets go of a region that cannot be projected, so that another replica may try, and the other regions go on. */
  async #noteFailure(regionId: RegionId, error: unknown): Promise<void> {
    if (this.#closing.signal.aborted) return;
    // What was under way may or may not have been committed: only Redis knows.
    this.#partitions.delete(regionId);
    if (isStoreUnavailable(error)) {
      this.#renewAtMs = Math.min(this.#renewAtMs, performance.now() + RETRY_MS);
      return;
    }
    const failures = (this.#troubles.get(regionId)?.failures ?? 0) + 1;
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);
    this.#troubles.set(regionId, { failures, retryAtMs: performance.now() + waitMs });
    const fields = { err: error, region: regionId, failures, waitMs };
    this.#options.log.error(fields, 'custody events of a region cannot be projected');
    await this.#leases.release(leaseOf(regionId)).catch(() => undefined);
  }

  /** Waits, unless the projector closes. */
  async #pause(ms: number): Promise<void> {
    if (ms <= 0) return;
    await delay(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}

function leaseOf(regionId: RegionId): string {
  return `custody:${regionId}`;
}
