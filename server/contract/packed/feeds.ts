import { z } from 'zod';
import { FeedFault, FeedState, FeedStatus } from '../feeds.ts';
import type { AreaId, FeedId } from '../ids.ts';
import { Layer } from '../nation.ts';
import {
  at,
  countIds,
  createTable,
  demandInstant,
  demandLength,
  Ints,
  packIds,
  toInstant,
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

/** {@link readFeeds} gives the same again, in the order of their ids and with `since` to the second. */
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

/** States of a region's feeds; a record is made when it is asked for, and anew each time. */
export interface FeedReader {
  get(feedId: FeedId): FeedStatus | undefined;
  /** Areas that have a feed which is not idle. */
  readonly awake: readonly AreaId[];
  all(): readonly FeedStatus[];
}

/** Looks at all columns at once and throws {@link UnreadableColumns} when they do not fit together; its records never do. */
export function readFeeds(packed: PackedFeeds): FeedReader {
  const { ids, tail, strays, shape, shapes, from, since } = packed;
  const count = countIds(ids);
  demandLength(count, tail, shape, since);
  const idle = shapes.map(({ state }) => state === 'idle');
  let isAsleep = strays.every(({ state }) => state === 'idle');
  for (let place = 0; place < count; place += 1) {
    at(shapes, shape[place]);
    demandInstant((from + at(since, place)) * 1_000);
    if (at(tail, place) < 0 || at(tail, place) > 64) throw new UnreadableColumns(`a tail of ${tail[place]}`);
    isAsleep &&= idle[shape[place] ?? -1] ?? false;
  }
  /** Most regions sleep, and nobody asks what their feeds are called. */
  let known: { feedIds: readonly FeedId[]; places: ReadonlyMap<FeedId, number> } | undefined;
  const strayById = new Map(strays.map((feed) => [feed.feedId, feed]));

  function index() {
    if (known) return known;
    const feedIds = unpackIds(ids);
    known = { feedIds, places: new Map(feedIds.map((id, place) => [id, place])) };
    return known;
  }

  const areaOf = (feedId: FeedId, place: number) => feedId.slice(0, feedId.length - at(tail, place));
  const awake = () => [
    ...index().feedIds.flatMap((id, place) => (idle[at(shape, place)] ? [] : [areaOf(id, place)])),
    ...strays.filter(({ state }) => state !== 'idle').map(({ areaId }) => areaId),
  ];
  const get = (feedId: FeedId): FeedStatus | undefined => {
    const place = index().places.get(feedId);
    if (place === undefined) return strayById.get(feedId);
    return {
      feedId,
      areaId: areaOf(feedId, place),
      ...at(shapes, shape[place]),
      since: toInstant((from + at(since, place)) * 1_000),
    };
  };
  return {
    get,
    awake: isAsleep ? [] : awake(),
    all: () => [
      ...index()
        .feedIds.map(get)
        .filter((feed) => feed !== undefined),
      ...strays,
    ],
  };
}
