import { setTimeout } from 'node:timers/promises';
import type { z } from 'zod';
import { toVartaError, VartaError } from '#contract/errors.ts';
import type { NodeId, ViewerId } from '#contract/ids.ts';
import type { MediaJoin, MediaJoined } from '#contract/media.ts';
import { actionsOf } from '../../access/decide.ts';
import type { AuditLog } from '../../audit/audit.ts';
import type { LiveView } from '../../live/live.ts';
import type { IceServersFor } from '../ice/ice-servers.ts';
import type { NodeFinder } from '../nodes/node-finder.ts';
import { NODE_TROUBLE } from '../nodes/node-trouble.ts';
import { regionOf } from '../nodes/region-of.ts';
import type { Log, Now } from '../ports.ts';
import type { ViewingLog } from '../viewings/viewing-log.ts';
import type { Seat, SeatTable } from './seat-table.ts';
import type { Viewer } from './viewer.ts';
import { toOtherId, toPageId } from './viewer-ids.ts';

/** Pages of one session that may watch at the same time on this replica: every display of a large desk. */
const MAX_VIEWERS_OF_SESSION = 16;
/** Joins of one page that may wait for one another. */
const MAX_JOINS_WAITING = 3;
/** For how long a join is tried, at other nodes or after a pause at the same one: pages wait for twice as long. */
const JOIN_PATIENCE_MS = 4_000;
const RETRY_MS = 250;

type Have = NonNullable<z.infer<typeof MediaJoin>['have']>;

interface Attempt {
  nodeId: NodeId;
  /** @default the page's first */
  viewerId?: ViewerId;
  /** The transport to adopt; nothing else is wanted then. */
  have?: Have;
}

interface ViewerJoinsOptions {
  seats: SeatTable;
  finder: NodeFinder;
  view: Pick<LiveView, 'current'>;
  viewings: Pick<ViewingLog, 'hasRoom'>;
  audit: Pick<AuditLog, 'auditRefusal'>;
  log: Log;
  now: Now;
  createViewer(seat: Seat, place: { nodeId: NodeId; viewerId: ViewerId }): Viewer;
  leaveQuietly(viewer: Viewer): void;
  /** Tells the other replicas that the page is at this one now. */
  announceTaken(viewerId: ViewerId): void;
  iceServersFor: IceServersFor;
}

/** How pages come to their viewers: on the node where their media already are, or on the best one. */
export class ViewerJoins {
  readonly #options: ViewerJoinsOptions;

  constructor(options: ViewerJoinsOptions) {
    this.#options = options;
  }

  /** Gives a page its transport; see {@link MediaJoin} for what `have` and `beside` do. */
  async join(seat: Seat, request: z.infer<typeof MediaJoin>): Promise<MediaJoined> {
    if (seat.joinsWaiting >= MAX_JOINS_WAITING) throw new VartaError('rate_limited');
    seat.joinsWaiting += 1;
    const joined = seat.joining
      .then(() => this.#join(seat, request))
      .finally(() => {
        seat.joinsWaiting -= 1;
      });
    seat.joining = joined.catch(() => {});
    return joined;
  }

  async #join(seat: Seat, { have, beside }: z.infer<typeof MediaJoin>): Promise<MediaJoined> {
    const { principal, sessionId, viewerId } = seat.socket.data;
    const { view, viewings, finder } = this.#options;
    if (!actionsOf(principal).includes('feed.watch')) {
      this.#options.audit.auditRefusal({
        principal,
        action: 'feed.watch',
        resource: { kind: 'any' },
        code: 'forbidden',
      });
      throw new VartaError('forbidden');
    }
    if (!view.current || !viewings.hasRoom) throw new VartaError('store_unavailable');
    if (this.#options.seats.countOfSession(sessionId, viewerId) >= MAX_VIEWERS_OF_SESSION)
      throw new VartaError('limit_reached');

    if (beside && seat.viewer) return this.#joinBeside(seat, seat.viewer);
    // A page that left while its join waited may be at another replica already, which has to keep it.
    assertThere(seat);
    // Before any node is asked, and once however many are: whatever another replica said of the page is out of date.
    this.#options.announceTaken(toPageId(viewerId));
    const failed = new Set<NodeId>();
    if (have && (await finder.isReachable(have.nodeId))) {
      const joined = (await this.#adopt(seat, have)) ?? (await this.#tryNode(seat, { nodeId: have.nodeId }));
      if (joined) return joined;
      failed.add(have.nodeId);
    }
    const untilMs = this.#options.now() + JOIN_PATIENCE_MS;
    do {
      // A node whose worker has just died has another one in a moment, and may be the only node.
      if (failed.size > 0 && !finder.hasUsable(failed)) {
        await setTimeout(RETRY_MS);
        failed.clear();
      }
      const nodeId = await finder.find(regionOf(principal), failed);
      const joined = await this.#tryNode(seat, { nodeId });
      if (joined) return joined;
      failed.add(nodeId);
    } while (this.#options.now() < untilMs);
    throw new VartaError('no_sfu');
  }

  /** Takes the page's living transport over, by whichever of its ids it is known; undefined when there is none. */
  async #adopt(seat: Seat, have: Have): Promise<MediaJoined | undefined> {
    const pageId = seat.socket.data.viewerId;
    const known = this.#options.seats.findTransport(pageId, have.transportId)?.viewerId;
    const viewerIds = known ? [known] : [pageId, toOtherId(pageId)];
    for (const viewerId of viewerIds) {
      const joined = await this.#tryNode(seat, { nodeId: have.nodeId, viewerId, have });
      if (joined) return joined;
    }
    return undefined;
  }

  /**
   * A second viewer for a page that keeps the first for a while: on another node if the first one's is to be left, else
   * on the same, where its feeds are.
   */
  async #joinBeside(seat: Seat, present: Viewer): Promise<MediaJoined> {
    const { finder, seats, leaveQuietly } = this.#options;
    const isToBeLeft = finder.isToBeLeft(present.nodeId);
    const nodeId =
      !isToBeLeft && finder.isUsable(present.nodeId)
        ? present.nodeId
        : await finder.find(regionOf(seat.socket.data.principal), new Set([present.nodeId]));
    const viewer = this.#options.createViewer(seat, { nodeId, viewerId: toOtherId(present.viewerId) });
    // Whatever of an earlier move is still there has the same id, or is of no use any more.
    if (seat.former) {
      const { former } = seat;
      seats.release(seat, former);
      if (former.nodeId === nodeId) former.end();
      else leaveQuietly(former);
    }
    try {
      const joined = await viewer.join();
      if (seat.isEnded || !seat.socket.connected || seat.viewer !== present)
        throw new VartaError('unknown_viewer');
      seats.putBeside(seat, viewer);
      return this.#toAnswer(seat, joined);
    } catch (error) {
      leaveQuietly(viewer);
      throw error;
    }
  }

  /** Joins at a node; undefined when the node cannot, so that another may be tried. */
  async #tryNode(
    seat: Seat,
    { nodeId, viewerId = seat.socket.data.viewerId, have }: Attempt,
  ): Promise<MediaJoined | undefined> {
    assertThere(seat);
    const viewer = this.#options.createViewer(seat, { nodeId, viewerId });
    this.#seatViewer(seat, viewer);
    try {
      const joined = await viewer.join(
        have && { transportId: have.transportId, feeds: have.feeds ?? [], adoptOnly: true },
      );
      if (seat.viewer !== viewer) throw new VartaError('unknown_viewer');
      return this.#toAnswer(seat, joined);
    } catch (thrown) {
      const isSeated = seat.viewer === viewer;
      if (isSeated) for (const seated of this.#options.seats.take(seat)) seated.end();
      const error = toVartaError(thrown);
      if (have && isSeated && error.code === 'unknown_viewer') return undefined;
      if (!NODE_TROUBLE.has(error.code)) throw error;
      this.#options.log.warn({ nodeId, code: error.code, reason: error.message }, 'node took no viewer');
      return undefined;
    }
  }

  #toAnswer(seat: Seat, joined: MediaJoined): MediaJoined {
    if (joined.adopted) return joined;
    const iceServers = this.#options.iceServersFor(seat.socket.data.viewerId);
    return iceServers.length > 0 ? { ...joined, iceServers } : joined;
  }

  /** Gives a seat its viewer. What stood for the same page before, here or at another node, does so no more. */
  #seatViewer(seat: Seat, viewer: Viewer): void {
    for (const before of this.#options.seats.put(seat, viewer)) {
      // Joining replaces or adopts what has the same id on the same node.
      if (before.nodeId === viewer.nodeId && before.viewerId === viewer.viewerId) before.end();
      else this.#options.leaveQuietly(before);
    }
  }
}

function assertThere({ isEnded, socket }: Seat): void {
  if (isEnded || !socket.connected) throw new VartaError('unauthenticated');
}
