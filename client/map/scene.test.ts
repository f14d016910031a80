import type { Layer } from '@deck.gl/core';
import { expect, test } from 'vitest';
import { sampleFacility } from '../test/samples.ts';
import type { MapStyle } from './layers.ts';
import { createDrawing, type Scene } from './scene.ts';

const FACILITIES = [
  sampleFacility({ id: 'west', position: [30, 50] }),
  sampleFacility({ id: 'east', position: [31, 50] }),
];
const [TEXT_AT_SCALE_1, SIZE] = [7, { width: 1600, height: 900 }];

/** Of how many things there is a name or a number on a map of two facilities that is looked at like this. */
function wordsAt(zoom: number, { isStill, scale = 1 }: { isStill: boolean; scale?: number }): number {
  const scene: Scene = {
    facts: {
      measure: 'state',
      facilities: FACILITIES.map((facility) => ({
        facility,
        rank: 0,
        worstAreas: 1,
        areas: 5,
        headcount: 3,
        flags: 1,
        leastM2: 4,
      })),
      others: [],
      regions: [],
      areasOf: () => [],
    },
    facilities: FACILITIES,
    shapes: undefined,
    chosenRegions: [],
    choice: new Set(),
    style: { palette: {}, atlas: {}, scale } as MapStyle,
    language: 'uk',
    hasWords: true,
    noData: '',
    numberOf: ({ flags }) => `${flags}`,
  };
  const draw = createDrawing({ textWidth: (text) => text.length * TEXT_AT_SCALE_1, isStill });
  const { layers } = draw(scene, { longitude: 30.5, latitude: 50, zoom }, SIZE);
  const words = layers.find((layer): layer is Layer => layer?.id === 'names');
  return (words?.props as { data?: unknown[] } | undefined)?.data?.length ?? 0;
}

test('a map that nobody moves has the words for which there is room where one looks; one that moves those of its step', () => {
  expect(wordsAt(6.49, { isStill: false })).toBe(2);
  expect(wordsAt(6.49, { isStill: true })).toBe(4);
  expect(wordsAt(6.5, { isStill: false })).toBe(4);
});

test('screens of one map with pixels of other sizes have the same words', () => {
  for (const scale of [1, 1.3, 1.7, 2])
    expect(wordsAt(6.49 + Math.log2(scale), { isStill: true, scale })).toBe(4);
});
