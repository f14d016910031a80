import type { AreaId } from '#contract/ids.ts';
import type { RegionDelta } from '#contract/live.ts';
import type { Area } from '#contract/nation.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { isAreaClosed } from './viewers/feed-access.ts';

/** Finds out which changes of areas change what may be seen of them: of hundreds a second, very few do. */
export class AreaClosures {
  readonly #registry: Pick<Registry, 'area'>;
  readonly #view: Pick<LiveView, 'area'>;
  /** Bounded by the areas of the nation. */
  readonly #sights = new Map<AreaId, string>();

  constructor(registry: Pick<Registry, 'area' | 'nation'>, view: Pick<LiveView, 'area' | 'current'>) {
    this.#registry = registry;
    this.#view = view;
    if (!view.current) return;
    for (const area of registry.nation.areas) this.#sights.set(area.id, this.#sightOf(area));
  }

  /** Areas of a delta that closed or opened by it, whose masks were lifted or cover again, and those of which nothing was known. */
  handleDelta(delta: RegionDelta): Set<AreaId> {
    return this.handleAreas((delta.areas ?? []).map(({ areaId }) => areaId));
  }

  /** The same of areas about which something else became known. */
  handleAreas(areaIds: Iterable<AreaId>): Set<AreaId> {
    const changed = new Set<AreaId>();
    for (const areaId of areaIds) {
      const area = this.#registry.area(areaId);
      if (!area) continue;
      const sight = this.#sightOf(area);
      if (this.#sights.get(areaId) === sight) continue;
      this.#sights.set(areaId, sight);
      changed.add(areaId);
    }
    return changed;
  }

  /** Whether it may be watched, and what is to be seen then. */
  #sightOf(area: Area): string {
    if (isAreaClosed(area, this.#view)) return 'closed';
    return this.#view.area(area.id)?.unmasked?.until ?? 'open';
  }
}
