import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { type Kept, RemoveKeptBody, SaveFields, type Sharing } from '#contract/kept.ts';
import type { Person } from '../../access/account.ts';
import { isInScope, type Principal } from '../../access/decide.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import { type AuditLog, toAuditActor } from '../../audit/audit.ts';
import type { KeptKind } from './kept-kind.ts';
import type { KeptStore } from './kept-store.ts';

const Params = z.strictObject({ id: z.uuid() });

interface KeptRoutesOptions<K extends Kept> {
  store: KeptStore<K>;
  audit: Pick<AuditLog, 'append'>;
  now: () => number;
}

/** Who made a thing, or whom it is shared with, finds it, changes it and takes it away; each change is versioned. */
export function keptRoutes<K extends Kept>(
  { path, one, many, read, write, schema, content, most, within }: KeptKind<K>,
  { store, audit, now }: KeptRoutesOptions<K>,
): AnyRoute[] {
  const View = z.looseObject({ leftOut: z.int().min(0) });
  const List = z.object({ items: z.array(View), nextCursor: z.null() });
  const SaveBody = z
    .strictObject({ ...content.shape, ...SaveFields.shape })
    .refine(({ id, version }) => (id === undefined) === (version === undefined), {
      message: 'id and version belong together',
      path: ['version'],
    });

  const viewFor = (person: Person, thing: K): z.infer<typeof View> => {
    const seen = within(thing, person.scope);
    return { ...seen.thing, leftOut: seen.leftOut };
  };

  const find = async (person: Person, id: string): Promise<{ thing: K; json: string }> => {
    const found = await store.find(id);
    if (!found || !isFor(found.thing, person)) throw new VartaError('not_found', `there is no such ${one}`);
    return found;
  };

  /** As `find`; of what was removed the last version, in place of nothing. */
  const findOrRemoved = async (person: Person, id: string): Promise<{ thing: K; json: string }> => {
    const found = await store.find(id);
    const [last] = found ? [] : await store.versions(id);
    if (!last) return find(person, id);
    if (!isFor(last, person)) throw new VartaError('not_found', `there is no such ${one}`);
    return { thing: last, json: '' };
  };

  const note = (person: Person, action: string, { id, name, version }: Kept) =>
    audit.append('nation', {
      actor: toAuditActor(person),
      action: `${one}.${action}`,
      resource: `${one}:${id}`,
      outcome: 'done',
      details: { name, version },
    });

  const save = async (person: Person, body: z.infer<typeof SaveBody>) => {
    const { id, version, shared, ...rest } = body;
    if (!maySave(shared, person)) throw new VartaError('forbidden', 'share with your own role or region');
    const found = id === undefined ? undefined : await findOrRemoved(person, id);
    if (found && found.thing.version !== version) throw new VartaError('conflict');
    if (found && within(found.thing, person.scope).leftOut > 0)
      throw new VartaError('forbidden', `the ${one} has areas outside the scope; make a new one`);
    if (!found?.json && (await store.all()).length >= most) throw new VartaError('limit_reached');
    const thing = schema.parse({
      ...rest,
      id: id ?? randomUUID(),
      version: (found?.thing.version ?? 0) + 1,
      shared,
      owner: found?.thing.owner ?? person.username,
      changedBy: person.username,
      changedAt: new Date(now()).toISOString(),
    });
    if (!(await store.change(thing.id, found?.json ?? '', thing))) throw new VartaError('conflict');
    await note(person, found?.json === '' ? 'restore' : 'save', thing);
    return viewFor(person, thing);
  };

  return [
    defineRoute({
      method: 'get',
      path: `/api/v1/${path}`,
      action: read,
      authentication: 'session',
      summary: `${many} that the caller made or that are shared with their role or region`,
      reply: List,
      handle: async ({ principal }) => {
        const person = asPerson(principal);
        const items = (await store.all())
          .filter((thing) => isFor(thing, person))
          .toSorted((a, b) => a.name.localeCompare(b.name, 'uk') || (a.id < b.id ? -1 : 1))
          .map((thing) => viewFor(person, thing));
        return { items, nextCursor: null };
      },
    }),
    defineRoute({
      method: 'get',
      path: `/api/v1/${path}/:id/versions`,
      action: read,
      authentication: 'session',
      summary: `Earlier versions of a ${one}, newest first; of a removed one too`,
      params: Params,
      reply: List,
      handle: async ({ principal, params: { id } }) => {
        const person = asPerson(principal);
        await findOrRemoved(person, id);
        const items = (await store.versions(id)).map((thing) => viewFor(person, thing));
        return { items, nextCursor: null };
      },
    }),
    defineRoute({
      method: 'post',
      path: `/api/v1/${path}`,
      action: write,
      authentication: 'session',
      summary: `Keep a ${one}; with its id and version, change it, or bring it back after its removal`,
      body: SaveBody,
      reply: View,
      handle: ({ principal, body }) => save(asPerson(principal), body),
    }),
    defineRoute({
      method: 'post',
      path: `/api/v1/${path}/:id/removal`,
      action: write,
      authentication: 'session',
      summary: `Remove a ${one}; what it is shown on keeps it, and saving its last version brings it back`,
      params: Params,
      body: RemoveKeptBody,
      handle: async ({ principal, params: { id }, body: { version } }) => {
        const person = asPerson(principal);
        const { thing, json } = await find(person, id);
        // They could not bring it back: that takes seeing it whole.
        if (thing.owner !== person.username && within(thing, person.scope).leftOut > 0)
          throw new VartaError('forbidden', `the ${one} has areas outside the scope; its owner removes it`);
        if (thing.version !== version || !(await store.change(id, json, undefined)))
          throw new VartaError('conflict');
        await note(person, 'remove', thing);
        return undefined;
      },
    }),
  ];
}

/** Whether somebody finds a thing among theirs. */
export function isFor({ owner, shared }: Kept, person: Person): boolean {
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

function maySave(shared: Sharing, person: Person): boolean {
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
