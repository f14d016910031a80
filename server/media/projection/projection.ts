import { z } from 'zod';
import type { FeedStatus } from '#contract/feeds.ts';
import type { AreaId, FeedId, NodeId, RegionId } from '#contract/ids.ts';
import { FeedReport, SFU_KEYS } from '#contract/registry.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import type { LiveView, LiveWriter } from '../../live/live.ts';
import type { Registry } from '../../nation/registry.ts';
import type { Log, Now } from '../ports.ts';
import { isAreaClosed } from '../viewers/feed-access.ts';
import { type Absences, awaySince, noteAbsences } from './absences.ts';
import {
  adoptOrphans,
  applyReports,
  type BookChange,
  dropDeadNodes,
  EMPTY_BOOK,
  type FeedBook,
  forgetOrphans,
  replaceReports,
} from './feed-book.ts';
import { isNews, toFeedStatus } from './feed-status.ts';

/** Consoles hear of feeds this often at most. */
const FLUSH_MS = 250;
const READ_COUNT = 1_000;
/** Feeds in one message to consoles. */
const COMMIT_COUNT = 500;
/** Pages come back within seconds of a node's death; what they have not asked for by then, nobody wants. */
const FORGET_ORPHANS_MS = 20_000;

const StreamReply = z
  .array(
    z.object({
      messages: z.array(z.object({ id: z.string(), message: z.record(z.string(), z.string()) })),
    }),
  )
  .nullable();

/** The nodes that live. Unsettled: the registry has just come back, and a node that is missing may only be late. */
export interface LivingNodes {
  nodeIds: ReadonlySet<NodeId>;
  isSettled: boolean;
}

export interface ProjectionPorts {
  redis: Redis;
  registry: Registry;
  view: Pick<LiveView, 'area' | 'feed' | 'current'>;
  writer: LiveWriter;
  livingNodes(): LivingNodes;
  /** Feeds whose equipment was connected to some replica once, and is to none now. May reject. */
  absentEquipment(): Promise<ReadonlySet<FeedId>>;
  log: Log;
  now: Now;
}

/** What one replica knows while it projects: begins with nothing, and throws all of it away at the end. */
export class Projection {
  readonly #ports: ProjectionPorts;
  /** Waits for news; can do nothing else meanwhile. */
  readonly #reader: Redis;
  readonly #dirty = new Set<FeedId>();
  readonly #committed = new Map<FeedId, FeedStatus>();
  #book: FeedBook = EMPTY_BOOK;
  #absences: Absences = new Map();
  /** Of those, the feeds whose equipment is away for long enough to be called lost. */
  #away: ReadonlySet<FeedId> = new Set();
  #position = '0-0';
  #savedPosition = '';
  #flushedAtMs = 0;
  #hasAdopted = false;

  constructor(ports: ProjectionPorts, reader: Redis) {
    this.#ports = ports;
    this.#reader = reader;
  }

  /** Reads on where the predecessor stopped, up to the present. */
  async start(): Promise<void> {
    this.#position = (await this.#ports.redis.get(keys.reportsPosition)) ?? this.#position;
    while ((await this.#readNews()) === READ_COUNT);
    await this.reconcile();
  }

  /** Waits for news until there is something to tell, or for a moment. */
  async read(): Promise<void> {
    const sinceFlushMs = this.#ports.now() - this.#flushedAtMs;
    const waitMs = this.#dirty.size > 0 ? FLUSH_MS - sinceFlushMs : FLUSH_MS;
    await this.#readNews(Math.min(FLUSH_MS, Math.max(1, Math.ceil(waitMs))));
    const { nodeIds, isSettled } = this.#ports.livingNodes();
    if (isSettled) this.#apply(dropDeadNodes(this.#book, nodeIds, this.#ports.now()));
  }

  touchAreas(areaIds: Iterable<AreaId>): void {
    for (const areaId of areaIds)
      for (const feed of this.#ports.registry.area(areaId)?.feeds ?? []) this.#dirty.add(feed.id);
  }

  /** Compares with everything that the nodes say now, and with everything that consoles were told. */
  async reconcile(): Promise<void> {
    this.#findClosedAreas();
    await this.#findAbsent();
    const { redis, livingNodes, registry, view, now } = this.#ports;
    const { nodeIds, isSettled } = livingNodes();
    // A node that has just got its store back needs a moment to write down again what it has.
    if (!isSettled) return;
    const hashes = await Promise.all(Array.from(nodeIds, (nodeId) => redis.hGetAll(SFU_KEYS.feeds(nodeId))));
    const reports = hashes.flatMap((hash) => Object.values(hash).flatMap((json) => this.#parse(json)));
    const nowMs = now();
    this.#apply(replaceReports(this.#book, { living: nodeIds, reports, nowMs }));
    if (!this.#hasAdopted) {
      const told = registry.nation.areas
        .flatMap(({ feeds }) => feeds.map(({ id }) => id))
        .filter((feedId) => {
          const state = view.feed(feedId)?.state;
          return state !== undefined && state !== 'idle' && state !== 'confidential';
        });
      this.#apply(adoptOrphans(this.#book, told, nowMs));
      this.#hasAdopted = true;
    }
    const isOnDemand = (feedId: FeedId) => registry.feed(feedId)?.feed.source !== 'whip';
    this.#apply(forgetOrphans(this.#book, { nowMs, afterMs: FORGET_ORPHANS_MS, isOnDemand }));
  }

  /** Tells consoles what is new, if it is time. Throws when the store is away; whatever was not told stays to be told. */
  async flush(): Promise<void> {
    const { now, registry, writer, redis } = this.#ports;
    if (now() - this.#flushedAtMs < FLUSH_MS) return;
    if (this.#dirty.size > 0) {
      const statuses = [...this.#dirty].flatMap((feedId) => this.#toNews(feedId));
      const byRegion = Map.groupBy(statuses, ({ areaId }) => registry.area(areaId)?.regionId);
      for (const [regionId, feeds] of byRegion) {
        if (regionId === undefined) continue;
        for (let from = 0; from < feeds.length; from += COMMIT_COUNT)
          await this.#commit(regionId, feeds.slice(from, from + COMMIT_COUNT), writer);
      }
      this.#flushedAtMs = now();
    }
    if (this.#dirty.size === 0 && this.#savedPosition !== this.#position) {
      const position = this.#position;
      await redis.set(keys.reportsPosition, position);
      this.#savedPosition = position;
    }
  }

  async #commit(regionId: RegionId, feeds: FeedStatus[], writer: LiveWriter): Promise<void> {
    for (const { feedId } of feeds) this.#dirty.delete(feedId);
    try {
      await writer.commit(regionId, { feeds });
    } catch (error) {
      for (const { feedId } of feeds) this.#dirty.add(feedId);
      throw error;
    }
    for (const feed of feeds) this.#committed.set(feed.feedId, feed);
  }

  #toNews(feedId: FeedId): FeedStatus[] {
    const { registry, view, now } = this.#ports;
    const placed = registry.feed(feedId);
    const previous = this.#committed.get(feedId) ?? view.feed(feedId);
    const status =
      placed &&
      toFeedStatus({
        feedId,
        areaId: placed.area.id,
        knowledge: this.#book.get(feedId),
        isAreaClosed: this.#isClosed(placed.area.id),
        awaySinceMs: this.#away.has(feedId) ? this.#absences.get(feedId) : undefined,
        previous,
        nowMs: now(),
      });
    if (status && isNews(status, previous)) return [status];
    this.#dirty.delete(feedId);
    return [];
  }

  /** Areas that closed or opened while nobody was told. */
  #findClosedAreas(): void {
    for (const area of this.#ports.registry.nation.areas) {
      const isClosed = this.#isClosed(area.id);
      for (const { id } of area.feeds)
        if (isClosed !== (this.#ports.view.feed(id)?.state === 'confidential')) this.#dirty.add(id);
    }
  }

  /** Equipment that is away is looked for whether anybody watches or not: no node would say anything of it. */
  async #findAbsent(): Promise<void> {
    const { registry, absentEquipment, now } = this.#ports;
    const absent = [...(await absentEquipment())].filter(
      (feedId) => registry.feed(feedId)?.feed.source === 'edge',
    );
    const nowMs = now();
    this.#absences = noteAbsences(this.#absences, absent, nowMs);
    const away = new Set(absent.filter((feedId) => awaySince(this.#absences, feedId, nowMs) !== undefined));
    for (const feedId of away.symmetricDifference(this.#away)) this.#dirty.add(feedId);
    this.#away = away;
  }

  #isClosed(areaId: AreaId): boolean {
    const { registry, view } = this.#ports;
    const area = registry.area(areaId);
    return area !== undefined && isAreaClosed(area, { area: view.area.bind(view) });
  }

  #apply({ book, touched }: BookChange): void {
    this.#book = book;
    for (const feedId of touched) this.#dirty.add(feedId);
  }

  async #readNews(blockMs?: number): Promise<number> {
    const reply = await this.#reader.xRead([{ key: SFU_KEYS.reports, id: this.#position }], {
      COUNT: READ_COUNT,
      ...(blockMs === undefined ? {} : { BLOCK: blockMs }),
    });
    const messages = StreamReply.parse(reply)?.[0]?.messages ?? [];
    const reports = messages.flatMap(({ message }) => this.#parse(message.json ?? ''));
    if (reports.length > 0) this.#apply(applyReports(this.#book, reports));
    this.#position = messages.at(-1)?.id ?? this.#position;
    return messages.length;
  }

  #parse(json: string): FeedReport[] {
    try {
      return [FeedReport.parse(JSON.parse(json))];
    } catch (error) {
      this.#ports.log.warn({ err: error }, 'unreadable report of a feed');
      return [];
    }
  }
}
