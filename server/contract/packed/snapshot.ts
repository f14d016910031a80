import { z } from 'zod';
import { Flag } from '../flags.ts';
import { Instant, RegionId } from '../ids.ts';
import type { LiveSnapshot, RegionSnapshot } from '../live.ts';
import { PackedAreas, packAreas, unpackAreas } from './areas.ts';
import { PackedFeeds, packFeeds, unpackFeeds } from './feeds.ts';

/** Grows when what a page reads out of the columns becomes another. */
export const PACKED_FORMAT = 1;

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

/** Throws `UnreadableColumns` when columns do not fit together. */
export function unpackSnapshot({ at, regions }: PackedSnapshot): LiveSnapshot {
  return {
    at,
    regions: regions.map(({ regionId, seq, areas, feeds, flags }) => ({
      regionId,
      seq,
      areas: unpackAreas(areas),
      feeds: unpackFeeds(feeds),
      flags,
    })),
  };
}

/** The packed snapshot of the wire as the snapshot that it stands for; columns that do not fit together are an issue. */
export const SnapshotFromColumns = PackedSnapshot.transform((packed, context): LiveSnapshot => {
  try {
    return unpackSnapshot(packed);
  } catch (error) {
    context.addIssue(String(error));
    return z.NEVER;
  }
});
