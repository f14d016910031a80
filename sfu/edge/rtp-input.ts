import type { PlainTransport, Producer } from 'mediasoup/types';
import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import { followFlow } from '../ingest/flow.ts';
import type { PacketPoller } from '../ingest/packet-poller.ts';
import { KEYFRAME_REQUEST_DELAY_MS, onTransport } from '../ingest/source.ts';
import { toH264Parameters } from '../workers/codecs.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import type { LayerInput } from './camera.ts';
import type { InputNews, InputState } from './input-state.ts';
import type { RtpStream } from './rtp-list.ts';

/** A camera that was silent for this long may send from another address when it comes back; milliseconds. */
const SILENT_AFTER_MS = 5_000;
/** More than the reports of a sender that has stopped, less than any video. Bits a second. */
const SOMEBODY_BPS = 16_000;

interface RtpInputOptions {
  feedId: FeedId;
  layer: Layer;
  stream: RtpStream;
  worker: MediaWorker;
  /** Address that is listened on. */
  ip: string;
  poller: PacketPoller;
  now: () => number;
  /** Its state has become this. */
  onState(state: InputNews): void;
}

/** A layer that a camera sends to a port by itself, whether somebody wants it or not. */
export class RtpInput implements LayerInput {
  readonly layer: Layer;
  readonly producer: Producer;
  readonly #transport: PlainTransport;
  readonly #unfollow: () => void;
  readonly #onState: (state: InputNews) => void;
  #state: InputState = 'awaited';
  /** When it was last asked, somebody sent to the port. */
  #wasUsed = false;

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
    this.#onState = options.onState;
    this.#unfollow = followFlow({
      producer,
      layers: [layer],
      poller,
      now,
      onFlow: (layers, lastAt) => {
        if (layers.length > 0) this.#become('flowing');
        else if (now() - lastAt >= SILENT_AFTER_MS) void this.#handleSilence();
      },
    });
  }

  get state(): InputState {
    return this.#state;
  }

  close(): void {
    this.#unfollow();
    this.#transport.close();
  }

  /** Called about once a second while its sender is silent. */
  async #handleSilence(): Promise<void> {
    if (this.#state !== 'replaced') this.#become('silent');
    // Whatever comes to the port is counted, also what is not listened to. Rejects when it was closed meanwhile.
    const [stats] = await this.#transport.getStats().catch(() => []);
    const isUsed = (stats?.recvBitrate ?? 0) > SOMEBODY_BPS;
    // Once may be its own sender, which comes back just now.
    if (this.#state === 'silent' && isUsed && this.#wasUsed) this.#become('replaced');
    this.#wasUsed = isUsed;
  }

  #become(state: InputNews): void {
    if (this.#transport.closed || this.#state === state) return;
    this.#state = state;
    this.#onState(state);
  }
}
