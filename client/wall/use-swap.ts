import { useCallback, useRef, useState } from 'react';
import type { AreaId } from '#contract/ids.ts';
import { useDesk } from '../desk/desk-context.ts';
import type { Slots } from './paced.ts';

interface Swap {
  /** By places on the page that is shown. `false`: what is drawn there is on its way out, and nothing was moved. */
  swap(from: number, to: number): boolean;
  /** The place, from 0, that the last one came to. */
  said: number | undefined;
}

/** Lets two tiles of the page that is shown change places, each as it is drawn. */
export function useSwap(slots: Slots<AreaId>): Swap {
  const { view, selection } = useDesk();
  const [said, setSaid] = useState<number>();
  const drawn = useRef(slots);
  drawn.current = slots;
  const swap = useCallback(
    (from: number, to: number) => {
      const { placed, page } = selection.store.getState();
      const first = page * view.store.getState().capacity;
      const [moved, other] = [drawn.current[from], drawn.current[to]];
      if (moved === undefined || other === undefined) return false;
      // Right after another filter some tiles are still those of the one before.
      if (moved !== placed[from] || other !== placed[to]) return false;
      view.swap({ place: first + from, areaId: moved }, { place: first + to, areaId: other });
      setSaid(to);
      return true;
    },
    [view, selection],
  );
  return { swap, said };
}
