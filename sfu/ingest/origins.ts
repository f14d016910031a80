import { VartaError } from '#contract/errors.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { NodeId } from '#contract/ids.ts';
import type { FeedSource, Layer } from '#contract/nation.ts';
import type { Masks } from '../masks/masks.ts';
import type { Homes } from '../mesh/homes.ts';
import { PeerFailure } from '../mesh/peer-link.ts';
import type { Relays } from '../mesh/relays.ts';
import { toMediaError } from '../workers/media-errors.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import type { Source } from './source.ts';

/**
 * Opens a feed that is sent on demand, on this worker if it can be.
 *
 * @throws VartaError `feed_not_live` when there is nothing to open, `limit_reached`, `internal`.
 */
export type OpenSource = (feed: GrantedFeed, worker: MediaWorker) => Promise<Source>;

/** Opens each feed in the way of its kind. A kind without a way, such as one that an encoder has to publish, is not live. */
export function openByKind(openers: Partial<Record<FeedSource, OpenSource>>): OpenSource {
  return async (feed, worker) => {
    const open = openers[feed.source];
    if (!open) throw new VartaError('feed_not_live');
    return open(feed, worker).catch((error: unknown) => {
      throw toMediaError(error, 'internal');
    });
  };
}

/** Takes a source over if parts of it are to be covered, so that nobody can get at it otherwise; gives it back if not. */
export type Cover = (raw: Source, feed: GrantedFeed) => Promise<Source>;

/**
 * Opens feeds that are to be partly covered so that nobody can get at them otherwise; all others as they are.
 *
 * @throws what `open` and `cover` throw.
 */
export function openCovered(open: OpenSource, cover: Cover): OpenSource {
  return async (feed, worker) => cover(await open(feed, worker), feed);
}

/** What is known of who wants a feed that is not here. */
export interface Wish {
  /** The layer that is wanted first. */
  layer: Layer;
  /** A grant, signed, that another node can be asked with. */
  proof: string | undefined;
  /** It is for another node: this one is the feed's home or not, but never a go-between. */
  forPeer: boolean;
}

/**
 * Gets at a feed wherever it is: opens it here, where this node is or becomes its home, or asks its home for it.
 *
 * @throws VartaError `feed_not_live`, also for a grant that does not say what is covered of it when that is known here,
 * `no_sfu` when its home is not to be reached, `conflict` for another node, `store_unavailable`, `limit_reached`, `internal`.
 */
export type FindSource = (feed: GrantedFeed, worker: MediaWorker, wish: Wish) => Promise<Source>;

interface Places {
  homes: Pick<Homes, 'locate'>;
  relays: Pick<Relays, 'open'>;
  masks: Pick<Masks, 'has'>;
  /** Opens a feed that enters here. */
  openHere: OpenSource;
}

/** Looks for a feed's home anew whenever the one that was found cannot be asked. */
export function findByHome({ homes, relays, masks, openHere }: Places): FindSource {
  return async (feed, worker, { layer, proof, forPeer }) => {
    const failed = new Map<NodeId, PeerFailure['how']>();
    for (;;) {
      const home = await homes.locate(feed, { failed, forPeer });
      if (home === 'here') return openHere(feed, worker);
      if (proof === undefined) throw new VartaError('feed_not_live', 'It enters another node');
      // Its home may not have heard of the mask yet, and would not by this grant.
      if (!feed.mask && masks.has(feed.id))
        throw new VartaError('feed_not_live', 'The grant does not say what is covered of it');
      try {
        return await relays.open(feed, worker, { home, proof, layer });
      } catch (error) {
        // A node that failed once is not asked again, so this ends.
        if (!(error instanceof PeerFailure)) throw toMediaError(error, 'internal');
        failed.set(home.nodeId, error.how);
      }
    }
  };
}
