import type { Span } from '#contract/displays.ts';
import type { MapFill, SceneContent } from '#contract/scenes.ts';
import { type Cell, EDGE } from './cells.ts';

/**
 * The map of a show while the scene at `index` is on: that scene's own, else the one that was on before it in the tour, which
 * waits behind the tiles; undefined for a show without any.
 */
export function mapOf(scenes: readonly SceneContent[], index: number): MapFill | undefined {
  return scenes
    .map((_, back) => scenes.at((index - back) % scenes.length)?.fill)
    .find((fill) => fill?.kind === 'map');
}

/** A scene as it is shown: a map leaves room for alarms beside it, and is not taken away by one. */
export function withRoom(scene: SceneContent): SceneContent {
  return scene.fill.kind === 'map' && scene.columns === 1 ? { ...scene, columns: 2 } : scene;
}

/** The places for alarms beside a map: the last column of those that some screen shows. */
export function placesBeside({ columns }: Pick<SceneContent, 'columns'>, seen: readonly number[]): number[] {
  const last = Math.max(...seen.map((place) => place % columns));
  return seen.filter((place) => place % columns === last);
}

/** How much of the whole picture's width a map has: all of it, or the columns before the one in which alarms stand. */
export function mapWidth(
  { columns }: Pick<SceneContent, 'columns'>,
  cells: readonly Pick<Cell, 'held'>[],
): number {
  const place = cells.findIndex(({ held }) => held);
  return place < 0 ? 1 : (place % columns) / columns;
}

/** What of a map a screen has. */
export interface MapPart {
  /** The part of the screen's width that the map takes, from its left edge; 0 where it shows nothing of it. */
  screen: number;
  /** The part of the map that is there, in parts of the whole map. */
  part: Span;
}

/** Of a map that begins at the left edge of the whole picture and is so wide, the part that a screen with this span has. */
export function partOf(width: number, span: Span): MapPart {
  const shown = Math.min(span.x + span.width, width) - span.x;
  if (shown < EDGE) return { screen: 0, part: span };
  const part = { x: span.x / width, y: span.y, width: shown / width, height: span.height };
  return { screen: shown / span.width, part };
}

const low = ({ y, height }: Span) => y + height;

/** Whether no other part of a picture lies lower than this one: there its line stands. */
export function isLowest(span: Span, parts: readonly Span[]): boolean {
  return parts.every((other) => low(other) < low(span) + EDGE);
}

/** Whether no other part of a picture lies lower than this one, or as low and further left: there its legend stands. */
export function isLowerLeft(span: Span, parts: readonly Span[]): boolean {
  return (
    isLowest(span, parts) && parts.every((other) => low(other) < low(span) - EDGE || other.x > span.x - EDGE)
  );
}
