import { type RefObject, useEffect, useState } from 'react';
import { useDesk } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';

interface Options {
  element: RefObject<HTMLElement | null>;
  columns: number;
  count: number;
  shown: boolean;
}

/** Where an arrow leads from a place in the grid; stays where there is no tile. */
export function nextSlot(key: string, slot: number, { columns, count }: { columns: number; count: number }) {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
  };
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const next = slot + (steps[key] ?? 0);
  return next >= 0 && next < count ? next : slot;
}

/** Keys that mean something while the wall is open and nobody is typing. Returns the place of the tile that Tab reaches. */
export function useWallKeys({ element, columns, count, shown }: Options): number {
  const { view, selection, who } = useDesk();
  const [slot, setSlot] = useState(0);
  const active = Math.min(slot, Math.max(0, count - 1));

  useEffect(() => {
    if (!shown) return undefined;
    const mayRaise = mayDo(who, 'flag.raise');

    /** The tile that has the focus; undefined while something else has it. */
    const focusedSlot = () => {
      const tile = document.activeElement?.closest<HTMLElement>('[data-slot]');
      return tile && element.current?.contains(tile) ? Number(tile.dataset.slot) : undefined;
    };
    const turn = (by: number) => {
      const { page, pages } = selection.store.getState();
      view.setPage(Math.min(pages - 1, Math.max(0, page + by)));
    };
    const raise = (at: number) => {
      const areaId = selection.store.getState().placed[at];
      if (areaId !== undefined && mayRaise) view.raise(areaId);
    };
    const handle = (event: KeyboardEvent): boolean => {
      if (event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target)) return false;
      if (event.key === 'PageDown' || event.key === 'PageUp') {
        turn(event.key === 'PageDown' ? 1 : -1);
        return true;
      }
      const at = focusedSlot();
      // By place on the keyboard, so that it is the same key in both alphabets.
      if (event.code === 'KeyF') {
        raise(at ?? active);
        return true;
      }
      if (!/^(Arrow|Home$|End$)/.test(event.key)) return false;
      const next = at === undefined ? active : nextSlot(event.key, at, { columns, count });
      setSlot(next);
      element.current?.querySelector<HTMLElement>(`[data-slot="${next}"] > button`)?.focus();
      return true;
    };
    const onKey = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && handle(event)) event.preventDefault();
    };
    const onFocus = () => {
      const at = focusedSlot();
      if (at !== undefined) setSlot(at);
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('focusin', onFocus);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('focusin', onFocus);
    };
  }, [active, columns, count, element, shown, view, selection, who]);

  return active;
}

/** Typing, or in a dialog or list of its own. */
function isElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [role="dialog"], [role="listbox"], [role="menu"]') !== null
  );
}
