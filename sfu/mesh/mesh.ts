import type { Producer } from 'mediasoup/types';
import { KeyedQueue } from '../concurrency/keyed-queue.ts';
import type { Source } from '../ingest/source.ts';
import { MAX_CONSUMERS, type MediaWorker } from '../workers/media-worker.ts';

/** A feed's media at the place where a viewer is. */
export interface Branch {
  /** What to consume there. */
  readonly producerId: string;
  /** No one there needs it any more. */
  release(): void;
}

/**
 * Brings feeds to where their viewers are. Here between the workers of one node; between nodes it is the same promise:
 * one crossing for all viewers over there, torn down after the last.
 */
export interface Carrier {
  branch(source: Source, worker: MediaWorker): Promise<Branch>;
}

interface Pipe {
  users: number;
  consumer: { close(): void };
  producer: Producer;
}

/** Pipes between the workers of this node, over loopback. Every consumer of a worker may wait for the same one. */
export class Mesh implements Carrier {
  readonly #pipes = new Map<string, Pipe>();
  readonly #queue = new KeyedQueue({ maxWaiting: MAX_CONSUMERS });

  get size(): number {
    return this.#pipes.size;
  }

  async branch(source: Source, worker: MediaWorker): Promise<Branch> {
    const producerId = source.producer.id;
    if (worker === source.worker) return { producerId, release: () => undefined };
    const key = `${producerId} ${worker.pid}`;
    const pipe = await this.#queue.run(key, async () => {
      const living = this.#pipes.get(key);
      const found = living && !living.producer.closed ? living : await this.#open(source, worker);
      found.users += 1;
      this.#pipes.set(key, found);
      return found;
    });
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      pipe.users -= 1;
      if (pipe.users > 0) return;
      pipe.consumer.close();
      if (this.#pipes.get(key) === pipe) this.#pipes.delete(key);
    };
    return { producerId, release };
  }

  async #open(source: Source, worker: MediaWorker): Promise<Pipe> {
    const { pipeConsumer, pipeProducer } = await source.worker.router.pipeToRouter({
      producerId: source.producer.id,
      router: worker.router,
      listenInfo: { protocol: 'udp', ip: '127.0.0.1', portRange: source.worker.portRange },
      enableSctp: false,
    });
    if (!pipeConsumer || !pipeProducer) throw new Error('mediasoup made no pipe for a media producer');
    return { users: 0, consumer: pipeConsumer, producer: pipeProducer };
  }
}
