import type { FeedId, MediaObjectId } from '#contract/ids.ts';
import type { ConsumersClosed, Watched } from '#contract/media.ts';
import type { FailureCode } from '../session/failure.ts';
import type { FeedMedia } from './claims.ts';
import { type ConsumerFlow, createConsumerFlow } from './consumer-flow.ts';
import { createFeedLinks, type FeedLinks } from './feed-links.ts';
import { BUSY_MS, type FeedPlan, type FeedWant, planFeeds, retryDelayMs, toAsk } from './feed-plan.ts';
import type { FeedLayer, MediaSignal } from './media-signal.ts';
import type { Receiver } from './receiver.ts';
import { createRenewal } from './renewal.ts';

type Wants = ReadonlyMap<FeedId, FeedWant>;

interface Ports {
  signal: MediaSignal;
  monotonicMs(): number;
  random(): number;
  onChange(feedId: FeedId, media: FeedMedia): void;
  /** Something has come to rest: compare again. */
  schedule(): void;
  scheduleIn(delayMs: number): void;
  /** The transport cannot be used any more. */
  onBroken(): void;
  /** Media came through. */
  onWorking(): void;
  /** Every tile that shows the feed shows this track. */
  isPainted(feedId: FeedId, track: MediaStreamTrack): boolean;
}

/** The feeds of one transport: where each of them stands, and what is said about them. */
export interface Lane {
  readonly links: FeedLinks;
  /** The transport, while it may be spoken about. */
  receiver(): Receiver | undefined;
  /** Goes on over this transport. Refusals that were being waited for stay. */
  start(receiver: Receiver): void;
  /** The transport is gone, and all that it carried. */
  stop(): void;
  /** There is no connection over which it could be spoken about; what flows goes on. */
  suspend(): void;
  /** The server goes on with the transport that is there. Asks for what is shown again; what no answer names is gone. */
  resume(wants: Wants): void;
  /** Does what is missing. */
  reconcile(wants: Wants): void;
  /** For a transport that is being left: only takes away, and lets flow again what is still looked at. */
  wind(wants: Wants): void;
  /** Its node has the feed, perhaps anew: asks at once, also where something of it flows that ends in a moment. */
  tryNow(feedId: FeedId): void;
  handleConsumersClosed(closed: ConsumersClosed): void;
  /** A tile shows other frames now. */
  handlePaint(): void;
  /** Takes over what another lane waits for. */
  inherit(other: Lane): void;
}

/** Requests to watch that may be under way at once: a slow node does not hold up what comes after. */
const MAX_REQUESTS = 3;
/** After a refusal that is neither a broken connection nor a lost viewer: not in a circle. */
const FLOW_RETRY_MS = 1_000;
/** Consumers that ended before this page had taken them; more than this at once cannot be under way. */
const MAX_ENDED_EARLY = 512;

export function createLane(ports: Ports): Lane {
  const { signal, monotonicMs, random, schedule, scheduleIn } = ports;
  const links = createFeedLinks(ports.onChange);
  const endedEarly = new Set<MediaObjectId>();
  let receiver: Receiver | undefined;
  let isSuspended = false;
  let requests = 0;
  let busyUntilMs = 0;
  /** Feeds that were told to be there while they were being asked for: an answer may be older than that. */
  const toldEarly = new Set<FeedId>();
  /** Set when a whole negotiation failed: so many feeds one at a time, so that the culprit shows itself. */
  let careful = 0;
  /** Grows when the transport comes or goes: answers from before are not taken. */
  let era = 0;
  const flow: ConsumerFlow = createConsumerFlow({
    signal,
    links,
    era: () => era,
    onRefused(code) {
      if (isViewerLost(code)) ports.onBroken();
      else scheduleIn(FLOW_RETRY_MS);
    },
  });

  const { isPainted } = ports;
  const renewal = createRenewal({ signal, links, monotonicMs, scheduleIn, isPainted });

  const usable = () => (isSuspended ? undefined : receiver);

  function execute(plan: FeedPlan, on: Receiver): void {
    const unwatched = links.consumerIds(plan.unwatch);
    if (unwatched.length > 0 || plan.forget.length > 0) {
      void signal.unwatch(unwatched, plan.forget);
      on.forget(unwatched);
      for (const feedId of [...plan.unwatch, ...plan.forget]) links.remove(feedId);
    }
    flow.pause(plan.pause);
    flow.resume(plan.resume);
    flow.setLayers(plan.layers);
    const limit = careful > 0 ? 1 : MAX_REQUESTS;
    if (plan.watch.length === 0 || requests >= limit) return;
    void watch(careful > 0 ? plan.watch.slice(0, 1) : plan.watch, on);
    // More may be wanted than one message holds.
    if (requests < limit) schedule();
  }

  async function watch(feeds: readonly FeedLayer[], on: Receiver): Promise<void> {
    const mine = era;
    const attempts = new Map(feeds.map(({ feedId }) => [feedId, links.attempts(feedId)]));
    requests += 1;
    busyUntilMs = monotonicMs() + BUSY_MS;
    for (const { feedId } of feeds) {
      toldEarly.delete(feedId);
      links.set(feedId, { state: 'asked' });
    }
    const answer = await signal.watch(on.rtpCapabilities, feeds);
    if (mine !== era) return;
    requests -= 1;
    careful = Math.max(0, careful - feeds.length);
    if (!answer.ok) {
      if (isViewerLost(answer.code)) return ports.onBroken();
      for (const { feedId } of feeds) refuse(feedId, answer.code, attempts.get(feedId));
    } else await takeAnswers(feeds, answer.value.feeds, attempts);
    schedule();
  }

  async function takeAnswers(
    feeds: readonly FeedLayer[],
    answers: readonly Watched[],
    attempts: ReadonlyMap<FeedId, number>,
  ): Promise<void> {
    const mine = era;
    const byFeed = new Map(answers.map((answer) => [answer.feedId, answer]));
    const given: (FeedLayer & { consumer: Extract<Watched, { ok: true }>['consumer'] })[] = [];
    for (const asked of feeds) {
      const { feedId } = asked;
      const answer = byFeed.get(feedId);
      if (answer?.ok) given.push({ ...asked, consumer: answer.consumer });
      else refuse(feedId, answer?.code ?? 'unreadable', attempts.get(feedId));
    }
    if (given.length === 0 || !receiver) return;
    const received = await receiver.consume(given.map(({ consumer }) => consumer));
    if (mine !== era) return;
    if (received.some((one) => !one.ok && one.why === 'failed')) return isolate(given);
    for (const [index, { feedId, consumer, ...asked }] of given.entries()) {
      const one = received[index];
      const former = links.held(feedId)?.consumerId;
      if (one?.ok && !endedEarly.delete(consumer.id)) {
        toldEarly.delete(feedId);
        if (former !== undefined && former !== consumer.id) renewal.replace(former, feedId);
        links.hold(feedId, { id: consumer.id, ...asked, track: one.track });
        // What flows already flows on.
      } else if (former === undefined) refuse(feedId, one?.ok ? 'feed_not_live' : 'codec_unsupported');
    }
    ports.onWorking();
  }

  /** A negotiation failed as a whole; what the transport believes of its media is not to be trusted after that. */
  function isolate(given: readonly FeedLayer[]): void {
    const [first] = given;
    ports.onBroken();
    if (given.length === 1 && first) refuse(first.feedId, 'codec_unsupported');
    else careful = given.length;
  }

  function refuse(feedId: FeedId, code: FailureCode, attempts = 0): void {
    const isThere = toldEarly.delete(feedId) && code === 'feed_not_live';
    const retryAtMs = monotonicMs() + (isThere ? 0 : retryDelayMs(code, attempts, random()));
    links.set(feedId, { state: 'waiting', code, attempts: attempts + 1, retryAtMs });
  }

  async function confirmHeld(wants: Wants): Promise<void> {
    const mine = era;
    if (!receiver) return;
    const asked: FeedLayer[] = [];
    for (const feedId of [...links.all.keys()]) {
      const want = wants.get(feedId);
      if (links.held(feedId) && want) asked.push(toAsk(feedId, want));
      else if (links.mediaOf(feedId).state !== 'refused') drop(feedId);
    }
    if (asked.length === 0) return schedule();
    const answer = await signal.watch(receiver.rtpCapabilities, asked);
    if (mine !== era) return;
    if (!answer.ok) return answer.code === 'offline' ? undefined : ports.onBroken();
    const byFeed = new Map(answer.value.feeds.map((feed) => [feed.feedId, feed]));
    const changed = asked.filter(({ feedId, layer, importance }) => {
      const feed = byFeed.get(feedId);
      const isSame = feed?.ok === true && feed.consumer.id === links.held(feedId)?.consumerId;
      if (isSame) links.changeHeld(feedId, { layer, importance });
      else drop(feedId);
      return !isSame;
    });
    await takeAnswers(changed, answer.value.feeds, new Map());
    if (mine === era) schedule();
  }

  async function renew(on: Receiver): Promise<void> {
    const mine = era;
    requests += 1;
    const { asked, answers } = await renewal.ask(on);
    if (mine !== era) return;
    requests -= 1;
    await takeAnswers(asked, answers, new Map());
    if (mine === era) schedule();
  }

  function drop(feedId: FeedId): void {
    receiver?.forget(links.consumerIds([feedId]));
    links.remove(feedId);
  }

  function turn(): void {
    era += 1;
    requests = 0;
    renewal.forgetNoted();
  }

  return {
    links,
    receiver: usable,
    start(next) {
      turn();
      isSuspended = false;
      receiver = next;
    },
    stop() {
      turn();
      receiver = undefined;
      endedEarly.clear();
      toldEarly.clear();
      renewal.clear();
      for (const feedId of [...links.all.keys()])
        if (links.mediaOf(feedId).state !== 'refused') links.remove(feedId);
    },
    suspend() {
      isSuspended = true;
    },
    resume(wants) {
      turn();
      isSuspended = false;
      void confirmHeld(wants);
    },
    reconcile(wants) {
      const on = usable();
      if (!on) return;
      const nowMs = monotonicMs();
      const plan = planFeeds({ wants, links: links.all, nowMs, busyUntilMs });
      execute(plan, on);
      renewal.letGo(on);
      if (renewal.isDue && requests < MAX_REQUESTS) void renew(on);
      links.noteWanted(wants, nowMs);
      if (plan.againAtMs !== undefined) scheduleIn(plan.againAtMs - nowMs);
    },
    wind(wants) {
      if (!usable()) return;
      const { pause, resume } = planFeeds({ wants, links: links.all, nowMs: monotonicMs(), busyUntilMs });
      flow.pause(pause);
      flow.resume(resume);
    },
    tryNow(feedId) {
      renewal.note(feedId);
      if (links.all.get(feedId)?.state === 'asked') toldEarly.add(feedId);
      links.endWait(feedId, monotonicMs());
      schedule();
    },
    handleConsumersClosed({ consumers }) {
      for (const { consumerId, feedId, code } of consumers) {
        if (renewal.end(consumerId)) {
          receiver?.forget([consumerId]);
          continue;
        }
        if (links.held(feedId)?.consumerId !== consumerId) {
          if (endedEarly.size >= MAX_ENDED_EARLY) endedEarly.clear();
          endedEarly.add(consumerId);
          continue;
        }
        receiver?.forget([consumerId]);
        refuse(feedId, code);
      }
      schedule();
    },
    handlePaint() {
      if (renewal.isOpen) schedule();
    },
    inherit(other) {
      for (const [feedId, link] of other.links.all) if (link.state === 'waiting') links.set(feedId, link);
    },
  };
}

/** The node does not know this page any more, or its permission ran out: start anew. */
function isViewerLost(code: FailureCode): boolean {
  return code === 'unknown_viewer' || code === 'grant_expired' || code === 'grant_invalid';
}
