import { VartaError } from '#contract/errors.ts';
import { type Flag, isOpenFlag } from '#contract/flags.ts';
import type { FlagId, RegionId } from '#contract/ids.ts';
import type { Scope } from '#contract/session.ts';
import { isInScope } from '../access/decide.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { type Collected, collectRegion, type Unplaced } from './collect.ts';

/**
 * Flags of a region, by when they were raised, newest first, among which those are looked for that were closed: so many at
 * least, on to those that were raised well before, and so many at most: half a second of work. Open ones are all told.
 */
const LEAST_FLAGS = 2_000;
const MOST_FLAGS = 10_000;
/** Hardly any flag is open for longer, and is closed in this very shift; a report of the shift may do without. Our judgment. */
const WELL_BEFORE_MS = 3 * 24 * 3_600_000;
const AT_ONCE = 500;

export interface GatherOptions {
  flags: Pick<FlagStore, 'newestFirst' | 'open'>;
  /** Everybody of a region who is in custody and in no area. */
  unplaced(regionId: RegionId): Promise<readonly Unplaced[]>;
  registry: Registry;
  view: Pick<LiveView, 'area' | 'feed' | 'current'>;
  now: () => number;
  /** Flags of a region that are looked at most. @default 10,000 */
  most?: number;
}

/** What a shift has to know of a scope: its open flags, those that were closed since an instant, and all that is live. */
export interface Gathered {
  flags: readonly Flag[];
  /** Whether closed flags were looked for far enough back; otherwise there were too many. */
  whole: boolean;
  things: readonly Collected[];
}

/** Throws `store_unavailable` while live state is read anew. */
export type Gather = (scope: Scope, sinceMs: number, shiftEndsMs: number) => Promise<Gathered>;

export function createGather({
  flags,
  unplaced,
  registry,
  view,
  now,
  most = MOST_FLAGS,
}: GatherOptions): Gather {
  const ofRegion = async (scope: Scope, regionId: RegionId, sinceMs: number) => {
    // Open ones first: what is closed while we read is then in both lists, and never in neither.
    const open = await flags.open(regionId);
    const closed = new Map<FlagId, Flag>();
    let looked = 0;
    let whole = true;
    for await (const flag of flags.newestFirst(regionId, now(), AT_ONCE)) {
      const isWellBefore = Date.parse(flag.history[0]?.at ?? '') < sinceMs - WELL_BEFORE_MS;
      if (isWellBefore && looked >= LEAST_FLAGS) break;
      if (looked >= most) {
        whole = isWellBefore;
        break;
      }
      looked += 1;
      const isNews = Date.parse(flag.history.at(-1)?.at ?? '') >= sinceMs;
      if (!isOpenFlag(flag) && isNews) closed.set(flag.id, flag);
    }
    const all = [...open.filter(({ id }) => !closed.has(id)), ...closed.values()];
    return { whole, flags: all.filter((flag) => isInScope(scope, flag)) };
  };
  const peopleOf = async (scope: Scope, regionId: RegionId): Promise<Unplaced[]> =>
    (await unplaced(regionId)).filter(({ facilityId }) => isInScope(scope, { regionId, facilityId }));
  return async (scope, sinceMs, shiftEndsMs) => {
    const regionIds = registry.regionsWithin(scope);
    const [found, people] = await Promise.all([
      Promise.all(regionIds.map((id) => ofRegion(scope, id, sinceMs))),
      Promise.all(regionIds.map((id) => peopleOf(scope, id))),
    ]);
    if (!view.current) throw new VartaError('store_unavailable', 'live state is being read anew');
    const things = regionIds.flatMap((regionId, index) =>
      collectRegion(
        {
          regionId,
          areas: registry.nation.areas.filter((area) => area.regionId === regionId && isInScope(scope, area)),
          statusOf: (areaId) => view.area(areaId),
          feedOf: (feedId) => view.feed(feedId),
          flags: found[index]?.flags ?? [],
          unplaced: people[index] ?? [],
        },
        { nowMs: now(), shiftEndsMs },
      ),
    );
    return {
      flags: found.flatMap((one) => one.flags),
      whole: found.every((one) => one.whole),
      things,
    };
  };
}
