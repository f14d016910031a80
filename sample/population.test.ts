import { expect, test } from 'vitest';
import { generateSampleNation } from '../config/nation/sample-nation.ts';
import { listBeds, usualPeople } from './population.ts';

const nation = generateSampleNation();
const cells = nation.areas.filter(({ kind }) => kind === 'cell');

test('about half of all places are taken, and a few cells hold one too many', () => {
  const places = cells.reduce((sum, { capacity }) => sum + capacity, 0);
  const people = cells.reduce((sum, cell) => sum + usualPeople(cell), 0);
  expect(people / places).toBeGreaterThan(0.45);
  expect(people / places).toBeLessThan(0.6);
  const full = cells.filter((cell) => usualPeople(cell) > cell.capacity);
  expect(full.length).toBeGreaterThan(0);
  expect(full.length).toBeLessThan(cells.length * 0.04);
});

test('people are held in cells only', () => {
  const elsewhere = nation.areas.filter(({ kind }) => kind !== 'cell');
  expect(elsewhere.every((area) => usualPeople(area) === 0)).toBe(true);
});

test('there is a bed for everybody, numbered within the facility', () => {
  const beds = listBeds(nation);
  for (const cell of cells) {
    expect(beds.filter(({ areaId }) => areaId === cell.id)).toHaveLength(usualPeople(cell));
  }
  for (const [, own] of Map.groupBy(beds, ({ facilityId }) => facilityId)) {
    expect(own.map(({ index }) => index)).toEqual(own.map((_, index) => index));
    expect(own.length).toBeLessThan(100);
  }
});

test('a cell holds one group only', () => {
  for (const [, own] of Map.groupBy(listBeds(nation), ({ areaId }) => areaId)) {
    expect(new Set(own.map(({ group }) => group)).size).toBe(1);
  }
});
