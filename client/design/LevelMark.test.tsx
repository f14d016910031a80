import './base.css';
import { expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import type { Severity } from '#contract/flags.ts';
import { canvas } from '../test/colours.ts';
import { LevelMark } from './LevelMark.tsx';

const LEVELS = [1, 2, 3, 4] as const satisfies readonly Severity[];
/** Of the smallest mark on a desk, in pixels. */
const SIZE = 12;

/** Where a mark is inked, in one colour alone: how much of each pixel, from 0 to 1. */
async function inkOf(level: Severity): Promise<number[]> {
  const { container } = await render(<LevelMark level={level} />);
  const svg = container.querySelector('svg');
  if (!svg) throw new Error('no mark');
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('width', String(SIZE));
  svg.setAttribute('height', String(SIZE));
  svg.setAttribute('style', 'color: black');
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg.outerHTML)}`;
  await image.decode();
  const context = canvas(SIZE).getContext('2d');
  context?.drawImage(image, 0, 0, SIZE, SIZE);
  const { data = new Uint8ClampedArray() } = context?.getImageData(0, 0, SIZE, SIZE) ?? {};
  return Array.from({ length: SIZE * SIZE }, (_, at) => (data[4 * at + 3] ?? 0) / 255);
}

test('levels are told apart by their shapes alone, without any colour, at their smallest', async () => {
  const inks = await Promise.all(LEVELS.map(inkOf));
  for (const [at, ink] of inks.entries()) {
    expect(sum(ink)).toBeGreaterThan(SIZE);
    for (const other of inks.slice(at + 1)) {
      const differs = sum(ink.map((part, pixel) => Math.abs(part - (other[pixel] ?? 0))));
      const covered = sum(ink.map((part, pixel) => Math.max(part, other[pixel] ?? 0)));
      expect(differs / covered).toBeGreaterThan(0.25);
    }
  }
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
