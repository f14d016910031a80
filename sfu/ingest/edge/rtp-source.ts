import { randomInt } from 'node:crypto';
import type { PlainTransport, Producer } from 'mediasoup/types';
import type { GrantedFeed } from '#contract/grants.ts';
import type { Importance } from '#contract/importance.ts';
import type { Layer } from '#contract/nation.ts';
import type { ListenAddress } from '../../workers/addresses.ts';
import { toH264Parameters } from '../../workers/codecs.ts';
import type { MediaWorker } from '../../workers/media-worker.ts';
import { KEYFRAME_REQUEST_DELAY_MS, onTransport, type Source } from '../source.ts';
import type { EdgeDemands } from './edge-demands.ts';
import { openEdgePort } from './edge-port.ts';

/** Payload type that facilities' equipment sends; any dynamic one would do (RFC 3551). */
const PAYLOAD_TYPE = 96;

interface LayerSsrc {
  layer: Layer;
  ssrc: number;
}

/** The first sender to the port is listened to, so the SSRCs are drawn anew each time and serve as its ticket. */
function drawSsrcs(layers: readonly Layer[]): LayerSsrc[] {
  const drawn = new Set<number>();
  while (drawn.size < layers.length) drawn.add(randomInt(1, 0xffff_ffff));
  const ssrcs = [...drawn];
  return layers.map((layer, index) => ({ layer, ssrc: ssrcs[index] ?? 0 }));
}

interface RtpSourceOptions {
  listen: ListenAddress;
  demands: EdgeDemands;
}

/** Plain RTP that a facility's equipment sends on demand to a port of its own. */
export class RtpSource implements Source {
  readonly kind = 'edge';
  readonly worker: MediaWorker;
  readonly producer: Producer;
  readonly layers: readonly Layer[];
  readonly #transport: PlainTransport;
  readonly #ssrcs: readonly LayerSsrc[];
  readonly #feed: GrantedFeed;
  readonly #demands: EdgeDemands;
  #onHungUp: (() => void) | undefined;

  /** @throws VartaError `limit_reached` when no port of the range is free. */
  static async open(feed: GrantedFeed, worker: MediaWorker, options: RtpSourceOptions): Promise<RtpSource> {
    const transport = await openEdgePort(worker, options.listen, 'rtp');
    return onTransport(transport, async () => {
      const ssrcs = drawSsrcs(feed.layers);
      const producer = await transport.produce({
        kind: 'video',
        rtpParameters: toH264Parameters({
          payloadType: PAYLOAD_TYPE,
          ssrcs: ssrcs.map(({ ssrc }) => ssrc),
          givesKeyframes: true,
        }),
        keyFrameRequestDelay: KEYFRAME_REQUEST_DELAY_MS,
      });
      return new RtpSource({ feed, worker, transport, producer, ssrcs, demands: options.demands });
    });
  }

  private constructor(parts: {
    feed: GrantedFeed;
    demands: EdgeDemands;
    worker: MediaWorker;
    transport: PlainTransport;
    producer: Producer;
    ssrcs: readonly LayerSsrc[];
  }) {
    this.worker = parts.worker;
    this.producer = parts.producer;
    this.layers = parts.ssrcs.map(({ layer }) => layer);
    this.#transport = parts.transport;
    this.#ssrcs = parts.ssrcs;
    this.#feed = parts.feed;
    this.#demands = parts.demands;
  }

  get closed(): boolean {
    return this.#transport.closed;
  }

  get taken(): boolean {
    return Boolean(this.#transport.tuple.remotePort);
  }

  want(wanted: readonly Layer[], importance: Importance): void {
    const { localAddress, localPort } = this.#transport.tuple;
    this.#demands.ask(this, this.#feed, {
      target: { ip: localAddress, port: localPort },
      payloadType: PAYLOAD_TYPE,
      layers: this.#ssrcs.map(({ layer, ssrc }) => ({ layer, ssrc, wanted: wanted.includes(layer) })),
      importance,
    });
  }

  onHungUp(listener: () => void): void {
    this.#onHungUp = listener;
  }

  /** Its equipment does not send plain RTP: nothing will ever come. */
  hangUp(): void {
    const listener = this.#onHungUp;
    this.#onHungUp = undefined;
    listener?.();
  }

  close(): void {
    this.#demands.takeBack(this, this.#feed);
    this.#transport.close();
  }
}
