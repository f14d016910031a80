import { type RefObject, useEffect } from 'react';

/** A hand that moves less than this, in CSS pixels, has clicked. */
const THRESHOLD_PX = 8;

/**
 * Drags a tile onto another one. Marks both on their elements while it goes on (`data-dragged`, `data-drop`): nothing is
 * rendered with the pointer. A finger scrolls, and does not drag.
 */
export function useTileDrag(
  element: RefObject<HTMLElement | null>,
  isOn: boolean,
  swap: (from: number, to: number) => unknown,
): void {
  useEffect(() => {
    const root = element.current;
    if (!isOn || !root) return undefined;
    let drag:
      | {
          tile: HTMLElement;
          x: number;
          y: number;
          moving: boolean;
          given?: true;
          over?: HTMLElement | undefined;
        }
      | undefined;

    const tileAt = (target: EventTarget | Element | null) => {
      const tile = target instanceof Element ? target.closest<HTMLElement>('[data-slot]') : null;
      return tile && root.contains(tile) ? tile : undefined;
    };
    const mark = (over: HTMLElement | undefined) => {
      if (!drag || drag.over === over) return;
      delete drag.over?.dataset.drop;
      drag.over = over;
      if (over) over.dataset.drop = '';
    };
    const end = () => {
      mark(undefined);
      delete drag?.tile.dataset.dragged;
      drag = undefined;
    };
    const onDown = (event: PointerEvent) => {
      const tile = tileAt(event.target);
      if (event.button !== 0 || event.pointerType === 'touch' || !tile) return;
      drag = { tile, x: event.clientX, y: event.clientY, moving: false };
    };
    const onMove = (event: PointerEvent) => {
      if (!drag || drag.given) return;
      if (!drag.moving && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < THRESHOLD_PX) return;
      drag.moving = true;
      drag.tile.dataset.dragged = '';
      const over = tileAt(document.elementFromPoint(event.clientX, event.clientY));
      mark(over === drag.tile ? undefined : over);
    };
    const onUp = () => {
      if (!drag) return;
      const { tile, over, moving } = drag;
      end();
      if (moving) swallowClick();
      if (over) swap(Number(tile.dataset.slot), Number(over.dataset.slot));
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !drag) return;
      event.preventDefault();
      mark(undefined);
      delete drag.tile.dataset.dragged;
      // Given up; the hand is still down.
      drag.given = true;
    };
    root.addEventListener('pointerdown', onDown);
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', onUp);
    window.addEventListener('pointercancel', end);
    window.addEventListener('keydown', onKey, true);
    return () => {
      end();
      root.removeEventListener('pointerdown', onDown);
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', onUp);
      window.removeEventListener('pointercancel', end);
      window.removeEventListener('keydown', onKey, true);
    };
  }, [element, isOn, swap]);
}

/** What was a drag is no click on whatever lies below its end. */
function swallowClick(): void {
  const swallow = (event: MouseEvent) => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener('click', swallow, { capture: true, once: true });
  // Where the pointer went up over another element than it went down on, there may be none.
  setTimeout(() => window.removeEventListener('click', swallow, true));
}
