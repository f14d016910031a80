import { expect, test } from 'vitest';
import { AreaFilter } from '#contract/area-filter.ts';
import type { Show } from '#contract/displays.ts';
import type { SceneContent } from '#contract/scenes.ts';
import { smallRegistry } from '../../test/fixtures/nation.ts';
import { afterStep, showWithin, withinScope } from './show.ts';

const registry = smallRegistry();
const [here = '', there = ''] = ['UA-68', 'UA-05'].map(
  (regionId) => registry.nation.areas.find((area) => area.regionId === regionId)?.id ?? '',
);
const GONE = 'ua-68-itt-9-cell-9';
const KHMELNYTSKYI = { kind: 'regions' as const, regionIds: ['UA-68'] };
const START_MS = Date.parse('2026-11-22T12:00:00.000Z');

function scene(name: string, areaIds: (string | null)[]): SceneContent {
  return { name, rows: 1, columns: areaIds.length, fill: { kind: 'areas', areaIds } };
}

function show(over: Partial<Show> = {}): Show {
  return {
    version: 2,
    scenes: [scene('а', [here]), scene('б', [there]), scene('в', [null])],
    dwellMs: 30_000,
    isPaused: false,
    anchorIndex: 0,
    anchorAt: new Date(START_MS).toISOString(),
    pushedBy: 'situation',
    pushedAt: new Date(START_MS).toISOString(),
    leftOut: 0,
    ...over,
  };
}

test('an area outside the scope is left out and counted; one that is no more stays, for it has nothing to hide', () => {
  const given = scene('а', [here, there, GONE, null]);
  expect(withinScope(given, KHMELNYTSKYI, registry)).toEqual({
    scene: scene('а', [here, null, GONE, null]),
    leftOut: 1,
  });
});

test('a map names no area, and stays as it is', () => {
  const map: SceneContent = {
    name: 'мапа',
    rows: 2,
    columns: 4,
    fill: { kind: 'map', filter: AreaFilter.parse({ region: ['UA-05'], place: [there] }), measure: 'state' },
  };
  expect(withinScope(map, KHMELNYTSKYI, registry)).toEqual({ scene: map, leftOut: 0 });
});

test('what a display may not see any more is left out of what was put there, besides what was left out then', () => {
  const { scenes, leftOut } = showWithin(show({ leftOut: 2 }), KHMELNYTSKYI, registry);
  expect(leftOut).toBe(3);
  expect(scenes[1]?.fill).toEqual({ kind: 'areas', areaIds: [null] });
  expect(showWithin(show(), { kind: 'nation' }, registry)).toEqual(show());
});

test('a step goes from what was on when somebody asked, and comes into force later', () => {
  const nowMs = START_MS + 59_900;
  const atMs = nowMs + 600;
  const anchorAt = new Date(atMs).toISOString();
  const step = (name: Parameters<typeof afterStep>[1], from = show()) =>
    afterStep(from, name, { nowMs, atMs });
  // By then the tour would be at the third scene by itself.
  expect(step('next')).toEqual({ anchorIndex: 2, isPaused: false, anchorAt });
  expect(step('previous')).toEqual({ anchorIndex: 0, isPaused: false, anchorAt });
  expect(step('pause')).toEqual({ anchorIndex: 1, isPaused: true, anchorAt });
  const paused = show({ isPaused: true, anchorIndex: 2 });
  expect(step('next', paused)).toEqual({ anchorIndex: 0, isPaused: true, anchorAt });
  expect(step('resume', paused)).toEqual({ anchorIndex: 2, isPaused: false, anchorAt });
});
