import { useLocation } from 'wouter';
import { NO_FILTER } from '#contract/area-filter.ts';
import type { Flag } from '#contract/flags.ts';
import { useDesk, useTexts } from '../desk/desk-context.ts';

/**
 * Brings the areas of some flags into view. One: its page is turned to and its tile marked, in the present filter if it
 * is in there. Several, or a whole facility: the wall is filtered to them.
 */
export function useShowArea(): (flags: readonly [Flag, ...Flag[]]) => void {
  const { view, live, selection } = useDesk();
  const { language } = useTexts();
  const [path, navigate] = useLocation();
  return (flags) => {
    const [first] = flags;
    const areas = new Set(flags.map(({ areaId }) => areaId));
    view.focus(null);
    if (path !== '/') navigate('/');
    if (areas.size > 1) {
      view.setFilter({ ...NO_FILTER, region: [first.regionId], flag: String(first.severity) as '1' });
      return;
    }
    const { areaId } = first;
    if (areaId === undefined) {
      const facility = live.getState().registry?.facilityById[first.facilityId];
      view.setFilter({ ...NO_FILTER, region: [first.regionId], text: facility?.name[language] ?? '' });
      return;
    }
    if (selection.pageOf(areaId) === undefined) view.resetFilter();
    const page = selection.pageOf(areaId);
    if (page !== undefined && page !== selection.store.getState().page) view.setPage(page);
    view.mark(areaId);
  };
}
