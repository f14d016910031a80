import { VartaError } from '#contract/errors.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { NodeId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import type { NodeRecord } from '#contract/registry.ts';
import type { Source } from '../ingest/source.ts';
import type { ListenAddress } from '../workers/addresses.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import { HomePeer } from './home-peer.ts';
import type { Homes } from './homes.ts';
import { PeerFailure } from './peer-link.ts';

/** How often it is looked whether the nodes that feeds come from are still there. */
const WATCH_MS = 500;
/** A node that did not answer is not waited for again in this time: others of the same wall have to wait for it, too. */
const SILENT_FOR_MS = 1_000;
/** A connection that carries nothing for this long is closed: pages turn, and come back. */
const IDLE_MS = 30_000;

export interface RelaysOptions {
  nodeId: NodeId;
  /** Where pipes from other nodes come in. */
  listen: ListenAddress;
  homes: Pick<Homes, 'lookUp' | 'isSettled'>;
  /** A node that feeds come from says that it is to be left; told once. */
  onHomeDrains(nodeId: NodeId): void;
  now: () => number;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** Gets feeds from the nodes that they enter: one connection to each, and one crossing for each feed. */
export class Relays implements Disposable {
  readonly #options: RelaysOptions;
  readonly #peers = new Map<NodeId, Promise<HomePeer>>();
  readonly #living = new Set<HomePeer>();
  readonly #draining = new WeakSet<HomePeer>();
  /** Being asked whether they answer, because their records are late. */
  readonly #asked = new WeakSet<HomePeer>();
  /** Those that did not answer when they were asked last. */
  readonly #mute = new WeakSet<HomePeer>();
  /** Until when (milliseconds since 1970) nodes that did not answer are left alone. */
  readonly #silent = new Map<NodeId, number>();
  readonly #timer: NodeJS.Timeout;
  #watching = false;
  #closed = false;

  constructor(options: RelaysOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#watch(), WATCH_MS);
    this.#timer.unref();
  }

  /** Feeds that come from other nodes. */
  get size(): number {
    return [...this.#living].reduce((sum, peer) => sum + peer.relays, 0);
  }

  get pipes(): number {
    return [...this.#living].reduce((sum, peer) => sum + peer.pipes, 0);
  }

  /**
   * Gets a feed from its home, to this worker.
   *
   * @throws PeerFailure when that node cannot be asked, VartaError with its refusal, or ours.
   */
  async open(
    feed: Pick<GrantedFeed, 'id'>,
    worker: MediaWorker,
    { home, proof, layer }: { home: NodeRecord; proof: string; layer: Layer },
  ): Promise<Source> {
    const peer = await this.#peer(home, proof);
    try {
      return await peer.open(feed.id, worker, { proof, layer });
    } catch (error) {
      if (error instanceof PeerFailure && error.how === 'silent') void this.#dropIfSilent(peer);
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const peer of this.#living) peer.close('shutting_down');
    this.#living.clear();
    this.#peers.clear();
  }

  #peer(home: NodeRecord, proof: string): Promise<HomePeer> {
    if (this.#closed) throw new VartaError('shutting_down');
    const known = this.#peers.get(home.nodeId);
    if (known) return known;
    const silentUntil = this.#silent.get(home.nodeId) ?? 0;
    if (this.#options.now() < silentUntil) throw new PeerFailure('silent', home.nodeId);
    this.#silent.delete(home.nodeId);
    const connecting = this.#connect(home, proof);
    this.#peers.set(home.nodeId, connecting);
    connecting.catch((error: unknown) => {
      if (error instanceof PeerFailure && error.how === 'silent')
        this.#silent.set(home.nodeId, this.#options.now() + SILENT_FOR_MS);
      if (this.#peers.get(home.nodeId) === connecting) this.#peers.delete(home.nodeId);
    });
    return connecting;
  }

  async #connect({ nodeId: to, mesh }: NodeRecord, proof: string): Promise<HomePeer> {
    const { nodeId: me, listen, log } = this.#options;
    if (!mesh) throw new PeerFailure('silent', to);
    const peer = await HomePeer.connect({
      me,
      to,
      url: mesh.url,
      proof,
      listen,
      onClosed: (it, reason) => this.#drop(it, reason),
    });
    if (this.#closed || peer.closed) {
      peer.close('no_sfu');
      throw new PeerFailure('silent', to);
    }
    this.#living.add(peer);
    log.info({ home: to }, 'connected to a home of feeds');
    return peer;
  }

  /** Viewers of what came from there ask again, and find the home anew. */
  #drop(peer: HomePeer, reason: string): void {
    // One that was dropped before may have a successor, which is not to be forgotten.
    if (!this.#living.delete(peer)) return;
    const { to } = peer.options;
    this.#peers.delete(to);
    this.#options.log.info({ home: to, reason, relays: peer.relays }, 'connection to a home of feeds ended');
    peer.close('internal');
  }

  async #watch(): Promise<void> {
    if (this.#watching) return;
    this.#watching = true;
    try {
      await Promise.all([...this.#living].map((peer) => this.#look(peer)));
    } catch {
      // Without Redis nobody can be held for dead; what flows goes on.
    } finally {
      this.#watching = false;
    }
  }

  async #look(peer: HomePeer): Promise<void> {
    if (peer.isIdle(this.#options.now(), IDLE_MS)) {
      this.#drop(peer, 'idle');
      return;
    }
    const found = await this.#options.homes.lookUp(peer.options.to);
    if (found?.record.draining) this.#handleDraining(peer);
    if (found && !found.isLate) {
      this.#mute.delete(peer);
      return;
    }
    this.#probe(peer);
    if ((found ? found.isStale : this.#options.homes.isSettled) && this.#mute.has(peer))
      this.#dropSilent(peer);
  }

  /** Asks it, so that it is known whether it answers once its record is out of date. */
  #probe(peer: HomePeer): void {
    if (this.#asked.has(peer)) return;
    this.#asked.add(peer);
    void peer.isAnswering().then((isAnswering) => {
      this.#asked.delete(peer);
      if (isAnswering) this.#mute.delete(peer);
      else this.#mute.add(peer);
    });
  }

  #handleDraining(peer: HomePeer): void {
    if (this.#draining.has(peer)) return;
    this.#draining.add(peer);
    this.#options.onHomeDrains(peer.options.to);
  }

  /** Whether its record is out of date, or gone. Rejects without Redis. */
  async #isStale(peer: HomePeer): Promise<boolean> {
    const { homes } = this.#options;
    const found = await homes.lookUp(peer.options.to);
    return found ? found.isStale : homes.isSettled;
  }

  async #dropIfSilent(peer: HomePeer): Promise<void> {
    if (!this.#living.has(peer) || (await peer.isAnswering())) return;
    if (await this.#isStale(peer).catch(() => false)) this.#dropSilent(peer);
    else this.#drop(peer, 'silent');
  }

  #dropSilent(peer: HomePeer): void {
    if (!this.#living.has(peer)) return;
    // Who takes over what came from there need not find out again that it does not answer.
    this.#silent.set(peer.options.to, this.#options.now() + SILENT_FOR_MS);
    this.#drop(peer, 'silent');
  }
}
