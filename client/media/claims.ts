import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import type { FailureCode } from '../session/failure.ts';
import type { FeedWant } from './feed-plan.ts';

/**
 * What a tile gets of a feed. `thin`: nothing flows, because the network has no room for this tile; what it still shows
 * is to be called a still.
 */
export type FeedMedia =
  | { state: 'none' }
  | { state: 'asked'; thin?: true }
  | { state: 'held'; track: MediaStreamTrack; flowing: boolean; thin?: true }
  | { state: 'refused'; code: FailureCode };

/** What a tile wants of a feed. Several tiles may want the same one. */
export interface ClaimRequest {
  feedId: FeedId;
  layer: Layer;
  /** Smaller is served first. */
  priority: number;
  /** The tile's element is ready and can be seen. */
  show: boolean;
  /** A tile will show it in a moment: have it at hand. Whoever is neither shown nor coming asks for nothing. */
  coming?: boolean;
}

export interface Claim {
  update(change: Partial<Omit<ClaimRequest, 'feedId'>>): void;
  /** The server says that the feed is better now: do not wait for the next attempt. */
  nudge(): void;
  /** Frames of this track are what the tile shows now. */
  paints(track: MediaStreamTrack | undefined): void;
  release(): void;
}

interface Entry {
  request: ClaimRequest;
  painted: MediaStreamTrack | undefined;
  onMedia(media: FeedMedia): void;
}

/** What all tiles of the page want, feed by feed. */
export interface Claims {
  readonly size: number;
  add(request: ClaimRequest, onMedia: (media: FeedMedia) => void): Entry;
  remove(entry: Entry): void;
  clear(): void;
  /** The highest layer, the best priority, and shown if any tile shows it. Nothing is wanted on a page that is hidden. */
  wants(pageVisible: boolean): Map<FeedId, FeedWant>;
  tell(feedId: FeedId, media: FeedMedia): void;
  /** Every tile that shows the feed shows this track. */
  allPaint(feedId: FeedId, track: MediaStreamTrack): boolean;
}

export function createClaims(): Claims {
  const byFeed = new Map<FeedId, Set<Entry>>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(request, onMedia) {
      const entry: Entry = { request: { ...request }, painted: undefined, onMedia };
      const entries = byFeed.get(request.feedId) ?? new Set();
      byFeed.set(request.feedId, entries.add(entry));
      size += 1;
      return entry;
    },
    remove(entry) {
      const { feedId } = entry.request;
      const entries = byFeed.get(feedId);
      if (!entries?.delete(entry)) return;
      size -= 1;
      if (entries.size === 0) byFeed.delete(feedId);
    },
    clear() {
      byFeed.clear();
      size = 0;
    },
    wants(pageVisible) {
      const wants = new Map<FeedId, FeedWant>();
      if (!pageVisible) return wants;
      for (const [feedId, entries] of byFeed) {
        const requests = [...entries].map(({ request }) => request).filter(isWanted);
        if (requests.length > 0) wants.set(feedId, toWant(requests));
      }
      return wants;
    },
    tell(feedId, media) {
      for (const entry of byFeed.get(feedId) ?? []) entry.onMedia(media);
    },
    allPaint(feedId, track) {
      const showing = [...(byFeed.get(feedId) ?? [])].filter(({ request }) => request.show);
      return showing.length > 0 && showing.every(({ painted }) => painted === track);
    },
  };
}

function isWanted({ show, coming }: ClaimRequest): boolean {
  return show || coming === true;
}

function toWant(requests: readonly ClaimRequest[]): FeedWant {
  return {
    layer: requests.some(({ layer }) => layer === 'high') ? 'high' : 'low',
    priority: Math.min(...requests.map(({ priority }) => priority)),
    show: requests.some(({ show }) => show),
  };
}
