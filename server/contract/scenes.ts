import { z } from 'zod';
import { AreaFilter } from './area-filter.ts';
import { AreaId } from './ids.ts';
import { Kept } from './kept.ts';
import { MapMeasure } from './map-measure.ts';

/** The largest grid: what a large screen can show and a person can still tell apart. */
export const MAX_ROWS = 8;
export const MAX_COLUMNS = 12;

/** Scenes in turn. With one scene, a still one. */
export const MAX_STEPS = 24;
export const MIN_DWELL_S = 5;
export const MAX_DWELL_S = 3_600;

/**
 * What fills a scene: named areas in their places; whatever matches a filter, most urgent first; or a map of what matches,
 * which has the whole grid but for the alarms that stand beside it.
 */
export const SceneFill = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('areas'),
    /** By place, row by row; `null` leaves a place empty. */
    areaIds: z
      .array(AreaId.nullable())
      .min(1)
      .max(MAX_ROWS * MAX_COLUMNS),
  }),
  z.strictObject({ kind: z.literal('filter'), filter: AreaFilter }),
  z.strictObject({ kind: z.literal('map'), filter: AreaFilter, measure: MapMeasure }),
]);
export type SceneFill = z.infer<typeof SceneFill>;
export type MapFill = Extract<SceneFill, { kind: 'map' }>;

/** What is on a screen: a grid, and what fills it. */
export const SceneContent = z.strictObject({
  name: z.string().trim().min(1).max(80),
  rows: z.int().min(1).max(MAX_ROWS),
  columns: z.int().min(1).max(MAX_COLUMNS),
  fill: SceneFill,
});
export type SceneContent = z.infer<typeof SceneContent>;

export const Scene = z.strictObject({ ...Kept.shape, ...SceneContent.shape });
export type Scene = z.infer<typeof Scene>;

/** A scene as somebody gets it: areas that they may not see are left out, and counted. */
export const SceneView = z.object({ ...Scene.shape, leftOut: z.int().min(0) });
export type SceneView = z.infer<typeof SceneView>;

export const SceneList = z.object({ items: z.array(SceneView), nextCursor: z.null() });
