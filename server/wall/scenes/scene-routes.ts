import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import {
  RemoveSceneBody,
  SaveSceneBody,
  type Scene,
  SceneList,
  type SceneSharing,
  SceneView,
} from '#contract/scenes.ts';
import type { Person } from '../../access/account.ts';
import { isInScope, type Principal } from '../../access/decide.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import { type AuditLog, toAuditActor } from '../../audit/audit.ts';
import type { Registry } from '../../nation/registry.ts';
import { withinScope } from '../displays/show.ts';
import type { SceneStore } from './scene-store.ts';

const MAX_SCENES = 2_000;
const Params = z.strictObject({ sceneId: z.uuid() });

interface SceneRoutesOptions {
  store: SceneStore;
  registry: Registry;
  audit: Pick<AuditLog, 'append'>;
  now: () => number;
}

/** Scenes that are kept: who made one, or whom it is shared with, finds it, changes it and puts it on displays. */
export function sceneRoutes({ store, registry, audit, now }: SceneRoutesOptions): AnyRoute[] {
  const viewFor = (person: Person, scene: Scene): SceneView => {
    const { scene: seen, leftOut } = withinScope(scene, person.scope, registry);
    return { ...scene, fill: seen.fill, leftOut };
  };

  const find = async (person: Person, id: string): Promise<{ scene: Scene; json: string }> => {
    const found = await store.find(id);
    if (!found || !isFor(found.scene, person)) throw new VartaError('not_found', 'there is no such scene');
    return found;
  };

  const note = (person: Person, action: string, scene: Scene) =>
    audit.append('nation', {
      actor: toAuditActor(person),
      action,
      resource: `scene:${scene.id}`,
      outcome: 'done',
      details: { name: scene.name, version: scene.version },
    });

  const save = async (person: Person, body: z.infer<typeof SaveSceneBody>): Promise<SceneView> => {
    const { id, version, shared, ...content } = body;
    if (!maySave(shared, person)) throw new VartaError('forbidden', 'share with your own role or region');
    const found = id === undefined ? undefined : await find(person, id);
    if (found && found.scene.version !== version) throw new VartaError('conflict');
    if (found && viewFor(person, found.scene).leftOut > 0)
      throw new VartaError('forbidden', 'the scene has areas outside the scope; make a new one');
    if (!found && (await store.all()).length >= MAX_SCENES) throw new VartaError('limit_reached');
    const scene: Scene = {
      ...content,
      id: id ?? randomUUID(),
      version: (found?.scene.version ?? 0) + 1,
      shared,
      owner: found?.scene.owner ?? person.username,
      changedBy: person.username,
      changedAt: new Date(now()).toISOString(),
    };
    if (!(await store.change(scene.id, found?.json ?? '', scene))) throw new VartaError('conflict');
    await note(person, 'scene.save', scene);
    return viewFor(person, scene);
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/scenes',
      action: 'display.read',
      authentication: 'session',
      summary: 'Scenes that the caller made or that are shared with their role or region',
      reply: SceneList,
      handle: async ({ principal }) => {
        const person = asPerson(principal);
        const items = (await store.all())
          .filter((scene) => isFor(scene, person))
          .map((scene) => viewFor(person, scene))
          .toSorted((a, b) => a.name.localeCompare(b.name, 'uk') || (a.id < b.id ? -1 : 1));
        return { items, nextCursor: null };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/scenes/:sceneId/versions',
      action: 'display.read',
      authentication: 'session',
      summary: 'Earlier versions of a scene, newest first',
      params: Params,
      reply: SceneList,
      handle: async ({ principal, params: { sceneId } }) => {
        const person = asPerson(principal);
        await find(person, sceneId);
        const items = (await store.versions(sceneId)).map((scene) => viewFor(person, scene));
        return { items, nextCursor: null };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/scenes',
      action: 'display.push',
      authentication: 'session',
      summary: 'Keep a scene; with its id and version, change it',
      body: SaveSceneBody,
      reply: SceneView,
      handle: ({ principal, body }) => save(asPerson(principal), body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/scenes/:sceneId/removal',
      action: 'display.push',
      authentication: 'session',
      summary: 'Remove a scene; displays keep what they show',
      params: Params,
      body: RemoveSceneBody,
      handle: async ({ principal, params: { sceneId }, body: { version } }) => {
        const person = asPerson(principal);
        const { scene, json } = await find(person, sceneId);
        if (scene.version !== version || !(await store.change(sceneId, json, undefined)))
          throw new VartaError('conflict');
        await note(person, 'scene.remove', scene);
        return undefined;
      },
    }),
  ];
}

/** Whether somebody finds a scene among theirs. */
function isFor({ owner, shared }: Scene, person: Person): boolean {
  if (owner === person.username) return true;
  switch (shared.kind) {
    case 'own':
      return false;
    case 'role':
      return shared.role === person.role;
    case 'region':
      return isInScope(person.scope, { regionId: shared.regionId });
  }
}

function maySave(shared: SceneSharing, person: Person): boolean {
  switch (shared.kind) {
    case 'own':
      return true;
    case 'role':
      return shared.role === person.role;
    case 'region':
      return isInScope(person.scope, { regionId: shared.regionId });
  }
}

function asPerson(principal: Principal): Person {
  if (principal.kind !== 'person') throw new VartaError('forbidden');
  return principal;
}
