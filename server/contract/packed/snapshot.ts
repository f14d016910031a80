import { z } from 'zod';
import { Flag } from '../flags.ts';
import { Instant, RegionId } from '../ids.ts';
import type { RegionSnapshot } from '../live.ts';
import { PackedAreas, packAreas } from './areas.ts';
import { type FeedReader, PackedFeeds, packFeeds, readFeeds } from './feeds.ts';
import { type AreaReader, readAreas } from './read-areas.ts';

/** Grows when what a page reads out of the columns becomes another. */
export const PACKED_FORMAT = 2;

/** A {@link RegionSnapshot} in columns. */
export const PackedRegion = z.strictObject({
  regionId: RegionId,
  seq: z.int().min(0),
  areas: PackedAreas,
  feeds: PackedFeeds,
  /** Open flags. */
  flags: z.array(Flag),
});
export type PackedRegion = z.infer<typeof PackedRegion>;

/** `GET /api/v1/live/snapshot?form=packed`: a {@link LiveSnapshot} in columns. */
export const PackedSnapshot = z.strictObject({
  format: z.literal(PACKED_FORMAT),
  at: Instant,
  regions: z.array(PackedRegion).max(200),
});
export type PackedSnapshot = z.infer<typeof PackedSnapshot>;

export function packRegion({ regionId, seq, areas, feeds, flags }: RegionSnapshot): PackedRegion {
  return { regionId, seq, areas: packAreas(areas), feeds: packFeeds(feeds), flags };
}

/** A {@link RegionSnapshot} whose records are made when somebody asks for them: a page shows sixty of 45,000. */
export interface RegionColumns {
  regionId: RegionId;
  seq: number;
  areas: AreaReader;
  feeds: FeedReader;
  flags: readonly Flag[];
}

/** Every record of a region. */
export function toRegionSnapshot({ areas, feeds, flags, ...rest }: RegionColumns): RegionSnapshot {
  return {
    ...rest,
    areas: areas.ids.map((_, place) => areas.status(place)),
    feeds: [...feeds.all()],
    flags: [...flags],
  };
}

/** A {@link LiveSnapshot} of {@link RegionColumns}. */
export interface SnapshotColumns {
  at: Instant;
  regions: readonly RegionColumns[];
}

/** The packed snapshot of the wire, ready to be read; columns that do not fit together are an issue. */
export const SnapshotFromColumns = PackedSnapshot.transform(({ at, regions }, context): SnapshotColumns => {
  try {
    return {
      at,
      regions: regions.map(({ regionId, seq, areas, feeds, flags }) => ({
        regionId,
        seq,
        areas: readAreas(areas),
        feeds: readFeeds(feeds),
        flags,
      })),
    };
  } catch (error) {
    context.addIssue(String(error));
    return z.NEVER;
  }
});
