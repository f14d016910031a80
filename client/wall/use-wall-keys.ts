import { type RefObject, useEffect, useState } from 'react';
import { useDesk } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { type Handler, useShortcuts } from '../shell/use-shortcuts.ts';
import { areaOfCard, cardInHand } from './card-in-hand.ts';
import { neighbour, type Place } from './grid-fit.ts';

interface Options {
  element: RefObject<HTMLElement | null>;
  /** Where tiles lie; undefined in a list of one column. */
  places: readonly Place[] | undefined;
  count: number;
  shown: boolean;
  /** Two tiles change places, as they are drawn; `false` where they cannot. */
  swap(from: number, to: number): boolean;
}

/** Keys of the wall while it is in front and nobody is typing. Returns the place of the tile that Tab reaches. */
export function useWallKeys({ element, places, count, shown, swap }: Options): number {
  const { view, selection, who } = useDesk();
  const [slot, setSlot] = useState(0);
  const active = Math.min(slot, Math.max(0, count - 1));

  /** The tile that has the focus; undefined while something else has it. */
  const focusedTile = () => {
    const tile = document.activeElement?.closest<HTMLElement>('[data-slot]');
    return tile && element.current?.contains(tile) ? tile : undefined;
  };
  const focusedSlot = () => {
    const tile = focusedTile();
    return tile && Number(tile.dataset.slot);
  };
  const next = (key: string, at: number) =>
    places ? neighbour(places.slice(0, count), at, key) : inColumn(key, at, count);
  const turn = (by: number) => {
    const { page, pages } = selection.store.getState();
    view.setPage(Math.min(pages - 1, Math.max(0, page + by)));
  };
  const goTo = (to: number) => {
    setSlot(to);
    element.current?.querySelector<HTMLElement>(`[data-slot="${to}"] > button`)?.focus();
  };
  const exchange = (from: number, to: number) => {
    if (from === to || !swap(from, to)) return;
    // The tile keeps the focus where it now is.
    setSlot(to);
  };

  /** Not while an area is enlarged, also before the wall behind it has been told that it is not in front any more. */
  const inFront =
    (handle: Handler): Handler =>
    (event) =>
      view.store.getState().focus === null ? handle(event) : false;

  useShortcuts('wall', shown, {
    nextPage: inFront(() => turn(1)),
    previousPage: inFront(() => turn(-1)),
    raise: inFront(() => {
      // What is seen under the focus, not what lies in a slot: by now that may be another area.
      const areaId = focusedTile()?.dataset.areaId ?? areaOfCard(cardInHand());
      if (areaId === undefined || !mayDo(who, 'flag.raise')) return false;
      return view.raise(areaId);
    }),
    move: inFront((event) => {
      const at = focusedSlot();
      goTo(at === undefined ? active : next(event.key, at));
    }),
    arrange: inFront((event) => {
      const at = focusedSlot();
      return at === undefined || !places ? false : exchange(at, next(event.key, at));
    }),
    toSpot: inFront(() => {
      const at = focusedSlot();
      return at === undefined || !places ? false : exchange(at, 0);
    }),
  });

  useEffect(() => {
    if (!shown) return undefined;
    const onFocus = () => {
      const tile = document.activeElement?.closest<HTMLElement>('[data-slot]');
      if (tile && element.current?.contains(tile)) setSlot(Number(tile.dataset.slot));
    };
    document.addEventListener('focusin', onFocus);
    return () => document.removeEventListener('focusin', onFocus);
  }, [element, shown]);

  return active;
}

/** Where an arrow leads in a list of one column. */
function inColumn(key: string, at: number, count: number): number {
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const by = key === 'ArrowUp' || key === 'ArrowLeft' ? -1 : 1;
  return Math.min(count - 1, Math.max(0, at + by));
}
