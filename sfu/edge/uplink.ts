import type { Consumer, PlainTransport, Router, RtpCapabilities } from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';
import type { FeedDemand, FeedSending } from '#contract/facility-link.ts';
import type { MediaObjectId, NodeId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import { SRTP_CRYPTO_SUITE } from '../ingest/edge/edge-port.ts';
import { onTransport } from '../ingest/source.ts';
import { H264_PROFILES } from '../workers/codecs.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import type { CameraInput } from './camera.ts';
import type { LayerTotals } from './layer-rates.ts';

/** A demand that can be followed: one for SRTP. */
export type SrtpDemand = FeedDemand & { srtp: NonNullable<FeedDemand['srtp']> };

interface UplinkOptions {
  /** Stays with who opened it: another uplink may be on it as well. */
  input: CameraInput;
  demand: SrtpDemand;
  /** Address to send from. */
  ip: string;
}

/** What an uplink has sent: all bytes, those of media without reports and encryption, packets of each layer. */
export interface UplinkFigures {
  bytes: number;
  mediaBytes: number;
  packets: Partial<Record<Layer, number>>;
}

interface Outgoing {
  layer: Layer;
  consumer: Consumer;
}

/** A feed on its way to one transport of one node, by SRTP: nothing until a layer is wanted, and then that layer. */
export class Uplink {
  readonly transportId: MediaObjectId;
  /** The node that takes it. @default not told */
  readonly nodeId: NodeId | undefined;
  readonly worker: MediaWorker;
  /** What the node has to know of it. */
  readonly sending: FeedSending;
  readonly #input: CameraInput;
  readonly #transport: PlainTransport;
  readonly #outgoing: readonly Outgoing[];
  readonly #release: () => void;
  #onBroken: (() => void) | undefined;

  /** @throws Error when no port is free, the worker died, or the target is no address. */
  static async open(options: UplinkOptions): Promise<Uplink> {
    const { input, demand, ip } = options;
    const { router, portRange } = input.worker;
    const transport = await router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip, portRange },
      rtcpMux: true,
      comedia: false,
      enableSrtp: true,
      srtpCryptoSuite: SRTP_CRYPTO_SUITE,
    });
    return onTransport(transport, async () => {
      const outgoing: Outgoing[] = [];
      for (const { layer, producer } of input.layers) {
        const consumer = await transport.consume({
          producerId: producer.id,
          rtpCapabilities: capabilitiesOf(router),
          paused: true,
          // As it is: our end of it is no viewer, and the other end repairs and forwards it.
          pipe: true,
          enableRtx: true,
        });
        outgoing.push({ layer, consumer });
      }
      const { cryptoSuite, keyBase64 } = demand.srtp;
      await transport.connect({ ...demand.target, srtpParameters: { cryptoSuite, keyBase64 } });
      return new Uplink(options, transport, outgoing);
    });
  }

  private constructor({ input, demand }: UplinkOptions, transport: PlainTransport, outgoing: Outgoing[]) {
    this.transportId = demand.srtp.transportId;
    this.nodeId = demand.nodeId;
    this.worker = input.worker;
    this.sending = toSending(demand, transport, outgoing);
    this.#input = input;
    this.#transport = transport;
    this.#outgoing = outgoing;
    this.#release = input.worker.carry('consumers');
    transport.observer.once('close', () => this.#break());
    for (const { consumer } of outgoing) consumer.once('producerclose', () => this.#break());
  }

  get closed(): boolean {
    return this.#transport.closed;
  }

  /** Calls back when it ends though nobody here ended it: its worker died, or its camera's port was opened anew. */
  onBroken(listener: () => void): void {
    this.#onBroken = listener;
  }

  /** The layers that it sends now. */
  get crossing(): Layer[] {
    return this.#outgoing.flatMap(({ layer, consumer }) => (consumer.paused ? [] : [layer]));
  }

  /** What has come in of each layer of its camera so far, sent on or not. Rejects when it is closed meanwhile. */
  async received(): Promise<Map<Layer, LayerTotals>> {
    const totals = await Promise.all(
      this.#input.layers.map(async ({ layer, producer }) => {
        const stats = await producer.getStats();
        const sum = (of: 'byteCount' | 'packetCount') => stats.reduce((total, it) => total + it[of], 0);
        const countedAtMs = Math.max(...stats.map(({ timestamp }) => timestamp));
        const layerTotals = { bytes: sum('byteCount'), packets: sum('packetCount'), countedAtMs };
        // Before its first packet there is no stream that could be counted.
        return stats.length > 0 ? [[layer, layerTotals] as const] : [];
      }),
    );
    return new Map(totals.flat());
  }

  /** Sends these layers from now on, and no others. */
  async want(layers: readonly Layer[]): Promise<void> {
    if (this.closed) return;
    const changes = this.#outgoing.map(async ({ layer, consumer }) => {
      const isWanted = layers.includes(layer);
      if (consumer.paused === isWanted) await (isWanted ? consumer.resume() : consumer.pause());
    });
    await Promise.all(changes);
  }

  /** What it has sent so far. Rejects when it is closed meanwhile. */
  async figures(): Promise<UplinkFigures> {
    const [transport] = await this.#transport.getStats();
    const packets: Partial<Record<Layer, number>> = {};
    for (const { layer, consumer } of this.#outgoing) {
      const stats = await consumer.getStats();
      packets[layer] = stats.reduce((sum, it) => sum + (it.type === 'outbound-rtp' ? it.packetCount : 0), 0);
    }
    return { bytes: transport?.bytesSent ?? 0, mediaBytes: transport?.rtpBytesSent ?? 0, packets };
  }

  close(): void {
    this.#onBroken = undefined;
    this.#release();
    this.#transport.close();
  }

  #break(): void {
    const listener = this.#onBroken;
    if (!listener) return;
    this.close();
    listener();
  }
}

/** What a node takes: the router's H.264, with retransmission, and no header extensions. */
function capabilitiesOf({ rtpCapabilities }: Router): RtpCapabilities {
  const h264 = (rtpCapabilities.codecs ?? []).filter(
    ({ mimeType, parameters }) =>
      mimeType.toLowerCase() === 'video/h264' &&
      parameters?.['profile-level-id'] === H264_PROFILES.constrainedBaseline,
  );
  const rtx = (rtpCapabilities.codecs ?? []).filter(({ parameters }) =>
    h264.some(({ preferredPayloadType }) => preferredPayloadType === parameters?.apt),
  );
  return { codecs: [...h264, ...rtx], headerExtensions: [] };
}

function toSending(demand: SrtpDemand, transport: PlainTransport, outgoing: Outgoing[]): FeedSending {
  const [media, rtx] = outgoing[0]?.consumer.rtpParameters.codecs ?? [];
  const key = transport.srtpParameters?.keyBase64;
  if (!media || !rtx || key === undefined)
    throw new VartaError('internal', 'mediasoup made an uplink without codecs or key');
  return {
    feedId: demand.feedId,
    transportId: demand.srtp.transportId,
    srtp: { cryptoSuite: SRTP_CRYPTO_SUITE, keyBase64: key },
    codec: {
      payloadType: media.payloadType,
      rtxPayloadType: rtx.payloadType,
      profileLevelId: H264_PROFILES.constrainedBaseline,
    },
    layers: outgoing.map(({ layer, consumer }) => {
      const [encoding] = consumer.rtpParameters.encodings ?? [];
      return { layer, ssrc: encoding?.ssrc ?? 0, rtxSsrc: encoding?.rtx?.ssrc ?? 0 };
    }),
  };
}
