import { useLocation } from 'wouter';
import type { Flag } from '#contract/flags.ts';
import { useDesk } from '../desk/desk-context.ts';
import { turnToArea } from '../wall/turn-to-area.ts';
import { filterTo } from './filter-to.ts';

/**
 * Brings the areas of some flags into view. One: its page is turned to and its tile marked, in the present filter if it
 * is in there. Several, or a whole facility: the wall is filtered to them. "Back" leads to what was asked for before.
 */
export function useShowArea(): (flags: readonly [Flag, ...Flag[]]) => void {
  const desk = useDesk();
  const { view, selection } = desk;
  const [path, navigate] = useLocation();
  return (flags) =>
    view.step(() => {
      const [{ areaId }, ...others] = flags;
      view.focus(null);
      if (path !== '/') navigate('/');
      if (areaId === undefined || others.some((flag) => flag.areaId !== areaId)) {
        view.setFilter(filterTo(flags));
        return;
      }
      if (selection.pageOf(areaId) === undefined) view.resetFilter();
      // Unfiltered it has a page; or the page does not know it yet, and its tile is still to come.
      if (!turnToArea(desk, areaId)) view.mark(areaId);
    });
}
