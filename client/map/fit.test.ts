import { WebMercatorViewport } from '@deck.gl/core';
import { expect, test } from 'vitest';
import { type Span, WHOLE } from '#contract/displays.ts';
import { lookAt } from './fit.ts';
import type { Bounds } from './geo/shapes.ts';

const COUNTRY: Bounds = [22.1, 44.4, 40.2, 52.4];
const SMALL: Bounds = [30.2, 50.2, 30.8, 50.6];
const SCREEN = { width: 1920, height: 1080 };

/** Where a place is on a screen that has a part of the map; pixels of the screen. */
function onScreen(place: [number, number], part: Span, size = SCREEN): [number, number] {
  const look = lookAt(COUNTRY, size, { part, scale: 1 });
  const [x = 0, y = 0] = new WebMercatorViewport({ ...size, ...look }).project(place);
  return [x, y];
}

test('a map that is looked at alone is seen whole, with room around it', () => {
  const [west, north] = onScreen([COUNTRY[0], COUNTRY[3]], WHOLE);
  const [east, south] = onScreen([COUNTRY[2], COUNTRY[1]], WHOLE);
  for (const distance of [west, north, SCREEN.width - east, SCREEN.height - south])
    expect(distance).toBeGreaterThanOrEqual(44.9);
  // As large as that allows.
  expect(Math.min(west, north)).toBeCloseTo(45, 1);
});

test('screens of a wall draw one map: a place has one point in the whole picture, by whichever screen', () => {
  const parts: Span[] = [
    { x: 0, y: 0, width: 0.48, height: 1 },
    { x: 0.52, y: 0, width: 0.48, height: 1 },
  ];
  const whole = SCREEN.width / 0.48;
  for (const place of [
    [23.5, 51],
    [31.2, 48],
    [38, 47],
  ] as [number, number][]) {
    const [left, right] = parts.map((part) => {
      const [x, y] = onScreen(place, part);
      return [x + part.x * whole, y];
    });
    expect(left?.[0]).toBeCloseTo(right?.[0] ?? Number.NaN, 3);
    expect(left?.[1]).toBeCloseTo(right?.[1] ?? Number.NaN, 3);
  }
});

test('a screen with twice as many pixels shows the same, twice as large', () => {
  const part: Span = { x: 0.5, y: 0, width: 0.5, height: 1 };
  const [x, y] = onScreen([35, 49], part);
  const [fineX, fineY] = onScreen([35, 49], part, { width: 3840, height: 2160 });
  expect(fineX).toBeCloseTo(2 * x, 3);
  expect(fineY).toBeCloseTo(2 * y, 3);
});

test('a small region comes no nearer than words of that size have use for', () => {
  expect(lookAt(SMALL, SCREEN).zoom).toBe(9);
  expect(lookAt(SMALL, SCREEN, { part: WHOLE, scale: 1 }).zoom).toBe(9);
  expect(lookAt(SMALL, { width: 7680, height: 4320 }, { part: WHOLE, scale: 4 }).zoom).toBe(11);
});
