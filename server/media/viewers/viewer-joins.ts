import { setTimeout } from 'node:timers/promises';
import type { z } from 'zod';
import { type ErrorCode, toVartaError, VartaError } from '#contract/errors.ts';
import type { NodeId, RegionId, ViewerId } from '#contract/ids.ts';
import type { MediaJoin, MediaJoined } from '#contract/media.ts';
import { actionsOf, type Principal } from '../../access/decide.ts';
import type { AuditLog } from '../../audit/audit.ts';
import type { LiveView } from '../../live/live.ts';
import type { IceServersFor } from '../ice/ice-servers.ts';
import type { NodeFinder } from '../nodes/node-finder.ts';
import type { Log, Now } from '../ports.ts';
import type { ViewingLog } from '../viewings/viewing-log.ts';
import type { Seat, SeatTable } from './seat-table.ts';
import type { Viewer } from './viewer.ts';

/** Pages of one session that may watch at the same time on this replica: every display of a large desk. */
const MAX_VIEWERS_OF_SESSION = 16;
/** Joins of one page that may wait for one another. */
const MAX_JOINS_WAITING = 3;
/** For how long a join is tried, at other nodes or after a pause at the same one: pages wait for twice as long. */
const JOIN_PATIENCE_MS = 4_000;
const RETRY_MS = 250;

/** Refusals of a node after which another one may do. */
const NODE_TROUBLE: ReadonlySet<ErrorCode> = new Set([
  'no_sfu',
  'sfu_timeout',
  'shutting_down',
  // The node is cut off from the registry and takes nothing new.
  'store_unavailable',
  'limit_reached',
  'internal',
]);

interface ViewerJoinsOptions {
  seats: SeatTable;
  finder: NodeFinder;
  view: Pick<LiveView, 'current'>;
  viewings: Pick<ViewingLog, 'hasRoom'>;
  audit: Pick<AuditLog, 'auditRefusal'>;
  log: Log;
  now: Now;
  createViewer(seat: Seat, nodeId: NodeId): Viewer;
  leaveQuietly(viewer: Viewer): void;
  /** Tells the other replicas that this one has the viewer now. */
  announceTaken(viewerId: ViewerId): void;
  iceServersFor: IceServersFor;
}

/** How pages come to their viewers: on the node where their media already are, or on the best one. */
export class ViewerJoins {
  readonly #options: ViewerJoinsOptions;

  constructor(options: ViewerJoinsOptions) {
    this.#options = options;
  }

  /** Gives a page its transport; see {@link MediaJoin} for what `have` does. */
  async join(seat: Seat, have: z.infer<typeof MediaJoin>['have']): Promise<MediaJoined> {
    if (seat.joinsWaiting >= MAX_JOINS_WAITING) throw new VartaError('rate_limited');
    seat.joinsWaiting += 1;
    const joined = seat.joining
      .then(() => this.#join(seat, have))
      .finally(() => {
        seat.joinsWaiting -= 1;
      });
    seat.joining = joined.catch(() => {});
    return joined;
  }

  async #join(seat: Seat, have: z.infer<typeof MediaJoin>['have']): Promise<MediaJoined> {
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

    const failed = new Set<NodeId>();
    if (have && (await finder.isReachable(have.nodeId))) {
      const joined = await this.#tryNode(seat, have.nodeId, have);
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
      const nodeId = await finder.find(toRegion(principal), failed);
      const joined = await this.#tryNode(seat, nodeId);
      if (joined) return joined;
      failed.add(nodeId);
    } while (this.#options.now() < untilMs);
    throw new VartaError('no_sfu');
  }

  /** Joins at a node; undefined when the node cannot, so that another may be tried. */
  async #tryNode(
    seat: Seat,
    nodeId: NodeId,
    have?: z.infer<typeof MediaJoin>['have'],
  ): Promise<MediaJoined | undefined> {
    if (seat.isEnded || !seat.socket.connected) throw new VartaError('unauthenticated');
    const viewer = this.#options.createViewer(seat, nodeId);
    this.#seatViewer(seat, viewer);
    try {
      const joined = await viewer.join(have && { transportId: have.transportId, feeds: have.feeds ?? [] });
      if (seat.viewer !== viewer) throw new VartaError('unknown_viewer');
      this.#options.announceTaken(viewer.viewerId);
      if (joined.adopted) return joined;
      const iceServers = this.#options.iceServersFor(viewer.viewerId);
      return iceServers.length > 0 ? { ...joined, iceServers } : joined;
    } catch (thrown) {
      if (seat.viewer === viewer) this.#options.seats.take(seat)?.end();
      const error = toVartaError(thrown);
      if (!NODE_TROUBLE.has(error.code)) throw error;
      this.#options.log.warn({ nodeId, code: error.code, reason: error.message }, 'node took no viewer');
      return undefined;
    }
  }

  /** Gives a seat its viewer. What stood for the same page before, here or at another node, does so no more. */
  #seatViewer(seat: Seat, viewer: Viewer): void {
    const before = this.#options.seats.put(seat, viewer);
    // At the same node, joining replaces or adopts it.
    if (before && before.nodeId !== viewer.nodeId) this.#options.leaveQuietly(before);
    else before?.end();
  }
}

/** Where somebody sits, as far as their scope tells. */
function toRegion(principal: Principal): RegionId | undefined {
  if (principal.kind !== 'person' || principal.scope.kind !== 'regions') return undefined;
  return principal.scope.regionIds.length === 1 ? principal.scope.regionIds[0] : undefined;
}
