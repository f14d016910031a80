import type { RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { Leases } from '../adapters/redis/leases.ts';
import { type Repeated, repeat } from '../concurrency/repeat.ts';
import type { EventStore, StreamEntry } from '../custody/event-store.ts';
import type { Basis } from '../custody/state/basis.ts';
import type { Registry } from '../nation/registry.ts';
import type { CaseDoc } from './case-doc.ts';
import type { DayTable } from './day-table.ts';
import { DarkNews, type FiguresStore, type Forgotten, type Position } from './figures-store.ts';
import { RegionBook } from './region-book.ts';

/** Figures may be so much behind; what is live has its own way. */
const EVERY_MS = 2_000;
/** Events that one commit takes at most: it keeps Redis busy for a few milliseconds. */
const BATCH = 200;
const DAY_MS = 24 * 3_600_000;
/** How long a closed case is kept for what comes late: until the digest of its month is out. Our judgment. */
const KEPT_MS = 62 * DAY_MS;

export interface FiguresProjectorOptions {
  redis: Redis;
  store: FiguresStore;
  events: Pick<EventStore, 'readAfter'>;
  registry: Pick<Registry, 'nation' | 'areasOf' | 'facility'>;
  basis: Basis;
  days: DayTable;
  leases: Pick<Leases, 'hold' | 'release'>;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** @default 2000 */
  everyMs?: number;
}

/**
 * Counts events and the time without video into figures, for regions whose lease this replica holds. What it commits
 * depends on the position in Redis alone, so that it may be killed, or doubled, at any point.
 */
export class FiguresProjector implements AsyncDisposable {
  readonly #options: FiguresProjectorOptions;
  readonly #polling: Repeated;
  readonly #held = new Set<RegionId>();

  constructor(options: FiguresProjectorOptions) {
    this.#options = options;
    this.#polling = repeat((signal) => this.#poll(signal), {
      everyMs: options.everyMs ?? EVERY_MS,
      onError: (error) => options.log.warn({ err: error }, 'figures stand still'),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#polling[Symbol.asyncDispose]();
    await Promise.allSettled([...this.#held].map((id) => this.#options.leases.release(leaseOf(id))));
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { registry, leases } = this.#options;
    let failure: unknown;
    for (const { id } of registry.nation.regions) {
      try {
        while (!signal.aborted && (await leases.hold(leaseOf(id)))) {
          this.#held.add(id);
          if (!(await this.#count(id))) break;
        }
      } catch (error) {
        // One region's trouble keeps no other one waiting.
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
  }

  /** Counts what has come in a region, one batch of it; whether there may be more. */
  async #count(regionId: RegionId): Promise<boolean> {
    const { store, events, basis, days, registry, redis, log } = this.#options;
    const before = await store.position(regionId);
    if (!before) {
      log.info({ region: regionId }, 'figures are of another version; counting anew');
      const facilities = registry.nation.facilities.filter((one) => one.regionId === regionId);
      const areas = facilities.flatMap(({ id }) => registry.areasOf(id));
      await store.clear(
        regionId,
        facilities.map(({ id }) => id),
        areas.map(({ id }) => id),
      );
      return true;
    }
    const read = await events.readAfter(regionId, before.streamId, BATCH);
    const news =
      (await redis.xRange(keys.darkNews(regionId), `(${before.newsId}`, '+', { COUNT: BATCH })) ?? [];
    if (read.length === 0 && news.length === 0) return false;
    const { entries, newDay } = upToMidnight(read, before.watermarkMs);
    const book = new RegionBook({
      source: store.source(regionId),
      basis,
      days,
      areasOf: (facilityId) => registry.areasOf(facilityId).map(({ id }) => id),
      isWithin: (facilityId) => registry.facility(facilityId)?.regionId === regionId,
    });
    for (const { stored } of entries) if (stored) await book.add(stored);
    for (const { message } of news) {
      const { areaId, fromMs, toMs } = DarkNews.parse(message.spell ?? message.gap);
      const areas =
        areaId === undefined ? registry.nation.areas.filter((one) => one.regionId === regionId) : [];
      for (const id of areaId === undefined ? areas.map((one) => one.id) : [areaId])
        await book.markAround(id, fromMs, toMs);
    }
    const watermarkMs = Math.max(before.watermarkMs, ...entries.map(receivedMs));
    const after = await store.commit(regionId, before, {
      streamId: entries.at(-1)?.streamId ?? before.streamId,
      newsId: news.at(-1)?.id ?? before.newsId,
      watermarkMs,
      changes: await book.finish(),
    });
    if (after && newDay) await this.#forget(regionId, after);
    return after !== undefined;
  }

  /** Lets go of what was closed long ago, by when events are received: once on each day that events are received on. */
  async #forget(regionId: RegionId, at: Position): Promise<void> {
    const { store, registry } = this.#options;
    const beforeMs = at.watermarkMs - KEPT_MS;
    const docs: CaseDoc[] = [];
    for (const { id, regionId: region } of registry.nation.facilities) {
      if (region !== regionId) continue;
      for (const doc of await store.source(regionId).docsOf(id)) if (isOver(doc, beforeMs)) docs.push(doc);
    }
    const areas = registry.nation.areas.filter((one) => one.regionId === regionId);
    const forgotten: Forgotten = { docs, areaIds: areas.map(({ id }) => id), beforeMs };
    const nothing = {
      docs: new Map(),
      corrections: new Map(),
      checks: new Map(),
      spans: new Map(),
      sums: [],
    };
    await store.commit(regionId, at, { ...at, changes: nothing, forgotten });
  }
}

/** Nothing has happened in it since an instant, and nobody is anywhere by it. */
function isOver({ log, spans }: CaseDoc, beforeMs: number): boolean {
  const lastMs = log.events.reduce((last, { at }) => Math.max(last, at), log.lastRecordedAt);
  return lastMs < beforeMs && Object.values(spans).every((all) => all.every(([, toMs]) => toMs !== null));
}

/** Entries up to the first that was received on another day than the last one before: days begin with a batch. */
function upToMidnight(
  entries: readonly StreamEntry[],
  watermarkMs: number,
): { entries: readonly StreamEntry[]; newDay: boolean } {
  const dayOf = (ms: number) => Math.floor(ms / DAY_MS);
  const [first] = entries;
  if (!first) return { entries, newDay: false };
  const today = Math.max(dayOf(watermarkMs), dayOf(receivedMs(first)));
  const cut = entries.findIndex((entry) => dayOf(receivedMs(entry)) > today);
  return { entries: cut === -1 ? entries : entries.slice(0, cut), newDay: today > dayOf(watermarkMs) };
}

function receivedMs({ stored }: StreamEntry): number {
  return stored ? Date.parse(stored.receivedAt) : 0;
}

function leaseOf(regionId: RegionId): string {
  return `figures:${regionId}`;
}
