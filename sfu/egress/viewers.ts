import { type ErrorCode, VartaError } from '#contract/errors.ts';
import type { ViewGrant } from '#contract/grants.ts';
import type { MediaObjectId, NodeId, ViewerId } from '#contract/ids.ts';
import type { MediaJoined } from '#contract/media.ts';
import { KeyedQueue } from '../concurrency/keyed-queue.ts';
import { GrantLedger } from '../grants/grant-ledger.ts';
import { BadGrantError } from '../grants/verify-grant.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { Viewer, type ViewerDeps } from './viewer.ts';

/** Most viewers of one node: a region's desks and displays many times over. */
export const MAX_VIEWERS = 2_000;

/** What the servers hear of viewers; each passes it on to the consoles that it has. */
export interface ViewerNews {
  viewerClosed(viewerId: ViewerId, code: ErrorCode): void;
  tilesClosed(viewerId: ViewerId, tile: { consumerId: string; feedId: string; code: ErrorCode }): void;
}

export interface ViewersOptions extends Pick<ViewerDeps, 'feeds' | 'masks' | 'mesh' | 'now'> {
  nodeId: NodeId;
  pool: Pick<WorkerPool, 'leastLoaded'>;
  news: ViewerNews;
  /** @throws VartaError when this node may take on nothing new at the moment. */
  assertAcceptsNew(): void;
}

/** The viewers of this node. A viewer is one tab of one session; it belongs to the node and not to a connection. */
export class Viewers implements Disposable {
  readonly #options: ViewersOptions;
  readonly #deps: ViewerDeps;
  readonly #viewers = new Map<ViewerId, Viewer>();
  readonly #ledger = new GrantLedger(4 * MAX_VIEWERS);
  /** What changes a viewer or its rights, one after another: what came later wins, also over a join that takes time. */
  readonly #turns = new KeyedQueue();
  #closed = false;

  constructor(options: ViewersOptions) {
    this.#options = options;
    const { feeds, masks, mesh, now, news } = options;
    this.#deps = {
      feeds,
      masks,
      mesh,
      now,
      onTilesClosed: (viewer, tiles) => {
        for (const tile of tiles) news.tilesClosed(viewer.id, tile);
      },
      onEnded: (viewer, code) => {
        if (this.#viewers.get(viewer.id) === viewer) this.#viewers.delete(viewer.id);
        news.viewerClosed(viewer.id, code);
      },
    };
  }

  get size(): number {
    return this.#viewers.size;
  }

  /** Feeds that are received, over all viewers. */
  get tiles(): number {
    let tiles = 0;
    for (const viewer of this.#viewers.values()) tiles += viewer.tiles;
    return tiles;
  }

  /** @throws VartaError `grant_expired`, `grant_invalid` for a replayed or late grant, `limit_reached`, `no_sfu`. */
  join(
    grant: ViewGrant,
    have: MediaObjectId | undefined,
    { adoptOnly = false }: { adoptOnly?: boolean } = {},
  ): Promise<MediaJoined> {
    return this.#turns.run(grant.sub, async () => {
      this.#accept(grant);
      const present = this.#viewers.get(grant.sub);
      const base = { viewerId: grant.sub, nodeId: this.#options.nodeId };
      if (present && have !== undefined && present.transportId === have) {
        present.applyGrant(grant);
        return { adopted: true, ...base };
      }
      if (adoptOnly) throw new VartaError('unknown_viewer');
      this.#drop(grant.sub);
      const viewer = await this.#create(grant);
      return {
        adopted: false,
        ...base,
        routerRtpCapabilities: { ...viewer.worker.router.rtpCapabilities },
        transport: viewer.transportOptions,
      };
    });
  }

  /**
   * Takes in a viewer that is set up in another way than by {@link join}, in place of whatever stood under its id.
   *
   * @throws VartaError as {@link join} does, and what `build` throws.
   */
  admit(
    grant: ViewGrant,
    build: (worker: MediaWorker, deps: ViewerDeps) => Promise<Viewer>,
  ): Promise<Viewer> {
    return this.#turns.run(grant.sub, async () => {
      this.#accept(grant);
      this.#drop(grant.sub);
      return this.#create(grant, build);
    });
  }

  /** The viewer, with this grant in force. @throws VartaError `unknown_viewer` and what {@link join} throws of grants. */
  withGrant(grant: ViewGrant): Promise<Viewer> {
    return this.#turns.run(grant.sub, async () => {
      this.#accept(grant);
      const viewer = this.get(grant.sub);
      viewer.applyGrant(grant);
      return viewer;
    });
  }

  /** Ends a viewer, if there is such a one. */
  leave(viewerId: ViewerId): Promise<void> {
    return this.#turns.run(viewerId, async () => this.#drop(viewerId));
  }

  /** @throws VartaError `unknown_viewer`. */
  get(viewerId: ViewerId): Viewer {
    const viewer = this.#viewers.get(viewerId);
    if (!viewer) throw new VartaError('unknown_viewer');
    return viewer;
  }

  find(viewerId: ViewerId): Viewer | undefined {
    return this.#viewers.get(viewerId);
  }

  handleWorkerDied(worker: MediaWorker): void {
    for (const viewer of [...this.#viewers.values()]) {
      if (viewer.worker !== worker) continue;
      this.#drop(viewer.id);
      this.#options.news.viewerClosed(viewer.id, 'internal');
    }
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const viewer of [...this.#viewers.values()]) {
      this.#drop(viewer.id);
      this.#options.news.viewerClosed(viewer.id, 'shutting_down');
    }
  }

  async #create(
    grant: ViewGrant,
    build = (worker: MediaWorker, deps: ViewerDeps) => Viewer.create(grant, worker, deps),
  ): Promise<Viewer> {
    if (this.#viewers.size >= MAX_VIEWERS) {
      throw new VartaError('limit_reached', 'This node has all the viewers it can have');
    }
    this.#options.assertAcceptsNew();
    const viewer = await build(this.#options.pool.leastLoaded(), this.#deps);
    if (this.#closed || viewer.closed) {
      viewer.close();
      throw new VartaError(this.#closed ? 'shutting_down' : 'no_sfu');
    }
    this.#viewers.set(grant.sub, viewer);
    return viewer;
  }

  #drop(viewerId: ViewerId): void {
    this.#viewers.get(viewerId)?.close();
    this.#viewers.delete(viewerId);
  }

  #accept(grant: ViewGrant): void {
    if (this.#closed) throw new VartaError('shutting_down');
    if (grant.exp * 1000 <= this.#options.now()) throw new VartaError('grant_expired');
    const verdict = this.#ledger.accept(grant);
    if (verdict === 'in-force') return;
    const reason = 'A newer grant of this viewer is in force';
    if (verdict === 'shown-again') throw new BadGrantError('grant_invalid', reason);
    throw new VartaError('grant_invalid', reason);
  }
}
