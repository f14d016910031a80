import type { AreaId } from '#contract/ids.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { AreaClosures } from './area-closures.ts';
import type { CertaintyWatch } from './certainty/certainty-watch.ts';
import type { Log } from './ports.ts';
import type { PosterStore } from './posters/poster-store.ts';

interface AreaPorts {
  registry: Registry;
  /** What is live as far as media may rely on it. */
  view: LiveView;
  /** What is live, as it comes. */
  live: Pick<LiveView, 'onDelta'>;
  certainty: Pick<CertaintyWatch, 'onChange'>;
  posters: Pick<PosterStore, 'erase'>;
  log: Log;
}

/**
 * Tells of areas of which something became known, and which of them may be seen otherwise than before. Nothing that was
 * taken of an area before it closed is kept; nor, when it opens, what a node took in between that had not heard of it:
 * until its grants ended, it went on.
 */
export function followAreas(
  owned: AsyncDisposableStack,
  { registry, view, live, certainty, posters, log }: AreaPorts,
  tell: (areaIds: ReadonlySet<AreaId>, changed: ReadonlySet<AreaId>) => void,
): void {
  const closures = new AreaClosures(registry, view);
  const eraseStills = (areaIds: ReadonlySet<AreaId>): void => {
    const areas = [...areaIds].flatMap((areaId) => registry.area(areaId) ?? []);
    const feedIds = areas.flatMap(({ feeds }) => feeds.map(({ id }) => id));
    posters.erase(feedIds).catch((error: unknown) => {
      log.warn({ err: error, feeds: feedIds.length }, 'stills of areas that closed or opened are kept');
    });
  };
  const handle = (areaIds: ReadonlySet<AreaId>): void => {
    const changed = closures.handleAreas(areaIds);
    tell(areaIds, changed);
    if (changed.size > 0) eraseStills(changed);
  };
  certainty.onChange(handle);
  owned.defer(
    live.onDelta(({ areas }) => {
      if (areas) handle(new Set(areas.map(({ areaId }) => areaId)));
    }),
  );
}
