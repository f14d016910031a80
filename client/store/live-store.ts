import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FeedStatus } from '#contract/feeds.ts';
import type { Flag } from '#contract/flags.ts';
import type { AreaId, FeedId, RegionId } from '#contract/ids.ts';
import type { LiveSnapshot, RegionDelta, RegionSnapshot } from '#contract/live.ts';
import type { Area } from '#contract/nation.ts';
import type { RegionColumns, SnapshotColumns } from '#contract/packed/snapshot.ts';
import type { AreaStatus } from '#contract/status.ts';
import type { FailureCode } from '../session/failure.ts';
import { recordOf } from './records.ts';
import {
  liveOf,
  markMissed,
  type RegionSync,
  receiveDeltas,
  receiveSnapshot,
  UNKNOWN_REGION,
} from './region-sync.ts';
import { mainFeedId, type Registry } from './registry.ts';

/** How this page is connected to the server. */
export type LinkState =
  | { state: 'connecting' }
  | { state: 'open' }
  /** `sinceMs`: server clock. */
  | { state: 'lost'; code: FailureCode; sinceMs: number };

export interface LiveState {
  link: LinkState;
  /** Undefined until it was loaded; a failure keeps its code until the next attempt. */
  registry: Registry | undefined;
  registryFailure: FailureCode | undefined;
  regions: Readonly<Record<RegionId, RegionSync>>;
  /** The client's build that the server serves; undefined until it has said. */
  servedBuild: string | undefined;
  /** The same, where this page is of another one. */
  otherBuild: string | undefined;
  /** What could not be read since the page was connected, and is not known in another way: a message, or the last answer. */
  unreadable: 'message' | 'answer' | undefined;
}

/** Why a page should be loaded anew: it cannot read what the server says, or the server has another version of it. */
export type PageTrouble = 'unreadable' | 'other';

export function pageTroubleOf({ unreadable, otherBuild }: LiveState): PageTrouble | undefined {
  if (unreadable) return 'unreadable';
  return otherBuild === undefined ? undefined : 'other';
}

export type LiveStore = StoreApi<LiveState>;

/**
 * What is live, as this page knows it: data only, most of it in columns until somebody looks; sockets, tracks and timers
 * belong to their managers.
 */
export function createLiveStore(): LiveStore {
  return createStore<LiveState>(() => ({
    link: { state: 'connecting' },
    registry: undefined,
    registryFailure: undefined,
    regions: {},
    servedBuild: undefined,
    otherBuild: undefined,
    unreadable: undefined,
  }));
}

/** A new state of regions, and the regions that a snapshot has to be asked for. */
export interface RegionsStep {
  regions: LiveState['regions'];
  gaps: readonly RegionId[];
}

/** Applies deltas in the order in which they came. Regions that the page may not know of are passed over. */
export function withDeltas(regions: LiveState['regions'], deltas: readonly RegionDelta[]): RegionsStep {
  const after = { ...regions };
  const gaps: RegionId[] = [];
  for (const [regionId, own] of Map.groupBy(deltas, (delta) => delta.regionId)) {
    const before = after[regionId];
    if (!before) continue;
    const step = receiveDeltas(before, own);
    after[regionId] = step.sync;
    if (step.needsSnapshot) gaps.push(regionId);
  }
  return { regions: after, gaps };
}

/**
 * Applies a snapshot. `asked`: the regions that it was asked for, or undefined for all; a region that was asked for and
 * is not in the answer has nothing to tell.
 */
export function withSnapshot(
  regions: LiveState['regions'],
  snapshot: LiveSnapshot | SnapshotColumns,
  asked: readonly RegionId[] | undefined,
): RegionsStep {
  const after = { ...regions };
  const gaps: RegionId[] = [];
  const answers: readonly (RegionSnapshot | RegionColumns)[] = snapshot.regions;
  const told = new Map(answers.map((region) => [region.regionId, region]));
  for (const regionId of asked ?? Object.keys(regions)) {
    const answer = told.get(regionId) ?? { regionId, seq: 0, areas: [], feeds: [], flags: [] };
    const step = receiveSnapshot(after[regionId] ?? UNKNOWN_REGION, answer);
    after[regionId] = step.sync;
    if (step.needsSnapshot) gaps.push(regionId);
  }
  return { regions: after, gaps };
}

export function withAllMissed(regions: LiveState['regions']): LiveState['regions'] {
  return Object.fromEntries(Object.entries(regions).map(([id, sync]) => [id, markMissed(sync)]));
}

/** Whether what is shown is all there is to know now: connected, and no region has a gap. */
export function isCurrent(state: LiveState): boolean {
  return (
    state.link.state === 'open' && Object.values(state.regions).every(({ state }) => state === 'current')
  );
}

/** Whether something is known of every region: until then, that there is nothing is only that nothing has come. */
export function isKnown(state: LiveState): boolean {
  const regions = Object.values(state.regions);
  return regions.length > 0 && regions.every(({ state }) => state !== 'waiting');
}

const NO_FLAGS: readonly Flag[] = [];

export function statusOf(state: LiveState, area: Area): AreaStatus | undefined {
  const live = liveOf(state.regions[area.regionId]);
  return live && recordOf(live.areas, area.id);
}

export function feedOf(state: LiveState, area: Area): FeedStatus | undefined {
  const feedId = mainFeedId(area);
  const live = liveOf(state.regions[area.regionId]);
  return feedId === undefined ? undefined : live && recordOf(live.feeds, feedId);
}

/** Of each feed of an area what is known. */
export function feedsOf(state: LiveState, area: Area): readonly (FeedStatus | undefined)[] {
  const live = liveOf(state.regions[area.regionId]);
  return area.feeds.map((feed) => live && recordOf(live.feeds, feed.id));
}

/** Whether the server says that packets of this feed come in, as of the last news. */
export function isFeedLive(state: LiveState, feedId: FeedId): boolean {
  return Object.values(state.regions).some((sync) => {
    const feeds = liveOf(sync)?.feeds;
    if (!feeds) return false;
    const changed = feeds.changed.get(feedId);
    if (changed || feeds.source.awake.length === 0) return hasPackets(changed);
    return hasPackets(feeds.source.get(feedId));
  });
}

/** Packets of a picture in which nothing can be seen are packets too. */
function hasPackets(feed: FeedStatus | undefined): boolean {
  return feed?.state === 'live' || feed?.state === 'faulty';
}

/** Open flags of an area, most severe first. */
export function flagsOf(state: LiveState, area: { id: AreaId; regionId: RegionId }): readonly Flag[] {
  return liveOf(state.regions[area.regionId])?.flagsByArea.get(area.id) ?? NO_FLAGS;
}
