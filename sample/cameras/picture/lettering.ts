import { type LumaPlane, type Point, strokeLine } from './plane.ts';

/** Lines of each digit in a box 4 wide and 6 high, as a stencil on a wall would have them. */
const DIGIT_STROKES: Readonly<Record<string, readonly (readonly Point[])[]>> = {
  '0': [
    [
      [1, 0],
      [3, 0],
      [4, 1],
      [4, 5],
      [3, 6],
      [1, 6],
      [0, 5],
      [0, 1],
      [1, 0],
    ],
  ],
  '1': [
    [
      [0.8, 1.2],
      [2, 0],
      [2, 6],
    ],
    [
      [0.8, 6],
      [3.2, 6],
    ],
  ],
  '2': [
    [
      [0, 1],
      [1, 0],
      [3, 0],
      [4, 1],
      [4, 2.2],
      [0, 6],
      [4, 6],
    ],
  ],
  '3': [
    [
      [0, 0.9],
      [1, 0],
      [3, 0],
      [4, 1],
      [4, 2],
      [3, 3],
      [1.5, 3],
    ],
    [
      [3, 3],
      [4, 4],
      [4, 5],
      [3, 6],
      [1, 6],
      [0, 5.1],
    ],
  ],
  '4': [
    [
      [3, 6],
      [3, 0],
      [0, 4.2],
      [4, 4.2],
    ],
  ],
  '5': [
    [
      [4, 0],
      [0.3, 0],
      [0.1, 2.7],
      [1, 2.4],
      [3, 2.4],
      [4, 3.4],
      [4, 5],
      [3, 6],
      [1, 6],
      [0, 5.1],
    ],
  ],
  '6': [
    [
      [3.6, 0.6],
      [3, 0],
      [1, 0],
      [0, 1],
      [0, 5],
      [1, 6],
      [3, 6],
      [4, 5],
      [4, 3.6],
      [3, 2.7],
      [1, 2.7],
      [0, 3.5],
    ],
  ],
  '7': [
    [
      [0, 0],
      [4, 0],
      [1.4, 6],
    ],
  ],
  '8': [
    [
      [1, 3],
      [0, 2],
      [0, 1],
      [1, 0],
      [3, 0],
      [4, 1],
      [4, 2],
      [3, 3],
      [1, 3],
      [0, 4],
      [0, 5],
      [1, 6],
      [3, 6],
      [4, 5],
      [4, 4],
      [3, 3],
    ],
  ],
  '9': [
    [
      [0.4, 5.4],
      [1, 6],
      [3, 6],
      [4, 5],
      [4, 1],
      [3, 0],
      [1, 0],
      [0, 1],
      [0, 2.4],
      [1, 3.3],
      [3, 3.3],
      [4, 2.5],
    ],
  ],
};

/** Rows of each small glyph, five bits wide, most significant bit left. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  '0': [14, 17, 19, 21, 25, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 2, 4, 8, 31],
  '3': [31, 2, 4, 2, 1, 17, 14],
  '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '6': [6, 8, 16, 30, 17, 17, 14],
  '7': [31, 1, 2, 4, 8, 8, 8],
  '8': [14, 17, 17, 14, 17, 17, 14],
  '9': [14, 17, 17, 15, 1, 2, 12],
  З: [14, 17, 1, 6, 1, 17, 14],
  Р: [30, 17, 17, 30, 16, 16, 16],
  А: [14, 17, 17, 31, 17, 17, 17],
  О: [14, 17, 17, 17, 17, 17, 14],
  К: [17, 18, 20, 24, 20, 18, 17],
  S: [15, 16, 16, 14, 1, 1, 30],
  A: [14, 17, 17, 31, 17, 17, 17],
  M: [17, 27, 21, 21, 17, 17, 17],
  P: [30, 17, 17, 30, 16, 16, 16],
  L: [16, 16, 16, 16, 16, 16, 31],
  E: [31, 16, 16, 30, 16, 16, 31],
  '/': [1, 1, 2, 4, 8, 16, 16],
  ' ': [0, 0, 0, 0, 0, 0, 0],
};

const GLYPH_ADVANCE = 6;

/** Width of small text in pixels. */
export function textWidth(text: string, scale: number): number {
  return (text.length * GLYPH_ADVANCE - 1) * scale;
}

/** Writes small text, seven pixels high at scale 1. Glyphs that are not in the table stay blank. */
export function drawText(
  plane: LumaPlane,
  text: string,
  at: { x: number; y: number; scale: number; luma: number },
): void {
  for (const [index, letter] of [...text].entries()) {
    for (const [row, bits] of (GLYPHS[letter] ?? []).entries()) {
      for (let column = 0; column < 5; column++) {
        if (((bits >> (4 - column)) & 1) === 0) continue;
        const x = at.x + (index * GLYPH_ADVANCE + column) * at.scale;
        for (let line = 0; line < at.scale; line++) {
          const start = (at.y + row * at.scale + line) * plane.width + x;
          plane.data.fill(at.luma, start, start + at.scale);
        }
      }
    }
  }
}

/** Writes a number in large strokes; `height` is that of a digit in pixels. */
export function drawLargeNumber(
  plane: LumaPlane,
  text: string,
  at: { x: number; y: number; height: number; luma: number; opacity: number },
): void {
  const unit = at.height / 6;
  for (const [index, digit] of [...text].entries()) {
    for (const line of DIGIT_STROKES[digit] ?? []) {
      const points = line.map(([x, y]): Point => [at.x + (index * 5.6 + x) * unit, at.y + y * unit]);
      strokeLine(plane, points, { width: unit * 0.95, luma: at.luma, opacity: at.opacity });
    }
  }
}

/** Width of a large number in pixels. */
export function largeNumberWidth(text: string, height: number): number {
  return (text.length * 5.6 - 1.6) * (height / 6);
}
