import { useLocation } from 'wouter';
import { NO_FILTER } from '#contract/area-filter.ts';
import type { Flag } from '#contract/flags.ts';
import { useDesk } from '../desk/desk-context.ts';

/**
 * Brings the areas of some flags into view. One: its page is turned to and its tile marked, in the present filter if it
 * is in there. Several: the wall is filtered to them.
 */
export function useShowArea(): (flags: readonly [Flag, ...Flag[]]) => void {
  const { view, selection } = useDesk();
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
    if (selection.pageOf(first.areaId) === undefined) view.resetFilter();
    const page = selection.pageOf(first.areaId);
    if (page !== undefined && page !== selection.store.getState().page) view.setPage(page);
    view.mark(first.areaId);
  };
}
