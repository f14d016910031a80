import type { FeedId } from '#contract/ids.ts';
import type { FeedWant } from './feed-plan.ts';

/** Feeds that change over at once: each is received and decoded twice for as long as that takes. */
export const MOVING_AT_ONCE = 16;
/** After this long what has not changed over is let go with the transport that is left. */
export const MOVE_MS = 15_000;

/** A change from one transport to another, as it stands. */
interface MoveFacts {
  wants: ReadonlyMap<FeedId, FeedWant>;
  /** The transport that is left carries it. */
  isCarried(feedId: FeedId): boolean;
  /** Its tiles show what comes over the new transport. */
  isMoved(feedId: FeedId): boolean;
  /** It cannot be had over the new transport. */
  isRefused(feedId: FeedId): boolean;
}

/** What each transport is to carry now. */
export interface MovePlan {
  onNew: Map<FeedId, FeedWant>;
  onLeft: Map<FeedId, FeedWant>;
  /** Nothing keeps us on the transport that is left. */
  isDone: boolean;
}

/** Make before break: a feed stays where it is until its tiles have frames of it from the other transport. */
export function planMove({ wants, isCarried, isMoved, isRefused }: MoveFacts): MovePlan {
  const plan: MovePlan = { onNew: new Map(), onLeft: new Map(), isDone: true };
  const waiting: [FeedId, FeedWant][] = [];
  for (const [feedId, want] of wants) {
    if (!want.show || !isCarried(feedId) || isMoved(feedId)) plan.onNew.set(feedId, want);
    else waiting.push([feedId, want]);
  }
  waiting.sort(([, a], [, b]) => a.priority - b.priority);
  let moving = 0;
  for (const [feedId, want] of waiting) {
    plan.onLeft.set(feedId, want);
    if (isRefused(feedId)) plan.onNew.set(feedId, want);
    else {
      plan.isDone = false;
      moving += 1;
      if (moving <= MOVING_AT_ONCE) plan.onNew.set(feedId, want);
    }
  }
  return plan;
}
