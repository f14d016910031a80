import { randomInt } from 'node:crypto';
import type { PlainTransport, Producer } from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';
import type { FeedFault } from '#contract/feeds.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { Layer } from '#contract/nation.ts';
import { toH264Parameters } from '../../workers/codecs.ts';
import type { MediaWorker } from '../../workers/media-worker.ts';
import { KEYFRAME_REQUEST_DELAY_MS, onTransport, type Source } from '../source.ts';
import type { Camera } from './camera-list.ts';
import type { CameraMemory } from './camera-memory.ts';
import { LayerPuller, type LayerPullerOptions } from './layer-puller.ts';
import { LayerStream } from './layer-stream.ts';
import type { RtpOutlet } from './rtp-outlet.ts';
import { StreamClock } from './stream-clock.ts';

/** Any dynamic one would do (RFC 3551). */
const PAYLOAD_TYPE = 96;

/** Which of a camera's streams serves each layer that a feed is said to have; a camera may have fewer. */
export function chooseStreams(
  layers: readonly Layer[],
  streams: Camera['streams'],
): { layer: Layer; url: URL }[] {
  const chosen = layers.flatMap((layer) => {
    const url = streams[layer];
    return url ? [{ layer, url }] : [];
  });
  const [only] = layers;
  const url = streams.high ?? streams.low;
  return chosen.length > 0 || !only || !url ? chosen : [{ layer: only, url }];
}

export interface RtspSourceOptions {
  outlet: RtpOutlet;
  memory: CameraMemory;
  now: () => number;
  log: LayerPullerOptions['log'];
  /** Told of what goes on after `close`: connections that still say goodbye. */
  onEnding(ending: Promise<unknown>): void;
}

interface Parts {
  worker: MediaWorker;
  transport: PlainTransport;
  producer: Producer;
  feed: Pick<GrantedFeed, 'id' | 'layers'>;
  camera: Camera;
  streams: readonly { layer: Layer; url: URL; ssrc: number }[];
}

/** A camera's streams, each pulled while it is wanted; as one simulcast producer. */
export class RtspSource implements Source {
  readonly kind = 'rtsp';
  readonly worker: MediaWorker;
  readonly producer: Producer;
  readonly layers: readonly Layer[];
  /** It comes back by itself to the port that it has: nobody need open another. */
  readonly taken = false;
  readonly #transport: PlainTransport;
  readonly #pullers: ReadonlyMap<Layer, LayerPuller>;
  readonly #options: RtspSourceOptions;
  /** Layers that have a fault now, by fault. */
  readonly #faults = new Map<FeedFault, Set<Layer>>();
  #onFault: (fault: FeedFault, isThere: boolean) => void = () => {};
  #onRefused: () => void = () => {};

  /** @throws VartaError `limit_reached` when no port of the range is free. */
  static async open(
    feed: Pick<GrantedFeed, 'id' | 'layers'>,
    camera: Camera,
    { worker, ...options }: RtspSourceOptions & { worker: MediaWorker },
  ): Promise<RtspSource> {
    const streams = chooseStreams(feed.layers, camera.streams).map((it, index) => ({
      ...it,
      ssrc: randomInt(1, 0x7fff_ffff) * 2 + index,
    }));
    const transport = await worker.router
      .createPlainTransport({
        listenInfo: { protocol: 'udp', ip: '127.0.0.1', portRange: worker.portRange },
        rtcpMux: true,
        comedia: false,
      })
      .catch((error: Error) => {
        if (worker.closed) throw error;
        throw new VartaError('limit_reached', 'No port is free for this feed', { cause: error });
      });
    return onTransport(transport, async () => {
      await transport.connect(options.outlet.address);
      const producer = await transport.produce({
        kind: 'video',
        rtpParameters: toH264Parameters({
          payloadType: PAYLOAD_TYPE,
          ssrcs: streams.map(({ ssrc }) => ssrc),
          givesKeyframes: false,
        }),
        keyFrameRequestDelay: KEYFRAME_REQUEST_DELAY_MS,
      });
      return new RtspSource({ feed, camera, worker, transport, producer, streams }, options);
    });
  }

  private constructor(
    { feed, camera, worker, transport, producer, streams }: Parts,
    options: RtspSourceOptions,
  ) {
    this.worker = worker;
    this.producer = producer;
    this.layers = streams.map(({ layer }) => layer);
    this.#transport = transport;
    this.#options = options;
    const { outlet, memory, now, log } = options;
    const { localPort } = transport.tuple;
    // One clock for both layers: a receiver changes between them by their sender reports.
    const firstTicks = randomInt(0x1_0000_0000);
    this.#pullers = new Map(
      streams.map(({ layer, url, ssrc }) => [
        layer,
        new LayerPuller({
          feedId: feed.id,
          layer,
          url,
          camera,
          memory,
          now,
          log,
          createStream: (onPayload) =>
            new LayerStream({
              ssrc,
              payloadType: PAYLOAD_TYPE,
              firstSequence: randomInt(0x1_0000),
              clock: new StreamClock(firstTicks),
              now,
              send: (packet) => outlet.send(packet, localPort),
              onPayload,
            }),
          onFault: (fault, isThere) => this.#handleFault(layer, fault, isThere),
          onRefused: () => this.#onRefused(),
        }),
      ]),
    );
  }

  get closed(): boolean {
    return this.#transport.closed;
  }

  want(wanted: readonly Layer[]): void {
    for (const [layer, puller] of this.#pullers) {
      const isWanted = wanted.includes(layer) || (this.#pullers.size === 1 && wanted.length > 0);
      if (isWanted && !this.closed) puller.start();
      else this.#options.onEnding(puller.stop());
    }
  }

  onFault(listener: (fault: FeedFault, isThere: boolean) => void): void {
    this.#onFault = listener;
  }

  onRefused(listener: () => void): void {
    this.#onRefused = listener;
  }

  close(): void {
    this.#onFault = () => {};
    this.#onRefused = () => {};
    for (const puller of this.#pullers.values()) this.#options.onEnding(puller.stop());
    this.#transport.close();
  }

  /** A feed has a fault while one of its layers has it. */
  #handleFault(layer: Layer, fault: FeedFault, isThere: boolean): void {
    const layers = this.#faults.get(fault) ?? new Set();
    this.#faults.set(fault, layers);
    const before = layers.size > 0;
    if (isThere) layers.add(layer);
    else layers.delete(layer);
    if (before !== layers.size > 0) this.#onFault(fault, isThere);
  }
}
