import { type AreaBrief, briefOf, pressingDueMs } from '#contract/area-brief.ts';
import { createMoment } from '#contract/clocks.ts';
import type { FeedStatus } from '#contract/feeds.ts';
import type { AreaId, FeedId } from '#contract/ids.ts';
import type { FeedReader } from '#contract/packed/feeds.ts';
import type { AreaReader } from '#contract/packed/read-areas.ts';
import type { AreaStatus } from '#contract/status.ts';

/** What a snapshot told of one kind of things in a region. A record is made when it is first asked for, and then stays. */
export interface Source<T> {
  get(id: string): T | undefined;
  /** The records that somebody has asked for. */
  readonly made: ReadonlyMap<string, T>;
}

export interface AreaSource extends Source<AreaStatus> {
  readonly ids: readonly AreaId[];
  /** By place in `ids`. */
  brief(place: number): AreaBrief;
  /** When the clock that presses most is due, by place in `ids`; ms, or Infinity. */
  dueMs(place: number, nowMs: number): number;
}

export interface FeedSource extends Source<FeedStatus> {
  /** Areas that have a feed which is not idle. */
  readonly awake: readonly AreaId[];
}

/** Records of a region as they are now: what a snapshot told, and what has changed since. Never changes itself. */
export interface Records<T, S extends Source<T> = Source<T>> {
  readonly source: S;
  readonly changed: ReadonlyMap<string, T>;
}

export type AreaRecords = Records<AreaStatus, AreaSource>;
export type FeedRecords = Records<FeedStatus, FeedSource>;

export function recordOf<T>({ changed, source }: Records<T>, id: string): T | undefined {
  return changed.get(id) ?? source.get(id);
}

/** The same records with some of them replaced. */
export function withChanges<T, S extends Source<T>>(
  before: Records<T, S>,
  replaced: readonly T[],
  idOf: (record: T) => string,
): Records<T, S> {
  if (replaced.length === 0) return before;
  const changed = new Map(before.changed);
  for (const record of replaced) changed.set(idOf(record), record);
  return { source: before.source, changed };
}

/** The areas of a snapshot. A record that says the same as in `before` is the same object, so that its tile does not render again. */
export function areaRecords(
  areas: readonly AreaStatus[] | AreaReader,
  before: AreaRecords | undefined,
): AreaRecords {
  const reader = 'status' in areas ? areas : readStatuses(areas);
  const places = lazily(() => new Map(reader.ids.map((id, place) => [id, place])));
  const source = remembering(before, (id) => {
    const place = places().get(id);
    return place === undefined ? undefined : reader.status(place);
  });
  return {
    source: { ...source, ids: reader.ids, brief: reader.brief, dueMs: reader.dueMs },
    changed: new Map(),
  };
}

/** The feeds of a snapshot, as {@link areaRecords} its areas. */
export function feedRecords(
  feeds: readonly FeedStatus[] | FeedReader,
  before: FeedRecords | undefined,
): FeedRecords {
  const reader = 'get' in feeds ? feeds : readFeedStatuses(feeds);
  return { source: { ...remembering(before, reader.get), awake: reader.awake }, changed: new Map() };
}

function remembering<T>(before: Records<T> | undefined, make: (id: string) => T | undefined): Source<T> {
  const earlier = new Map([...(before?.source.made ?? []), ...(before?.changed ?? [])]);
  const made = new Map<string, T>();
  return {
    made,
    get(id) {
      const known = made.get(id);
      if (known !== undefined) return known;
      const record = make(id);
      if (record === undefined) return undefined;
      const kept = sameOr(earlier.get(id), record);
      earlier.delete(id);
      made.set(id, kept);
      return kept;
    },
  };
}

/** What was known before, if it says the same. */
export function sameOr<T>(before: T | undefined, now: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

function readStatuses(statuses: readonly AreaStatus[]): AreaReader {
  const at = (place: number): AreaStatus => {
    const status = statuses[place];
    if (!status) throw new RangeError(`there is no area at ${place}`);
    return status;
  };
  return {
    ids: statuses.map(({ areaId }) => areaId),
    status: at,
    brief: (place) => briefOf(at(place)),
    dueMs: (place, nowMs) => pressingDueMs(at(place), createMoment(nowMs)),
  };
}

function readFeedStatuses(feeds: readonly FeedStatus[]): FeedReader {
  const byId = new Map<FeedId, FeedStatus>(feeds.map((feed) => [feed.feedId, feed]));
  return {
    get: (feedId) => byId.get(feedId),
    awake: feeds.filter(({ state }) => state !== 'idle').map(({ areaId }) => areaId),
    all: () => feeds,
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
