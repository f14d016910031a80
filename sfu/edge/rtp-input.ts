import type { PlainTransport, Producer } from 'mediasoup/types';
import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import { followFlow } from '../ingest/flow.ts';
import type { PacketPoller } from '../ingest/packet-poller.ts';
import { KEYFRAME_REQUEST_DELAY_MS, onTransport } from '../ingest/source.ts';
import { toH264Parameters } from '../workers/codecs.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import type { LayerInput } from './camera.ts';
import type { RtpStream } from './rtp-list.ts';

/** A camera that was silent for this long may send from another address when it comes back; milliseconds. */
const REOPEN_AFTER_MS = 5_000;

interface RtpInputOptions {
  feedId: FeedId;
  layer: Layer;
  stream: RtpStream;
  worker: MediaWorker;
  /** Address that is listened on. */
  ip: string;
  poller: PacketPoller;
  now: () => number;
  /** Its sender is gone: only another input on the port would listen to another one. */
  onSilent(): void;
}

/** A layer that a camera sends to a port by itself, whether somebody wants it or not. */
export class RtpInput implements LayerInput {
  readonly layer: Layer;
  readonly producer: Producer;
  readonly #transport: PlainTransport;
  readonly #unfollow: () => void;

  /** @throws Error when the port is not free. */
  static async open(options: RtpInputOptions): Promise<RtpInput> {
    const { worker, ip, stream } = options;
    const transport = await worker.router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip, port: stream.port },
      rtcpMux: true,
      comedia: true,
    });
    return onTransport(transport, async () => {
      const producer = await transport.produce({
        kind: 'video',
        rtpParameters: toH264Parameters({
          payloadType: stream.payloadType,
          ssrcs: [stream.ssrc],
          givesKeyframes: true,
        }),
        keyFrameRequestDelay: KEYFRAME_REQUEST_DELAY_MS,
      });
      return new RtpInput(options, transport, producer);
    });
  }

  private constructor(options: RtpInputOptions, transport: PlainTransport, producer: Producer) {
    const { layer, poller, now } = options;
    this.layer = layer;
    this.producer = producer;
    this.#transport = transport;
    this.#unfollow = followFlow({
      producer,
      layers: [layer],
      poller,
      now,
      onFlow: (layers, lastAt) => {
        if (layers.length > 0 || now() - lastAt < REOPEN_AFTER_MS) return;
        this.#unfollow();
        options.onSilent();
      },
    });
  }

  close(): void {
    this.#unfollow();
    this.#transport.close();
  }
}
