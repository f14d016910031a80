import type { z } from 'zod';
import type { ControlMessage } from '#contract/control.ts';
import { type ErrorCode, toVartaError, VartaError } from '#contract/errors.ts';
import { GRANT_RENEWAL_SECONDS } from '#contract/grants.ts';
import type { AreaId, FeedId, MediaObjectId, NodeId, ViewerId } from '#contract/ids.ts';
import type {
  ConsumersClosed,
  MediaConnect,
  MediaJoined,
  MediaUnwatch,
  MediaWatch,
  Watched,
} from '#contract/media.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { ControlReply, ControlRequest } from '../links/control-link.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { Log, Now } from '../ports.ts';
import type { FeedAccess } from './feed-access.ts';
import {
  dropConsumers,
  giveUp,
  NO_FEEDS,
  reassess,
  recordAnswers,
  type ViewerFeeds,
  want,
} from './viewer-feeds.ts';

/** After a renewal that failed, the next one comes this soon. */
const RETRY_MS = 1_000;
const RENEWAL_TIMEOUT_MS = 3_000;
/** Ended consumers that are remembered, in case the answer that made them comes later. */
const MAX_ENDED = 512;

/** What a viewer needs of its surroundings. */
export interface ViewerPorts {
  links: Pick<SfuLinks, 'request'>;
  signer: Pick<GrantSigner, 'signView'>;
  log: Log;
  now: Now;
  /** Asks the policy for the person behind the viewer, as of now. */
  ask(feedId: FeedId): FeedAccess;
  /** False while nobody could say what is confidential, or record what is seen. */
  mayShowMore(): boolean;
  areaOf(feedId: FeedId): AreaId | undefined;
  /** The page asked for what it may not see. */
  onRefused(feedId: FeedId, code: ErrorCode): void;
  /** Pictures of these feeds begin or end. */
  onViewing(change: { opened: FeedId[]; closed: FeedId[] }): void;
  /** Feeds that were refused may be asked for again. */
  onReopened(feedIds: readonly FeedId[]): void;
  /** The node does not know the viewer any more. */
  onLost(code: ErrorCode): void;
}

/**
 * One page's media at one node: keeps what the page wants, and its grant alive. Messages leave in the order in which
 * they were asked for, and each grant is made from what holds at the moment when it is signed, so that a later grant
 * never says less than is known.
 */
export class Viewer {
  readonly viewerId: ViewerId;
  readonly nodeId: NodeId;
  readonly #ports: ViewerPorts;
  #feeds: ViewerFeeds = NO_FEEDS;
  #state: 'living' | 'detached' | 'ended' = 'living';
  #transportId: MediaObjectId | undefined;
  #renewDueAtMs: number;
  #isRenewing = false;
  #isJoining = false;
  #isRenewalMissed = false;
  /** Consumers that do not flow, as the page said last; new ones do not until it says so. */
  readonly #paused = new Set<MediaObjectId>();
  readonly #endedConsumers = new Map<MediaObjectId, ErrorCode>();
  #tail: Promise<unknown> = Promise.resolve();

  constructor(identity: { viewerId: ViewerId; nodeId: NodeId }, ports: ViewerPorts) {
    this.viewerId = identity.viewerId;
    this.nodeId = identity.nodeId;
    this.#ports = ports;
    this.#renewDueAtMs = ports.now();
  }

  /** The page's transport at the node; undefined until it has joined. */
  get transportId(): MediaObjectId | undefined {
    return this.#transportId;
  }

  hasConsumer(consumerId: MediaObjectId): boolean {
    return [...this.#feeds.values()].some(
      (feed) => feed.state === 'consuming' && feed.consumerId === consumerId,
    );
  }

  /** What the page receives of it. */
  get consumers(): { feedId: FeedId; consumerId: MediaObjectId }[] {
    return [...this.#feeds].flatMap(([feedId, feed]) =>
      feed.state === 'consuming' ? [{ feedId, consumerId: feed.consumerId }] : [],
    );
  }

  /** Those of them that flow, as far as is known. */
  get flowing(): { feedId: FeedId; consumerId: MediaObjectId }[] {
    return this.consumers.filter(({ consumerId }) => !this.#paused.has(consumerId));
  }

  /**
   * Takes its place at the node; with `have`, on the transport that the page has, and with `adoptOnly` not otherwise:
   * then `unknown_viewer` is thrown.
   */
  async join(have?: {
    transportId: MediaObjectId;
    feeds: readonly FeedId[];
    adoptOnly?: boolean;
  }): Promise<MediaJoined> {
    this.#setFeeds(want(NO_FEEDS, have?.feeds ?? [], this.#ports.ask).feeds);
    this.#isJoining = true;
    const joined = await this.#sendWithGrant('viewer:join', (grant) =>
      have ? { grant, have: have.transportId, ...(have.adoptOnly ? { adoptOnly: true } : {}) } : { grant },
    );
    this.#isJoining = false;
    this.#transportId = joined.adopted ? have?.transportId : joined.transport.id;
    if (this.#isRenewalMissed) await this.renew();
    return joined;
  }

  connect(request: z.infer<typeof MediaConnect>): Promise<object> {
    return this.#send('viewer:connect', () => ({ viewerId: this.viewerId, ...request }));
  }

  async watch(request: z.infer<typeof MediaWatch>): Promise<Watched[]> {
    if (!this.#ports.mayShowMore()) throw new VartaError('store_unavailable');
    const asked = new Map(request.feeds.map((feed) => [feed.feedId, feed]));
    const { feeds, granted, refused } = want(this.#feeds, [...asked.keys()], this.#ports.ask);
    this.#setFeeds(feeds);
    const refusals = refused.map((refusal): Watched => ({ ok: false, ...refusal }));
    for (const { feedId, code } of refused) this.#ports.onRefused(feedId, code);
    if (granted.length === 0) return refusals;
    const reply = await this.#sendWithGrant('viewer:watch', (grant) => ({
      grant,
      rtpCapabilities: request.rtpCapabilities,
      feeds: granted.flatMap((feedId) => asked.get(feedId) ?? []),
    }));
    if (this.#state !== 'living') throw new VartaError('unknown_viewer');
    const known = new Set(this.consumers.map(({ consumerId }) => consumerId));
    const recorded = recordAnswers(
      this.#feeds,
      reply.feeds.filter(({ feedId }) => asked.has(feedId)),
      this.#endedConsumers,
    );
    this.#setFeeds(recorded.feeds);
    for (const { consumerId } of this.consumers) if (!known.has(consumerId)) this.#paused.add(consumerId);
    return [...recorded.answers, ...refusals];
  }

  resume(consumerIds: MediaObjectId[]): Promise<object> {
    for (const id of consumerIds) this.#paused.delete(id);
    return this.#send('viewer:resume', () => ({ viewerId: this.viewerId, consumerIds }));
  }

  pause(consumerIds: MediaObjectId[]): Promise<object> {
    // Only of those that are there: whatever a page says, this does not grow.
    for (const id of consumerIds) if (this.hasConsumer(id)) this.#paused.add(id);
    return this.#send('viewer:pause', () => ({ viewerId: this.viewerId, consumerIds }));
  }

  setLayers(items: ControlRequest<'viewer:layers'>['items']): Promise<object> {
    return this.#send('viewer:layers', () => ({ viewerId: this.viewerId, items }));
  }

  async unwatch({ consumerIds, feedIds = [] }: z.infer<typeof MediaUnwatch>): Promise<void> {
    this.#setFeeds(giveUp(this.#feeds, consumerIds, feedIds));
    if (consumerIds.length > 0)
      await this.#send('viewer:unwatch', () => ({ viewerId: this.viewerId, consumerIds }));
    // Feeds without a consumer are given up by a grant that does not name them.
    if (feedIds.length > 0) await this.renew();
  }

  /** Ends the viewer at the node at once. */
  async leave(): Promise<void> {
    if (this.#state === 'ended') return;
    this.detach();
    const left = this.#send('viewer:leave', () => ({ viewerId: this.viewerId }));
    this.#state = 'ended';
    await left;
  }

  /** The page is not there: nothing is asked of the node any more, and its grant runs out. It may still {@link leave}. */
  detach(): void {
    if (this.#state !== 'living') return;
    this.#setFeeds(NO_FEEDS);
    this.#state = 'detached';
  }

  /** Somebody else speaks for the viewer now, or nobody: not a word more to the node. */
  end(): void {
    this.detach();
    this.#state = 'ended';
  }

  /** Renews the grant if it is time. */
  async renewIfDue(): Promise<void> {
    if (this.#isRenewing || this.#ports.now() < this.#renewDueAtMs) return;
    await this.renew();
  }

  /** Asks the policy again and replaces the grant. A failure is tried again soon; it is not thrown. */
  async renew(): Promise<void> {
    // A grant that overtakes the join's would make the node refuse the join as out of date.
    if (this.#isJoining) {
      this.#isRenewalMissed = true;
      return;
    }
    this.#isRenewing = true;
    try {
      await this.#sendWithGrant('viewer:renew', (grant) => ({ grant }), RENEWAL_TIMEOUT_MS);
    } catch (thrown) {
      if (this.#state !== 'living') return;
      this.#renewDueAtMs = this.#ports.now() + RETRY_MS;
      const { code, message } = toVartaError(thrown);
      if (code === 'unknown_viewer') return this.#ports.onLost(code);
      const { viewerId, nodeId } = this;
      this.#ports.log.warn({ viewerId, nodeId, code, reason: message }, 'grant not renewed');
    } finally {
      this.#isRenewing = false;
    }
  }

  /** Something about these areas changed: what may not be seen any more ends at once. */
  async handleAreas(areaIds: ReadonlySet<AreaId>): Promise<void> {
    const isConcerned = [...this.#feeds.keys()].some((feedId) => {
      const areaId = this.#ports.areaOf(feedId);
      return areaId !== undefined && areaIds.has(areaId);
    });
    if (isConcerned) await this.renew();
  }

  /** The node closed consumers. Returns what the page is told: the policy's reason if there is one. */
  handleConsumersClosed(closed: ConsumersClosed['consumers']): ConsumersClosed['consumers'] {
    for (const { consumerId, code } of closed) {
      this.#endedConsumers.set(consumerId, code);
      const [oldest] = this.#endedConsumers.keys();
      if (oldest !== undefined && this.#endedConsumers.size > MAX_ENDED) this.#endedConsumers.delete(oldest);
    }
    this.#setFeeds(dropConsumers(this.#feeds, new Set(closed.map(({ consumerId }) => consumerId))));
    return closed.map((consumer) => {
      const feed = this.#feeds.get(consumer.feedId);
      return feed?.state === 'refused' ? { ...consumer, code: feed.code } : consumer;
    });
  }

  /** Whether the page waits for a picture of this feed. */
  isWaitingFor(feedId: FeedId): boolean {
    return this.#feeds.get(feedId)?.state === 'waiting';
  }

  isConsuming(feedId: FeedId): boolean {
    return this.#feeds.get(feedId)?.state === 'consuming';
  }

  #setFeeds(feeds: ViewerFeeds): void {
    const before = this.#feeds;
    this.#feeds = feeds;
    for (const id of this.#paused) if (!this.hasConsumer(id)) this.#paused.delete(id);
    const opened = [...feeds].filter(([id, feed]) => isConsuming(feed) && !isConsuming(before.get(id)));
    const closed = [...before].filter(([id, feed]) => isConsuming(feed) && !isConsuming(feeds.get(id)));
    if (opened.length + closed.length > 0)
      this.#ports.onViewing({ opened: opened.map(([id]) => id), closed: closed.map(([id]) => id) });
  }

  async #sendWithGrant<M extends 'viewer:join' | 'viewer:watch' | 'viewer:renew'>(
    message: M,
    build: (grant: string) => ControlRequest<M>,
    timeoutMs?: number,
  ): Promise<ControlReply<M>> {
    return this.#send(
      message,
      async () => {
        const { feeds, granted, reopened } = reassess(this.#feeds, this.#ports.ask);
        this.#setFeeds(feeds);
        if (reopened.length > 0) this.#ports.onReopened(reopened);
        const grant = await this.#ports.signer.signView(this.nodeId, this.viewerId, granted);
        this.#renewDueAtMs = this.#ports.now() + GRANT_RENEWAL_SECONDS * 1000;
        return build(grant);
      },
      timeoutMs,
    );
  }

  /** Sends when everything before it has been sent; answers are not waited for in between. */
  async #send<M extends ControlMessage>(
    message: M,
    build: () => Promise<ControlRequest<M>> | ControlRequest<M>,
    timeoutMs?: number,
  ): Promise<ControlReply<M>> {
    const mayGo = () => this.#state === 'living' || message === 'viewer:leave';
    if (!mayGo()) throw new VartaError('unknown_viewer');
    const sent = this.#tail.then(async () => {
      const payload = await build();
      // A viewer that was replaced meanwhile must not speak for its successor.
      if (!mayGo()) throw new VartaError('unknown_viewer');
      const target = { nodeId: this.nodeId, message };
      // In an object, because a promise in a promise would make its answer hold up the next message.
      return {
        reply: this.#ports.links.request(target, payload, timeoutMs === undefined ? {} : { timeoutMs }),
      };
    });
    this.#tail = sent.catch(() => {});
    return (await sent).reply;
  }
}

function isConsuming(feed: { state: string } | undefined): boolean {
  return feed?.state === 'consuming';
}
