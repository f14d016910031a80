import type { ErrorCode } from '#contract/errors.ts';
import type { ViewGrant } from '#contract/grants.ts';
import type { FeedId, MediaObjectId } from '#contract/ids.ts';
import { MAX_WATCHED, type Watched } from '#contract/media.ts';
import type { FeedAccess } from './feed-access.ts';

/** One feed that a viewer wants, in the order in which it was asked for. */
export type WantedFeed =
  /** Asked for, or not live yet, or lost its consumer. In the grant. */
  | { state: 'waiting' }
  /** In the grant, and consumed. */
  | { state: 'consuming'; consumerId: MediaObjectId }
  /** The policy says no; in no grant. Kept, so that the page can be told when that changes. */
  | { state: 'refused'; code: ErrorCode };

/** What one viewer wants to see, by feed. At most {@link MAX_WATCHED}; never changed in place. */
export type ViewerFeeds = ReadonlyMap<FeedId, WantedFeed>;

export const NO_FEEDS: ViewerFeeds = new Map();

type Ask = (feedId: FeedId) => FeedAccess;

export interface Refused {
  feedId: FeedId;
  code: ErrorCode;
  message: string;
}

/**
 * The page asks for feeds. Feeds that it merely waits for make room for what it asks for now, oldest first: a page that
 * turns pages need not say goodbye to feeds that never had a picture. When even that does not do, `limit_reached`.
 */
export function want(
  feeds: ViewerFeeds,
  asked: readonly FeedId[],
  ask: Ask,
): { feeds: ViewerFeeds; granted: FeedId[]; refused: Refused[] } {
  const next = new Map(feeds);
  const wanted = new Set(asked);
  const granted: FeedId[] = [];
  const refused: Refused[] = [];
  for (const feedId of wanted) {
    const access = ask(feedId);
    if (!access.allow) refused.push({ feedId, code: access.code, message: access.reason });
    // A feed that does not exist or is none of the asker's business will not come back.
    if (!access.allow && access.code !== 'confidential') next.delete(feedId);
    else if (!next.has(feedId) && next.size >= MAX_WATCHED && !makeRoom(next, wanted)) {
      if (access.allow)
        refused.push({ feedId, code: 'limit_reached', message: `at most ${MAX_WATCHED} feeds at once` });
    } else if (!access.allow) next.set(feedId, { state: 'refused', code: access.code });
    else {
      if (next.get(feedId)?.state !== 'consuming') next.set(feedId, { state: 'waiting' });
      granted.push(feedId);
    }
  }
  return { feeds: next, granted, refused };
}

function makeRoom(feeds: Map<FeedId, WantedFeed>, keep: ReadonlySet<FeedId>): boolean {
  for (const [feedId, feed] of feeds) {
    if (feed.state === 'consuming' || keep.has(feedId)) continue;
    feeds.delete(feedId);
    return true;
  }
  return false;
}

/** Asks the policy again for everything wanted. Says what the page has lost by it and what it may ask for again. */
export function reassess(
  feeds: ViewerFeeds,
  ask: Ask,
): { feeds: ViewerFeeds; granted: ViewGrant['feeds']; closed: FeedId[]; reopened: FeedId[] } {
  const next = new Map<FeedId, WantedFeed>();
  const granted: ViewGrant['feeds'] = [];
  const closed: FeedId[] = [];
  const reopened: FeedId[] = [];
  for (const [feedId, feed] of feeds) {
    const access = ask(feedId);
    if (access.allow) {
      next.set(feedId, feed.state === 'refused' ? { state: 'waiting' } : feed);
      granted.push(access.granted);
      if (feed.state === 'refused') reopened.push(feedId);
    } else {
      next.set(feedId, { state: 'refused', code: access.code });
      if (feed.state !== 'refused') closed.push(feedId);
    }
  }
  return { feeds: next, granted, closed, reopened };
}

/**
 * The node's answers to a watch, as the page gets them. A feed that was refused or given up in the meanwhile, or whose
 * consumer has ended already, is answered with that.
 */
export function recordAnswers(
  feeds: ViewerFeeds,
  answers: readonly Watched[],
  ended: ReadonlyMap<MediaObjectId, ErrorCode>,
): { feeds: ViewerFeeds; answers: Watched[] } {
  const next = new Map(feeds);
  const corrected = answers.map((answer): Watched => {
    const { feedId } = answer;
    const wanted = next.get(feedId);
    if (wanted?.state === 'refused') return toRefusal(feedId, wanted.code);
    if (!answer.ok) {
      if (answer.code !== 'feed_not_live') next.delete(feedId);
      return answer;
    }
    const code = wanted ? ended.get(answer.consumer.id) : 'grant_not_covering';
    if (code !== undefined) return toRefusal(feedId, code);
    next.set(feedId, { state: 'consuming', consumerId: answer.consumer.id });
    return answer;
  });
  return { feeds: next, answers: corrected };
}

function toRefusal(feedId: FeedId, code: ErrorCode): Watched {
  return { ok: false, feedId, code, message: 'the feed was closed in the meanwhile' };
}

/** Consumers ended at the node. A feed goes on being wanted, so that the page can be told when it is live again. */
export function dropConsumers(feeds: ViewerFeeds, consumerIds: ReadonlySet<MediaObjectId>): ViewerFeeds {
  const next = new Map(feeds);
  for (const [feedId, feed] of feeds)
    if (feed.state === 'consuming' && consumerIds.has(feed.consumerId))
      next.set(feedId, { state: 'waiting' });
  return next;
}

/** The page does not want these any more, named by consumer or by feed. */
export function giveUp(
  feeds: ViewerFeeds,
  consumerIds: readonly MediaObjectId[],
  feedIds: readonly FeedId[],
): ViewerFeeds {
  const next = new Map(feeds);
  const consumers = new Set(consumerIds);
  for (const [feedId, feed] of feeds)
    if (feed.state === 'consuming' && consumers.has(feed.consumerId)) next.delete(feedId);
  // By feed only what has no consumer: what is consumed is closed by consumer, at the node.
  for (const feedId of feedIds) if (next.get(feedId)?.state !== 'consuming') next.delete(feedId);
  return next;
}
