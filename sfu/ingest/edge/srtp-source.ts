import type { Producer } from 'mediasoup/types';
import type { FeedSending } from '#contract/facility-link.ts';
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

  want(layers: readonly Layer[]): void {
    this.port.ask(layers);
  }

  close(): void {
    this.port.close();
  }
}
