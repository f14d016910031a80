import { VartaError } from '#contract/errors.ts';
import { type Flag, isOpenFlag } from '#contract/flags.ts';
import type { RegionId } from '#contract/ids.ts';
import type { Scope } from '#contract/session.ts';
import { isInScope } from '../access/decide.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { type Collected, collectRegion } from './collect.ts';

/** Flags of a region that are looked through for what has changed. */
const MAX_FLAGS = 2_000;

export interface GatherOptions {
  flags: Pick<FlagStore, 'newestFirst'>;
  registry: Registry;
  view: Pick<LiveView, 'area' | 'feed' | 'current'>;
  now: () => number;
}

/** What a shift has to know of a scope: its flags since an instant, and all that is live. */
export interface Gathered {
  flags: readonly Flag[];
  things: readonly Collected[];
}

/** Throws `store_unavailable` while live state is read anew. */
export type Gather = (scope: Scope, sinceMs: number, shiftEndsMs: number) => Promise<Gathered>;

export function createGather({ flags, registry, view, now }: GatherOptions): Gather {
  const ofRegion = async (scope: Scope, regionId: RegionId, sinceMs: number): Promise<Flag[]> => {
    const own: Flag[] = [];
    let looked = 0;
    for await (const flag of flags.newestFirst(regionId, now())) {
      looked += 1;
      if (looked > MAX_FLAGS) break;
      const isNews = Date.parse(flag.history.at(-1)?.at ?? '') >= sinceMs;
      if ((isOpenFlag(flag) || isNews) && isInScope(scope, flag)) own.push(flag);
    }
    return own;
  };
  return async (scope, sinceMs, shiftEndsMs) => {
    const regionIds = registry.regionsWithin(scope);
    const found = await Promise.all(regionIds.map((id) => ofRegion(scope, id, sinceMs)));
    if (!view.current) throw new VartaError('store_unavailable', 'live state is being read anew');
    const things = regionIds.flatMap((regionId, index) =>
      collectRegion(
        {
          regionId,
          areas: registry.nation.areas.filter((area) => area.regionId === regionId && isInScope(scope, area)),
          statusOf: (areaId) => view.area(areaId),
          feedOf: (feedId) => view.feed(feedId),
          flags: found[index] ?? [],
        },
        { nowMs: now(), shiftEndsMs },
      ),
    );
    return { flags: found.flat(), things };
  };
}
