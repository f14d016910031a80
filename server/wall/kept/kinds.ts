import { FilterContent, KeptFilter } from '#contract/filters.ts';
import { Layout, LayoutContent } from '#contract/layouts.ts';
import { Scene, SceneContent } from '#contract/scenes.ts';
import { Tour, TourContent } from '#contract/tours.ts';
import { DisplayWall, WallContent } from '#contract/walls.ts';
import { isInScope } from '../../access/decide.ts';
import type { Registry } from '../../nation/registry.ts';
import { withinScope } from '../displays/show.ts';
import type { KeptKind } from './kept-kind.ts';

/** A thing that somebody else made may name areas that one may not see: they are left out, and counted. */
type Areas = Pick<Registry, 'area'>;

/** What is on a screen. */
export function scenes(registry: Areas): KeptKind<Scene> {
  return {
    path: 'scenes',
    one: 'scene',
    many: 'Scenes',
    read: 'display.read',
    write: 'display.push',
    schema: Scene,
    content: SceneContent,
    most: 2_000,
    within(thing, scope) {
      const { scene, leftOut } = withinScope(thing, scope, registry);
      return { thing: { ...thing, fill: scene.fill }, leftOut };
    },
  };
}

/** What is on the wall of whoever opens it. */
export function layouts(registry: Areas): KeptKind<Layout> {
  return {
    path: 'layouts',
    one: 'layout',
    many: 'Layouts of the wall',
    read: 'layout.keep',
    write: 'layout.keep',
    schema: Layout,
    content: LayoutContent,
    most: 5_000,
    within(thing, scope) {
      const pins = thing.pins.filter(({ areaId }) => {
        const area = registry.area(areaId);
        return area !== undefined && isInScope(scope, area);
      });
      return { thing: { ...thing, pins }, leftOut: thing.pins.length - pins.length };
    },
  };
}

/** What is asked for again and again. It names no area, and shows nobody what they may not see. */
export function filters(): KeptKind<KeptFilter> {
  return {
    path: 'filters',
    one: 'filter',
    many: 'Filters',
    read: 'layout.keep',
    write: 'layout.keep',
    schema: KeptFilter,
    content: FilterContent,
    most: 5_000,
    within: (thing) => ({ thing, leftOut: 0 }),
  };
}

/** Scenes in turn. */
export function tours(registry: Areas): KeptKind<Tour> {
  return {
    path: 'tours',
    one: 'tour',
    many: 'Tours',
    read: 'display.read',
    write: 'display.push',
    schema: Tour,
    content: TourContent,
    most: 1_000,
    within(thing, scope) {
      const parts = thing.scenes.map((scene) => withinScope(scene, scope, registry));
      return {
        thing: { ...thing, scenes: parts.map(({ scene }) => scene) },
        leftOut: parts.reduce((sum, { leftOut }) => sum + leftOut, 0),
      };
    },
  };
}

/** Displays that hang side by side. Which of them somebody may put anything on is asked when they do. */
export function walls(): KeptKind<DisplayWall> {
  return {
    path: 'walls',
    one: 'wall',
    many: 'Walls out of several displays',
    read: 'display.read',
    write: 'display.push',
    schema: DisplayWall,
    content: WallContent,
    most: 500,
    within: (thing) => ({ thing, leftOut: 0 }),
  };
}
