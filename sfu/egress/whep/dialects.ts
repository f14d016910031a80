import type { Router, RouterRtpCodecCapability, RtpCodecParameters } from 'mediasoup/types';
import { KeyedQueue } from '../../concurrency/keyed-queue.ts';
import type { Branch, Carrier } from '../../mesh/mesh.ts';
import { MAX_CONSUMERS, type MediaWorker } from '../../workers/media-worker.ts';

/** A codec under a number of a player's choice. */
export interface DialectFormat {
  codec: Pick<RtpCodecParameters, 'mimeType' | 'clockRate' | 'parameters'>;
  payloadType: number;
}

/** A router on a worker that sends one codec under one payload type. */
export interface Dialect {
  readonly router: Router;
  /** Brings feeds into the router: first to its worker, then into the router. */
  carrierOver(mesh: Carrier): Carrier;
  /** Whoever asked for the router does not need it any more. */
  release(): void;
}

interface Pipe {
  users: number;
  producerId: string;
  close(): void;
}

interface Entry {
  users: number;
  router: Router;
  pipes: Map<string, Pipe>;
}

/**
 * mediasoup sends with the payload types of the router and knows no others, but who answers an offer has to send with
 * those of the offer. So players that use the same number for the same codec share a router of their own, and each of
 * their feeds crosses over to it once. Browsers of a kind use the same numbers; there are as many routers as kinds.
 */
export class Dialects {
  readonly #entries = new Map<string, Entry>();
  /** Per router and per feed in a router; also what is closed while it is being opened goes in order. */
  readonly #queue = new KeyedQueue({ maxWaiting: MAX_CONSUMERS });

  /** Routers that are open. */
  get size(): number {
    return this.#entries.size;
  }

  /** The router for this format on this worker, until it is released. */
  async open(worker: MediaWorker, format: DialectFormat): Promise<Dialect> {
    const key = [worker.pid, format.payloadType, JSON.stringify(toCapability(format))].join(' ');
    const entry = await this.#queue.run(key, async () => {
      const living = this.#entries.get(key);
      const found =
        living && !living.router.closed
          ? living
          : { users: 0, router: await worker.openRouter([toCapability(format)]), pipes: new Map() };
      found.users += 1;
      this.#entries.set(key, found);
      return found;
    });
    const release = once(() => {
      entry.users -= 1;
      if (entry.users > 0) return;
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      entry.router.close();
    });
    return {
      router: entry.router,
      carrierOver: (mesh) => ({
        branch: async (source, at) => {
          const branch = await mesh.branch(source, at);
          try {
            const inside = await this.#pipe(entry, worker, branch.producerId);
            return {
              producerId: inside.producerId,
              release: () => {
                inside.release();
                branch.release();
              },
            };
          } catch (error) {
            branch.release();
            throw error;
          }
        },
      }),
      release,
    };
  }

  async #pipe(entry: Entry, worker: MediaWorker, producerId: string): Promise<Branch> {
    const pipe = await this.#queue.run(`${entry.router.id} ${producerId}`, async () => {
      const found = entry.pipes.get(producerId) ?? (await openPipe(entry, worker, producerId));
      found.users += 1;
      return found;
    });
    const release = once(() => {
      pipe.users -= 1;
      if (pipe.users === 0) pipe.close();
    });
    return { producerId: pipe.producerId, release };
  }
}

async function openPipe(entry: Entry, worker: MediaWorker, producerId: string): Promise<Pipe> {
  const { pipeConsumer, pipeProducer } = await worker.router.pipeToRouter({
    producerId,
    router: entry.router,
    // Producers of one worker cannot have the same id.
    keepId: false,
    listenInfo: { protocol: 'udp', ip: '127.0.0.1', portRange: worker.portRange },
    enableSctp: false,
  });
  if (!pipeConsumer || !pipeProducer) throw new Error('mediasoup made no pipe for a media producer');
  const pipe: Pipe = { users: 0, producerId: pipeProducer.id, close: () => pipeConsumer.close() };
  entry.pipes.set(producerId, pipe);
  // Its source may end at any time; the next player of the feed opens another one.
  pipeProducer.observer.once('close', () => {
    if (entry.pipes.get(producerId) === pipe) entry.pipes.delete(producerId);
  });
  return pipe;
}

function toCapability({ codec, payloadType }: DialectFormat): RouterRtpCodecCapability {
  const { mimeType, clockRate, parameters = {} } = codec;
  // What belongs to one encoder only is no part of the format.
  const { 'sprop-parameter-sets': _ownSets, ...shared } = parameters;
  return { kind: 'video', mimeType, clockRate, parameters: shared, preferredPayloadType: payloadType };
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    act();
  };
}
