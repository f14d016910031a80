import { type AreaFacts, type AreaFilter, createMatcher } from '#contract/area-filter.ts';
import type { AreaView, Page } from '#contract/areas.ts';
import type { Area } from '#contract/nation.ts';
import type { Scope } from '#contract/session.ts';
import { isInScope } from '../access/decide.ts';
import { type AreaLive, toAreaView } from './area-view.ts';
import { type PageRequest, sortById, toPage } from './page.ts';
import type { Registry } from './registry.ts';

export interface AreaQuestion extends PageRequest {
  filter: AreaFilter;
  scope: Scope;
  nowMs: number;
}

/** Makes the function that answers which areas of a scope pass a filter, a page at a time, sorted by id. */
export function createAreaList(registry: Registry, live: AreaLive) {
  const areas = sortById(registry.nation.areas);

  return ({ filter, scope, nowMs, ...page }: AreaQuestion): Page<AreaView> => {
    const isMatch = createMatcher(filter, nowMs);
    const found = toPage(passing(), page);
    return { ...found, items: found.items.map((area) => toAreaView(area, live, nowMs)) };

    function* passing(): Generator<Area> {
      for (const area of areas) {
        if (!isInScope(scope, area)) continue;
        const facts = factsOf(area);
        if (facts && isMatch(facts)) yield area;
      }
    }
  };

  function factsOf(area: Area): AreaFacts | undefined {
    const facility = registry.facility(area.facilityId);
    const region = registry.region(area.regionId);
    if (!facility || !region) return undefined;
    return {
      area,
      facility,
      regionName: region.name,
      status: live.area(area.id),
      feeds: area.feeds.map((feed) => live.feed(feed.id)),
      flagSeverities: live.flagsOf(area.id).map((flag) => flag.severity),
    };
  }
}
