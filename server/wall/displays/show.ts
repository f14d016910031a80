import { type Show, stepAt } from '#contract/displays.ts';
import type { SceneContent } from '#contract/scenes.ts';
import type { Scope } from '#contract/session.ts';
import { isInScope } from '../../access/decide.ts';
import type { Registry } from '../../nation/registry.ts';

/**
 * A scene without the areas that lie outside a scope: their places stay empty, and are counted. A filter and a map name none:
 * they find only what comes to the display, which lies within its scope.
 */
export function withinScope(
  scene: SceneContent,
  scope: Scope,
  registry: Pick<Registry, 'area'>,
): { scene: SceneContent; leftOut: number } {
  if (scene.fill.kind !== 'areas') return { scene, leftOut: 0 };
  let leftOut = 0;
  const areaIds = scene.fill.areaIds.map((areaId) => {
    if (areaId === null) return null;
    const area = registry.area(areaId);
    // An area that is no more shows nothing to anybody; whoever looks is told so.
    if (!area || isInScope(scope, area)) return areaId;
    leftOut += 1;
    return null;
  });
  return { scene: { ...scene, fill: { kind: 'areas', areaIds } }, leftOut };
}

/** A show as its display may have it now: what it may see can be less than when the show was put there. */
export function showWithin(show: Show, scope: Scope, registry: Pick<Registry, 'area'>): Show {
  const parts = show.scenes.map((scene) => withinScope(scene, scope, registry));
  return {
    ...show,
    scenes: parts.map(({ scene }) => scene),
    leftOut: parts.reduce((sum, { leftOut }) => sum + leftOut, show.leftOut),
  };
}

export type TourStep = 'pause' | 'resume' | 'next' | 'previous';

/** What of a show a step changes. */
export type Stepped = Pick<Show, 'isPaused' | 'anchorIndex' | 'anchorAt'>;

/**
 * Where a show is after a step that somebody took at `nowMs`, looking at what was on then, and that comes into force at
 * `atMs`; both by the server's clock. A step by hand begins a whole dwell.
 */
export function afterStep(
  show: Show,
  step: TourStep,
  { nowMs, atMs }: { nowMs: number; atMs: number },
): Stepped {
  const { index } = stepAt(show, nowMs);
  const by = step === 'next' ? 1 : step === 'previous' ? -1 : 0;
  return {
    isPaused: step === 'pause' ? true : step === 'resume' ? false : show.isPaused,
    anchorIndex: (index + by + show.scenes.length) % show.scenes.length,
    anchorAt: new Date(atMs).toISOString(),
  };
}
