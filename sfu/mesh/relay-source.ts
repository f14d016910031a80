import type { Producer } from 'mediasoup/types';
import type { ErrorCode } from '#contract/errors.ts';
import type { MediaObjectId, NodeId } from '#contract/ids.ts';
import type { Importance } from '#contract/importance.ts';
import type { RelayLooked } from '#contract/mesh.ts';
import type { Layer } from '#contract/nation.ts';
import type { Source } from '../ingest/source.ts';
import type { MediaWorker } from '../workers/media-worker.ts';

interface Parts {
  relayId: MediaObjectId;
  home: NodeId;
  worker: MediaWorker;
  producer: Producer;
  layers: readonly Layer[];
  /** The feed's edge holds it back for now. */
  isHeld: boolean;
  /** Tells the home which layers are needed here, and how much. */
  want(layers: readonly Layer[], importance: Importance): void;
  /** Asks the home how the feed is with it. @throws PeerFailure, VartaError. */
  look(): Promise<RelayLooked>;
  /** Shows the home a grant. */
  show(proof: string): void;
  /** Tells the home that it is not needed here any more. */
  leave(): void;
}

/** A feed that enters another node, as it comes out of the pipe from there. */
export class RelaySource implements Source {
  readonly kind = 'relay';
  readonly relayId: MediaObjectId;
  /** The node where the feed enters. */
  readonly home: NodeId;
  readonly worker: MediaWorker;
  readonly producer: Producer;
  readonly layers: readonly Layer[];
  readonly taken = true;
  readonly #parts: Parts;
  #onHungUp: ((code?: ErrorCode) => void) | undefined;
  #onHeld: ((isHeld: boolean) => void) | undefined;
  #isHeld: boolean;
  #left = false;

  constructor(parts: Parts) {
    this.relayId = parts.relayId;
    this.home = parts.home;
    this.worker = parts.worker;
    this.producer = parts.producer;
    this.layers = parts.layers;
    this.#isHeld = parts.isHeld;
    this.#parts = parts;
  }

  get closed(): boolean {
    return this.producer.closed;
  }

  want(layers: readonly Layer[], importance: Importance): void {
    if (!this.#left) this.#parts.want(layers, importance);
  }

  show(proof: string): void {
    if (!this.#left) this.#parts.show(proof);
  }

  /** Complains that nothing comes, and asks the home how the feed is with it. @throws PeerFailure, VartaError. */
  look(): Promise<RelayLooked> {
    return this.#parts.look();
  }

  onHungUp(listener: (code?: ErrorCode) => void): void {
    this.#onHungUp = listener;
  }

  onHeld(listener: (isHeld: boolean) => void): void {
    this.#onHeld = listener;
    if (this.#isHeld) listener(true);
  }

  /** For the link: the home says that nothing comes on purpose, or no more. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (!this.#left) this.#onHeld?.(isHeld);
  }

  /** For the link: the home has ended it, or cannot be reached any more. Its owner is told, and closes it. */
  end(code: ErrorCode): void {
    if (this.#left) return;
    const listener = this.#onHungUp;
    this.#onHungUp = undefined;
    if (listener) listener(code);
    else this.close();
  }

  close(): void {
    if (this.#left) return;
    this.#left = true;
    this.#onHungUp = undefined;
    this.producer.close();
    this.#parts.leave();
  }
}
