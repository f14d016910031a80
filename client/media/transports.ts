import type { FeedId } from '#contract/ids.ts';
import type { ConsumersClosed, MediaMove } from '#contract/media.ts';
import type { Agenda } from './agenda.ts';
import type { Claims, FeedMedia } from './claims.ts';
import type { FeedLinks } from './feed-links.ts';
import type { FeedWant } from './feed-plan.ts';
import { createLane, type Lane } from './lane.ts';
import type { MediaSignal } from './media-signal.ts';
import { MOVE_MS, planMove } from './move.ts';
import { createMoveAttempts } from './move-attempts.ts';
import type { CreateReceiver, Receiver } from './receiver.ts';
import { createViewer } from './viewer.ts';

type Wants = ReadonlyMap<FeedId, FeedWant>;

/** The page's transport and what it carries; during a move, also the one that is being left. */
export interface Transports extends Disposable {
  /** What a tile has of a feed: what it shows already, until there is something to show of the other transport. */
  mediaOf(feedId: FeedId): FeedMedia;
  links(): FeedLinks;
  /** The transport, while it is the only one. */
  soleReceiver(): Receiver | undefined;
  /** There is something to watch. */
  need(): void;
  /** Does what is missing. */
  reconcile(wants: Wants): void;
  /** A tile shows other frames now. */
  handlePaint(): void;
  tryNow(feedId: FeedId): void;
  handleOpen(): void;
  handleLost(): void;
  handleConsumersClosed(closed: ConsumersClosed): void;
  handleViewerClosed(): void;
  handleMove(move: MediaMove): void;
}

interface Ports {
  signal: MediaSignal;
  createReceiver: CreateReceiver;
  claims: Pick<Claims, 'allPaint'>;
  agenda: Agenda;
  /** What is wanted now. */
  wants(): Wants;
  onChange(feedId: FeedId): void;
  /** Nothing at all has come over the transport for a while. */
  isSilent(): boolean;
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

export function createTransports(ports: Ports): Transports {
  const { signal, createReceiver, claims, agenda, onChange, monotonicMs, random } = ports;
  let ended = false;
  const viewer = createViewer({
    signal,
    createReceiver,
    random,
    heldFeeds() {
      const wants = ports.wants();
      return [...lane.links.all.keys()].filter((feedId) => lane.links.held(feedId) && wants.has(feedId));
    },
    onJoined(adopted) {
      const receiver = viewer.receiver();
      if (adopted) lane.resume(ports.wants());
      else if (receiver) lane.start(receiver);
      agenda.soon();
    },
    onBeside: handleBeside,
    onBesideRefused() {
      // Better the transport that is to be left than none; one that is silent is none.
      if (ports.isSilent()) {
        attempts.abandon();
        viewer.rebuild();
      } else {
        attempts.handleRefused();
        agenda.soon();
      }
    },
    onGone() {
      forgetMove();
      lane.stop();
    },
    onFormerFailed(receiver) {
      if (leaving?.receiver === receiver) endMove();
    },
  });
  let lane = newLane();
  let leaving: Leaving | undefined;
  /** While another transport is asked for, nothing new is asked of the present one. */
  const attempts = createMoveAttempts(
    () => viewer.moveBeside(),
    () => !ended && !leaving && lane.receiver() !== undefined,
  );

  function newLane(): Lane {
    const made: Lane = createLane({
      signal,
      monotonicMs,
      random,
      onChange,
      schedule: agenda.soon,
      scheduleIn: agenda.within,
      onBroken() {
        if (ended) return;
        if (made === lane) viewer.rebuild();
        else endMove();
      },
      onWorking: viewer.handleWorking,
      isPainted: claims.allPaint,
    });
    return made;
  }

  function mediaOf(feedId: FeedId): FeedMedia {
    const now = lane.links.mediaOf(feedId);
    const before = leaving?.lane.links.mediaOf(feedId);
    return before?.state === 'held' && !(now.state === 'held' && hasTakenOver(feedId, now)) ? before : now;
  }

  function hasTakenOver(feedId: FeedId, now: Extract<FeedMedia, { state: 'held' }>): boolean {
    return now.flowing || claims.allPaint(feedId, now.track);
  }

  function handleBeside(receiver: Receiver, before: Receiver): void {
    attempts.handleDone();
    const left = lane;
    leaving = { lane: left, receiver: before, untilMs: monotonicMs() + MOVE_MS };
    lane = newLane();
    lane.inherit(left);
    lane.start(receiver);
    agenda.soon();
  }

  function reconcileMove({ lane: left, receiver, untilMs }: Leaving, wants: Wants): void {
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
    } else agenda.within(untilMs - nowMs);
  }

  /** Lets the transport go that was left. */
  function endMove(): void {
    const done = leaving;
    if (!done) return;
    leaving = undefined;
    const feedIds = [...done.lane.links.all.keys()];
    done.lane.stop();
    done.receiver.close();
    for (const feedId of feedIds) onChange(feedId);
    agenda.soon();
  }

  function forgetMove(): void {
    attempts.abandon();
    attempts.handleDone();
    endMove();
  }

  return {
    mediaOf,
    links: () => lane.links,
    soleReceiver: () => (leaving ? undefined : lane.receiver()),
    need: viewer.need,
    reconcile(wants) {
      if (leaving) reconcileMove(leaving, wants);
      else if (attempts.isUnderWay) lane.wind(wants);
      else {
        lane.reconcile(wants);
        if ((lane.receiver()?.made ?? 0) >= MAX_MADE * (attempts.refused + 1)) attempts.begin();
      }
    },
    handlePaint() {
      if (leaving) agenda.soon();
      lane.handlePaint();
    },
    tryNow: (feedId) => lane.tryNow(feedId),
    handleOpen() {
      // Of two transports the server is told of one, the new one.
      forgetMove();
      viewer.handleOpen();
      agenda.soon();
    },
    handleLost() {
      attempts.abandon();
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
    handleMove({ transportId }) {
      // About one that we have left already, there is nothing to do.
      if (lane.receiver()?.transportId === transportId) attempts.begin();
    },
    [Symbol.dispose]() {
      ended = true;
      attempts[Symbol.dispose]();
      viewer[Symbol.dispose]();
    },
  };
}
