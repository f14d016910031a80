import type { RegionId } from '#contract/ids.ts';
import type { LiveView } from '../../live/live.ts';
import type { Registry } from '../../nation/registry.ts';

/**
 * What is live, as far as media may rely on it: of an area that may not be watched while somebody is inside nothing is
 * known when nobody can say how its region is. Of all others what was last heard stands, so that what is confidential
 * stays so.
 */
export function certainView(
  view: LiveView,
  { registry, isCertain }: { registry: Pick<Registry, 'area'>; isCertain(regionId: RegionId): boolean },
): LiveView {
  return {
    area: (areaId) => {
      const area = registry.area(areaId);
      if (area?.privacy === 'forbidden-when-occupied' && !isCertain(area.regionId)) return undefined;
      return view.area(areaId);
    },
    feed: (feedId) => view.feed(feedId),
    flag: (flagId) => view.flag(flagId),
    flagsOf: (areaId) => view.flagsOf(areaId),
    snapshot: (regionId) => view.snapshot(regionId),
    seq: (regionId) => view.seq(regionId),
    onDelta: (listener) => view.onDelta(listener),
    get current() {
      return view.current;
    },
  };
}
