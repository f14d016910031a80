import type { AreaId } from '#contract/ids.ts';
import type { Selection } from './selection.ts';
import type { WallView } from './wall-view.ts';

/**
 * Turns the wall to the page of an area and marks its tile, which gets the focus there. `false` where the filter does not let
 * the area through: a mark that waited for its tile would take the focus from whatever has it by then.
 */
export function turnToArea(
  { view, selection }: { view: WallView; selection: Selection },
  areaId: AreaId,
): boolean {
  const turn = (): boolean => {
    const page = selection.pageOf(areaId);
    if (page !== undefined && page !== selection.store.getState().page) view.setPage(page);
    return page !== undefined;
  };
  // The first page is put in order when it is turned to, which may send the area on to another.
  if (!turn() || !turn()) return false;
  view.mark(areaId);
  return true;
}
