import type { Consumer } from 'mediasoup/types';
import type { z } from 'zod';
import { type ErrorCode, VartaError } from '#contract/errors.ts';
import { GRANT_LEEWAY_SECONDS, type ViewGrant } from '#contract/grants.ts';
import type { MediaObjectId, NodeId } from '#contract/ids.ts';
import {
  MAX_PROOFS,
  type MESH_EVENTS,
  type MESH_MESSAGES,
  type MeshEvent,
  type RelayLooked,
  type RelayOpened,
} from '#contract/mesh.ts';
import { BadGrantError, type Verified } from '../grants/verify-grant.ts';
import type { FeedUse } from '../ingest/feed-use.ts';
import type { Feeds } from '../ingest/feeds.ts';
import { countPackets } from '../ingest/source.ts';
import type { Masks } from '../masks/masks.ts';
import type { Handlers } from '../node/dispatch.ts';
import type { ListenAddress } from '../workers/addresses.ts';
import { toMediaError } from '../workers/media-errors.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { type PeerPipe, PeerPipes } from './peer-pipes.ts';
import { toPipeEnd } from './pipe.ts';

/** Most feeds that one node gets from here: all that a node can hold. */
const MAX_RELAYS = 10_000;

export interface PeerIdentity {
  nodeId: NodeId;
  /** Where its pipes are, by the registry. */
  address: string;
  grant: Verified<ViewGrant>;
}

export interface PeerSessionOptions {
  peer: PeerIdentity;
  feeds: Pick<Feeds, 'use' | 'isServing'>;
  /** What grants say is to be covered. */
  masks: Pick<Masks, 'note'>;
  pool: Pick<WorkerPool, 'leastLoaded'>;
  listen: ListenAddress;
  now: () => number;
  /** Checks a grant that the peer shows: signature, life, `aud`, and that the peer is registered. */
  verify(token: string): Promise<Verified<ViewGrant>>;
  emit<E extends MeshEvent>(event: E, payload: z.input<(typeof MESH_EVENTS)[E]>): void;
}

/** A feed that goes to the peer. */
interface Relay {
  consumer?: Consumer;
  use?: FeedUse;
  pipe?: PeerPipe;
  ended?: ErrorCode;
  /** Its facility's edge holds it back for now. */
  isHeld?: boolean;
}

type Request<M extends keyof typeof MESH_MESSAGES> = z.infer<(typeof MESH_MESSAGES)[M]['request']>;

/**
 * One other node that gets feeds from here, for as long as its connection lives. One consumer for each feed, whatever
 * number of viewers is over there; one pipe from each worker here to each worker there, while anything goes through it.
 */
export class PeerSession {
  readonly #options: PeerSessionOptions;
  readonly #grants = new Map<string, ViewGrant>();
  readonly #relays = new Map<MediaObjectId, Relay>();
  readonly #pipes: PeerPipes;
  #closed = false;

  constructor(options: PeerSessionOptions) {
    this.#options = options;
    this.#pipes = new PeerPipes({
      listen: options.listen,
      address: options.peer.address,
      onClosed: (pipeId) => {
        if (!this.#closed) options.emit('pipe:closed', { pipeId });
      },
    });
    this.#remember(options.peer.grant);
  }

  get nodeId(): NodeId {
    return this.#options.peer.nodeId;
  }

  get relays(): number {
    return this.#relays.size;
  }

  get pipes(): number {
    return this.#pipes.size;
  }

  get handlers(): Handlers<typeof MESH_MESSAGES> {
    return {
      'mesh:ping': async () => ({}),
      'relay:prove': async ({ grant }) => {
        this.#remember(await this.#options.verify(grant));
        return {};
      },
      'relay:open': (request) => this.#open(request),
      'relay:connect': async ({ pipeId, end }) => {
        await this.#pipes.connect(pipeId, end);
        return {};
      },
      'relay:layers': async (request) => {
        await this.#setLayers(request);
        return {};
      },
      'relay:look': ({ relayId }) => this.#look(relayId),
      'relay:close': async ({ relayId }) => {
        this.#close(relayId);
        return {};
      },
    };
  }

  /** The peer is gone, or this node goes: everything that was opened for it is closed. */
  close(): void {
    this.#closed = true;
    for (const relayId of [...this.#relays.keys()]) this.#close(relayId);
    this.#pipes.close();
  }

  #remember(grant: ViewGrant): void {
    for (const feed of grant.feeds) this.#options.masks.note(feed);
    // Deleted first: one that is shown again is the youngest, and not forgotten before those that came after it.
    this.#grants.delete(grant.jti);
    this.#grants.set(grant.jti, grant);
    const [oldest] = this.#grants.keys();
    if (oldest !== undefined && this.#grants.size > MAX_PROOFS) this.#grants.delete(oldest);
  }

  /** The grant's word on a feed. */
  #granted({ proof, feedId }: Request<'relay:open'>): ViewGrant['feeds'][number] {
    const grant = this.#grants.get(proof);
    if (!grant) throw new BadGrantError('grant_invalid', 'This grant was not shown');
    if ((grant.exp + GRANT_LEEWAY_SECONDS) * 1000 <= this.#options.now())
      throw new VartaError('grant_expired');
    const granted = grant.feeds.find(({ id }) => id === feedId);
    if (!granted) throw new VartaError('grant_not_covering');
    return granted;
  }

  async #open(request: Request<'relay:open'>): Promise<RelayOpened> {
    const { relayId, lane, layers } = request;
    const granted = this.#granted(request);
    if (this.#relays.has(relayId)) throw new VartaError('invalid', 'There is such a relay already');
    if (this.#relays.size >= MAX_RELAYS) throw new VartaError('limit_reached');
    const relay: Relay = {};
    this.#relays.set(relayId, relay);
    try {
      const { feeds, pool } = this.#options;
      const use = await feeds.use(granted, pool.leastLoaded(), {
        layer: layers[0] ?? granted.layers[0] ?? 'low',
        forPeer: true,
        onEnded: (code) => this.#end(relayId, code),
        onFlow: () => undefined,
        onHeld: (isHeld) => {
          relay.isHeld = isHeld;
          // One that is still being opened is answered with it.
          if (relay.consumer && !this.#closed) this.#options.emit('relay:held', { relayId, isHeld });
        },
      });
      relay.use = use;
      this.#assertLives(relayId, relay);
      const pipe = await this.#pipes.take(use.source.worker, lane);
      relay.pipe = pipe;
      this.#assertLives(relayId, relay);
      const consumer = await pipe.transport
        .consume({ producerId: use.source.producer.id })
        .catch((error: unknown) => {
          throw toMediaError(error, 'no_sfu');
        });
      relay.consumer = consumer;
      this.#assertLives(relayId, relay);
      consumer.once('producerclose', () => this.#end(relayId, 'internal'));
      consumer.once('transportclose', () => this.#end(relayId, 'internal'));
      return {
        kind: 'video',
        rtpParameters: { ...consumer.rtpParameters },
        layers: [...use.source.layers],
        pipe: { pipeId: pipe.transport.id, end: toPipeEnd(pipe.transport) },
        ...(relay.isHeld ? { isHeld: true } : {}),
      };
    } catch (error) {
      this.#close(relayId);
      this.#release(relay);
      throw error;
    }
  }

  /** Whether the relay was closed or ended while something was waited for. */
  #assertLives(relayId: MediaObjectId, relay: Relay): void {
    if (relay.ended) throw new VartaError(relay.ended);
    if (this.#closed || this.#relays.get(relayId) !== relay) throw new VartaError('unknown_resource');
  }

  /**
   * A peer may have layers above the grant's `maxLayer`: the relay is for all of its viewers, each with a grant of its own,
   * and the one that opened it is not the one with the most rights. What each viewer may see is checked where the viewer
   * is, by its own grant; a peer is a node of ours, with an address in the registry, and not somebody's page.
   */
  async #setLayers({ relayId, layers, importance }: Request<'relay:layers'>): Promise<void> {
    const relay = this.#relays.get(relayId);
    if (!relay?.use || !relay.consumer) throw new VartaError('unknown_resource');
    const [preferred, ...also] = layers;
    relay.use.change(
      preferred === undefined ? { active: false } : { active: true, preferred, also, importance },
    );
    await (preferred === undefined ? relay.consumer.pause() : relay.consumer.resume());
  }

  /** The peer gets nothing: it is told what comes here, and whether it is alone with that. */
  async #look(relayId: MediaObjectId): Promise<RelayLooked> {
    const use = this.#relays.get(relayId)?.use;
    if (!use) throw new VartaError('unknown_resource');
    use.complain(this.#options.now());
    const packets = (await countPackets(use.source)) ?? null;
    return { packets, isServing: this.#options.feeds.isServing(use.source) };
  }

  /** The source is gone, or is given up: the peer is told. */
  #end(relayId: MediaObjectId, code: ErrorCode): void {
    const relay = this.#relays.get(relayId);
    if (!relay) return;
    relay.ended = code;
    const isTold = relay.consumer !== undefined;
    this.#close(relayId);
    // One that is still being opened is answered with the code.
    if (isTold && !this.#closed) this.#options.emit('relay:ended', { relayId, code });
  }

  #close(relayId: MediaObjectId): void {
    const relay = this.#relays.get(relayId);
    this.#relays.delete(relayId);
    if (relay) this.#release(relay);
  }

  /** Closes what a relay has, and its pipe after the last one. May be called again when it has got more meanwhile. */
  #release(relay: Relay): void {
    const { consumer, use, pipe } = relay;
    delete relay.consumer;
    delete relay.use;
    delete relay.pipe;
    consumer?.close();
    use?.release();
    if (pipe) this.#pipes.leave(pipe);
  }
}
