import { type RefObject, useEffect, useRef, useState } from 'react';
import { NO_ZOOM, panBy, ZOOM_STEP, type Zoom, zoomBy } from './zoom.ts';

/** A hand that moves less than this, in CSS pixels, has clicked. */
const THRESHOLD_PX = 4;
/** A wheel turned by this many pixels is one step. */
const WHEEL_STEP_PX = 100;

export interface ZoomControl {
  /** Rounded to a tenth, to be read. */
  factor: number;
  zoom(by: number): void;
  pan(x: number, y: number): boolean;
  reset(): void;
}

/**
 * Enlarges the pictures inside an element with the wheel and by dragging, through custom properties that only the
 * pictures themselves read: whatever is written over them stays where it is. Nothing is rendered with the pointer.
 */
export function useZoom(element: RefObject<HTMLElement | null>): ZoomControl {
  const current = useRef(NO_ZOOM);
  const [factor, setFactor] = useState(1);

  const [control] = useState(() => {
    const set = (next: Zoom) => {
      current.current = next;
      const target = element.current;
      target?.style.setProperty('--zoom', String(next.factor));
      target?.style.setProperty('--zoom-x', `${next.x * 100}%`);
      target?.style.setProperty('--zoom-y', `${next.y * 100}%`);
      if (target && next.factor > 1) target.dataset.zoomed = '';
      else delete target?.dataset.zoomed;
      setFactor(Math.round(next.factor * 10) / 10);
    };
    return {
      set,
      zoom: (by: number) => set(zoomBy(current.current, by)),
      pan(x: number, y: number) {
        if (current.current.factor === 1) return false;
        set(panBy(current.current, x, y));
        return true;
      },
      reset: () => set(NO_ZOOM),
    };
  });

  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    let hand: { x: number; y: number; moved: boolean } | undefined;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top, width, height } = target.getBoundingClientRect();
      const at = { x: (event.clientX - left) / width - 0.5, y: (event.clientY - top) / height - 0.5 };
      control.set(zoomBy(current.current, ZOOM_STEP ** (-event.deltaY / WHEEL_STEP_PX), at));
    };
    const onDown = (event: PointerEvent) => {
      if (event.button === 0 && current.current.factor > 1)
        hand = { x: event.clientX, y: event.clientY, moved: false };
    };
    const onMove = (event: PointerEvent) => {
      if (!hand) return;
      const [x, y] = [event.clientX - hand.x, event.clientY - hand.y];
      if (!hand.moved && Math.hypot(x, y) < THRESHOLD_PX) return;
      const { width, height } = target.getBoundingClientRect();
      control.pan(x / width, y / height);
      hand = { x: event.clientX, y: event.clientY, moved: true };
    };
    const onUp = () => {
      // The click that ends a drag is none.
      if (hand?.moved) swallowClick(target);
      hand = undefined;
    };
    target.addEventListener('wheel', onWheel, { passive: false });
    target.addEventListener('pointerdown', onDown);
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', onUp);
    window.addEventListener('pointercancel', onUp);
    return () => {
      target.removeEventListener('wheel', onWheel);
      target.removeEventListener('pointerdown', onDown);
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', onUp);
      window.removeEventListener('pointercancel', onUp);
    };
  }, [element, control]);

  return { factor, zoom: control.zoom, pan: control.pan, reset: control.reset };
}

function swallowClick(target: HTMLElement): void {
  const swallow = (event: MouseEvent) => event.stopPropagation();
  target.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => target.removeEventListener('click', swallow, true));
}
