import type { FeedId, MediaObjectId, NodeId, ViewerId } from '#contract/ids.ts';
import type { FindFault } from '../nodes/others-fault.ts';
import { ASIDE_MS, isSilent, NO_SILENCE, noteSilence, type SilenceBook } from '../nodes/silence.ts';
import type { Log, Now } from '../ports.ts';
import { toPageId } from './viewer-ids.ts';

/** A page that is still where it was told to leave is told again after this time: it may have found no room elsewhere. */
export const TELL_AGAIN_MS = 5_000;

/** A viewer, as far as moves go. */
interface PlacedViewer {
  readonly viewerId: ViewerId;
  readonly nodeId: NodeId;
  /** @default the viewer has not joined its node yet */
  readonly transportId: MediaObjectId | undefined;
  /** What comes to the page from there, or should. */
  readonly flowing: readonly { feedId: FeedId }[];
}

/** A page, as far as moves go. */
interface MovingSeat {
  readonly viewer: PlacedViewer | undefined;
  /** The one before, while the page moves. */
  readonly former: PlacedViewer | undefined;
  /** When the page was last told to move, in milliseconds. Changed here only. */
  toldToMoveAtMs: number;
}

interface PageMovesOptions<S extends MovingSeat> {
  /** Pages of this replica that watch. */
  seats(): Iterable<S>;
  finder: { isToBeLeft(nodeId: NodeId): boolean; setAside(nodeId: NodeId, forMs: number): void };
  isOthersFault: FindFault;
  /** Tells a page to come with this transport to another node. */
  tellToMove(seat: S, transportId: MediaObjectId): void;
  log: Log;
  now: Now;
}

/**
 * Says when pages are to leave their node: one that is to be left, as when it drains or hears nothing, or from which nothing comes any more
 * to most of its pages. Such a one is set aside for a while, whatever it says of itself.
 */
export class PageMoves<S extends MovingSeat> {
  readonly #options: PageMovesOptions<S>;
  #silence: SilenceBook = NO_SILENCE;

  constructor(options: PageMovesOptions<S>) {
    this.#options = options;
  }

  /** A page says that nothing comes over this transport any more. Never rejects. */
  async handleSilence(seat: S, transportId: MediaObjectId): Promise<void> {
    const { finder, log, now } = this.#options;
    const silent = [seat.viewer, seat.former].find((one) => one?.transportId === transportId);
    if (!silent) return;
    const { nodeId, flowing } = silent;
    const feedIds = flowing.map(({ feedId }) => feedId);
    // Without Redis it counts, as it would if the page's node were the home of everything.
    if (await this.#options.isOthersFault(nodeId, feedIds).catch(() => false)) return;
    this.#silence = noteSilence(this.#silence, { nodeId, viewerId: toPageId(silent.viewerId) }, now());
    const viewers = this.#viewersOn(nodeId);
    const there = { nodeId, viewers: viewers.map(({ viewerId }) => toPageId(viewerId)) };
    if (!isSilent(this.#silence, there, now())) return;
    log.warn({ nodeId, viewers: viewers.length }, 'nothing comes from a node for most of its pages');
    finder.setAside(nodeId, ASIDE_MS);
    this.tell();
  }

  /** Tells pages on nodes that are to be left, as far as there are others, and not while they move already. */
  tell(): void {
    const { seats, finder, tellToMove, now } = this.#options;
    const isLeft = new Map<NodeId, boolean>();
    for (const seat of seats()) {
      const { viewer, former } = seat;
      const transportId = viewer?.transportId;
      if (!viewer || former || transportId === undefined) continue;
      const isToBeLeft = isLeft.get(viewer.nodeId) ?? finder.isToBeLeft(viewer.nodeId);
      isLeft.set(viewer.nodeId, isToBeLeft);
      if (!isToBeLeft || now() - seat.toldToMoveAtMs < TELL_AGAIN_MS) continue;
      seat.toldToMoveAtMs = now();
      tellToMove(seat, transportId);
    }
  }

  #viewersOn(nodeId: NodeId): PlacedViewer[] {
    const viewers = [...this.#options.seats()].flatMap(({ viewer, former }) => [viewer, former]);
    return viewers.filter((one) => one !== undefined).filter((one) => one.nodeId === nodeId);
  }
}
