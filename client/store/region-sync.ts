import { type Flag, isOpenFlag } from '#contract/flags.ts';
import type { AreaId, FlagId } from '#contract/ids.ts';
import type { RegionDelta, RegionSnapshot } from '#contract/live.ts';
import type { RegionColumns } from '#contract/packed/snapshot.ts';
import {
  type AreaRecords,
  areaRecords,
  type FeedRecords,
  feedRecords,
  sameOr,
  withChanges,
} from './records.ts';

/** Everything live of a region as of `seq`. A record that did not change is the same object as before. */
export interface RegionLive {
  seq: number;
  areas: AreaRecords;
  feeds: FeedRecords;
  /** Open flags only. Maps, for there are thousands: a copy of an object with so many keys takes four times as long. */
  flags: ReadonlyMap<FlagId, Flag>;
  /** Open flags of an area, most severe first, then oldest first. Those on a whole facility are in `flags` only. */
  flagsByArea: ReadonlyMap<AreaId, readonly Flag[]>;
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

export function liveOf(sync: RegionSync | undefined): RegionLive | undefined {
  return sync === undefined || sync.state === 'waiting' ? undefined : sync.live;
}

/** A delta as it comes; numbers that were seen already are passed over. */
export function receiveDelta(sync: RegionSync, delta: RegionDelta): SyncStep {
  return receiveDeltas(sync, [delta]);
}

/** Deltas in the order in which they came. Those that follow each other are applied in one go: a burst is copied into once. */
export function receiveDeltas(sync: RegionSync, deltas: readonly RegionDelta[]): SyncStep {
  if (sync.state !== 'current')
    return {
      sync: { ...sync, buffer: [...sync.buffer, ...deltas].slice(-MAX_BUFFERED) },
      needsSnapshot: false,
    };
  const { next, rest } = following(sync.live.seq, deltas);
  const live = applyDeltas(sync.live, next);
  if (rest.length > 0) return { sync: { state: 'resyncing', live, buffer: rest }, needsSnapshot: true };
  return { sync: next.length === 0 ? sync : { state: 'current', live }, needsSnapshot: false };
}

/**
 * A snapshot, and then what was buffered since. A snapshot that is older than what is known of a current region was
 * overtaken and says nothing; for a region that is being resynced it is the truth, even if its numbers start anew.
 */
export function receiveSnapshot(sync: RegionSync, snapshot: RegionSnapshot | RegionColumns): SyncStep {
  if (sync.state === 'current' && snapshot.seq < sync.live.seq) return { sync, needsSnapshot: false };
  const buffer = sync.state === 'current' ? [] : sync.buffer.toSorted((a, b) => a.seq - b.seq);
  const { next, rest } = following(snapshot.seq, buffer);
  const live = applyDeltas(fromSnapshot(snapshot, liveOf(sync)), next);
  if (rest.length > 0) return { sync: { state: 'resyncing', live, buffer: rest }, needsSnapshot: true };
  return { sync: { state: 'current', live }, needsSnapshot: false };
}

/** What leads on from a number, without what was seen already; and everything from the first gap on. */
function following(seq: number, deltas: readonly RegionDelta[]) {
  const next: RegionDelta[] = [];
  let last = seq;
  for (const [index, delta] of deltas.entries()) {
    if (delta.seq <= last) continue;
    if (delta.seq !== last + 1) return { next, rest: deltas.slice(index) };
    next.push(delta);
    last = delta.seq;
  }
  return { next, rest: [] };
}

/** The connection broke: whatever came meanwhile is missing. */
export function markMissed(sync: RegionSync): RegionSync {
  return sync.state === 'current' ? { state: 'resyncing', live: sync.live, buffer: [] } : sync;
}

function applyDeltas(live: RegionLive, deltas: readonly RegionDelta[]): RegionLive {
  const last = deltas.at(-1);
  if (!last) return live;
  return {
    seq: last.seq,
    areas: withChanges(
      live.areas,
      deltas.flatMap(({ areas = [] }) => areas),
      ({ areaId }) => areaId,
    ),
    feeds: withChanges(
      live.feeds,
      deltas.flatMap(({ feeds = [] }) => feeds),
      ({ feedId }) => feedId,
    ),
    ...withFlags(
      live,
      deltas.flatMap(({ flags = [] }) => flags),
    ),
  };
}

/** Keeps the objects of records that say the same as before, so that their tiles do not render again. */
function fromSnapshot(snapshot: RegionSnapshot | RegionColumns, before: RegionLive | undefined): RegionLive {
  const flags = new Map(
    snapshot.flags.filter(isOpenFlag).map((flag) => [flag.id, sameOr(before?.flags.get(flag.id), flag)]),
  );
  const byArea = Map.groupBy(flags.values(), ({ areaId }) => areaId);
  return {
    seq: snapshot.seq,
    areas: areaRecords(snapshot.areas, before?.areas),
    feeds: feedRecords(snapshot.feeds, before?.feeds),
    flags,
    flagsByArea: new Map(
      [...byArea].flatMap(([areaId, list]) =>
        areaId === undefined
          ? []
          : [[areaId, sameOr(before?.flagsByArea.get(areaId), sortFlags(list))] as const],
      ),
    ),
  };
}

function withFlags(live: RegionLive, changed: readonly Flag[]): Pick<RegionLive, 'flags' | 'flagsByArea'> {
  if (changed.length === 0) return { flags: live.flags, flagsByArea: live.flagsByArea };
  const flags = new Map(live.flags);
  const flagsByArea = new Map(live.flagsByArea);
  for (const flag of changed) {
    if (isOpenFlag(flag)) flags.set(flag.id, flag);
    else flags.delete(flag.id);
    const { areaId } = flag;
    if (areaId === undefined) continue;
    const others = (flagsByArea.get(areaId) ?? []).filter(({ id }) => id !== flag.id);
    if (isOpenFlag(flag)) flagsByArea.set(areaId, sortFlags([...others, flag]));
    else if (others.length > 0) flagsByArea.set(areaId, others);
    else flagsByArea.delete(areaId);
  }
  return { flags, flagsByArea };
}

/** Most severe first, then oldest first, then by id, so that the order is the same everywhere. */
export function sortFlags(flags: readonly Flag[]): readonly Flag[] {
  if (flags.length < 2) return flags;
  return flags
    .map(rankFlag)
    .sort(compareRanked)
    .map(({ flag }) => flag);
}

/** A flag with what its place among others is decided by: an instant is read once, not with every comparison. */
export interface RankedFlag {
  flag: Flag;
  raisedMs: number;
}

export function rankFlag(flag: Flag): RankedFlag {
  return { flag, raisedMs: Date.parse(raisedAt(flag)) };
}

export function compareRanked(a: RankedFlag, b: RankedFlag): number {
  return (
    a.flag.severity - b.flag.severity ||
    a.raisedMs - b.raisedMs ||
    (a.flag.id < b.flag.id ? -1 : a.flag.id > b.flag.id ? 1 : 0)
  );
}

/** When a flag was raised. */
export function raisedAt(flag: Flag): string {
  return flag.history[0]?.at ?? '';
}
