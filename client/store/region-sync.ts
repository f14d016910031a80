import { type Flag, isOpenFlag } from '#contract/flags.ts';
import type { AreaId, FeedId, FlagId } from '#contract/ids.ts';
import type { RegionDelta, RegionSnapshot } from '#contract/live.ts';
import type { AreaStatus, FeedStatus } from '#contract/status.ts';

/** Everything live of a region as of `seq`. A record that did not change is the same object as before. */
export interface RegionLive {
  seq: number;
  areas: Readonly<Record<AreaId, AreaStatus>>;
  feeds: Readonly<Record<FeedId, FeedStatus>>;
  /** Open flags only. */
  flags: Readonly<Record<FlagId, Flag>>;
  /** Open flags of an area, most severe first, then oldest first. Those on a whole facility are in `flags` only. */
  flagsByArea: Readonly<Record<AreaId, readonly Flag[]>>;
}

/**
 * How well a region is known. `waiting`: nothing yet. `current`: every delta since the snapshot was seen. `resyncing`:
 * something was missed; what is known is shown as it was, and a snapshot is due.
 */
export type RegionSync =
  | { state: 'waiting'; buffer: readonly RegionDelta[] }
  | { state: 'current'; live: RegionLive }
  | { state: 'resyncing'; live: RegionLive; buffer: readonly RegionDelta[] };

/** What came of a message: the new state, and whether a snapshot has to be asked for. */
export interface SyncStep {
  sync: RegionSync;
  needsSnapshot: boolean;
}

/** Deltas kept while a snapshot is under way. When there are more the oldest goes, which the snapshot then shows as a gap. */
export const MAX_BUFFERED = 512;

export const UNKNOWN_REGION: RegionSync = { state: 'waiting', buffer: [] };

const NOTHING: RegionLive = { seq: 0, areas: {}, feeds: {}, flags: {}, flagsByArea: {} };

export function liveOf(sync: RegionSync | undefined): RegionLive | undefined {
  return sync === undefined || sync.state === 'waiting' ? undefined : sync.live;
}

/** A delta as it comes; numbers that were seen already are passed over. */
export function receiveDelta(sync: RegionSync, delta: RegionDelta): SyncStep {
  switch (sync.state) {
    case 'waiting':
    case 'resyncing':
      return {
        sync: { ...sync, buffer: [...sync.buffer, delta].slice(-MAX_BUFFERED) },
        needsSnapshot: false,
      };
    case 'current':
      if (delta.seq <= sync.live.seq) return { sync, needsSnapshot: false };
      if (delta.seq === sync.live.seq + 1)
        return { sync: { state: 'current', live: applyDelta(sync.live, delta) }, needsSnapshot: false };
      return { sync: { state: 'resyncing', live: sync.live, buffer: [delta] }, needsSnapshot: true };
  }
}

/**
 * A snapshot, and then what was buffered since. A snapshot that is older than what is known of a current region was
 * overtaken and says nothing; for a region that is being resynced it is the truth, even if its numbers start anew.
 */
export function receiveSnapshot(sync: RegionSync, snapshot: RegionSnapshot): SyncStep {
  if (sync.state === 'current' && snapshot.seq < sync.live.seq) return { sync, needsSnapshot: false };
  const buffer = sync.state === 'current' ? [] : sync.buffer.toSorted((a, b) => a.seq - b.seq);
  let live = fromSnapshot(snapshot, liveOf(sync) ?? NOTHING);
  for (const [index, delta] of buffer.entries()) {
    if (delta.seq <= live.seq) continue;
    if (delta.seq !== live.seq + 1)
      return { sync: { state: 'resyncing', live, buffer: buffer.slice(index) }, needsSnapshot: true };
    live = applyDelta(live, delta);
  }
  return { sync: { state: 'current', live }, needsSnapshot: false };
}

/** The connection broke: whatever came meanwhile is missing. */
export function markMissed(sync: RegionSync): RegionSync {
  return sync.state === 'current' ? { state: 'resyncing', live: sync.live, buffer: [] } : sync;
}

function applyDelta(live: RegionLive, delta: RegionDelta): RegionLive {
  return {
    seq: delta.seq,
    areas: replaced(live.areas, delta.areas, (status) => status.areaId),
    feeds: replaced(live.feeds, delta.feeds, (feed) => feed.feedId),
    ...withFlags(live, delta.flags ?? []),
  };
}

/** Keeps the objects of records that say the same as before, so that their tiles do not render again. */
function fromSnapshot(snapshot: RegionSnapshot, before: RegionLive): RegionLive {
  const flags = Object.fromEntries(
    snapshot.flags.filter(isOpenFlag).map((flag) => [flag.id, sameOr(before.flags[flag.id], flag)]),
  );
  const byArea = Map.groupBy(Object.values(flags), ({ areaId }) => areaId);
  return {
    seq: snapshot.seq,
    areas: recordsOf(snapshot.areas, before.areas, (status) => status.areaId),
    feeds: recordsOf(snapshot.feeds, before.feeds, (feed) => feed.feedId),
    flags,
    flagsByArea: Object.fromEntries(
      [...byArea].flatMap(([areaId, list]) =>
        areaId === undefined ? [] : [[areaId, sameOr(before.flagsByArea[areaId], sortFlags(list))] as const],
      ),
    ),
  };
}

/** In one pass: a country has ninety thousand of them. */
function recordsOf<T>(
  items: readonly T[],
  before: Readonly<Record<string, T>>,
  idOf: (item: T) => string,
): Readonly<Record<string, T>> {
  const records: Record<string, T> = {};
  for (const item of items) {
    const id = idOf(item);
    records[id] = sameOr(before[id], item);
  }
  return records;
}

function sameOr<T>(before: T | undefined, now: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

function replaced<T>(
  before: Readonly<Record<string, T>>,
  changed: readonly T[] | undefined,
  idOf: (item: T) => string,
): Readonly<Record<string, T>> {
  if (!changed || changed.length === 0) return before;
  const after = { ...before };
  for (const item of changed) after[idOf(item)] = item;
  return after;
}

function withFlags(live: RegionLive, changed: readonly Flag[]): Pick<RegionLive, 'flags' | 'flagsByArea'> {
  if (changed.length === 0) return { flags: live.flags, flagsByArea: live.flagsByArea };
  const flags = { ...live.flags };
  const flagsByArea = { ...live.flagsByArea };
  for (const flag of changed) {
    if (isOpenFlag(flag)) flags[flag.id] = flag;
    else delete flags[flag.id];
    const { areaId } = flag;
    if (areaId === undefined) continue;
    const others = (flagsByArea[areaId] ?? []).filter(({ id }) => id !== flag.id);
    if (isOpenFlag(flag)) flagsByArea[areaId] = sortFlags([...others, flag]);
    else if (others.length > 0) flagsByArea[areaId] = others;
    else delete flagsByArea[areaId];
  }
  return { flags, flagsByArea };
}

/** Most severe first, then oldest first, then by id, so that the order is the same everywhere. */
export function sortFlags(flags: readonly Flag[]): readonly Flag[] {
  return flags.toSorted(
    (a, b) =>
      a.severity - b.severity ||
      Date.parse(raisedAt(a)) - Date.parse(raisedAt(b)) ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}

/** When a flag was raised. */
export function raisedAt(flag: Flag): string {
  return flag.history[0]?.at ?? '';
}
