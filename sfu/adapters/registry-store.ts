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
import { defineScript, runScript } from './script.ts';

/** What holds on this node at the moment. */
export interface Standing {
  demands: readonly FeedDemand[];
  reports: readonly FeedReport[];
  /** Cameras that it can pull. */
  pulls: readonly FeedId[];
}

/**
 * Writes and tells a demand, if the feed is this node's: what a node asks that is its home no more must not turn the
 * equipment away from the one that is. KEYS: homes, demands. ARGV: node, feed, demand, news, channel, lease (ms).
 */
const DEMAND = defineScript(`
if redis.call('HGET', KEYS[1], ARGV[2]) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[6])
redis.call('PUBLISH', ARGV[5], ARGV[4])
return 1
`);

/**
 * Removes nodes that have no record from the set of nodes. A node that lives puts itself back with its next heartbeat.
 * KEYS: set of nodes. ARGV: prefix of records.
 */
const SWEEP = defineScript(`
local gone = {}
for _, node in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  if redis.call('EXISTS', ARGV[1] .. node) == 0 then gone[#gone + 1] = node end
end
for _, node in ipairs(gone) do redis.call('SREM', KEYS[1], node) end
return #gone
`);

type Pipeline = ReturnType<Redis['multi']>;

/**
 * This node's part of what sfu nodes and servers share in Redis. Commands go out as pipelines and not as transactions:
 * every one may be repeated, and keys of a cluster are on different nodes.
 */
export class RegistryStore implements LeaseStore {
  readonly #redis: Redis;
  readonly #nodeId: NodeId;
  readonly #standing: () => Standing;
  readonly #onNotHome: (feedId: FeedId) => void;

  /** `onNotHome` is told of feeds that demands were not written of, because they are another node's by now. */
  constructor(
    redis: Redis,
    options: { nodeId: NodeId; standing: () => Standing; onNotHome: (feedId: FeedId) => void },
  ) {
    this.#redis = redis;
    this.#nodeId = options.nodeId;
    this.#standing = options.standing;
    this.#onNotHome = options.onNotHome;
  }

  /** Replaces whatever an earlier life of this node, or this one before an outage, has left behind. */
  async register(record: NodeRecord): Promise<void> {
    const before = await this.#readDemands();
    const { demands, reports, pulls } = this.#standing();
    const standing = new Set(demands.map(({ feedId }) => feedId));
    const pipeline = this.#redis.multi();
    pipeline
      .del(SFU_KEYS.demands(this.#nodeId))
      .del(SFU_KEYS.feeds(this.#nodeId))
      .del(SFU_KEYS.pulls(this.#nodeId));
    if (pulls.length > 0) pipeline.sAdd(SFU_KEYS.pulls(this.#nodeId), [...pulls]);
    this.#lease(pipeline, record);
    pipeline.publish(SFU_CHANNELS.nodes, JSON.stringify(record));
    for (const { feedId, facilityId } of before) {
      if (!standing.has(feedId)) this.#publishRelease(pipeline, { feedId, facilityId, at: record.at });
    }
    for (const report of reports) this.#setReport(pipeline, report);
    this.#extend(pipeline);
    await pipeline.execAsPipeline();
    // The set grows by registering alone, so who registers takes those out that ended without a goodbye.
    await runScript(this.#redis, SWEEP, { keys: [SFU_KEYS.nodes], args: [SFU_KEYS.node('')] });
  }

  /** Says again what is demanded; to be called once this node has its homes back. */
  async repeatDemands(): Promise<void> {
    await this.#tellDemands(this.#standing().demands);
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
      .del([
        SFU_KEYS.node(this.#nodeId),
        SFU_KEYS.demands(this.#nodeId),
        SFU_KEYS.feeds(this.#nodeId),
        SFU_KEYS.pulls(this.#nodeId),
      ])
      .sRem(SFU_KEYS.nodes, this.#nodeId)
      .publish(SFU_CHANNELS.nodes, JSON.stringify(record));
    await pipeline.execAsPipeline();
  }

  async write({ demands, releases, reports }: Batch): Promise<void> {
    await this.#tellDemands(demands);
    if (releases.length + reports.length === 0) return;
    const pipeline = this.#redis.multi();
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
    const expiration = { type: 'PX', value: NODE_LEASE_MS } as const;
    // The record first: who is in the set without one is swept out.
    pipeline
      .set(SFU_KEYS.node(this.#nodeId), JSON.stringify(record), { expiration })
      .sAdd(SFU_KEYS.nodes, this.#nodeId);
  }

  /** Demands and feeds live as long as the node does. */
  #extend(pipeline: Pipeline): void {
    pipeline
      .pExpire(SFU_KEYS.demands(this.#nodeId), NODE_LEASE_MS)
      .pExpire(SFU_KEYS.feeds(this.#nodeId), NODE_LEASE_MS)
      .pExpire(SFU_KEYS.pulls(this.#nodeId), NODE_LEASE_MS);
  }

  /** All of one turn go out together. */
  async #tellDemands(demands: readonly FeedDemand[]): Promise<void> {
    await Promise.all(
      demands.map(async (demand) => {
        const news: DemandNews = { kind: 'demand', demand };
        const written = await runScript(this.#redis, DEMAND, {
          keys: [SFU_KEYS.homes, SFU_KEYS.demands(this.#nodeId)],
          args: [
            this.#nodeId,
            demand.feedId,
            JSON.stringify(demand),
            JSON.stringify(news),
            SFU_CHANNELS.demands,
            String(NODE_LEASE_MS),
          ],
        });
        if (written !== 1) this.#onNotHome(demand.feedId);
      }),
    );
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
