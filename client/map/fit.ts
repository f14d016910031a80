import { WebMercatorViewport } from '@deck.gl/core';
import { type Span, WHOLE } from '#contract/displays.ts';
import type { Bounds } from './geo/shapes.ts';
import type { Size } from './use-canvas.ts';

/** A canvas of a map that nobody touches, and the text's size on it against a desk. */
export interface Frame {
  /** The part that the canvas is, of one map that may go over several screens; in parts of the whole. */
  part: Span;
  scale: number;
}

/** Where one looks: degrees, and the zoom of the world's 512 pixels. */
export interface Look {
  longitude: number;
  latitude: number;
  zoom: number;
}

/** No nearer at a scale of 1: one is to see where a small region lies. */
const NEAREST_ZOOM = 9;
const NARROW_PX = 560;

/**
 * Where a canvas of this size (CSS pixels) has to look, so that a part of the world is seen whole: on the canvas, or on all
 * canvases of a map together. What lies between two of them, behind a frame, is drawn by none.
 */
export function lookAt([west, south, east, north]: Bounds, size: Size, frame?: Frame): Look {
  const { x, y, width, height } = frame?.part ?? WHOLE;
  const whole = { width: size.width / width, height: size.height / height };
  const fitted = new WebMercatorViewport(whole).fitBounds(
    [
      [west, south],
      [east, north],
    ],
    {
      padding: frame ? frameRoom(whole, frame.part) : toolsRoom(whole),
      maxZoom: NEAREST_ZOOM + Math.log2(frame?.scale ?? 1),
    },
  );
  const [longitude = 0, latitude = 0] = fitted.unproject([
    (x + width / 2) * whole.width,
    (y + height / 2) * whole.height,
  ]);
  return { longitude, latitude, zoom: fitted.zoom };
}

/**
 * Room around what is looked at, in CSS pixels. Above it lie the tools, in two lines where there is little width; there
 * words stand below the southernmost place, too, for which there is no room beside it.
 */
function toolsRoom({ width, height }: Size) {
  const around = Math.min(24, width / 16, height / 16);
  const isNarrow = width < NARROW_PX;
  const top = Math.min(isNarrow ? 88 : 48, height / 4);
  const bottom = isNarrow ? Math.min(50, height / 6) : around;
  return { top, right: around, bottom, left: around };
}

/**
 * The same where there are no tools, by the picture alone: screens of one map may have pixels of different sizes. On the
 * lower edge of one that goes over several screens lie their lines of text.
 */
function frameRoom({ width, height }: Size, part: Span) {
  const around = Math.min(width, height) / 24;
  const isAlone = part.width === 1 && part.height === 1;
  return { top: around, right: around, bottom: isAlone ? around : height / 8, left: around };
}
