import { FeedDemand, type FeedRelease } from '#contract/facility-link.ts';
import type { FeedId, NodeId } from '#contract/ids.ts';
import {
  type DemandNews,
  type FeedReport,
  NODE_LEASE_MS,
  type NodeRecord,
  REPORTS_MAXLEN,
  SFU_CHANNELS,
  SFU_KEYS,
} from '#contract/registry.ts';
import type { LeaseStore } from '../node/lease.ts';
import type { Batch } from '../node/outbox.ts';
import type { Redis } from './redis.ts';

/** What holds on this node at the moment. */
export interface Standing {
  demands: readonly FeedDemand[];
  reports: readonly FeedReport[];
}

type Pipeline = ReturnType<Redis['multi']>;

/**
 * This node's part of what sfu nodes and servers share in Redis. Commands go out as pipelines and not as transactions:
 * every one may be repeated, and keys of a cluster are on different nodes.
 */
export class RegistryStore implements LeaseStore {
  readonly #redis: Redis;
  readonly #nodeId: NodeId;
  readonly #standing: () => Standing;

  constructor(redis: Redis, nodeId: NodeId, standing: () => Standing) {
    this.#redis = redis;
    this.#nodeId = nodeId;
    this.#standing = standing;
  }

  /** Replaces whatever an earlier life of this node, or this one before an outage, has left behind. */
  async register(record: NodeRecord): Promise<void> {
    const before = await this.#readDemands();
    const { demands, reports } = this.#standing();
    const standing = new Set(demands.map(({ feedId }) => feedId));
    const pipeline = this.#redis.multi();
    pipeline.del(SFU_KEYS.demands(this.#nodeId)).del(SFU_KEYS.feeds(this.#nodeId));
    this.#lease(pipeline, record);
    pipeline.publish(SFU_CHANNELS.nodes, JSON.stringify(record));
    for (const { feedId, facilityId } of before) {
      if (!standing.has(feedId)) this.#publishRelease(pipeline, { feedId, facilityId, at: record.at });
    }
    for (const demand of demands) this.#setDemand(pipeline, demand);
    for (const report of reports) this.#setReport(pipeline, report);
    this.#extend(pipeline);
    await pipeline.execAsPipeline();
  }

  async renew(record: NodeRecord): Promise<void> {
    const pipeline = this.#redis.multi();
    this.#lease(pipeline, record);
    this.#extend(pipeline);
    await pipeline.execAsPipeline();
  }

  async withdraw(record: NodeRecord): Promise<void> {
    const pipeline = this.#redis.multi();
    pipeline
      .del([SFU_KEYS.node(this.#nodeId), SFU_KEYS.demands(this.#nodeId), SFU_KEYS.feeds(this.#nodeId)])
      .sRem(SFU_KEYS.nodes, this.#nodeId)
      .publish(SFU_CHANNELS.nodes, JSON.stringify(record));
    await pipeline.execAsPipeline();
  }

  async write({ demands, releases, reports }: Batch): Promise<void> {
    const pipeline = this.#redis.multi();
    for (const demand of demands) this.#setDemand(pipeline, demand);
    for (const release of releases) {
      pipeline.hDel(SFU_KEYS.demands(this.#nodeId), release.feedId);
      this.#publishRelease(pipeline, release);
    }
    for (const report of reports) {
      this.#setReport(pipeline, report);
      pipeline.xAdd(
        SFU_KEYS.reports,
        '*',
        { json: JSON.stringify(report) },
        { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: REPORTS_MAXLEN } },
      );
    }
    this.#extend(pipeline);
    await pipeline.execAsPipeline();
  }

  /** Whether a feed's equipment sends SRTP. */
  async isSecured(feedId: FeedId): Promise<boolean> {
    return (await this.#redis.sIsMember(SFU_KEYS.secured, feedId)) === 1;
  }

  #lease(pipeline: Pipeline, record: NodeRecord): void {
    pipeline.sAdd(SFU_KEYS.nodes, this.#nodeId).set(SFU_KEYS.node(this.#nodeId), JSON.stringify(record), {
      expiration: { type: 'PX', value: NODE_LEASE_MS },
    });
  }

  /** Demands and feeds live as long as the node does. */
  #extend(pipeline: Pipeline): void {
    pipeline
      .pExpire(SFU_KEYS.demands(this.#nodeId), NODE_LEASE_MS)
      .pExpire(SFU_KEYS.feeds(this.#nodeId), NODE_LEASE_MS);
  }

  #setDemand(pipeline: Pipeline, demand: FeedDemand): void {
    pipeline.hSet(SFU_KEYS.demands(this.#nodeId), demand.feedId, JSON.stringify(demand));
    publishNews(pipeline, { kind: 'demand', demand });
  }

  #publishRelease(pipeline: Pipeline, release: FeedRelease): void {
    publishNews(pipeline, { kind: 'release', release });
  }

  #setReport(pipeline: Pipeline, report: FeedReport): void {
    const key = SFU_KEYS.feeds(this.#nodeId);
    if (report.state === 'idle') pipeline.hDel(key, report.feedId);
    else pipeline.hSet(key, report.feedId, JSON.stringify(report));
  }

  async #readDemands(): Promise<FeedDemand[]> {
    const fields = await this.#redis.hGetAll(SFU_KEYS.demands(this.#nodeId));
    return Object.values(fields).flatMap((json) => {
      const parsed = FeedDemand.safeParse(parseJson(json));
      return parsed.success ? [parsed.data] : [];
    });
  }
}

function publishNews(pipeline: Pipeline, news: DemandNews): void {
  pipeline.publish(SFU_CHANNELS.demands, JSON.stringify(news));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
