import { randomInt } from 'node:crypto';
import type { PlainTransport, Producer } from 'mediasoup/types';
import type { GrantedFeed } from '#contract/grants.ts';
import type { Importance } from '#contract/importance.ts';
import type { Layer } from '#contract/nation.ts';
import { toH264Parameters } from '../../workers/codecs.ts';
import type { MediaWorker } from '../../workers/media-worker.ts';
import { countPackets, KEYFRAME_REQUEST_DELAY_MS, onTransport, type Source } from '../source.ts';
import type { EdgeDemands } from './edge-demands.ts';
import { type EdgePortOptions, openEdgePort } from './edge-port.ts';

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

interface Parts {
  feed: GrantedFeed;
  worker: MediaWorker;
  transport: PlainTransport;
  producer: Producer;
  ssrcs: readonly LayerSsrc[];
}

interface RtpSourceOptions extends EdgePortOptions {
  demands: EdgeDemands;
  /** Something has come to its port, and nothing of what was asked for. */
  onStranger(source: RtpSource): void;
}

/** With its first packet, whatever it is, the equipment sends a picture; who has sent none after this time is another. Milliseconds. */
const STRANGER_AFTER_MS = 1_000;

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
  readonly #onStranger: RtpSourceOptions['onStranger'];
  #looking: NodeJS.Timeout | undefined;
  #onHungUp: (() => void) | undefined;

  /** @throws VartaError `limit_reached` when no port of the range is free. */
  static async open(feed: GrantedFeed, worker: MediaWorker, options: RtpSourceOptions): Promise<RtpSource> {
    const transport = await openEdgePort(worker, options, 'rtp');
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
      return new RtpSource({ feed, worker, transport, producer, ssrcs }, options);
    });
  }

  private constructor(parts: Parts, { demands, onStranger }: RtpSourceOptions) {
    this.worker = parts.worker;
    this.producer = parts.producer;
    this.layers = parts.ssrcs.map(({ layer }) => layer);
    this.#transport = parts.transport;
    this.#ssrcs = parts.ssrcs;
    this.#feed = parts.feed;
    this.#demands = demands;
    this.#onStranger = onStranger;
    parts.transport.on('tuple', () => this.#lookWho());
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
    // Somebody may have been there before it was asked for.
    if (wanted.length > 0 && this.taken) this.#lookWho();
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
    clearTimeout(this.#looking);
    this.#demands.takeBack(this, this.#feed);
    this.#transport.close();
  }

  /** Its port hears one sender only, the first: whether that is its equipment shows by the SSRCs. */
  #lookWho(): void {
    clearTimeout(this.#looking);
    if (this.closed) return;
    this.#looking = setTimeout(async () => {
      const packets = await countPackets(this);
      if (this.closed) return;
      // A worker that has much to do does not say at once.
      if (packets === undefined) this.#lookWho();
      else if (packets === 0) this.#onStranger(this);
    }, STRANGER_AFTER_MS);
  }
}
