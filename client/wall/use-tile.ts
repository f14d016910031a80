import type { Flag } from '#contract/flags.ts';
import type { AreaId } from '#contract/ids.ts';
import { useLive } from '../desk/desk-context.ts';
import { feedOf, flagsOf, statusOf } from '../store/live-store.ts';
import type { TileData } from './tile-data.ts';

const NO_FLAGS: readonly Flag[] = [];

/** Renders again only when one of this area's own records is another one. */
export function useTile(areaId: AreaId): TileData | undefined {
  const area = useLive((state) => state.registry?.areaById[areaId]);
  const facility = useLive((state) => (area ? state.registry?.facilityById[area.facilityId] : undefined));
  const status = useLive((state) => (area ? statusOf(state, area) : undefined));
  const feed = useLive((state) => (area ? feedOf(state, area) : undefined));
  const flags = useLive((state) => (area ? flagsOf(state, area) : NO_FLAGS));
  return area && { area, facility, status, feed, flags };
}
