import { z } from 'zod';
import { AreaFilter } from './area-filter.ts';
import { AreaId, Instant, RegionId } from './ids.ts';
import { RoleId } from './session.ts';

/** The largest grid: what a large screen can show and a person can still tell apart. */
export const MAX_ROWS = 8;
export const MAX_COLUMNS = 12;

/** What fills the cells of a scene: named areas in their places, or whatever matches a filter, most urgent first. */
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
]);
export type SceneFill = z.infer<typeof SceneFill>;

/** What is on a screen: a grid, and what fills it. */
export const SceneContent = z.strictObject({
  name: z.string().trim().min(1).max(80),
  rows: z.int().min(1).max(MAX_ROWS),
  columns: z.int().min(1).max(MAX_COLUMNS),
  fill: SceneFill,
});
export type SceneContent = z.infer<typeof SceneContent>;

/** Who finds a scene among theirs, beside who made it. A scene is no permission: what one may not see stays unseen. */
export const SceneSharing = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('own') }),
  z.strictObject({ kind: z.literal('role'), role: RoleId }),
  z.strictObject({ kind: z.literal('region'), regionId: RegionId }),
]);
export type SceneSharing = z.infer<typeof SceneSharing>;

export const Scene = z.strictObject({
  ...SceneContent.shape,
  id: z.uuid(),
  /** Grows by one with every change. */
  version: z.int().min(1),
  shared: SceneSharing,
  /** User name of who made it. */
  owner: z.string().min(1).max(64),
  changedBy: z.string().min(1).max(64),
  changedAt: Instant,
});
export type Scene = z.infer<typeof Scene>;

/** A scene as somebody gets it: areas that they may not see are left out, and counted. */
export const SceneView = z.object({ ...Scene.shape, leftOut: z.int().min(0) });
export type SceneView = z.infer<typeof SceneView>;

export const SceneList = z.object({ items: z.array(SceneView), nextCursor: z.null() });

/** `POST /api/v1/scenes`: a new one; with `id` and the `version` that it was decided on, a change. */
export const SaveSceneBody = z
  .strictObject({
    ...SceneContent.shape,
    shared: SceneSharing.default({ kind: 'own' }),
    id: z.uuid().optional(),
    version: z.int().min(1).optional(),
  })
  .refine(({ id, version }) => (id === undefined) === (version === undefined), {
    message: 'id and version belong together',
    path: ['version'],
  });

/** `POST /api/v1/scenes/{sceneId}/removal`. */
export const RemoveSceneBody = z.strictObject({ version: z.int().min(1) });
