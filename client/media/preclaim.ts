import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import type { Claim } from './claims.ts';
import type { MediaEngine } from './media-engine.ts';

/** A feed that is about to be shown. */
export interface ComingFeed {
  feedId: FeedId;
  layer: Layer;
  priority: number;
}

/** Asks for feeds ahead of their tiles. */
export interface Preclaims extends Disposable {
  /** These are coming, and no others. */
  set(feeds: readonly ComingFeed[]): void;
}

/**
 * While the tiles of a page are still being rendered, their feeds are asked for already: the network and the page work at
 * the same time. Nothing flows by it; that takes a tile whose element is ready.
 */
export function createPreclaims(engine: Pick<MediaEngine, 'claim'>): Preclaims {
  let claims = new Map<FeedId, Claim>();
  return {
    set(feeds) {
      const before = claims;
      claims = new Map();
      for (const { feedId, layer, priority } of feeds) {
        const claim =
          before.get(feedId) ??
          engine.claim({ feedId, layer, priority, show: false, coming: true }, () => {});
        claim.update({ layer, priority });
        claims.set(feedId, claim);
        before.delete(feedId);
      }
      for (const claim of before.values()) claim.release();
    },
    [Symbol.dispose]() {
      for (const claim of claims.values()) claim.release();
      claims = new Map();
    },
  };
}
