import { VartaError } from '#contract/errors.ts';
import { type Flag, isOpenFlag } from '#contract/flags.ts';
import type { FlagId, RegionId } from '#contract/ids.ts';
import type { Scope } from '#contract/session.ts';
import { isInScope } from '../access/decide.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { type Collected, collectRegion, type Unplaced } from './collect.ts';

/** Flags of a region, newest first, among which those are looked for that were closed. Open ones are all told. */
const MAX_FLAGS = 2_000;

export interface GatherOptions {
  flags: Pick<FlagStore, 'newestFirst' | 'open'>;
  /** Everybody of a region who is in custody and in no area. */
  unplaced(regionId: RegionId): Promise<readonly Unplaced[]>;
  registry: Registry;
  view: Pick<LiveView, 'area' | 'feed' | 'current'>;
  now: () => number;
}

/** What a shift has to know of a scope: its open flags, those that were closed since an instant, and all that is live. */
export interface Gathered {
  flags: readonly Flag[];
  things: readonly Collected[];
}

/** Throws `store_unavailable` while live state is read anew. */
export type Gather = (scope: Scope, sinceMs: number, shiftEndsMs: number) => Promise<Gathered>;

export function createGather({ flags, unplaced, registry, view, now }: GatherOptions): Gather {
  const ofRegion = async (scope: Scope, regionId: RegionId, sinceMs: number): Promise<Flag[]> => {
    // Open ones first: what is closed while we read is then in both lists, and never in neither.
    const open = await flags.open(regionId);
    const closed = new Map<FlagId, Flag>();
    let looked = 0;
    for await (const flag of flags.newestFirst(regionId, now())) {
      looked += 1;
      if (looked > MAX_FLAGS) break;
      const isNews = Date.parse(flag.history.at(-1)?.at ?? '') >= sinceMs;
      if (!isOpenFlag(flag) && isNews) closed.set(flag.id, flag);
    }
    return [...open.filter(({ id }) => !closed.has(id)), ...closed.values()].filter((flag) =>
      isInScope(scope, flag),
    );
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
          flags: found[index] ?? [],
          unplaced: people[index] ?? [],
        },
        { nowMs: now(), shiftEndsMs },
      ),
    );
    return { flags: found.flat(), things };
  };
}
