import type { FeedId } from '#contract/ids.ts';
import type { FeedReport } from '#contract/registry.ts';
import type { Feed } from './feed.ts';
import type { PacketPoller } from './packet-poller.ts';

/** Where a feed's news go: to the servers, over Redis or over the control connections. None of it may block or throw. */
export interface FeedNews {
  report(report: Omit<FeedReport, 'nodeId'>): void;
  /** The feed has a source that it did not have before. */
  available(feedId: FeedId): void;
}

export interface FeedDeps {
  news: FeedNews;
  poller: PacketPoller;
  /** How long an on-demand feed goes on after the last one who needs it, in milliseconds. */
  lingerMs: number;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** What the directory of feeds does for a feed; it alone opens sources and forgets feeds. */
export interface FeedOwner {
  /** Lost since (milliseconds since 1970): do what can be done. */
  revive(feed: Feed, lostSince: number): void;
  /** Nobody uses it and nothing is wanted of it. */
  unused(feed: Feed): void;
  /** One that used it is gone. */
  released(feed: Feed): void;
}
