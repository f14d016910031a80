import { VartaError } from '#contract/errors.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { FeedSource } from '#contract/nation.ts';
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
