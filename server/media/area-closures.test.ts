import { expect, test } from 'vitest';
import type { AreaStatus } from '#contract/status.ts';
import { createRegistry } from '../nation/registry.ts';
import { areaStatus } from '../test/fixtures/live-records.ts';
import { mediaNation } from '../test/fixtures/media-nation.ts';
import { AreaClosures } from './area-closures.ts';

const CELL = 'ua-68-itt-1-cell-1';
const MEDICAL = 'ua-68-itt-1-medical';

function setUp({ current } = { current: false }) {
  const known = new Map<string, AreaStatus>();
  const closures = new AreaClosures(createRegistry(mediaNation), {
    area: (areaId) => known.get(areaId),
    current,
  });
  let seq = 0;
  return (...areas: AreaStatus[]) => {
    for (const status of areas) known.set(status.areaId, status);
    seq += 1;
    return [...closures.handleDelta({ regionId: 'UA-68', seq, at: '2026-11-22T14:00:00.000Z', areas })];
  };
}

test('only what changes whether an area may be watched', () => {
  const tell = setUp();
  tell(areaStatus(CELL), areaStatus(MEDICAL));
  expect(tell(areaStatus(CELL, { headcount: 3 }), areaStatus(MEDICAL))).toEqual([]);
  expect(tell(areaStatus(CELL, { confidentialSince: '2026-11-22T14:05:00.000Z' }))).toEqual([CELL]);
  expect(tell(areaStatus(CELL, { headcount: 3 }))).toEqual([CELL]);
  expect(tell(areaStatus(MEDICAL, { headcount: 1 }))).toEqual([MEDICAL]);
  expect(tell(areaStatus(MEDICAL, { headcount: 2 }))).toEqual([]);
});

test('an area of which nothing was known counts as changed: nobody knows what was missed', () => {
  expect(setUp()(areaStatus(CELL))).toEqual([CELL]);
});

test('what is known at the start has not changed when it is told again', () => {
  const tell = setUp({ current: true });
  expect(tell(areaStatus(CELL, { headcount: 3 }))).toEqual([]);
  expect(tell(areaStatus(CELL, { confidentialSince: '2026-11-22T14:05:00.000Z' }))).toEqual([CELL]);
});
