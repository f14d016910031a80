import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { Leases } from '../adapters/redis/leases.ts';
import { type EventStore, toEntry } from './event-store.ts';
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

const ReadReply = z
  .array(
    z.object({
      name: z.string(),
      messages: z.array(z.object({ id: z.string(), message: z.record(z.string(), z.string()) })),
    }),
  )
  .nullable();

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

  /** Ends the work, gives the leases up, and closes the connection that it opened. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    // A read that blocks ends with its connection.
    if (this.#reader.isOpen) this.#reader.destroy();
    await this.#running;
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
    const read = ReadReply.parse(
      await this.#reader.xRead(
        partitions.map(({ regionId, streamId }) => ({ key: keys.custody(regionId), id: streamId })),
        { BLOCK: BLOCK_MS, COUNT: MAX_BATCH },
      ),
    );
    if (!read) return;
    const byKey = new Map(read.map(({ name, messages }) => [name, messages]));
    await Promise.all(
      partitions.map(async (partition) => {
        const messages = byKey.get(keys.custody(partition.regionId)) ?? [];
        const entries = messages.map(({ id, message }) => toEntry(id, message));
        if (await partition.project(entries)) return;
        this.#options.log.info({ region: partition.regionId }, 'another replica projects this region');
        this.#partitions.delete(partition.regionId);
      }),
    );
    await this.#pause(PACE_MS - (performance.now() - startMs));
  }

  /** Renews leases, takes free ones, and lets go of lost ones. */
  async #renewLeases(): Promise<void> {
    const { regionIds, log } = this.#options;
    this.#renewAtMs = performance.now() + this.#leaseMs / RENEWALS;
    await Promise.all(
      regionIds.map(async (regionId) => {
        const held = await this.#leases.hold(leaseOf(regionId));
        if (!held) this.#partitions.delete(regionId);
        if (!held || this.#partitions.has(regionId)) return;
        const partition = await Partition.open({ ...this.#options, regionId });
        if (partition) this.#partitions.set(regionId, partition);
        else log.info({ region: regionId }, 'another replica has built this region anew');
      }),
    );
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
