import { ERRORS, type ErrorCode } from '#contract/errors.ts';
import type { FeedId, MediaObjectId } from '#contract/ids.ts';
import { type Importance, USUAL_IMPORTANCE } from '#contract/importance.ts';
import { MAX_WATCHED } from '#contract/media.ts';
import type { Layer } from '#contract/nation.ts';
import type { FailureCode } from '../session/failure.ts';
import { toImportance } from './importance.ts';
import type { FeedLayer } from './media-signal.ts';

/** What the page's tiles want of a feed, all together. */
export interface FeedWant {
  layer: Layer;
  /** Smaller is served first. */
  priority: number;
  /** A tile is ready to show it now. Otherwise it is only kept at hand, without a packet. */
  show: boolean;
}

/** Where a feed stands between this page and its node. A feed without a link was not asked for. */
export type FeedLink =
  | { state: 'asked' }
  | {
      state: 'held';
      consumerId: MediaObjectId;
      layer: Layer;
      /** As its node was told. @default the usual one */
      importance?: Importance | undefined;
      flow: 'paused' | 'flowing';
      /** Monotonic instant since when no tile wants it. */
      unwantedSinceMs: number | undefined;
    }
  | { state: 'waiting'; code: FailureCode; attempts: number; retryAtMs: number };

/** What to do next: one message each, whatever the number of feeds. */
export interface FeedPlan {
  watch: FeedLayer[];
  resume: FeedId[];
  pause: FeedId[];
  layers: FeedLayer[];
  unwatch: FeedId[];
  /** Feeds that were waited for and that nobody wants any more. */
  forget: FeedId[];
  /** Monotonic instant at which to plan again even if nothing happens. */
  againAtMs: number | undefined;
}

/** A feed that no tile wants is kept paused for this long: turning a page back is then a matter of one message. */
export const KEEP_MS = 20_000;
/** Feeds that are kept so at most; the longest unwanted go first. */
export const MAX_KEPT = 64;
/** For so long after feeds were asked for nothing is let go. */
export const BUSY_MS = 2_000;
/** Feeds asked for in one message. What is over comes with the next, so that alarms do not wait for a whole wall. */
export const MAX_ASKED = 64;

interface Situation {
  wants: ReadonlyMap<FeedId, FeedWant>;
  links: ReadonlyMap<FeedId, FeedLink>;
  nowMs: number;
  /** Until when a page is being turned. */
  busyUntilMs: number;
}

/** Compares what is wanted with what is, and says what is missing. Knows nothing of messages under way but the links' states. */
export function planFeeds({ wants, links, nowMs, busyUntilMs }: Situation): FeedPlan {
  const plan: FeedPlan = {
    watch: [],
    resume: [],
    pause: [],
    layers: [],
    unwatch: [],
    forget: [],
    againAtMs: undefined,
  };
  const kept: { feedId: FeedId; sinceMs: number }[] = [];
  let watched = 0;

  for (const [feedId, link] of links) {
    const want = wants.get(feedId);
    if (link.state === 'asked') watched += 1;
    else if (link.state === 'waiting') planWaiting(plan, feedId, link, want);
    else {
      watched += 1;
      if (want) planHeld(plan, feedId, link, want);
      else {
        if (link.flow === 'flowing') plan.pause.push(feedId);
        kept.push({ feedId, sinceMs: link.unwantedSinceMs ?? nowMs });
      }
    }
  }
  planKept(plan, kept, nowMs);
  planWatch(plan, { wants, links, nowMs, busyUntilMs }, MAX_WATCHED - (watched - plan.unwatch.length));
  const isBusy = plan.watch.length > 0 || nowMs < busyUntilMs;
  if (isBusy && watched + plan.watch.length <= MAX_WATCHED) postpone(plan, busyUntilMs);
  return plan;
}

/** Each ending is a negotiation of its own; a page that is being turned should not wait for those of the page before. */
function postpone(plan: FeedPlan, untilMs: number): void {
  if (plan.unwatch.length === 0) return;
  plan.unwatch = [];
  plan.againAtMs = earlier(plan.againAtMs, untilMs);
}

function planWaiting(
  plan: FeedPlan,
  feedId: FeedId,
  link: Extract<FeedLink, { state: 'waiting' }>,
  want: FeedWant | undefined,
): void {
  if (want) plan.againAtMs = earlier(plan.againAtMs, link.retryAtMs);
  else plan.forget.push(feedId);
}

function planHeld(
  plan: FeedPlan,
  feedId: FeedId,
  link: Extract<FeedLink, { state: 'held' }>,
  want: FeedWant,
): void {
  const ask = toAsk(feedId, want);
  if (link.layer !== ask.layer || link.importance !== ask.importance) plan.layers.push(ask);
  if (want.show && link.flow === 'paused') plan.resume.push(feedId);
  if (!want.show && link.flow === 'flowing') plan.pause.push(feedId);
}

function planKept(plan: FeedPlan, kept: { feedId: FeedId; sinceMs: number }[], nowMs: number): void {
  kept.sort((a, b) => b.sinceMs - a.sinceMs);
  for (const [index, { feedId, sinceMs }] of kept.entries()) {
    const untilMs = sinceMs + KEEP_MS;
    if (index >= MAX_KEPT || nowMs >= untilMs) plan.unwatch.push(feedId);
    else plan.againAtMs = earlier(plan.againAtMs, untilMs);
  }
}

function planWatch(plan: FeedPlan, { wants, links, nowMs }: Situation, room: number): void {
  const missing = [...wants].filter(([feedId]) => {
    const link = links.get(feedId);
    return link === undefined || (link.state === 'waiting' && nowMs >= link.retryAtMs);
  });
  plan.watch = missing
    .sort(([, a], [, b]) => a.priority - b.priority)
    .slice(0, Math.max(0, Math.min(MAX_ASKED, room)))
    .map(([feedId, want]) => toAsk(feedId, want));
}

/** What a node is told of a wish. */
export function toAsk(feedId: FeedId, { layer, priority }: Pick<FeedWant, 'layer' | 'priority'>): FeedLayer {
  const importance = toImportance(priority);
  return { feedId, layer, importance: importance === USUAL_IMPORTANCE ? undefined : importance };
}

function earlier(a: number | undefined, b: number): number {
  return a === undefined ? b : Math.min(a, b);
}

const FIRST_RETRY_MS = 400;
const LAST_RETRY_MS = 10_000;
/** The server tells when these end (`media:available`, the area's status); asking is only the safety net. */
const TOLD: ReadonlySet<FailureCode> = new Set(['feed_not_live', 'confidential']);
const TOLD_RETRY_MS = 10_000;
/** What will not change by itself is asked again rarely: rights and registry do change in a day. */
const FINAL_RETRY_MS = 60_000;

/** How long to wait before a feed that was refused is asked for again; `jitter` from 0 to 1 spreads the pages of a room. */
export function retryDelayMs(code: FailureCode, attempts: number, jitter: number): number {
  if (TOLD.has(code)) return TOLD_RETRY_MS * (0.75 + jitter / 2);
  if (code in ERRORS && !ERRORS[code as ErrorCode].retry) return FINAL_RETRY_MS * (0.75 + jitter / 2);
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempts) * (0.75 + jitter / 2);
}
