import type { Producer } from 'mediasoup/types';
import { type FeedSending, HELD_FOR_MS } from '#contract/facility-link.ts';
import { type EdgeFault, type FeedFault, isCameraFault } from '#contract/feeds.ts';
import type { Importance } from '#contract/importance.ts';
import type { Layer } from '#contract/nation.ts';
import type { MediaWorker } from '../../workers/media-worker.ts';
import type { Source } from '../source.ts';
import type { SrtpPort } from './srtp-port.ts';

/** What an edge sends over its uplink by SRTP, on demand. */
export class SrtpSource implements Source {
  readonly kind = 'edge';
  readonly worker: MediaWorker;
  readonly producer: Producer;
  readonly layers: readonly Layer[];
  readonly port: SrtpPort;
  #faults: readonly EdgeFault[] = [];
  /** Runs out when the edge does not say again that it holds the feed back. */
  #held: NodeJS.Timeout | undefined;
  #onFault: (fault: FeedFault, isThere: boolean) => void = () => {};
  #onRefused: () => void = () => {};

  constructor(port: SrtpPort, producer: Producer, { layers }: FeedSending) {
    this.worker = port.worker;
    this.producer = producer;
    this.layers = layers.map(({ layer }) => layer);
    this.port = port;
  }

  get closed(): boolean {
    return this.port.closed;
  }

  get taken(): boolean {
    return this.port.taken;
  }

  want(layers: readonly Layer[], importance: Importance): void {
    this.port.ask(layers, importance);
  }

  onFault(listener: (fault: FeedFault, isThere: boolean) => void): void {
    this.#onFault = listener;
    for (const fault of this.#faults) listener(fault, true);
  }

  onRefused(listener: () => void): void {
    this.#onRefused = listener;
    if (this.#isRefused) listener();
  }

  /** The edge says what is wrong with its camera or its uplink now. */
  noteFaults(faults: readonly EdgeFault[]): void {
    clearTimeout(this.#held);
    if (faults.includes('uplink-cut') && !this.closed) {
      const others = faults.filter((fault) => fault !== 'uplink-cut');
      this.#held = setTimeout(() => this.noteFaults(others), HELD_FOR_MS).unref();
    }
    const before = this.#faults;
    this.#faults = faults;
    for (const fault of before) if (!faults.includes(fault)) this.#onFault(fault, false);
    for (const fault of faults) if (!before.includes(fault)) this.#onFault(fault, true);
    if (this.#isRefused) this.#onRefused();
  }

  /** The camera gives nothing at all. */
  get #isRefused(): boolean {
    return this.#faults.some((fault) => isCameraFault(fault) && fault !== 'b-frames');
  }

  close(): void {
    clearTimeout(this.#held);
    this.port.close();
  }
}
