import type { ErrorCode } from '#contract/errors.ts';
import { GRANT_TTL_SECONDS } from '#contract/grants.ts';
import type { AreaId, FeedId, NodeId, ViewerId } from '#contract/ids.ts';
import {
  type ConsumersClosed,
  type FeedAvailable,
  MEDIA_MESSAGES,
  type ViewerClosed,
} from '#contract/media.ts';
import type { ConsoleSocket } from '../../adapters/socket/on-message.ts';
import type { AuditLog } from '../../audit/audit.ts';
import type { LiveView } from '../../live/live.ts';
import { areaResource, type Registry } from '../../nation/registry.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { IceServersFor } from '../ice/ice-servers.ts';
import type { NodeEvent } from '../links/control-link.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { NodeFinder } from '../nodes/node-finder.ts';
import type { Log, Now } from '../ports.ts';
import type { ViewingLog } from '../viewings/viewing-log.ts';
import { attachSeat } from './console-seat.ts';
import { decideFeed } from './feed-access.ts';
import { type Seat, SeatTable } from './seat-table.ts';
import { Viewer } from './viewer.ts';
import { ViewerJoins } from './viewer-joins.ts';

/** A node whose connection has been down for this long is left, if there is another. */
const NODE_GRACE_MS = 1_500;
interface ViewerRelayOptions {
  links: Pick<SfuLinks, 'request' | 'down'>;
  finder: NodeFinder;
  signer: Pick<GrantSigner, 'signView'>;
  registry: Pick<Registry, 'feed'>;
  view: Pick<LiveView, 'area' | 'current'>;
  viewings: Pick<ViewingLog, 'note' | 'hasRoom'>;
  audit: Pick<AuditLog, 'auditRefusal'>;
  /** Tells the other replicas that this one has the viewer now. */
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

  constructor(options: ViewerRelayOptions) {
    this.#options = options;
    this.#joins = new ViewerJoins({
      ...options,
      seats: this.#seats,
      createViewer: (seat, nodeId) => this.#createViewer(seat, nodeId),
      leaveQuietly: (viewer) => this.#leaveQuietly(viewer),
    });
  }

  get viewerCount(): number {
    return this.#seats.viewerCount;
  }

  attach(socket: ConsoleSocket): void {
    const seat = this.#seats.add(socket);
    attachSeat(socket, {
      log: this.#options.log,
      join: (have) => this.#joins.join(seat, have),
      viewer: () => seat.viewer,
      leave: async () => {
        await seat.joining;
        await this.#seats.take(seat)?.leave();
      },
      isEnded: () => seat.isEnded,
    });
    socket.once('disconnect', (reason) => this.#handleDisconnect(seat, reason));
  }

  /** The session is over: its pages lose their pictures at once, and get no new ones. */
  endSession(sessionId: string): void {
    for (const seat of this.#seats.all) {
      if (seat.socket.data.sessionId !== sessionId) continue;
      seat.isEnded = true;
      this.#leaveQuietly(this.#close(seat, 'unauthenticated'));
    }
    for (const viewer of this.#seats.takeDeparted(sessionId)) this.#leaveQuietly(viewer);
  }

  /** Another replica has the viewer now: what this one holds of it is out of date. */
  handleTaken(viewerId: ViewerId): void {
    const seat = this.#seats.of(viewerId);
    if (seat) this.#seats.take(seat)?.end();
    this.#seats.forget(viewerId);
  }

  handleNodeEvent(event: NodeEvent): void {
    if (event.name === 'feed:available') {
      for (const { socket, viewer } of this.#seats.taken)
        if (viewer?.isWaitingFor(event.payload.feedId)) tellAvailable(socket, event.payload.feedId);
      return;
    }
    const seat = this.#seats.of(event.payload.viewerId);
    if (!seat || seat.viewer?.nodeId !== event.nodeId) return;
    if (event.name === 'viewer:closed') {
      this.#close(seat, event.payload.code)?.end();
    } else {
      const consumers = seat.viewer.handleConsumersClosed(event.payload.consumers);
      seat.socket.emit(MEDIA_MESSAGES.consumersClosed, { consumers } satisfies ConsumersClosed);
    }
  }

  /** The connection to a node is open again: does it still know our viewers? */
  handleNodeOpen(nodeId: NodeId): void {
    for (const { viewer } of this.#seats.taken) if (viewer?.nodeId === nodeId) void viewer.renew();
  }

  handleNodeGone(nodeId: NodeId): void {
    for (const seat of this.#seats.taken)
      if (seat.viewer?.nodeId === nodeId) this.#close(seat, 'no_sfu')?.end();
  }

  /** Whether these areas may be watched has changed. */
  handleAreas(areaIds: ReadonlySet<AreaId>): void {
    for (const { viewer } of this.#seats.taken) void viewer?.handleAreas(areaIds);
  }

  /** Called a few times a second: renews what is due, and leaves nodes that stay away. */
  tick(): void {
    const { links, finder, view, now } = this.#options;
    this.#seats.forgetDeparted(now());
    for (const { nodeId, sinceMs } of links.down())
      if (now() - sinceMs >= NODE_GRACE_MS && finder.hasUsable(new Set([nodeId])))
        this.handleNodeGone(nodeId);
    // Without a mirror that can be trusted nobody knows what is confidential: grants run out until there is one.
    if (!view.current) return;
    for (const { viewer } of this.#seats.taken) void viewer?.renewIfDue();
  }

  /** Lets go of every viewer; their media go on until somebody else takes them over or their grants run out. */
  [Symbol.dispose](): void {
    for (const seat of this.#seats.all) this.#seats.take(seat)?.end();
  }

  #createViewer(seat: Seat, nodeId: NodeId): Viewer {
    const { links, signer, registry, view, viewings, audit, log, now } = this.#options;
    const { viewerId } = seat.socket.data;
    const world = { registry, area: view.area.bind(view) };
    const viewer: Viewer = new Viewer(
      { viewerId, nodeId },
      {
        links,
        signer,
        log,
        now,
        ask: (feedId) => decideFeed(seat.socket.data.principal, feedId, world),
        mayShowMore: () => view.current && viewings.hasRoom,
        areaOf: (feedId) => registry.feed(feedId)?.area.id,
        onRefused: (feedId, code) => {
          const placed = registry.feed(feedId);
          if (placed)
            audit.auditRefusal({
              principal: seat.socket.data.principal,
              action: 'feed.watch',
              resource: areaResource(placed.area),
              code,
            });
        },
        onViewing: (change) => viewings.note({ principal: seat.socket.data.principal, viewerId }, change),
        onReopened: (feedIds) => {
          for (const feedId of feedIds) tellAvailable(seat.socket, feedId);
        },
        onLost: (code) => {
          if (seat.viewer === viewer) this.#close(seat, code)?.end();
        },
      },
    );
    return viewer;
  }

  #handleDisconnect(seat: Seat, reason: string): void {
    const { viewer } = seat;
    this.#seats.remove(seat);
    if (!viewer) return;
    // Gone on purpose. Otherwise, even when we put it out, the page may be back within the grant's life, here or
    // elsewhere; if its right ended, we hear of it apart from this.
    if (reason === 'client namespace disconnect') {
      this.#leaveQuietly(viewer);
      return;
    }
    viewer.detach();
    const untilMs = this.#options.now() + GRANT_TTL_SECONDS * 1000;
    this.#seats.depart(viewer, seat.socket.data.sessionId, untilMs);
  }

  /** Takes the viewer from its seat and tells the page why. */
  #close(seat: Seat, code: ErrorCode): Viewer | undefined {
    const viewer = this.#seats.take(seat);
    if (viewer) seat.socket.emit(MEDIA_MESSAGES.viewerClosed, { code } satisfies ViewerClosed);
    return viewer;
  }

  #leaveQuietly(viewer: Viewer | undefined): void {
    viewer?.leave().catch((error: unknown) => {
      const { viewerId, nodeId } = viewer;
      this.#options.log.warn({ err: error, viewerId, nodeId }, 'viewer ends with its grant');
    });
  }
}

function tellAvailable(socket: ConsoleSocket, feedId: FeedId): void {
  socket.emit(MEDIA_MESSAGES.available, { feedId } satisfies FeedAvailable);
}
