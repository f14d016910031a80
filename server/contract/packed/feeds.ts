import { z } from 'zod';
import type { FeedId } from '../ids.ts';
import { Layer } from '../nation.ts';
import { FeedFault, FeedState, FeedStatus } from '../status.ts';
import {
  at,
  createInstantWriter,
  createTable,
  demandLength,
  Ints,
  packIds,
  UnreadableColumns,
  unpackIds,
} from './columns.ts';

const FeedShape = z.strictObject({
  state: FeedState,
  layers: z.array(Layer).max(2),
  faults: z.array(FeedFault).max(FeedFault.options.length).optional(),
});
type FeedShape = z.infer<typeof FeedShape>;

/** States of feeds; columns have a value for each. */
export const PackedFeeds = z.strictObject({
  ids: z.string(),
  /** How many characters a feed's id is longer than its area's, which it begins with. */
  tail: Ints,
  /** Feeds whose id says nothing of their area, whole. */
  strays: z.array(FeedStatus),
  shape: Ints,
  shapes: z.array(FeedShape),
  /** Seconds since the epoch that `since` counts from. */
  from: z.int().min(0),
  since: Ints,
});
export type PackedFeeds = z.infer<typeof PackedFeeds>;

/** {@link unpackFeeds} gives the same again, in the order of their ids and with `since` to the second. */
export function packFeeds(statuses: readonly FeedStatus[]): PackedFeeds {
  const isOrdinary = ({ feedId, areaId }: FeedStatus) => feedId.startsWith(areaId);
  const feeds = statuses
    .filter(isOrdinary)
    .sort((a, b) => (a.feedId < b.feedId ? -1 : a.feedId > b.feedId ? 1 : 0));
  const shapes = createTable<FeedShape>();
  const times = feeds.map(({ since }) => Math.floor(Date.parse(since) / 1_000));
  const from = times.reduce((least, seconds) => Math.min(least, seconds), times[0] ?? 0);
  return {
    ids: packIds(feeds.map(({ feedId }) => feedId)),
    tail: feeds.map(({ feedId, areaId }) => feedId.length - areaId.length),
    strays: statuses.filter((status) => !isOrdinary(status)),
    shape: feeds.map(({ feedId: _, areaId: __, since: ___, ...shape }) => shapes.place(shape)),
    shapes: shapes.values,
    from,
    since: times.map((seconds) => seconds - from),
  };
}

/** Throws {@link UnreadableColumns} when the columns do not fit together. */
export function unpackFeeds({ ids, tail, strays, shape, shapes, from, since }: PackedFeeds): FeedStatus[] {
  const feedIds: FeedId[] = unpackIds(ids);
  demandLength(feedIds.length, tail, shape, since);
  const toInstant = createInstantWriter();
  const feeds = feedIds.map((feedId, index): FeedStatus => {
    const longer = at(tail, index);
    if (longer < 0 || longer > feedId.length)
      throw new UnreadableColumns(`${feedId} has a tail of ${longer}`);
    return {
      feedId,
      areaId: feedId.slice(0, feedId.length - longer),
      ...at(shapes, shape[index]),
      since: toInstant((from + at(since, index)) * 1_000),
    };
  });
  return [...feeds, ...strays];
}
