import { sampleArea, sampleFacility } from './samples.ts';

/** Facilities for maps: two in the west of a region and one in its east, each with two cells. */
export const MAP_FACILITIES = (
  [
    ['west-1', [26.6, 49.9]],
    ['west-2', [26.6, 48.9]],
    ['east-1', [27.3, 49.4]],
  ] as const
).map(([id, [x, y]]) =>
  sampleFacility({ id, position: [x, y], shortName: { uk: `ІТТ ${id}`, en: `ITT ${id}` } }),
);

export const MAP_AREAS = MAP_FACILITIES.flatMap(({ id: facilityId }) =>
  [1, 2].map((number) => sampleArea({ id: `${facilityId}-cell-${number}`, facilityId })),
);
