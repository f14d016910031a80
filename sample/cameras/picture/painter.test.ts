import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { generateSampleNation } from '../../../config/nation/sample-nation.ts';
import { usualPeople } from '../../population.ts';
import { readCode } from '../pixel-code.ts';
import { stanceAt } from './figure.ts';
import { createPainter, frameBytes, layerSize } from './painter.ts';
import { describeScene, LOOP_FRAMES } from './scene.ts';

const { areas } = generateSampleNation();
const scenes = areas.map((area, index) => describeScene(area, index, usualPeople(area)));
const cell = areas.findIndex((area) => usualPeople(area) === 2);

function paint(index: number, frame: number, layer: 'low' | 'high' = 'low'): Buffer {
  const scene = scenes[index];
  if (!scene) throw new Error('no such area');
  const target = Buffer.alloc(frameBytes(layer));
  createPainter(scene, layer).paint(frame, target);
  return target;
}

/** Pixels of the upper nine tenths that differ by more than grain does: the code is below. */
function changed(a: Buffer, b: Buffer): number {
  const { width, height } = layerSize('low');
  let count = 0;
  for (let at = 0; at < width * Math.floor(height * 0.9); at++) {
    if (Math.abs((a[at] ?? 0) - (b[at] ?? 0)) > 8) count++;
  }
  return count;
}

describe('a scene', () => {
  test('has a figure for each person in a cell', () => {
    for (const [index, area] of areas.entries()) {
      if (area.kind === 'cell') expect(scenes[index]?.walkers).toHaveLength(usualPeople(area));
    }
  });

  test('is the same each time, and another for each area', () => {
    const again = areas.map((area, index) => describeScene(area, index, usualPeople(area)));
    expect(again).toEqual(scenes);
    const looks = scenes.map(({ areaIndex: _, ...look }) => JSON.stringify(look));
    expect(new Set(looks).size).toBe(areas.length);
  });

  test('blackens a part where the camera would see the sanitary corner', () => {
    for (const [index, { privacy }] of areas.entries()) {
      expect(scenes[index]?.mask !== undefined).toBe(privacy === 'masked');
    }
  });
});

describe('a picture', () => {
  test('says which area and frame it is, in both layers', () => {
    for (const layer of ['low', 'high'] as const) {
      const { width, height } = layerSize(layer);
      expect(readCode({ data: paint(cell, 77, layer), width, height, channels: 1 })).toEqual({
        areaIndex: cell,
        frame: 77,
      });
    }
  });

  test('is grey', () => {
    const { width, height } = layerSize('low');
    expect(new Set(paint(cell, 0).subarray(width * height))).toEqual(new Set([128]));
  });

  test('is another for each area', () => {
    const digests = areas
      .slice(0, 60)
      .map((_, index) => createHash('sha256').update(paint(index, 0)).digest('hex'));
    expect(new Set(digests).size).toBe(60);
  });

  test('moves visibly within half a second, with people and without', () => {
    const empty = areas.findIndex(({ kind }) => kind === 'lawyer-room');
    for (const index of [cell, empty]) expect(changed(paint(index, 0), paint(index, 7))).toBeGreaterThan(25);
  });

  test('leads from the end of the loop to its beginning without a jump', () => {
    for (const walker of scenes.flatMap(({ walkers }) => walkers).slice(0, 50)) {
      const last = stanceAt(walker, LOOP_FRAMES - 1);
      const first = stanceAt(walker, 0);
      const second = stanceAt(walker, 1);
      const step = Math.hypot(second.x - first.x, second.y - first.y);
      expect(Math.hypot(first.x - last.x, first.y - last.y)).toBeLessThan(step + 1);
      expect(stanceAt(walker, LOOP_FRAMES).x).toBeCloseTo(first.x, 6);
    }
  });
});
