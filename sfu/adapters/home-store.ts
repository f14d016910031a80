import { z } from 'zod';
import type { WhenBusy } from '#contract/control.ts';
import type { FeedId, NodeId } from '#contract/ids.ts';
import { type FeedReport, NODE_LEASE_MS, NodeRecord, SFU_KEYS } from '#contract/registry.ts';
import { HOME_STALE_MS, type Holding } from '../mesh/entry.ts';
import type { HomeStore } from '../mesh/home-store.ts';
import type { Redis } from './redis.ts';
import { defineScript, runScript } from './script.ts';

/** What comes before a node's id in the key of its record. */
const NODE_KEY_PREFIX = SFU_KEYS.node('');
/** What comes before a node's id in the key of its reports. */
const FEEDS_KEY_PREFIX = SFU_KEYS.feeds('');

/**
 * The script that homes are found, given up and kept by. KEYS: homes. ARGV: what to do, node, prefix of records, then
 *
 * - `claim`, feed, mode, from: the feed is this node's if nobody has it, if its holder has no record (mode `free`), or
 *   if its holder is `from`. Mode `look` changes nothing. Answers who has it, and of another one the record and how long
 *   that is still valid (ms).
 * - `release`, feeds…: those that are this node's are nobody's.
 * - `keep`, feeds…: those that are nobody's are this node's again; answers those that are another's.
 *
 * Records carry the hash tag of the homes, so a cluster has them in the same place.
 */
const HOMES = defineScript(`
local homes, act, me = KEYS[1], ARGV[1], ARGV[2]
if act == 'claim' then
  local feed, mode, from = ARGV[4], ARGV[5], ARGV[6]
  local holder = redis.call('HGET', homes, feed)
  if holder == me then return { me } end
  if not holder and mode == 'look' then return {} end
  local key = holder and ARGV[3] .. holder
  local record = holder and redis.call('GET', key)
  local free = not holder or (not record and mode == 'free') or holder == from
  if mode ~= 'look' and free then
    redis.call('HSET', homes, feed, me)
    return { me }
  end
  if not record then return { holder } end
  return { holder, record, redis.call('PTTL', key) }
end
local others = {}
for i = 4, #ARGV do
  local holder = redis.call('HGET', homes, ARGV[i])
  if act == 'release' and holder == me then redis.call('HDEL', homes, ARGV[i])
  elseif act == 'keep' and not holder then redis.call('HSET', homes, ARGV[i], me)
  elseif act == 'keep' and holder ~= me then others[#others + 1] = ARGV[i] end
end
return others
`);

/**
 * Makes a published feed this node's, together with its first report: whoever publishes it elsewhere a moment later finds
 * it busy, before this node has said another word. With `refuse` a feed stays with a node that lives and whose last word
 * is that its media come or are about to. KEYS: homes, reports of this node. ARGV: node, feed, its report, policy, prefix
 * of records, prefix of reports, how long (ms) the record of a node that lives is valid at least, lease (ms). Answers 1,
 * or 0 when the feed is busy.
 */
const PUBLISH = defineScript(`
local homes, reports = KEYS[1], KEYS[2]
local me, feed, report, policy = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local holder = redis.call('HGET', homes, feed)
if policy == 'refuse' and holder and holder ~= me and redis.call('PTTL', ARGV[5] .. holder) > tonumber(ARGV[7]) then
  local last = redis.call('HGET', ARGV[6] .. holder, feed)
  local state = last and cjson.decode(last).state
  if state == 'live' or state == 'connecting' then return 0 end
end
redis.call('HSET', homes, feed, me)
redis.call('HSET', reports, feed, report)
redis.call('PEXPIRE', reports, ARGV[8])
return 1
`);

const Claimed = z.array(z.union([z.string(), z.number()])).max(3);
const Others = z.array(z.string());

/** Feeds in one call: it is well under a millisecond of Redis's time. */
const CHUNK = 500;

/** Which node each feed enters, in Redis. */
export class RedisHomeStore implements HomeStore {
  readonly #redis: Redis;
  readonly #nodeId: NodeId;

  constructor(redis: Redis, nodeId: NodeId) {
    this.#redis = redis;
    this.#nodeId = nodeId;
  }

  async claim(
    feedId: FeedId,
    { mode, from }: { mode: 'look' | 'unclaimed' | 'free'; from?: NodeId | undefined },
  ): Promise<Holding> {
    const reply = await this.#run('claim', [feedId, mode, from ?? '']);
    const [holder, json, pttl] = Claimed.parse(reply);
    if (holder === undefined) return { state: 'free' };
    if (holder === this.#nodeId) return { state: 'mine' };
    const record = typeof json === 'string' ? parseRecord(json) : undefined;
    const unrenewedMs = typeof pttl === 'number' ? NODE_LEASE_MS - pttl : Number.POSITIVE_INFINITY;
    return { state: 'other', nodeId: String(holder), record, unrenewedMs };
  }

  async publish(report: FeedReport, whenBusy: WhenBusy): Promise<boolean> {
    const taken = await runScript(this.#redis, PUBLISH, {
      keys: [SFU_KEYS.homes, SFU_KEYS.feeds(this.#nodeId)],
      args: [
        this.#nodeId,
        report.feedId,
        JSON.stringify(report),
        whenBusy,
        NODE_KEY_PREFIX,
        FEEDS_KEY_PREFIX,
        String(NODE_LEASE_MS - HOME_STALE_MS),
        String(NODE_LEASE_MS),
      ],
    });
    return taken === 1;
  }

  async release(feedIds: readonly FeedId[]): Promise<void> {
    for (const chunk of chunksOf(feedIds)) await this.#run('release', chunk);
  }

  async keep(feedIds: readonly FeedId[]): Promise<FeedId[]> {
    const lost: FeedId[] = [];
    for (const chunk of chunksOf(feedIds)) lost.push(...Others.parse(await this.#run('keep', chunk)));
    return lost;
  }

  async record(nodeId: NodeId): Promise<{ record: NodeRecord; unrenewedMs: number } | undefined> {
    const key = SFU_KEYS.node(nodeId);
    const [json, pttl] = await Promise.all([this.#redis.get(key), this.#redis.pTTL(key)]);
    const record = json === null ? undefined : parseRecord(json);
    return record && { record, unrenewedMs: NODE_LEASE_MS - pttl };
  }

  async pullers(feedId: FeedId): Promise<NodeRecord[]> {
    const nodes = await this.nodes();
    const pulls = await Promise.all(
      nodes.map(({ nodeId }) => this.#redis.sIsMember(SFU_KEYS.pulls(nodeId), feedId)),
    );
    return nodes.filter((_, index) => pulls[index]);
  }

  async nodes(): Promise<NodeRecord[]> {
    const nodeIds = await this.#redis.sMembers(SFU_KEYS.nodes);
    const texts = await Promise.all(nodeIds.map((nodeId) => this.#redis.get(SFU_KEYS.node(nodeId))));
    return texts
      .flatMap((json) => (json === null ? [] : (parseRecord(json) ?? [])))
      .filter(({ gone }) => !gone);
  }

  async isAside(nodeId: NodeId): Promise<boolean> {
    return (await this.#redis.exists(SFU_KEYS.aside(nodeId))) === 1;
  }

  #run(act: 'claim' | 'release' | 'keep', args: readonly string[]): Promise<unknown> {
    return runScript(this.#redis, HOMES, {
      keys: [SFU_KEYS.homes],
      args: [act, this.#nodeId, NODE_KEY_PREFIX, ...args],
    });
  }
}

function* chunksOf(feedIds: readonly FeedId[]): Generator<readonly FeedId[]> {
  for (let from = 0; from < feedIds.length; from += CHUNK) yield feedIds.slice(from, from + CHUNK);
}

function parseRecord(json: string): NodeRecord | undefined {
  try {
    return NodeRecord.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}
