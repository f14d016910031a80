import { z } from 'zod';
import type { Flag } from '../flags.ts';
import { Instant, RegionId } from '../ids.ts';
import type { RegionSnapshot } from '../live.ts';
import { PackedAreas, packAreas } from './areas.ts';
import { type FeedReader, PackedFeeds, packFeeds, readFeeds } from './feeds.ts';
import { PackedFlags, packFlags } from './flags.ts';
import { type AreaReader, readAreas } from './read-areas.ts';
import { readFlags } from './read-flags.ts';

/** Grows when what a page reads out of the columns becomes another. */
export const PACKED_FORMAT = 3;
/** What a page gets that names no format: one of the version before, that was open when the server became this one. */
export const FORMER_FORMAT = 2;

/** A {@link RegionSnapshot} in columns. */
export const PackedRegion = z.strictObject({
  regionId: RegionId,
  seq: z.int().min(0),
  areas: PackedAreas,
  feeds: PackedFeeds,
  flags: PackedFlags,
});
export type PackedRegion = z.infer<typeof PackedRegion>;

/** `GET /api/v1/live/snapshot?form=packed&format=3`: a {@link LiveSnapshot} in columns. */
export const PackedSnapshot = z.strictObject({
  format: z.literal(PACKED_FORMAT),
  at: Instant,
  regions: z.array(PackedRegion).max(200),
});
export type PackedSnapshot = z.infer<typeof PackedSnapshot>;

export function packRegion({ regionId, seq, areas, feeds, flags }: RegionSnapshot): PackedRegion {
  const packed = packAreas(areas);
  return {
    regionId,
    seq,
    areas: packed,
    feeds: packFeeds(feeds),
    flags: packFlags(flags, { regionId, areas: packed }),
  };
}

/** The same in {@link FORMER_FORMAT}: flags are whole. */
export function packFormerRegion({ regionId, seq, areas, feeds, flags }: RegionSnapshot): object {
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
      regions: regions.map(({ regionId, seq, areas, feeds, flags }) => {
        const reader = readAreas(areas);
        return {
          regionId,
          seq,
          areas: reader,
          feeds: readFeeds(feeds),
          flags: readFlags(flags, { regionId, areas, areaIds: reader.ids }),
        };
      }),
    };
  } catch (error) {
    context.addIssue(String(error));
    return z.NEVER;
  }
});
