import { type ErrorCode, VartaError } from '#contract/errors.ts';
import { GRANT_TTL_SECONDS } from '#contract/grants.ts';
import type { AreaId, FeedId, MediaObjectId, NodeId, ViewerId } from '#contract/ids.ts';
import {
  type ConsumersClosed,
  type FeedAvailable,
  MEDIA_MESSAGES,
  type MediaMove,
  type ViewerClosed,
} from '#contract/media.ts';
import type { ConsoleSocket } from '../../adapters/socket/on-message.ts';
import type { AuditLog } from '../../audit/audit.ts';
import type { LiveView } from '../../live/live.ts';
import type { Registry } from '../../nation/registry.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { IceServersFor } from '../ice/ice-servers.ts';
import type { NodeEvent } from '../links/control-link.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { NodeFinder } from '../nodes/node-finder.ts';
import type { FindFault } from '../nodes/others-fault.ts';
import type { Log, Now } from '../ports.ts';
import type { PurposeStore } from '../purposes/purpose-store.ts';
import { NOTHING_OPENED, type ViewingLog } from '../viewings/viewing-log.ts';
import { attachSeat } from './console-seat.ts';
import { PageMoves } from './page-moves.ts';
import { PageRights } from './page-rights.ts';
import { type Seat, SeatTable } from './seat-table.ts';
import { Viewer } from './viewer.ts';
import { toPageId } from './viewer-ids.ts';
import { ViewerJoins } from './viewer-joins.ts';

/** A node whose connection has been down for this long is left, if there is another. */
const NODE_GRACE_MS = 1_500;

interface ViewerRelayOptions {
  links: Pick<SfuLinks, 'request' | 'down'>;
  finder: NodeFinder;
  signer: Pick<GrantSigner, 'signView'>;
  registry: Pick<Registry, 'feed'>;
  view: Pick<LiveView, 'area' | 'current' | 'flagsOf'>;
  viewings: Pick<ViewingLog, 'note' | 'noteSeen' | 'open' | 'hasRoom'>;
  purposes: Pick<PurposeStore, 'byClass'>;
  audit: Pick<AuditLog, 'auditRefusal'>;
  isOthersFault: FindFault;
  /** Tells the other replicas that the page is at this one now. */
  announceTaken(viewerId: ViewerId): void;
  iceServersFor: IceServersFor;
  log: Log;
  now: Now;
}

/** All pages of this replica that watch: passes their messages on to their nodes and keeps their grants alive. */
export class ViewerRelay implements Disposable {
  readonly #options: ViewerRelayOptions;
  readonly #seats = new SeatTable();
  readonly #joins: ViewerJoins;
  readonly #rights: PageRights;
  readonly #moves: PageMoves<Seat>;

  constructor(options: ViewerRelayOptions) {
    this.#options = options;
    this.#joins = new ViewerJoins({
      ...options,
      seats: this.#seats,
      createViewer: (seat, place) => this.#createViewer(seat, place),
      leaveQuietly: (viewer) => this.#leaveQuietly(viewer),
    });
    this.#rights = new PageRights(options);
    this.#moves = new PageMoves({
      ...options,
      seats: () => this.#seats.taken,
      tellToMove: ({ socket }, transportId) =>
        socket.emit(MEDIA_MESSAGES.move, { transportId } satisfies MediaMove),
    });
  }

  get viewerCount(): number {
    return this.#seats.viewerCount;
  }

  attach(socket: ConsoleSocket): void {
    const seat = this.#seats.add(socket);
    attachSeat(socket, {
      log: this.#options.log,
      join: (request) => this.#joins.join(seat, request),
      viewers: () => seat,
      leave: async (transportId) => {
        await seat.joining;
        await this.#leave(seat, transportId);
      },
      handleSilence: (transportId) => void this.#moves.handleSilence(seat, transportId),
      handleOpen: ({ feedIds }) => this.#handleOpen(seat, feedIds),
      handleSeen: ({ feeds }) => this.#options.viewings.noteSeen(toPageId(socket.data.viewerId), feeds),
      isEnded: () => seat.isEnded,
    });
    socket.once('disconnect', (reason) => this.#handleDisconnect(seat, reason));
  }

  /** The session is over: its pages lose their pictures at once, and get no new ones. */
  endSession(sessionId: string): void {
    for (const seat of this.#seats.all) {
      if (seat.socket.data.sessionId !== sessionId) continue;
      seat.isEnded = true;
      for (const viewer of this.#close(seat, 'unauthenticated')) this.#leaveQuietly(viewer);
    }
    for (const viewer of this.#seats.takeDeparted(sessionId)) this.#leaveQuietly(viewer);
  }

  /** Another replica has the viewer now: what this one holds of it is out of date. */
  handleTaken(viewerId: ViewerId): void {
    const seat = this.#seats.of(viewerId);
    if (seat) for (const viewer of this.#seats.take(seat)) viewer.end();
    this.#seats.forget(viewerId);
  }

  handleNodeEvent(event: NodeEvent): void {
    if (event.name === 'feed:available') {
      const { feedId } = event.payload;
      // Who has it from this node has it of a source that goes on for a moment only.
      for (const { socket, viewer } of this.#seats.taken)
        if (viewer?.isWaitingFor(feedId) || (viewer?.nodeId === event.nodeId && viewer.isConsuming(feedId)))
          tellAvailable(socket, feedId);
      return;
    }
    if (event.name === 'grant:refused') return;
    const { viewerId } = event.payload;
    const seat = this.#seats.of(viewerId);
    const viewer = [seat?.viewer, seat?.former].find((one) => one?.viewerId === viewerId);
    if (!seat || viewer?.nodeId !== event.nodeId) return;
    if (event.name === 'viewer:closed') {
      this.#lose(seat, viewer, event.payload.code);
    } else {
      const consumers = viewer.handleConsumersClosed(event.payload.consumers);
      seat.socket.emit(MEDIA_MESSAGES.consumersClosed, { consumers } satisfies ConsumersClosed);
    }
  }

  /** Something about the nodes is another than before: pages leave those that are to be left. */
  handleNodes(): void {
    this.#moves.tell();
  }

  /** The connection to a node is open again: does it still know our viewers? */
  handleNodeOpen(nodeId: NodeId): void {
    for (const viewer of this.#viewers()) if (viewer.nodeId === nodeId) void viewer.renew();
  }

  handleNodeGone(nodeId: NodeId): void {
    for (const seat of [...this.#seats.taken])
      for (const viewer of [seat.former, seat.viewer])
        if (viewer?.nodeId === nodeId) this.#lose(seat, viewer, 'no_sfu');
  }

  /** Whether these areas may be watched has changed. */
  handleAreas(areaIds: ReadonlySet<AreaId>): void {
    for (const viewer of this.#viewers()) void viewer.handleAreas(areaIds);
  }

  /** Called a few times a second: renews what is due, and leaves nodes that stay away. */
  tick(): void {
    const { links, finder, view, now } = this.#options;
    this.#seats.forgetDeparted(now());
    for (const { nodeId, sinceMs } of links.down())
      if (now() - sinceMs >= NODE_GRACE_MS && finder.hasUsable(new Set([nodeId])))
        this.handleNodeGone(nodeId);
    this.#moves.tell();
    // Without a mirror that can be trusted nobody knows what is confidential: grants run out until there is one.
    if (!view.current) return;
    for (const viewer of this.#viewers()) void viewer.renewIfDue();
  }

  /** Lets go of every viewer; their media go on until somebody else takes them over or their grants run out. */
  [Symbol.dispose](): void {
    for (const seat of this.#seats.all) for (const viewer of this.#seats.take(seat)) viewer.end();
  }

  *#viewers(): Generator<Viewer> {
    for (const { viewer, former } of this.#seats.taken) {
      if (viewer) yield viewer;
      if (former) yield former;
    }
  }

  #createViewer(seat: Seat, { nodeId, viewerId }: { nodeId: NodeId; viewerId: ViewerId }): Viewer {
    const { links, signer, registry, view, viewings, log, now } = this.#options;
    const viewer: Viewer = new Viewer(
      { viewerId, nodeId },
      {
        links,
        signer,
        log,
        now,
        ask: (feedId) => this.#rights.ask(seat, feedId),
        mayShowMore: () => view.current && viewings.hasRoom,
        areaOf: (feedId) => registry.feed(feedId)?.area.id,
        onRefused: (feedId, code) => this.#rights.noteRefusal(seat, feedId, code),
        onViewing: (change) => viewings.note(toWatcher(seat), seat.watched.apply(change)),
        onReopened: (feedIds) => {
          for (const feedId of feedIds) tellAvailable(seat.socket, feedId);
        },
        onLost: (code) => {
          this.#lose(seat, viewer, code);
        },
      },
    );
    return viewer;
  }

  async #handleOpen(seat: Seat, feedIds: readonly FeedId[]): Promise<void> {
    const { opened, refused } = await this.#rights.open(seat, feedIds);
    // Its purpose goes into each viewing.
    this.#options.viewings.open(toWatcher(seat), opened);
    // What an alarm or a purpose has made larger, or the end of one smaller, is in the next grant.
    void seat.viewer?.renew();
    for (const feedId of refused) this.#rights.noteRefusal(seat, feedId, 'purpose_required');
    if (refused.length > 0) throw new VartaError('purpose_required');
  }

  #handleDisconnect(seat: Seat, reason: string): void {
    const viewers = this.#seats.take(seat);
    this.#seats.remove(seat);
    // Gone on purpose. Otherwise, even when we put it out, the page may be back within the grant's life, here or
    // elsewhere; if its right ended, we hear of it apart from this.
    if (reason === 'client namespace disconnect') {
      for (const viewer of viewers) this.#leaveQuietly(viewer);
    } else {
      for (const viewer of viewers) viewer.detach();
      const untilMs = this.#options.now() + GRANT_TTL_SECONDS * 1000;
      this.#seats.depart(viewers, seat.socket.data.sessionId, untilMs);
    }
    // Its viewings have ended under the purposes that they had.
    this.#options.viewings.open(toWatcher(seat), NOTHING_OPENED);
  }

  async #leave(seat: Seat, transportId: MediaObjectId | undefined): Promise<void> {
    if (transportId === undefined) {
      await Promise.all(this.#seats.take(seat).map((viewer) => viewer.leave()));
      return;
    }
    const viewer = [seat.former, seat.viewer].find((one) => one?.transportId === transportId);
    if (!viewer) return;
    this.#seats.release(seat, viewer);
    await viewer.leave();
  }

  /**
   * A viewer is gone from its node. One that was being left takes only what it still had; with the present one everything
   * of the page ends, and the page is told once for each of its transports.
   */
  #lose(seat: Seat, viewer: Viewer, code: ErrorCode): void {
    if (viewer === seat.former) {
      const consumers = viewer.consumers.map((consumer) => ({ ...consumer, code }));
      this.#seats.release(seat, viewer);
      viewer.end();
      if (consumers.length > 0)
        seat.socket.emit(MEDIA_MESSAGES.consumersClosed, { consumers } satisfies ConsumersClosed);
    } else if (viewer === seat.viewer) {
      for (const gone of this.#close(seat, code)) {
        if (gone === viewer) gone.end();
        else this.#leaveQuietly(gone);
      }
    }
  }

  /** Takes all viewers from their seat and tells the page why. */
  #close(seat: Seat, code: ErrorCode): Viewer[] {
    const viewers = this.#seats.take(seat);
    for (const _ of viewers) seat.socket.emit(MEDIA_MESSAGES.viewerClosed, { code } satisfies ViewerClosed);
    return viewers;
  }

  #leaveQuietly(viewer: Viewer | undefined): void {
    viewer?.leave().catch((error: unknown) => {
      const { viewerId, nodeId } = viewer;
      this.#options.log.warn({ err: error, viewerId, nodeId }, 'viewer ends with its grant');
    });
  }
}

function toWatcher({ socket: { data } }: Seat) {
  return { principal: data.principal, viewerId: toPageId(data.viewerId) };
}

function tellAvailable(socket: ConsoleSocket, feedId: FeedId): void {
  socket.emit(MEDIA_MESSAGES.available, { feedId } satisfies FeedAvailable);
}
