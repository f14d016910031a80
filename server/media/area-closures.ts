import type { AreaId } from '#contract/ids.ts';
import type { RegionDelta } from '#contract/live.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { isAreaClosed } from './viewers/feed-access.ts';

/** Finds out which changes of areas change what may be watched: of hundreds a second, very few do. */
export class AreaClosures {
  readonly #registry: Pick<Registry, 'area'>;
  readonly #view: Pick<LiveView, 'area'>;
  /** Bounded by the areas of the nation. */
  readonly #closed = new Map<AreaId, boolean>();

  constructor(registry: Pick<Registry, 'area' | 'nation'>, view: Pick<LiveView, 'area' | 'current'>) {
    this.#registry = registry;
    this.#view = view;
    if (!view.current) return;
    for (const area of registry.nation.areas) this.#closed.set(area.id, isAreaClosed(area, view));
  }

  /** Areas of a delta that closed or opened by it, and those of which nothing was known. */
  handleDelta(delta: RegionDelta): Set<AreaId> {
    const changed = new Set<AreaId>();
    for (const { areaId } of delta.areas ?? []) {
      const area = this.#registry.area(areaId);
      if (!area) continue;
      const isClosed = isAreaClosed(area, this.#view);
      if (this.#closed.get(areaId) === isClosed) continue;
      this.#closed.set(areaId, isClosed);
      changed.add(areaId);
    }
    return changed;
  }
}
