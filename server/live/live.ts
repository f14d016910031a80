import type { FeedStatus } from '#contract/feeds.ts';
import type { Flag } from '#contract/flags.ts';
import type { AreaId, FeedId, FlagId, RegionId } from '#contract/ids.ts';
import type { RegionDelta, RegionSnapshot } from '#contract/live.ts';
import type { AreaStatus } from '#contract/status.ts';

/** What is live now, as this replica last heard it. A mirror of Redis, never the record. */
export interface LiveView {
  area(areaId: AreaId): AreaStatus | undefined;
  feed(feedId: FeedId): FeedStatus | undefined;
  flag(flagId: FlagId): Flag | undefined;
  /** Open flags of an area, most severe first. */
  flagsOf(areaId: AreaId): readonly Flag[];
  snapshot(regionId: RegionId): RegionSnapshot;
  /** The number of the last change that is known of a region. */
  seq(regionId: RegionId): number;
  /** Called with every delta, in order, without a gap, per region. Returns the way to stop. */
  onDelta(listener: (delta: RegionDelta) => void): () => void;
  /** False while the mirror cannot be trusted to be complete (Redis away, resync under way). */
  readonly current: boolean;
}

/** What changed in one region; records replace their predecessors whole. */
export interface RegionChange {
  areas?: readonly AreaStatus[];
  feeds?: readonly FeedStatus[];
}

/** Writes state that is not an event's or a flag's consequence: today, that of feeds. */
export interface LiveWriter {
  /** Stores the records, numbers the change and tells everyone, atomically. Returns the sequence number. */
  commit(regionId: RegionId, change: RegionChange): Promise<number>;
}

/** The records of a delta. */
export interface DeltaRecords {
  areas?: readonly AreaStatus[] | undefined;
  feeds?: readonly FeedStatus[] | undefined;
  flags?: readonly Flag[] | undefined;
}
