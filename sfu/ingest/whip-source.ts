import { randomInt, randomUUID } from 'node:crypto';
import type { Producer, WebRtcTransport } from 'mediasoup/types';
import type { IcePatched } from '#contract/control.ts';
import type { FeedFault } from '#contract/feeds.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { MediaObjectId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import { toMediaError } from '../workers/media-errors.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import { KEYFRAME_REQUEST_DELAY_MS, onTransport, type Source } from './source.ts';
import { buildAnswer } from './whip/answer.ts';
import { IceGenerations } from './whip/ice-generations.ts';
import { negotiate } from './whip/negotiate.ts';
import { parseOffer } from './whip/offer.ts';

/** What one encoder may send at most, told to it by bandwidth estimation. A wall's feed needs a tenth of it. */
const MAX_INCOMING_BITRATE_BPS = 10_000_000;

/** What a standard encoder publishes by WHIP (RFC 9725). */
export class WhipSource implements Source {
  readonly kind = 'whip';
  readonly worker: MediaWorker;
  readonly producer: Producer;
  readonly layers: readonly Layer[];
  /** Names the publication; what is in the `Location` of the WHIP answer. */
  readonly resourceId: MediaObjectId;
  readonly sdpAnswer: string;
  readonly taken = true;
  readonly #transport: WebRtcTransport;
  readonly #ice: IceGenerations;

  /**
   * Takes an offer. Nothing is left when it is refused.
   *
   * @throws VartaError `offer_unusable` or `codec_unsupported`.
   */
  static async accept(feed: GrantedFeed, worker: MediaWorker, sdpOffer: string): Promise<WhipSource> {
    const offer = parseOffer(sdpOffer);
    const negotiated = negotiate(offer, worker.router.rtpCapabilities, feed.layers.length);
    const transport = await worker.router.createWebRtcTransport({
      webRtcServer: worker.webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      // Some encoders never renew ICE consent (FFmpeg 8.0): whether they are there is told by their media.
      iceConsentTimeout: 0,
    });
    return onTransport(transport, async () => {
      try {
        await transport.setMaxIncomingBitrate(MAX_INCOMING_BITRATE_BPS);
        await transport.connect({ dtlsParameters: offer.dtlsParameters });
        const producer = await transport.produce({
          kind: 'video',
          rtpParameters: negotiated,
          keyFrameRequestDelay: KEYFRAME_REQUEST_DELAY_MS,
        });
        const sdpAnswer = buildAnswer({ offer, negotiated, transport, sessionId: randomInt(1, 2 ** 47) });
        const layers = feed.layers.slice(0, Math.max(1, negotiated.encodings?.length ?? 1));
        const { iceUsernameFragment } = offer;
        return new WhipSource({ worker, transport, producer, layers, sdpAnswer, iceUsernameFragment });
      } catch (error) {
        throw toMediaError(error, 'offer_unusable');
      }
    });
  }

  private constructor(parts: {
    worker: MediaWorker;
    transport: WebRtcTransport;
    producer: Producer;
    layers: readonly Layer[];
    sdpAnswer: string;
    iceUsernameFragment: string;
  }) {
    this.worker = parts.worker;
    this.producer = parts.producer;
    this.layers = parts.layers;
    this.sdpAnswer = parts.sdpAnswer;
    this.resourceId = randomUUID();
    this.#transport = parts.transport;
    this.#ice = new IceGenerations({
      remoteUsernameFragment: parts.iceUsernameFragment,
      sdpAnswer: parts.sdpAnswer,
      restart: () => parts.transport.restartIce(),
      candidates: () => parts.transport.iceCandidates,
      newTag: randomUUID,
    });
  }

  /** Names the present generation of ICE. */
  get iceTag(): string {
    return this.#ice.tag;
  }

  get closed(): boolean {
    return this.#transport.closed;
  }

  /** Whether the encoder has got through to us at all. */
  get connected(): boolean {
    return this.#transport.dtlsState === 'connected';
  }

  /** Calls back when the encoder says goodbye to the transport, or fails to set it up. */
  onHungUp(listener: () => void): void {
    this.#transport.on('dtlsstatechange', (state) => {
      if (state === 'failed' || state === 'closed') listener();
    });
  }

  /** Tells whether encryption could be agreed. */
  onFault(listener: (fault: FeedFault, isThere: boolean) => void): void {
    this.#transport.on('dtlsstatechange', (state) => {
      if (state === 'failed' || state === 'connected') listener('dtls', state === 'failed');
    });
  }

  /**
   * Takes the encoder's candidates (there is nothing to do: we are ICE-lite and learn addresses from its checks), or
   * restarts ICE. The old generation goes on until the new one has got through.
   *
   * @throws VartaError `precondition_failed`, `malformed`.
   */
  patchIce(fragment: string, tag: string | undefined): Promise<IcePatched> {
    return this.#ice.patch(fragment, tag);
  }

  close(): void {
    this.#transport.close();
  }
}
