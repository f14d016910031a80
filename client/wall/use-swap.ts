import { useCallback, useState } from 'react';
import { useDesk } from '../desk/desk-context.ts';

/** Lets two tiles of the page that is shown change places; `said` is the place, from 0, that the last one came to. */
export function useSwap(): { swap(from: number, to: number): void; said: number | undefined } {
  const { view, selection } = useDesk();
  const [said, setSaid] = useState<number>();
  const swap = useCallback(
    (from: number, to: number) => {
      const { placed, page } = selection.store.getState();
      const first = page * view.store.getState().capacity;
      const [moved, other] = [placed[from], placed[to]];
      if (moved === undefined || other === undefined) return;
      view.swap({ place: first + from, areaId: moved }, { place: first + to, areaId: other });
      setSaid(to);
    },
    [view, selection],
  );
  return { swap, said };
}
