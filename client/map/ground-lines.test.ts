import { expect, test } from 'vitest';
import { NationGeometry } from '#contract/geometry.ts';
import uaOutlines from '../../config/nation/geo/ua.topo.json' with { type: 'json' };
import { sampleRegion } from '../test/samples.ts';
import { edges, ringsOf, shapesOf } from './geo/shapes.ts';
import { createGroundLines } from './ground-lines.ts';
import type { RegionFacts } from './map-facts.ts';

const SHAPES = shapesOf(NationGeometry.parse(uaOutlines));

const factsOf = (silent: readonly string[] = []) =>
  new Map(
    SHAPES.regions.map(({ properties: { iso } }): [string, RegionFacts] => [
      iso,
      {
        region: sampleRegion({
          id: iso,
          status: silent.includes(iso) ? 'temporarily-occupied' : 'reporting',
        }),
        facilities: 1,
        rank: 0,
        worstAreas: 0,
        areas: 0,
        headcount: 0,
        flags: 0,
        leastM2: Infinity,
      },
    ]),
  );

test('a border that two regions share is one line', () => {
  const { regions } = createGroundLines()({ shapes: SHAPES, facts: factsOf(), chosen: [] });
  const nameOf = ({ from, to }: (typeof regions)[number]) => [from.join(), to.join()].sort().join(' ');
  expect(new Set(regions.map(nameOf)).size).toBe(regions.length);
  const sides = SHAPES.regions.flatMap((shape) => ringsOf(shape).flatMap(edges));
  expect(regions.length).toBeGreaterThan(sides.length / 3);
  expect(regions.length).toBeLessThan(sides.length * 0.8);
});

test('what is chosen is outlined, what sends nothing is hatched, and both stay the same until that changes', () => {
  const linesOf = createGroundLines();
  const none = linesOf({ shapes: SHAPES, facts: factsOf(), chosen: [] });
  expect(none.hatched).toEqual([]);
  expect(none.chosen).toEqual([]);
  const some = linesOf({ shapes: SHAPES, facts: factsOf(['UA-43']), chosen: ['UA-68'] });
  expect(some.hatched.length).toBeGreaterThan(10);
  expect(some.chosen.length).toBeGreaterThan(100);
  const again = linesOf({ shapes: SHAPES, facts: factsOf(['UA-43']), chosen: ['UA-68'] });
  expect(again.hatched).toBe(some.hatched);
  expect(again.chosen).toBe(some.chosen);
  const other = linesOf({ shapes: SHAPES, facts: factsOf(['UA-43']), chosen: ['UA-05'] });
  expect(other.hatched).toBe(some.hatched);
  expect(other.chosen).not.toEqual(some.chosen);
});
