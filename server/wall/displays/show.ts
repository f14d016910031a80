import { type Show, stepAt } from '#contract/displays.ts';
import type { SceneContent } from '#contract/scenes.ts';
import type { Scope } from '#contract/session.ts';
import { isInScope } from '../../access/decide.ts';
import type { Registry } from '../../nation/registry.ts';

/** A scene without the areas that lie outside a scope: their places stay empty, and are counted. */
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
    if (area && isInScope(scope, area)) return areaId;
    leftOut += 1;
    return null;
  });
  return { scene: { ...scene, fill: { kind: 'areas', areaIds } }, leftOut };
}

export type TourStep = 'pause' | 'resume' | 'next' | 'previous';

/** The show after a step that somebody took at an instant of the server's clock. A step by hand begins a whole dwell. */
export function afterStep(show: Show, step: TourStep, nowMs: number): Omit<Show, 'version'> {
  const { index } = stepAt(show, nowMs);
  const by = step === 'next' ? 1 : step === 'previous' ? -1 : 0;
  return {
    ...show,
    isPaused: step === 'pause' ? true : step === 'resume' ? false : show.isPaused,
    anchorIndex: (index + by + show.scenes.length) % show.scenes.length,
    anchorAt: new Date(nowMs).toISOString(),
  };
}
