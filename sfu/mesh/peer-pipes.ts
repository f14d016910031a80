import type { PipeTransport } from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';
import type { MediaObjectId } from '#contract/ids.ts';
import type { PipeEnd } from '#contract/mesh.ts';
import type { ListenAddress } from '../workers/addresses.ts';
import { toMediaError } from '../workers/media-errors.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import { openPipe } from './pipe.ts';

/** A pipe to one lane of the peer, from one worker here. */
export interface PeerPipe {
  readonly key: string;
  readonly transport: PipeTransport;
  /** Relays that go through it. Changed by {@link PeerPipes} only. */
  relays: number;
  connecting: boolean;
}

interface PeerPipesOptions {
  listen: ListenAddress;
  /** Where the peer's ends are, by the registry. */
  address: string;
  /** A pipe is closed, for whatever reason. */
  onClosed(pipeId: MediaObjectId): void;
}

/** The pipes to one other node: one from each worker here to each lane there, while anything goes through it. */
export class PeerPipes {
  readonly #options: PeerPipesOptions;
  readonly #pipes = new Map<string, PeerPipe>();
  readonly #opening = new Map<string, Promise<void>>();
  #closed = false;

  constructor(options: PeerPipesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#pipes.size;
  }

  /**
   * The pipe to this lane, with one relay more. A wall of feeds asks for it at once, and gets the same.
   *
   * @throws VartaError `limit_reached` when no port is free, `unknown_resource` when the peer is gone meanwhile
   */
  async take(worker: MediaWorker, lane: string): Promise<PeerPipe> {
    const key = `${worker.pid} ${lane}`;
    for (;;) {
      const known = this.#pipes.get(key);
      if (known && !known.transport.closed) {
        known.relays += 1;
        return known;
      }
      const opening =
        this.#opening.get(key) ?? this.#open(key, worker).finally(() => this.#opening.delete(key));
      this.#opening.set(key, opening);
      await opening;
    }
  }

  /** One relay less; the pipe ends with the last. */
  leave(pipe: PeerPipe): void {
    pipe.relays -= 1;
    if (pipe.relays > 0) return;
    // Before its end is told, so that nobody is given it again.
    if (this.#pipes.get(pipe.key) === pipe) this.#pipes.delete(pipe.key);
    pipe.transport.close();
  }

  /**
   * Completes a pipe with its other end. Media go to the address that the registry has, and nowhere else.
   *
   * @throws VartaError `unknown_resource`, `forbidden` or `invalid`
   */
  async connect(pipeId: MediaObjectId, end: PipeEnd): Promise<void> {
    const pipe = [...this.#pipes.values()].find(({ transport }) => transport.id === pipeId);
    if (!pipe) throw new VartaError('unknown_resource');
    if (end.ip !== this.#options.address)
      throw new VartaError('forbidden', 'Pipes go to the registered address of a node only');
    if (pipe.connecting) throw new VartaError('invalid', 'This pipe is complete');
    pipe.connecting = true;
    await pipe.transport.connect(end).catch((error: unknown) => {
      throw toMediaError(error, 'invalid');
    });
  }

  /** Closes all of them, and opens none any more. */
  close(): void {
    this.#closed = true;
    for (const { transport } of this.#pipes.values()) transport.close();
    this.#pipes.clear();
  }

  async #open(key: string, worker: MediaWorker): Promise<void> {
    const transport = await openPipe(worker, this.#options.listen);
    if (this.#closed) {
      transport.close();
      throw new VartaError('unknown_resource');
    }
    const pipe: PeerPipe = { key, transport, relays: 0, connecting: false };
    this.#pipes.set(key, pipe);
    transport.observer.once('close', () => {
      if (this.#pipes.get(key) === pipe) this.#pipes.delete(key);
      this.#options.onClosed(transport.id);
    });
  }
}
