import { type PointerEvent, useRef } from 'react';
import type { PlaceId } from '#contract/area-filter.ts';
import { placesWithin } from './choice.ts';
import styles from './Lasso.module.css';
import type { MapDeck } from './map-deck.ts';

interface LassoProps {
  deck: MapDeck;
  label: string;
  onPlaces(places: readonly PlaceId[]): void;
}

type Point = [number, number];

/** The hand has to move so far before the line grows; CSS pixels. */
const STEP_PX = 3;
/** Whoever only taps means the sign that is nearest, if it is as near as that. */
const TAP_PX = 18;

/** A line that is drawn by hand around what is wanted. While it is drawn, nothing of the page is rendered. */
export function Lasso({ deck, label, onPlaces }: LassoProps) {
  const line = useRef<SVGPathElement>(null);
  const points = useRef<Point[]>([]);

  function pointOf({ currentTarget, clientX, clientY }: PointerEvent): Point {
    const { left, top } = currentTarget.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  function show(): void {
    line.current?.setAttribute('d', points.current.length > 1 ? `M${points.current.join('L')}` : '');
  }

  function begin(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    points.current = [pointOf(event)];
    show();
  }

  function move(event: PointerEvent): void {
    const last = points.current.at(-1);
    if (!last) return;
    const point = pointOf(event);
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < STEP_PX) return;
    points.current.push(point);
    show();
  }

  function end(): void {
    const drawn = points.current;
    points.current = [];
    show();
    const marks = deck.marksOnScreen();
    const [first] = drawn;
    if (!first) return;
    if (drawn.length >= 3) {
      onPlaces(placesWithin(drawn, marks));
      return;
    }
    const away = ({ x, y }: { x: number; y: number }) => Math.hypot(x - first[0], y - first[1]);
    const near = marks.filter((mark) => away(mark) <= TAP_PX).sort((a, b) => away(a) - away(b))[0];
    if (near) onPlaces(near.places);
  }

  function drop(): void {
    points.current = [];
    show();
  }

  return (
    <svg
      className={styles.lasso}
      role="img"
      aria-label={label}
      data-lasso
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={drop}
    >
      <path ref={line} className={styles.line} />
    </svg>
  );
}
