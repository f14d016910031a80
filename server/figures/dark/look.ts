import type { DarkCause } from '#contract/dark.ts';
import { type FeedStatus, isBlindFeed } from '#contract/feeds.ts';
import type { AreaId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import type { LiveView } from '../../live/live.ts';
import { unseenIn } from '../../rules/look/why-unseen.ts';
import type { Looked } from './plan-look.ts';

/** Which areas no camera shows now, and since when. */
export function look(areas: readonly Area[], view: Pick<LiveView, 'area' | 'feed'>, nowMs: number): Looked {
  const dark = new Map<AreaId, { cause: DarkCause; sinceMs: number }>();
  const byId = new Map(areas.map((area) => [area.id, area]));
  const whyUnseen = unseenIn(areas, view, nowMs);
  const feedsOf = (area: Area, isBlind: boolean) =>
    area.feeds.flatMap((feed) => {
      const status = view.feed(feed.id);
      return status && isBlindFeed(feed, status) === isBlind ? [status] : [];
    });
  for (const area of areas) {
    const cause = whyUnseen(area);
    if (cause === undefined) continue;
    // A door closes when the news of it comes, whatever the record says of when it was to be closed.
    const sinceMs = cause === 'confidential' ? Number.POSITIVE_INFINITY : latest(feedsOf(area, true));
    dark.set(area.id, { cause, sinceMs });
  }
  return {
    dark,
    lightSinceMs: (areaId) => {
      const area = byId.get(areaId);
      const seeing = area ? feedsOf(area, false) : [];
      return seeing.length > 0 ? earliest(seeing) : Number.POSITIVE_INFINITY;
    },
  };
}

const latest = (feeds: readonly FeedStatus[]) => Math.max(0, ...feeds.map(({ since }) => Date.parse(since)));
const earliest = (feeds: readonly FeedStatus[]) => Math.min(...feeds.map(({ since }) => Date.parse(since)));
