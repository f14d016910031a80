import type { DirectTransport } from 'mediasoup/types';
import type { MediaWorker } from '../workers/media-worker.ts';

interface Shared {
  transport: Promise<DirectTransport>;
  users: number;
}

/** Transports over which keyframes come out of workers: one a worker for all who tap there, while anybody does. */
export class TapTransports implements Disposable {
  readonly #shared = new Map<MediaWorker, Shared>();

  /** @throws what mediasoup throws when the worker is gone, and what `use` throws. */
  async use<T>(worker: MediaWorker, use: (transport: DirectTransport) => Promise<T>): Promise<T> {
    const shared = this.#shared.get(worker) ?? {
      transport: worker.router.createDirectTransport(),
      users: 0,
    };
    this.#shared.set(worker, shared);
    shared.users++;
    try {
      return await use(await shared.transport);
    } finally {
      shared.users--;
      if (shared.users === 0) this.#close(worker, shared);
    }
  }

  /** Ends every tap that is under way. */
  [Symbol.dispose](): void {
    for (const [worker, shared] of this.#shared) this.#close(worker, shared);
  }

  #close(worker: MediaWorker, shared: Shared): void {
    if (this.#shared.get(worker) === shared) this.#shared.delete(worker);
    // One that could not be made needs no closing.
    shared.transport.then((transport) => transport.close()).catch(() => undefined);
  }
}
