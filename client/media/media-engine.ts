import type { FeedId, MediaObjectId } from '#contract/ids.ts';
import type { ConsumersClosed, Watched } from '#contract/media.ts';
import type { FailureCode } from '../session/failure.ts';
import { type Claim, type ClaimRequest, createClaims, type FeedMedia } from './claims.ts';
import { createConsumerFlow } from './consumer-flow.ts';
import { createFeedLinks } from './feed-links.ts';
import { BUSY_MS, type FeedPlan, planFeeds, retryDelayMs } from './feed-plan.ts';
import type { FeedLayer, MediaSignal } from './media-signal.ts';
import type { CreateReceiver, Receiver } from './receiver.ts';
import { createViewer } from './viewer.ts';

export interface MediaEngine extends Disposable {
  claim(request: ClaimRequest, onMedia: (media: FeedMedia) => void): Claim;
  /** Whether the page can be seen at all. */
  setPageVisible(visible: boolean): void;
  handleOpen(): void;
  handleLost(): void;
  handleConsumersClosed(closed: ConsumersClosed): void;
  handleViewerClosed(): void;
  handleAvailable(feedId: FeedId): void;
}

interface Ports {
  signal: MediaSignal;
  createReceiver: CreateReceiver;
  monotonicMs(): number;
  random(): number;
}

/** Requests to watch that may be under way at once: a slow node does not hold up what comes after. */
const MAX_REQUESTS = 3;
/** After a refusal that is neither a broken connection nor a lost viewer: not in a circle. */
const FLOW_RETRY_MS = 1_000;
/** Consumers that ended before this page had taken them; more than this at once cannot be under way. */
const MAX_ENDED_EARLY = 512;

/**
 * Brings together what the tiles want and what the node gives. Whenever something changed, everything is compared once at
 * the end of the turn, and the difference goes out as one message of each kind: a page of tiles is one request.
 */
export function createMediaEngine({ signal, createReceiver, monotonicMs, random }: Ports): MediaEngine {
  const claims = createClaims();
  const links = createFeedLinks((feedId, media) => claims.tell(feedId, media));
  const endedEarly = new Set<MediaObjectId>();
  const viewer = createViewer({ signal, createReceiver, random, heldFeeds, onJoined, onGone });
  let pageVisible = true;
  let scheduled = false;
  let ended = false;
  let requests = 0;
  let busyUntilMs = 0;
  let wake: { timer: ReturnType<typeof setTimeout>; atMs: number } | undefined;
  /** Set when a whole negotiation failed: one feed at a time, so that the culprit shows itself. */
  let careful = false;
  /** Grows when a transport comes or goes: answers from before are not taken. */
  let era = 0;

  const flow = createConsumerFlow({ signal, links, era: () => era, onRefused: handleFlowRefused });

  function handleFlowRefused(code: FailureCode): void {
    if (ended) return;
    if (isViewerLost(code)) viewer.rebuild();
    else scheduleIn(FLOW_RETRY_MS);
  }

  function heldFeeds(): FeedId[] {
    const wants = claims.wants(pageVisible);
    return [...links.all.keys()].filter((feedId) => links.held(feedId) && wants.has(feedId));
  }

  function schedule(): void {
    if (scheduled || ended) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      if (!ended) reconcile();
    });
  }

  function scheduleIn(delayMs: number): void {
    const atMs = monotonicMs() + Math.max(0, delayMs);
    if (wake && wake.atMs <= atMs) return;
    clearTimeout(wake?.timer);
    const timer = setTimeout(() => {
      wake = undefined;
      schedule();
    }, delayMs + 1);
    wake = { timer, atMs };
  }

  function reconcile(): void {
    if (claims.size > 0) viewer.need();
    const receiver = viewer.receiver();
    if (!receiver) return;
    const nowMs = monotonicMs();
    const wants = claims.wants(pageVisible);
    const plan = planFeeds({ wants, links: links.all, nowMs, busyUntilMs });
    execute(plan, receiver);
    for (const feedId of links.all.keys()) {
      const held = links.held(feedId);
      if (!held) continue;
      const unwantedSinceMs = wants.has(feedId) ? undefined : (held.unwantedSinceMs ?? nowMs);
      if (unwantedSinceMs !== held.unwantedSinceMs) links.changeHeld(feedId, { unwantedSinceMs });
    }
    if (plan.againAtMs !== undefined) scheduleIn(plan.againAtMs - nowMs);
  }

  function execute(plan: FeedPlan, receiver: Receiver): void {
    const unwatched = links.consumerIds(plan.unwatch);
    if (unwatched.length > 0 || plan.forget.length > 0) {
      void signal.unwatch(unwatched, plan.forget);
      receiver.forget(unwatched);
      for (const feedId of [...plan.unwatch, ...plan.forget]) links.remove(feedId);
    }
    flow.pause(plan.pause);
    flow.resume(plan.resume);
    flow.setLayers(plan.layers);
    const limit = careful ? 1 : MAX_REQUESTS;
    if (plan.watch.length === 0 || requests >= limit) return;
    void watch(careful ? plan.watch.slice(0, 1) : plan.watch, receiver);
    // More may be wanted than one message holds.
    if (requests < limit) schedule();
  }

  async function watch(feeds: readonly FeedLayer[], receiver: Receiver): Promise<void> {
    const mine = era;
    const attempts = new Map(feeds.map(({ feedId }) => [feedId, links.attempts(feedId)]));
    const refuseAll = (code: FailureCode) => {
      for (const { feedId } of feeds) refuse(feedId, code, attempts.get(feedId));
    };
    requests += 1;
    busyUntilMs = monotonicMs() + BUSY_MS;
    for (const { feedId } of feeds) links.set(feedId, { state: 'asked' });
    const answer = await signal.watch(receiver.rtpCapabilities, feeds);
    if (mine !== era || ended) return;
    requests -= 1;
    if (!answer.ok) {
      if (isViewerLost(answer.code)) return viewer.rebuild();
      refuseAll(answer.code);
    } else await takeAnswers(feeds, answer.value.feeds, attempts);
    schedule();
  }

  async function takeAnswers(
    feeds: readonly FeedLayer[],
    answers: readonly Watched[],
    attempts: ReadonlyMap<FeedId, number>,
  ): Promise<void> {
    const receiver = viewer.receiver();
    const mine = era;
    const byFeed = new Map(answers.map((answer) => [answer.feedId, answer]));
    const given: (FeedLayer & { consumer: Extract<Watched, { ok: true }>['consumer'] })[] = [];
    for (const { feedId, layer } of feeds) {
      const answer = byFeed.get(feedId);
      if (answer?.ok) given.push({ feedId, layer, consumer: answer.consumer });
      else refuse(feedId, answer?.code ?? 'unreadable', attempts.get(feedId));
    }
    if (given.length === 0 || !receiver) return;
    const received = await receiver.consume(given.map(({ consumer }) => consumer));
    if (mine !== era || ended) return;
    if (received.some((one) => !one.ok && one.why === 'failed')) return isolate(given);
    for (const [index, { feedId, layer, consumer }] of given.entries()) {
      const one = received[index];
      if (!one?.ok) refuse(feedId, 'codec_unsupported');
      else if (endedEarly.delete(consumer.id)) refuse(feedId, 'feed_not_live');
      else links.hold(feedId, { id: consumer.id, layer, track: one.track });
    }
    viewer.handleWorking();
  }

  /** A negotiation failed as a whole; what the transport believes of its media is not to be trusted after that. */
  function isolate(given: readonly FeedLayer[]): void {
    const [first] = given;
    viewer.rebuild();
    if (given.length === 1 && first) refuse(first.feedId, 'codec_unsupported');
    else careful = true;
  }

  function refuse(feedId: FeedId, code: FailureCode, attempts = 0): void {
    const retryAtMs = monotonicMs() + retryDelayMs(code, attempts, random());
    links.set(feedId, { state: 'waiting', code, attempts: attempts + 1, retryAtMs });
  }

  function tryNow(feedId: FeedId): void {
    links.endWait(feedId, monotonicMs());
    schedule();
  }

  function onJoined(adopted: boolean): void {
    era += 1;
    requests = 0;
    if (adopted) void confirmHeld();
    else schedule();
  }

  /** After an adoption: asks for what is shown again. What no answer names as it was is gone. */
  async function confirmHeld(): Promise<void> {
    const mine = era;
    const receiver = viewer.receiver();
    if (!receiver) return;
    const wants = claims.wants(pageVisible);
    const asked: FeedLayer[] = [];
    for (const feedId of [...links.all.keys()]) {
      const want = wants.get(feedId);
      if (links.held(feedId) && want) asked.push({ feedId, layer: want.layer });
      else if (links.mediaOf(feedId).state !== 'refused') dropFeed(feedId, receiver);
    }
    if (asked.length === 0) return schedule();
    const answer = await signal.watch(receiver.rtpCapabilities, asked);
    if (mine !== era || ended) return;
    if (!answer.ok) return answer.code === 'offline' ? undefined : viewer.rebuild();
    const byFeed = new Map(answer.value.feeds.map((feed) => [feed.feedId, feed]));
    const changed = asked.filter(({ feedId, layer }) => {
      const feed = byFeed.get(feedId);
      const isSame = feed?.ok === true && feed.consumer.id === links.held(feedId)?.consumerId;
      if (isSame) links.changeHeld(feedId, { layer });
      else dropFeed(feedId, receiver);
      return !isSame;
    });
    await takeAnswers(changed, answer.value.feeds, new Map());
    if (mine === era) schedule();
  }

  function dropFeed(feedId: FeedId, receiver: Receiver): void {
    receiver.forget(links.consumerIds([feedId]));
    links.remove(feedId);
  }

  function onGone(): void {
    era += 1;
    requests = 0;
    endedEarly.clear();
    for (const feedId of [...links.all.keys()]) {
      if (links.mediaOf(feedId).state !== 'refused') links.remove(feedId);
    }
  }

  function noteEndedEarly(consumerId: MediaObjectId): void {
    if (endedEarly.size >= MAX_ENDED_EARLY) endedEarly.clear();
    endedEarly.add(consumerId);
  }

  return {
    claim(request, onMedia) {
      const { feedId } = request;
      const entry = claims.add(request, onMedia);
      onMedia(links.mediaOf(feedId));
      schedule();
      return {
        update(change) {
          Object.assign(entry.request, change);
          schedule();
        },
        nudge: () => tryNow(feedId),
        release() {
          claims.remove(entry);
          schedule();
        },
      };
    },
    setPageVisible(visible) {
      pageVisible = visible;
      schedule();
    },
    handleOpen() {
      viewer.handleOpen();
      schedule();
    },
    handleLost: viewer.handleLost,
    handleConsumersClosed({ consumers }) {
      for (const { consumerId, feedId, code } of consumers) {
        if (links.held(feedId)?.consumerId !== consumerId) {
          noteEndedEarly(consumerId);
          continue;
        }
        viewer.receiver()?.forget([consumerId]);
        refuse(feedId, code);
      }
      schedule();
    },
    handleViewerClosed: viewer.rebuild,
    handleAvailable: tryNow,
    [Symbol.dispose]() {
      ended = true;
      clearTimeout(wake?.timer);
      claims.clear();
      viewer[Symbol.dispose]();
    },
  };
}

/** The node does not know this page any more, or its permission ran out: start anew. */
function isViewerLost(code: FailureCode): boolean {
  return code === 'unknown_viewer' || code === 'grant_expired' || code === 'grant_invalid';
}
