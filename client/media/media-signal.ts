import type { z } from 'zod';
import type { FeedId, MediaObjectId, NodeId } from '#contract/ids.ts';
import type { Importance } from '#contract/importance.ts';
import {
  Done,
  type DtlsParameters,
  MEDIA_MESSAGES,
  MediaJoined,
  type MediaSeen,
  MediaWatching,
} from '#contract/media.ts';
import type { Layer } from '#contract/nation.ts';
import type { Outcome } from '../session/failure.ts';

/** What the page says about media. Never throws; each call ends within a bound. */
export interface MediaSignal {
  /** `beside`: another transport, with the one before going on until {@link leave} ends it. */
  join(have: Having | undefined, beside?: boolean): Promise<Outcome<MediaJoined>>;
  connect(transportId: MediaObjectId, dtlsParameters: DtlsParameters): Promise<Outcome<unknown>>;
  watch(
    rtpCapabilities: Record<string, unknown>,
    feeds: readonly FeedLayer[],
  ): Promise<Outcome<MediaWatching>>;
  resume(consumerIds: readonly MediaObjectId[]): Promise<Outcome<unknown>>;
  pause(consumerIds: readonly MediaObjectId[]): Promise<Outcome<unknown>>;
  layers(
    items: readonly ({ consumerId: MediaObjectId } & Omit<FeedLayer, 'feedId'>)[],
  ): Promise<Outcome<unknown>>;
  /** `feedIds`: feeds without a consumer that the page does not wait for any more. */
  unwatch(consumerIds: readonly MediaObjectId[], feedIds: readonly FeedId[]): Promise<Outcome<unknown>>;
  leave(transportId: MediaObjectId): Promise<Outcome<unknown>>;
  /** Nothing comes over this transport though it should. */
  silent(transportId: MediaObjectId): Promise<Outcome<unknown>>;
  /** What could be seen on the page since it was last told. */
  seen(seen: MediaSeen): Promise<Outcome<unknown>>;
  /** What the page has opened, large and by itself; all of it. */
  open(feedIds: readonly FeedId[]): Promise<Outcome<unknown>>;
}

/** What is asked of a feed: how large, and how much it matters if that is not as usual. */
export interface FeedLayer {
  feedId: FeedId;
  layer: Layer;
  importance?: Importance | undefined;
}

/** What a page that reconnects still has. */
export interface Having {
  nodeId: NodeId;
  transportId: MediaObjectId;
  feeds: FeedId[];
}

/** Sends a message and parses its acknowledgement. */
export type Request = <S extends z.ZodType>(
  name: string,
  payload: unknown,
  reply: S,
) => Promise<Outcome<z.infer<S>>>;

export function createMediaSignal(request: Request): MediaSignal {
  return {
    join: (have, beside = false) =>
      request(
        MEDIA_MESSAGES.join,
        { ...(have ? { have } : {}), ...(beside ? { beside: true } : {}) },
        MediaJoined,
      ),
    connect: (transportId, dtlsParameters) =>
      request(MEDIA_MESSAGES.connect, { transportId, dtlsParameters }, Done),
    watch: (rtpCapabilities, feeds) =>
      request(MEDIA_MESSAGES.watch, { rtpCapabilities, feeds }, MediaWatching),
    resume: (consumerIds) => request(MEDIA_MESSAGES.resume, { consumerIds }, Done),
    pause: (consumerIds) => request(MEDIA_MESSAGES.pause, { consumerIds }, Done),
    layers: (items) => request(MEDIA_MESSAGES.layers, { items }, Done),
    unwatch: (consumerIds, feedIds) => request(MEDIA_MESSAGES.unwatch, { consumerIds, feedIds }, Done),
    leave: (transportId) => request(MEDIA_MESSAGES.leave, { transportId }, Done),
    silent: (transportId) => request(MEDIA_MESSAGES.silent, { transportId }, Done),
    seen: (seen) => request(MEDIA_MESSAGES.seen, seen, Done),
    open: (feedIds) => request(MEDIA_MESSAGES.open, { feedIds }, Done),
  };
}
