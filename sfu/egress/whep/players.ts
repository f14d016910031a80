import { randomInt, randomUUID } from 'node:crypto';
import type { RtpCapabilities, RtpParameters } from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';
import type { ViewGrant } from '#contract/grants.ts';
import type { MediaObjectId, ViewerId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import type { HeldGrant } from '../../grants/verify-grant.ts';
import type { Feeds } from '../../ingest/feeds.ts';
import { IceGenerations } from '../../ingest/whip/ice-generations.ts';
import type { Carrier } from '../../mesh/mesh.ts';
import { toMediaError } from '../../workers/media-errors.ts';
import type { MediaWorker } from '../../workers/media-worker.ts';
import { Viewer, type ViewerDeps } from '../viewer.ts';
import type { Viewers } from '../viewers.ts';
import { type Dialect, type DialectFormat, Dialects } from './dialects.ts';
import { buildPlayerAnswer } from './player-answer.ts';
import { chooseFormat, type PlayerFormat } from './player-format.ts';
import { type PlayerOffer, parsePlayerOffer } from './player-offer.ts';

/** A player that has not got through to us by then never will: its answer was lost, or its network lets nothing pass. */
const CONNECT_WITHIN_MS = 30_000;

interface PlayersOptions {
  viewers: Viewers;
  feeds: Pick<Feeds, 'use'>;
  mesh: Carrier;
}

interface PlayRequest {
  grant: HeldGrant;
  sdpOffer: string;
  layer?: Layer | undefined;
}

interface PatchRequest {
  viewerId: ViewerId;
  resourceId: MediaObjectId;
  iceTag?: string | undefined;
  fragment: string;
}

/**
 * Standard players (WHEP): viewers with exactly one tile, whose transport is set up by an SDP offer. A player that loses
 * its tile ends whole: there is nobody who would ask for another one.
 */
export class Players {
  readonly #options: PlayersOptions;
  readonly #dialects = new Dialects();
  readonly #players = new WeakMap<Viewer, IceGenerations>();

  constructor(options: PlayersOptions) {
    this.#options = options;
  }

  /** Routers that are open for players, beside those of the workers. */
  get dialects(): number {
    return this.#dialects.size;
  }

  /**
   * Takes a player in.
   *
   * @throws VartaError `offer_unusable`, `codec_unsupported`, `feed_not_live`, and what joining throws of grants and limits.
   */
  async play({ grant, sdpOffer, layer }: PlayRequest): Promise<{
    resourceId: MediaObjectId;
    sdpAnswer: string;
    iceTag: string;
  }> {
    const [granted, ...others] = grant.feeds;
    if (!granted || others.length > 0) {
      throw new VartaError('grant_not_covering', 'A player’s grant names one feed');
    }
    const offer = parsePlayerOffer(sdpOffer);
    let sdpAnswer = '';
    const viewer = await this.#options.viewers.admit(grant, async (worker, deps) => {
      const opened = await this.#open({
        offer,
        granted,
        asked: layer ?? granted.maxLayer,
        grant,
        worker,
        deps,
      });
      sdpAnswer = opened.sdpAnswer;
      return opened.viewer;
    });
    const ice = new IceGenerations({
      remoteUsernameFragment: offer.iceUsernameFragment,
      sdpAnswer,
      restart: () => viewer.restartIce(),
      candidates: () => viewer.mediaTransport.iceCandidates,
      newTag: randomUUID,
    });
    this.#players.set(viewer, ice);
    return { resourceId: viewer.transportId, sdpAnswer, iceTag: ice.tag };
  }

  /**
   * Takes a player's candidates, or restarts ICE. We are ICE-lite: candidates need not be known, the player's checks tell
   * where it is.
   *
   * @throws VartaError `unknown_resource`, `precondition_failed`, `malformed`.
   */
  async patch({ viewerId, resourceId, iceTag, fragment }: PatchRequest): Promise<{
    iceTag: string;
    fragment: string | null;
  }> {
    const viewer = this.#options.viewers.find(viewerId);
    const ice = viewer && this.#players.get(viewer);
    if (!ice || viewer.transportId !== resourceId) throw new VartaError('unknown_resource');
    return ice.patch(fragment, iceTag);
  }

  async #open(request: {
    offer: PlayerOffer;
    granted: ViewGrant['feeds'][number];
    asked: Layer;
    grant: HeldGrant;
    worker: MediaWorker;
    deps: ViewerDeps;
  }): Promise<{ viewer: Viewer; sdpAnswer: string }> {
    const { offer, granted, asked, grant, worker, deps } = request;
    using undo = new DisposableStack();
    // Held until the tile has its own claim, so that the feed's source is not let go in between.
    using claim = new DisposableStack();
    const use = claim.adopt(
      await this.#options.feeds.use(granted, worker, {
        layer: asked,
        ...(grant.jws === undefined ? {} : { proof: grant.jws }),
        onEnded: () => undefined,
        onFlow: () => undefined,
      }),
      (it) => it.release(),
    );
    const [codec] = use.source.producer.consumableRtpParameters.codecs;
    if (!codec) throw new VartaError('feed_not_live');
    const format = chooseFormat(offer.codecs, codec);
    const { payloadType } = format;
    const dialect = undo.adopt(await this.#openDialect(worker, { codec, payloadType }), (it) => it.release());
    const viewer = undo.adopt(
      await Viewer.create(
        grant,
        worker,
        {
          ...deps,
          mesh: dialect.carrierOver(this.#options.mesh),
          onTilesClosed: (ended, [tile]) => ended.end(tile?.code ?? 'internal'),
        },
        dialect.router,
      ),
      (it) => it.close(),
    );
    const { mediaTransport } = viewer;
    const deadline = setTimeout(() => {
      if (!viewer.connected) viewer.end('unknown_viewer');
    }, CONNECT_WITHIN_MS);
    // The router lives as long as the viewer's transport.
    mediaTransport.observer.once('close', () => {
      clearTimeout(deadline);
      dialect.release();
    });
    await viewer.connect(viewer.transportId, offer.dtlsParameters);
    const wanted = [{ feedId: granted.id, layer: asked }];
    const [watched] = await viewer.watch(wanted, toCapabilities({ codec, payloadType }, format));
    if (!watched?.ok) throw new VartaError(watched?.code ?? 'internal', watched?.message);
    await viewer.resume([watched.consumer.id]);
    const sdpAnswer = buildPlayerAnswer({
      offer,
      format,
      // mediasoup's own, out of a message whose parameters the contract does not look into.
      sent: watched.consumer.rtpParameters as unknown as RtpParameters,
      transport: mediaTransport,
      streamId: granted.id,
      sessionId: randomInt(1, 2 ** 47),
    });
    undo.move();
    return { viewer, sdpAnswer };
  }

  async #openDialect(worker: MediaWorker, format: DialectFormat): Promise<Dialect> {
    try {
      return await this.#dialects.open(worker, format);
    } catch (error) {
      throw toMediaError(error, 'offer_unusable');
    }
  }
}

/** What the player can receive, as mediasoup wants it: the feed's codec as it is, under the player's number. */
function toCapabilities(
  { codec: { mimeType, clockRate, parameters = {} }, payloadType }: DialectFormat,
  { feedback }: PlayerFormat,
): RtpCapabilities {
  return {
    codecs: [
      {
        kind: 'video',
        mimeType,
        clockRate,
        parameters,
        preferredPayloadType: payloadType,
        rtcpFeedback: feedback,
      },
    ],
    headerExtensions: [],
  };
}
