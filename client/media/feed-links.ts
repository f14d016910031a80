import type { FeedId, MediaObjectId } from '#contract/ids.ts';
import type { FeedMedia } from './claims.ts';
import type { FeedLink } from './feed-plan.ts';

type HeldLink = Extract<FeedLink, { state: 'held' }>;

type NewConsumer = Pick<HeldLink, 'layer' | 'importance'> & { id: MediaObjectId; track: MediaStreamTrack };

/** Where each feed stands, with the track of those that are held. Tells about every change. */
export interface FeedLinks {
  readonly all: ReadonlyMap<FeedId, FeedLink>;
  set(feedId: FeedId, link: Exclude<FeedLink, HeldLink>): void;
  /** A consumer that has just been made: paused. */
  hold(feedId: FeedId, consumer: NewConsumer): void;
  /** Changes a link that is held; one that is not stays as it is. */
  changeHeld(feedId: FeedId, change: Partial<Omit<HeldLink, 'state' | 'consumerId'>>): void;
  /** Notes since when nobody has wanted each of those that are held. */
  noteWanted(wants: ReadonlyMap<FeedId, unknown>, nowMs: number): void;
  remove(feedId: FeedId): void;
  held(feedId: FeedId): HeldLink | undefined;
  consumerIds(feedIds: readonly FeedId[]): MediaObjectId[];
  /** Lets a link that waits be tried at once. */
  endWait(feedId: FeedId, nowMs: number): void;
  attempts(feedId: FeedId): number;
  mediaOf(feedId: FeedId): FeedMedia;
}

export function createFeedLinks(onChange: (feedId: FeedId, media: FeedMedia) => void): FeedLinks {
  const links = new Map<FeedId, FeedLink>();
  const tracks = new Map<FeedId, MediaStreamTrack>();

  function mediaOf(feedId: FeedId): FeedMedia {
    const link = links.get(feedId);
    const track = tracks.get(feedId);
    if (link === undefined) return { state: 'none' };
    if (link.state === 'waiting') return { state: 'refused', code: link.code };
    if (link.state === 'held' && track) return { state: 'held', track, flowing: link.flow === 'flowing' };
    return { state: 'asked' };
  }

  function held(feedId: FeedId): HeldLink | undefined {
    const link = links.get(feedId);
    return link?.state === 'held' ? link : undefined;
  }

  function changeHeld(feedId: FeedId, change: Parameters<FeedLinks['changeHeld']>[1]): void {
    const link = held(feedId);
    if (!link) return;
    links.set(feedId, { ...link, ...change });
    if (change.flow !== undefined && change.flow !== link.flow) onChange(feedId, mediaOf(feedId));
  }

  return {
    all: links,
    set(feedId, link) {
      links.set(feedId, link);
      tracks.delete(feedId);
      onChange(feedId, mediaOf(feedId));
    },
    hold(feedId, { id, track, ...asked }) {
      tracks.set(feedId, track);
      links.set(feedId, {
        state: 'held',
        consumerId: id,
        ...asked,
        flow: 'paused',
        unwantedSinceMs: undefined,
      });
      onChange(feedId, mediaOf(feedId));
    },
    changeHeld,
    noteWanted(wants, nowMs) {
      for (const feedId of links.keys()) {
        const link = held(feedId);
        if (!link) continue;
        const unwantedSinceMs = wants.has(feedId) ? undefined : (link.unwantedSinceMs ?? nowMs);
        if (unwantedSinceMs !== link.unwantedSinceMs) changeHeld(feedId, { unwantedSinceMs });
      }
    },
    remove(feedId) {
      if (!links.delete(feedId)) return;
      tracks.delete(feedId);
      onChange(feedId, mediaOf(feedId));
    },
    held,
    consumerIds: (feedIds) => feedIds.flatMap((feedId) => held(feedId)?.consumerId ?? []),
    endWait(feedId, nowMs) {
      const link = links.get(feedId);
      if (link?.state === 'waiting') links.set(feedId, { ...link, retryAtMs: nowMs });
    },
    attempts(feedId) {
      const link = links.get(feedId);
      return link?.state === 'waiting' ? link.attempts : 0;
    },
    mediaOf,
  };
}
