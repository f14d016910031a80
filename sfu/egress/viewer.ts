import type { IceParameters, Router, RtpCapabilities, WebRtcTransport } from 'mediasoup/types';
import { type ErrorCode, VartaError } from '#contract/errors.ts';
import type { ViewGrant } from '#contract/grants.ts';
import type { FeedId, MediaObjectId, ViewerId } from '#contract/ids.ts';
import type { DtlsParameters, TransportOptions, Watched } from '#contract/media.ts';
import type { HeldGrant } from '../grants/verify-grant.ts';
import type { Feeds } from '../ingest/feeds.ts';
import type { Masks } from '../masks/masks.ts';
import type { Carrier } from '../mesh/mesh.ts';
import { toMediaError } from '../workers/media-errors.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import { grantedLayer, openTile } from './open-tile.ts';
import type { Asked, Tile } from './tile.ts';

export interface ViewerDeps {
  feeds: Pick<Feeds, 'use'>;
  mesh: Carrier;
  /** What grants say is to be covered. */
  masks: Pick<Masks, 'note'>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Tells the servers that tiles ended though nobody asked for it. */
  onTilesClosed(
    viewer: Viewer,
    tiles: { consumerId: MediaObjectId; feedId: FeedId; code: ErrorCode }[],
  ): void;
  /** Tells that the viewer ended by itself: its grant ran out, or its transport broke. */
  onEnded(viewer: Viewer, code: ErrorCode): void;
}

type GrantedView = ViewGrant['feeds'][number];

/**
 * One page that receives media: a transport, its tiles, and the grant that says what it may see. When the grant runs
 * out, everything ends; what a new grant does not name ends at once.
 */
export class Viewer {
  readonly id: ViewerId;
  readonly worker: MediaWorker;
  readonly #transport: WebRtcTransport;
  readonly #deps: ViewerDeps;
  readonly #tiles = new Map<FeedId, Tile>();
  /** Tiles that others have taken the place of, until the page has a picture of those. */
  readonly #former = new Set<Tile>();
  readonly #opening = new Map<FeedId, Promise<Watched>>();
  readonly #releaseWorker: () => void;
  #granted = new Map<FeedId, GrantedView>();
  /** The grant in force, as the server signed it. */
  #proof: string | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #connecting: Promise<void> | undefined;
  #closed = false;

  /** On the worker's own router, or on another one of the same worker, if that is where what it consumes will be. */
  static async create(
    grant: HeldGrant,
    worker: MediaWorker,
    deps: ViewerDeps,
    router: Router = worker.router,
  ): Promise<Viewer> {
    const transport = await router
      .createWebRtcTransport({
        webRtcServer: worker.webRtcServer,
        enableUdp: true,
        enableTcp: true,
        preferUdp: true,
      })
      .catch((error: unknown) => {
        throw toMediaError(error, 'internal');
      });
    return new Viewer({ grant, worker, deps, transport });
  }

  private constructor(parts: {
    grant: HeldGrant;
    worker: MediaWorker;
    deps: ViewerDeps;
    transport: WebRtcTransport;
  }) {
    this.id = parts.grant.sub;
    this.worker = parts.worker;
    this.#transport = parts.transport;
    this.#deps = parts.deps;
    this.#releaseWorker = parts.worker.carry('viewers');
    const { observer } = parts.transport;
    parts.transport.on('icestatechange', (state) => {
      if (state === 'disconnected') this.end('unknown_viewer');
    });
    parts.transport.on('dtlsstatechange', (state) => {
      if (state === 'failed' || state === 'closed') this.end('unknown_viewer');
    });
    observer.once('close', () => this.end('internal'));
    this.applyGrant(parts.grant);
  }

  get closed(): boolean {
    return this.#closed;
  }

  get tiles(): number {
    return this.#tiles.size + this.#former.size;
  }

  get transportId(): MediaObjectId {
    return this.#transport.id;
  }

  /** For whoever describes our end in another way than {@link transportOptions}. */
  get mediaTransport(): WebRtcTransport {
    return this.#transport;
  }

  /** Whether the far end has got through to us. */
  get connected(): boolean {
    return this.#transport.dtlsState === 'connected';
  }

  /** What the page needs to set its end of the transport up. */
  get transportOptions(): TransportOptions {
    const { id, iceParameters, iceCandidates, dtlsParameters } = this.#transport;
    return { id, iceParameters: { ...iceParameters }, iceCandidates, dtlsParameters: { ...dtlsParameters } };
  }

  /** Takes this grant in place of the present one: what it does not name is closed before this returns. */
  applyGrant(grant: HeldGrant): void {
    if (this.#closed) return;
    this.#proof = grant.jws;
    this.#granted = new Map(grant.feeds.map((feed) => [feed.id, feed]));
    for (const feed of grant.feeds) this.#deps.masks.note(feed, grant.jws);
    for (const tile of this.#all()) {
      const granted = this.#granted.get(tile.feedId);
      if (granted && grantedLayer(granted, granted.maxLayer) !== undefined) tile.cap(granted.maxLayer);
      else this.#drop(tile, 'grant_not_covering');
    }
    clearTimeout(this.#expiry);
    const lifeMs = Math.max(0, grant.exp * 1000 - this.#deps.now());
    this.#expiry = setTimeout(() => this.end('grant_expired'), lifeMs);
  }

  /** Once; the same again answers like the first. @throws VartaError `invalid` for parameters that are not DTLS. */
  async connect(transportId: MediaObjectId, dtlsParameters: DtlsParameters): Promise<void> {
    this.#assertOpen();
    if (transportId !== this.#transport.id)
      throw new VartaError('unknown_resource', 'This viewer has another transport');
    if (this.#connecting) return this.#connecting;
    // mediasoup checks the algorithm's name itself.
    const parameters = dtlsParameters as Parameters<WebRtcTransport['connect']>[0]['dtlsParameters'];
    this.#connecting = this.#transport.connect({ dtlsParameters: parameters });
    try {
      await this.#connecting;
    } catch (error) {
      this.#connecting = undefined;
      throw toMediaError(error, 'invalid');
    }
  }

  /** A new generation of ICE on the same transport; media go on. */
  async restartIce(): Promise<IceParameters> {
    this.#assertOpen();
    try {
      return await this.#transport.restartIce();
    } catch (error) {
      this.#assertOpen();
      throw toMediaError(error, 'internal');
    }
  }

  /** Consumers for these feeds, all at once; each answers for itself. */
  watch(feeds: readonly ({ feedId: FeedId } & Asked)[], capabilities: RtpCapabilities): Promise<Watched[]> {
    this.#assertOpen();
    return Promise.all(feeds.map(({ feedId, ...asked }) => this.#watchOne(feedId, asked, capabilities)));
  }

  async resume(ids: readonly MediaObjectId[]): Promise<void> {
    await this.#each(ids, (tile) => tile.resume());
  }

  async pause(ids: readonly MediaObjectId[]): Promise<void> {
    await this.#each(ids, (tile) => tile.pause());
  }

  async setLayers(items: readonly ({ consumerId: MediaObjectId } & Asked)[]): Promise<void> {
    const byConsumer = new Map(items.map(({ consumerId, ...asked }) => [consumerId, asked]));
    await this.#each([...byConsumer.keys()], (tile) => {
      const asked = byConsumer.get(tile.consumer.id);
      return asked ? tile.prefer(asked) : Promise.resolve();
    });
  }

  async unwatch(ids: readonly MediaObjectId[]): Promise<void> {
    await this.#each(ids, async (tile) => {
      this.#remove(tile);
      tile.close();
    });
  }

  /** Closes everything without a word: the servers asked for it, or are told by whoever calls this. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#expiry);
    for (const tile of this.#all()) tile.close();
    this.#tiles.clear();
    this.#former.clear();
    this.#releaseWorker();
    this.#transport.close();
  }

  /** Closes everything; the servers are told why. */
  end(code: ErrorCode): void {
    if (this.#closed) return;
    this.close();
    this.#deps.onEnded(this, code);
  }

  #assertOpen(): void {
    if (this.#closed) throw new VartaError('unknown_viewer');
  }

  async #watchOne(feedId: FeedId, asked: Asked, capabilities: RtpCapabilities): Promise<Watched> {
    try {
      const present = this.#tiles.get(feedId);
      if (present && !present.isOutdated) {
        await present.prefer(asked);
        return present.toWatched();
      }
      const opening = this.#opening.get(feedId) ?? this.#open(feedId, asked, capabilities);
      this.#opening.set(feedId, opening);
      return await opening.finally(() => this.#opening.delete(feedId));
    } catch (error) {
      const { code, message } = toMediaError(error, 'invalid');
      return { ok: false, feedId, code, message };
    }
  }

  async #open(feedId: FeedId, asked: Asked, capabilities: RtpCapabilities): Promise<Watched> {
    const { feeds, mesh } = this.#deps;
    const tile = await openTile({
      ...{ feeds, mesh, worker: this.worker, transport: this.#transport },
      ...{ capabilities, asked, proof: this.#proof },
      granted: () => this.#covered(feedId),
      onLost: (lost, code) => this.#drop(lost, code),
    });
    const former = this.#tiles.get(feedId);
    if (former) this.#former.add(former);
    this.#tiles.set(feedId, tile);
    return tile.toWatched();
  }

  /** The grant's word on a feed. @throws VartaError `grant_not_covering`, `unknown_viewer` when the viewer has ended. */
  #covered(feedId: FeedId): GrantedView {
    this.#assertOpen();
    const granted = this.#granted.get(feedId);
    if (!granted || grantedLayer(granted, granted.maxLayer) === undefined)
      throw new VartaError('grant_not_covering');
    return granted;
  }

  #drop(tile: Tile, code: ErrorCode): void {
    if (!this.#remove(tile)) return;
    tile.close();
    this.#deps.onTilesClosed(this, [{ consumerId: tile.consumer.id, feedId: tile.feedId, code }]);
  }

  #all(): Tile[] {
    return [...this.#tiles.values(), ...this.#former];
  }

  /** Whether it was there. */
  #remove(tile: Tile): boolean {
    if (this.#tiles.get(tile.feedId) === tile) return this.#tiles.delete(tile.feedId);
    return this.#former.delete(tile);
  }

  /** Ids that are gone already are no error: the page will hear of it, or has just closed them itself. */
  async #each(ids: readonly MediaObjectId[], act: (tile: Tile) => Promise<void>): Promise<void> {
    this.#assertOpen();
    const wanted = new Set(ids);
    const tiles = this.#all().filter((tile) => wanted.has(tile.consumer.id));
    try {
      await Promise.all(tiles.map(act));
    } catch (error) {
      this.#assertOpen();
      throw toMediaError(error, 'invalid');
    }
  }
}
