import { z } from 'zod';
import { FeedStatus } from '#contract/feeds.ts';
import { Flag } from '#contract/flags.ts';
import type { FlagId, RegionId } from '#contract/ids.ts';
import type { RegionSnapshot } from '#contract/live.ts';
import { AreaStatus } from '#contract/status.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';

const Hash = z.record(z.string(), z.string());
const Seq = z.coerce.number().int().min(0);

/** Told of a record that this version cannot read; the others are read all the same. */
export type ReportUnreadable = (error: unknown, id: string) => void;

/** Everything live of a region and the number that it belongs to, read in one transaction. */
export async function readRegion(
  redis: Redis,
  regionId: RegionId,
  report: ReportUnreadable,
): Promise<RegionSnapshot> {
  const [areas, feeds, flags, seq] = await redis
    .multi()
    .hGetAll(keys.areas(regionId))
    .hGetAll(keys.feeds(regionId))
    .hGetAll(keys.openFlags(regionId))
    .get(keys.seq(regionId))
    .exec();
  return {
    regionId,
    seq: Seq.parse(seq ?? 0),
    areas: parseAll(areas, AreaStatus, report),
    feeds: parseAll(feeds, FeedStatus, report),
    flags: parseAll(flags, Flag, report),
  };
}

/** Flags in their last state, open or not. */
export async function readFlags(redis: Redis, regionId: RegionId, ids: readonly FlagId[]): Promise<Flag[]> {
  if (ids.length === 0) return [];
  const found = await redis.hmGet(keys.flags(regionId), [...ids]);
  return found.filter((json) => json !== null).map((json) => Flag.parse(JSON.parse(json)));
}

function parseAll<T extends z.ZodType>(hash: unknown, schema: T, report: ReportUnreadable): z.infer<T>[] {
  const records: z.infer<T>[] = [];
  for (const [id, json] of Object.entries(Hash.parse(hash))) {
    try {
      records.push(schema.parse(JSON.parse(json)));
    } catch (error) {
      report(error, id);
    }
  }
  return records;
}
