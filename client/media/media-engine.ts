import type { FeedId } from '#contract/ids.ts';
import type { ConsumersClosed, MediaMove } from '#contract/media.ts';
import { type BandwidthState, shareBandwidth, stepBandwidth, UNLIMITED } from './bandwidth.ts';
import { lesser, type TileWant } from './bandwidth-share.ts';
import { type Claim, type ClaimRequest, createClaims, type FeedMedia } from './claims.ts';
import type { FeedWant } from './feed-plan.ts';
import { createLane, type Lane } from './lane.ts';
import type { MediaSignal } from './media-signal.ts';
import { createMeter } from './meter.ts';
import { MOVE_MS, planMove } from './move.ts';
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
  handleMove(move: MediaMove): void;
}

interface Ports {
  signal: MediaSignal;
  createReceiver: CreateReceiver;
  /** The server says that this feed's packets come in. */
  isLive(feedId: FeedId): boolean;
  monotonicMs(): number;
  random(): number;
}

/** A transport that is left as soon as the other one has pictures. */
interface Leaving {
  lane: Lane;
  receiver: Receiver;
  untilMs: number;
}

/**
 * Consumers made on one transport before another one takes its place. Session descriptions do not grow, for parts of
 * consumers that ended are used again; what the browser keeps of each of them is not ours to trust for ever.
 */
export const MAX_MADE = 1_000;
/** Between attempts to move that were refused, growing up to the second figure. */
const MOVE_RETRY_MS = 1_000;
const MOVE_RETRY_AT_MOST_MS = 30_000;

/**
 * Brings together what the tiles want and what the node gives. Whenever something changed, everything is compared once at
 * the end of the turn, and the difference goes out as one message of each kind: a page of tiles is one request.
 */
export function createMediaEngine({
  signal,
  createReceiver,
  isLive,
  monotonicMs,
  random,
}: Ports): MediaEngine {
  const claims = createClaims();
  const viewer = createViewer({
    signal,
    createReceiver,
    random,
    heldFeeds,
    onJoined,
    onBeside,
    onBesideRefused,
    onGone,
    onFormerFailed,
  });
  let lane = newLane();
  let leaving: Leaving | undefined;
  /** Another transport was asked for: nothing new is asked of the present one. */
  let isMoving = false;
  let moveRefusals = 0;
  let moveTimer: ReturnType<typeof setTimeout> | undefined;
  let bandwidth: BandwidthState = UNLIMITED;
  let pageVisible = true;
  let scheduled = false;
  let ended = false;
  let wake: { timer: ReturnType<typeof setTimeout>; atMs: number } | undefined;

  const meter = createMeter({
    // While two transports carry the same pictures, neither says anything of the network.
    receiver: () => (leaving ? undefined : lane.receiver()),
    links: () => lane.links,
    isLive,
    monotonicMs,
    onReading(reading) {
      const shares = bandwidth.allowed;
      bandwidth = stepBandwidth(bandwidth, reading, tileWants());
      if (bandwidth.allowed !== shares) schedule();
    },
    onSilent: (transportId) => void signal.silent(transportId),
  });

  function newLane(): Lane {
    const made: Lane = createLane({
      signal,
      monotonicMs,
      random,
      onChange: (feedId) => claims.tell(feedId, mediaOf(feedId)),
      schedule,
      scheduleIn,
      onBroken() {
        if (ended) return;
        if (made === lane) viewer.rebuild();
        else endMove();
      },
      onWorking: viewer.handleWorking,
    });
    return made;
  }

  /** What a tile has of a feed: what it shows already until there is something to show of the other transport. */
  function mediaOf(feedId: FeedId): FeedMedia {
    const now = lane.links.mediaOf(feedId);
    const before = leaving?.lane.links.mediaOf(feedId);
    const media =
      before?.state === 'held' && !(now.state === 'held' && hasTakenOver(feedId, now)) ? before : now;
    const isStill = bandwidth.allowed.get(feedId) === 'still';
    return isStill && (media.state === 'held' || media.state === 'asked') ? { ...media, thin: true } : media;
  }

  function hasTakenOver(feedId: FeedId, now: Extract<FeedMedia, { state: 'held' }>): boolean {
    return now.flowing || claims.allPaint(feedId, now.track);
  }

  function heldFeeds(): FeedId[] {
    const wants = claims.wants(pageVisible);
    return [...lane.links.all.keys()].filter((feedId) => lane.links.held(feedId) && wants.has(feedId));
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
    if (ended) return;
    const atMs = monotonicMs() + Math.max(0, delayMs);
    if (wake && wake.atMs <= atMs) return;
    clearTimeout(wake?.timer);
    const timer = setTimeout(() => {
      wake = undefined;
      schedule();
    }, delayMs + 1);
    wake = { timer, atMs };
  }

  function tileWants(): TileWant[] {
    return [...claims.wants(pageVisible)].flatMap(([feedId, { layer, priority, show }]) =>
      show ? [{ feedId, layer, priority }] : [],
    );
  }

  /** What tiles want, as far as the network has room for it. */
  function affordable(): Map<FeedId, FeedWant> {
    const shares = bandwidth.allowed;
    bandwidth = shareBandwidth(bandwidth, tileWants());
    const wants = claims.wants(pageVisible);
    for (const [feedId, want] of wants) {
      const share = bandwidth.allowed.get(feedId);
      if (share === 'still') wants.set(feedId, { ...want, show: false, layer: 'low' });
      else if (share !== undefined) wants.set(feedId, { ...want, layer: lesser(want.layer, share) });
    }
    if (bandwidth.allowed !== shares)
      for (const feedId of wants.keys())
        if ((shares.get(feedId) === 'still') !== (bandwidth.allowed.get(feedId) === 'still'))
          claims.tell(feedId, mediaOf(feedId));
    return wants;
  }

  function reconcile(): void {
    if (claims.size === 0) meter.stop();
    else {
      meter.start();
      viewer.need();
    }
    const wants = affordable();
    if (leaving) reconcileMove(leaving, wants);
    else if (isMoving) lane.wind(wants);
    else {
      lane.reconcile(wants);
      if ((lane.receiver()?.made ?? 0) >= MAX_MADE * (moveRefusals + 1)) move();
    }
  }

  function reconcileMove({ lane: left, receiver, untilMs }: Leaving, wants: Map<FeedId, FeedWant>): void {
    const on = lane.receiver();
    // Without a connection there is nobody to speak to; what flows goes on.
    if (!on) return;
    const { onNew, onLeft, isDone } = planMove({
      wants,
      isCarried: (feedId) => left.links.held(feedId)?.flow === 'flowing',
      isMoved(feedId) {
        const now = lane.links.mediaOf(feedId);
        return now.state === 'held' && now.flowing && claims.allPaint(feedId, now.track);
      },
      isRefused: (feedId) => lane.links.mediaOf(feedId).state === 'refused',
    });
    lane.reconcile(onNew);
    left.wind(onLeft);
    const nowMs = monotonicMs();
    if (isDone || nowMs >= untilMs) {
      endMove();
      void signal.leave(receiver.transportId);
      // Nothing came over the new one in all that time: the ordinary way is left.
      if (!isDone && !on.isConnected()) viewer.rebuild();
    } else scheduleIn(untilMs - nowMs);
  }

  function move(): void {
    if (ended || isMoving || leaving || !lane.receiver()) return;
    isMoving = true;
    clearTimeout(moveTimer);
    viewer.moveBeside();
  }

  function onBeside(receiver: Receiver, before: Receiver): void {
    isMoving = false;
    moveRefusals = 0;
    const left = lane;
    leaving = { lane: left, receiver: before, untilMs: monotonicMs() + MOVE_MS };
    lane = newLane();
    lane.inherit(left);
    lane.start(receiver);
    schedule();
  }

  /** Better the transport that is to be left than none; one that is silent is none. */
  function onBesideRefused(): void {
    isMoving = false;
    if (meter.isSilent()) {
      viewer.rebuild();
      return;
    }
    const delayMs = Math.min(MOVE_RETRY_AT_MOST_MS, MOVE_RETRY_MS * 2 ** moveRefusals);
    moveRefusals += 1;
    moveTimer = setTimeout(move, delayMs);
    schedule();
  }

  /** Lets the transport go that was left. */
  function endMove(): void {
    const done = leaving;
    if (!done) return;
    leaving = undefined;
    const feedIds = [...done.lane.links.all.keys()];
    done.lane.stop();
    done.receiver.close();
    for (const feedId of feedIds) claims.tell(feedId, mediaOf(feedId));
    schedule();
  }

  function onFormerFailed(receiver: Receiver): void {
    if (leaving?.receiver === receiver) endMove();
  }

  function forgetMove(): void {
    isMoving = false;
    moveRefusals = 0;
    clearTimeout(moveTimer);
    endMove();
  }

  function onJoined(adopted: boolean): void {
    const receiver = viewer.receiver();
    if (adopted) lane.resume(affordable());
    else if (receiver) lane.start(receiver);
    schedule();
  }

  function onGone(): void {
    forgetMove();
    lane.stop();
  }

  return {
    claim(request, onMedia) {
      const { feedId } = request;
      const entry = claims.add(request, onMedia);
      onMedia(mediaOf(feedId));
      schedule();
      return {
        update(change) {
          Object.assign(entry.request, change);
          schedule();
        },
        nudge: () => lane.tryNow(feedId),
        paints(track) {
          entry.painted = track;
          if (leaving) schedule();
        },
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
      // Of two transports the server is told of one, the new one.
      forgetMove();
      viewer.handleOpen();
      schedule();
    },
    handleLost() {
      isMoving = false;
      clearTimeout(moveTimer);
      viewer.handleLost();
      lane.suspend();
    },
    handleConsumersClosed({ consumers }) {
      const ofLeft = consumers.filter(
        ({ feedId, consumerId }) => leaving?.lane.links.held(feedId)?.consumerId === consumerId,
      );
      if (ofLeft.length > 0) leaving?.lane.handleConsumersClosed({ consumers: ofLeft });
      lane.handleConsumersClosed({ consumers: consumers.filter((closed) => !ofLeft.includes(closed)) });
    },
    handleViewerClosed() {
      // Of two transports it is the one that we leave; were it the other, its silence would tell.
      if (leaving) endMove();
      else viewer.rebuild();
    },
    handleAvailable: (feedId) => lane.tryNow(feedId),
    handleMove({ transportId }) {
      // About one that we have left already, there is nothing to do.
      if (lane.receiver()?.transportId === transportId) move();
    },
    [Symbol.dispose]() {
      ended = true;
      clearTimeout(wake?.timer);
      clearTimeout(moveTimer);
      meter[Symbol.dispose]();
      claims.clear();
      viewer[Symbol.dispose]();
    },
  };
}
