import { setTimeout as delay } from 'node:timers/promises';
import type { FeedStatus } from '#contract/feeds.ts';
import type { Flag } from '#contract/flags.ts';
import type { AreaId, FeedId, FlagId, RegionId } from '#contract/ids.ts';
import { RegionDelta, type RegionSnapshot } from '#contract/live.ts';
import type { AreaStatus } from '#contract/status.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { Registry } from '../nation/registry.ts';
import type { LiveView } from './live.ts';
import { follows, RegionMirror } from './region-mirror.ts';
import { readFlags, readRegion } from './region-reader.ts';

/** Deltas of a region kept while its snapshot is read; when there are more, the snapshot is read again. */
const MAX_BUFFERED = 2_000;
/** Changes missed for which listeners still get every number; after more, the numbers jump and consoles ask anew. */
const MAX_FILLED = 256;
const RETRY_MS = 200;
/** How often the mirror compares its numbers with Redis's, for news that got lost without a trace. */
const WATCHDOG_MS = 5_000;

export interface LiveLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

interface ViewOptions {
  redis: Redis;
  /** A connection of its own: one that is subscribed can do little else. */
  newConnection: () => Promise<Redis>;
  registry: Registry;
  now: () => number;
  log: LiveLog;
  /** @default 5000 */
  watchdogMs?: number | undefined;
}

/** A region of the mirror: `loading` until a snapshot is in and what came meanwhile is applied. */
interface Watched {
  mirror: RegionMirror;
  state: { kind: 'live' } | { kind: 'loading'; buffer: RegionDelta[]; overflown: boolean };
  loaded: boolean;
  /** Redis's number at the last look of the watchdog. */
  seenSeq: number;
}

/** The mirror of what is live. It follows pub/sub, notices gaps, and reads a region anew when it missed something. */
export class MirroredView implements LiveView {
  readonly #redis: Redis;
  readonly #subscriber: Redis;
  readonly #registry: Registry;
  readonly #now: () => number;
  readonly #log: LiveLog;
  readonly #watchdogMs: number;
  readonly #regions: ReadonlyMap<RegionId, Watched>;
  readonly #listeners = new Set<(delta: RegionDelta) => void>();
  readonly #closing = new AbortController();
  #watchdog: NodeJS.Timeout | undefined;

  /** Subscribes and reads everything once; what it returns is complete. */
  static async create(options: ViewOptions): Promise<MirroredView> {
    const view = new MirroredView(options, await options.newConnection());
    try {
      await view.#start();
      return view;
    } catch (error) {
      await view[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor({ redis, registry, now, log, watchdogMs }: ViewOptions, subscriber: Redis) {
    this.#redis = redis;
    this.#subscriber = subscriber;
    this.#registry = registry;
    this.#now = now;
    this.#log = log;
    this.#watchdogMs = watchdogMs ?? WATCHDOG_MS;
    this.#regions = new Map(registry.nation.regions.map(({ id }) => [id, newlyWatched(id)]));
  }

  get current(): boolean {
    if (!this.#subscriber.isReady || this.#closing.signal.aborted) return false;
    for (const { state } of this.#regions.values()) if (state.kind !== 'live') return false;
    return true;
  }

  area(areaId: AreaId): AreaStatus | undefined {
    const area = this.#registry.area(areaId);
    return area && this.#regions.get(area.regionId)?.mirror.areas.get(areaId);
  }

  feed(feedId: FeedId): FeedStatus | undefined {
    const placed = this.#registry.feed(feedId);
    return placed && this.#regions.get(placed.area.regionId)?.mirror.feeds.get(feedId);
  }

  flag(flagId: FlagId): Flag | undefined {
    for (const { mirror } of this.#regions.values()) {
      const flag = mirror.flags.get(flagId);
      if (flag) return flag;
    }
    return undefined;
  }

  flagsOf(areaId: AreaId): readonly Flag[] {
    const area = this.#registry.area(areaId);
    return (area && this.#regions.get(area.regionId)?.mirror.flagsOf(areaId)) ?? [];
  }

  snapshot(regionId: RegionId): RegionSnapshot {
    const watched = this.#regions.get(regionId);
    return watched ? watched.mirror.toSnapshot() : new RegionMirror(regionId).toSnapshot();
  }

  /** The number of the last change that the mirror has of a region. */
  seq(regionId: RegionId): number {
    return this.#regions.get(regionId)?.mirror.seq ?? 0;
  }

  onDelta(listener: (delta: RegionDelta) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#watchdog);
    this.#listeners.clear();
    if (this.#subscriber.isOpen) this.#subscriber.destroy();
  }

  async #start(): Promise<void> {
    const channels = [...this.#regions.keys()].map((id) => keys.live(id));
    await this.#subscriber.subscribe(channels, (message, channel) => this.#handleMessage(message, channel));
    // News of the time without a connection is gone, so everything is read again.
    this.#subscriber.on('ready', () => void this.#reloadAll());
    await this.#reloadAll();
    this.#watchdog = setInterval(() => void this.#compareNumbers(), this.#watchdogMs);
    this.#watchdog.unref();
  }

  #handleMessage(message: string, channel: string): void {
    let delta: RegionDelta;
    try {
      delta = RegionDelta.parse(JSON.parse(message));
    } catch (error) {
      this.#log.error({ error, channel }, 'a live message cannot be read');
      for (const [id, watched] of this.#regions) if (keys.live(id) === channel) void this.#reload(watched);
      return;
    }
    const watched = this.#regions.get(delta.regionId);
    if (!watched) return;
    if (watched.state.kind === 'live') this.#follow(watched, delta);
    else if (watched.state.buffer.length < MAX_BUFFERED) watched.state.buffer.push(delta);
    else watched.state.overflown = true;
  }

  #follow(watched: Watched, delta: RegionDelta): void {
    switch (follows(watched.mirror, delta)) {
      case 'known':
        return;
      case 'next':
        watched.mirror.apply(delta);
        this.#emit(delta);
        return;
      case 'gap':
        this.#log.info(
          { region: delta.regionId, seq: delta.seq },
          'live news missed; reading the region anew',
        );
        void this.#reload(watched);
    }
  }

  async #reloadAll(): Promise<void> {
    await Promise.all([...this.#regions.values()].map((watched) => this.#reload(watched)));
  }

  /** Starts reading a region anew; fulfilled when it is live again, or the view is closed. */
  async #reload(watched: Watched): Promise<void> {
    const loading = { kind: 'loading' as const, buffer: [], overflown: false };
    watched.state = loading;
    const { signal } = this.#closing;
    // A later call replaces the state, and then this one is superfluous.
    while (watched.state === loading && !signal.aborted) {
      try {
        await this.#load(watched, loading);
      } catch (error) {
        if (signal.aborted) return;
        this.#log.warn({ error, region: watched.mirror.regionId }, 'a region cannot be read now');
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #load(watched: Watched, loading: Extract<Watched['state'], { kind: 'loading' }>): Promise<void> {
    const { mirror } = watched;
    const { regionId } = mirror;
    const snapshot = await readRegion(this.#redis, regionId, (error, id) =>
      this.#log.error({ error, region: regionId, id }, 'a live record cannot be read'),
    );
    const closed = await readFlags(this.#redis, regionId, mirror.closedIn(snapshot));
    if (watched.state !== loading) return;
    if (loading.overflown) {
      loading.buffer = [];
      loading.overflown = false;
      return;
    }
    this.#install(watched, snapshot, closed);
    watched.state = { kind: 'live' };
    for (const delta of loading.buffer) {
      if (watched.state.kind !== 'live') return;
      this.#follow(watched, delta);
    }
  }

  /** Takes over a snapshot; listeners hear the difference, numbered so that nothing seems missing. */
  #install(watched: Watched, snapshot: RegionSnapshot, closed: readonly Flag[]): void {
    const { mirror } = watched;
    const { areas, feeds, flags } = mirror.differences(snapshot);
    const before = mirror.seq;
    mirror.apply({ seq: snapshot.seq, areas, feeds, flags: [...flags, ...closed] });
    const first = !watched.loaded;
    watched.loaded = true;
    if (first || snapshot.seq === before) return;
    if (snapshot.seq < before)
      this.#log.error({ region: mirror.regionId, before, seq: snapshot.seq }, 'Redis has lost live changes');
    const at = new Date(this.#now()).toISOString();
    const start = snapshot.seq - before > MAX_FILLED ? snapshot.seq : before + 1;
    for (let seq = start; seq < snapshot.seq; seq += 1) this.#emit({ regionId: mirror.regionId, seq, at });
    this.#emit({
      regionId: mirror.regionId,
      seq: snapshot.seq,
      at,
      areas,
      feeds,
      flags: [...flags, ...closed],
    });
  }

  /** Reads a region anew whose number stood still while Redis's had moved on already the last time. */
  async #compareNumbers(): Promise<void> {
    const watched = [...this.#regions.values()];
    try {
      const numbers = await this.#redis.mGet(watched.map(({ mirror }) => keys.seq(mirror.regionId)));
      watched.forEach((one, index) => {
        if (one.state.kind === 'live' && one.mirror.seq < one.seenSeq) void this.#reload(one);
        one.seenSeq = Number(numbers[index] ?? 0);
      });
    } catch (error) {
      this.#log.debug({ error }, 'the numbers of live changes cannot be read now');
    }
  }

  #emit(delta: RegionDelta): void {
    for (const listener of this.#listeners) {
      try {
        listener(delta);
      } catch (error) {
        this.#log.error({ error, region: delta.regionId, seq: delta.seq }, 'a listener failed on live news');
      }
    }
  }
}

function newlyWatched(regionId: RegionId): Watched {
  return {
    mirror: new RegionMirror(regionId),
    state: { kind: 'loading', buffer: [], overflown: false },
    loaded: false,
    seenSeq: 0,
  };
}
