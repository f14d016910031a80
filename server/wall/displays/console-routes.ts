import { z } from 'zod';
import {
  DisplayId,
  DisplayList,
  DisplayView,
  EnrolBody,
  PlacingBody,
  PushBody,
  Pushed,
  RevokeBody,
  standingShow,
  TourBody,
} from '#contract/displays.ts';
import { VartaError } from '#contract/errors.ts';
import type { Person } from '../../access/account.ts';
import { actionsOf, type Principal } from '../../access/decide.ts';
import { covers } from '../../access/scopes.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import type { Registry } from '../../nation/registry.ts';
import type { DisplayManagement } from './display-management.ts';
import type { DisplayStore } from './display-store.ts';
import type { ShowActions } from './show-actions.ts';

const Params = z.strictObject({ displayId: DisplayId });

interface ConsoleRoutesOptions {
  store: DisplayStore;
  registry: Registry;
  management: DisplayManagement;
  shows: ShowActions;
  now: () => number;
}

/** What people do with displays: enrol, see, put scenes on them, revoke. */
export function consoleRoutes({ store, registry, management, shows, now }: ConsoleRoutesOptions): AnyRoute[] {
  const list = async (person: Person): Promise<DisplayList> => {
    const [records, health] = await Promise.all([store.all(), store.health()]);
    const seesStatus = actionsOf(person).includes('status.read');
    const nowMs = now();
    const items = records
      .filter(({ revoked, scope }) => !revoked && covers(person.scope, scope, registry))
      .map(({ revoked: _revoked, ...record }): DisplayView => {
        const own = health.get(record.id) ?? null;
        return {
          ...record,
          // Who sees no status sees that a display lives, not what is on it.
          show: seesStatus ? standingShow(record.show, nowMs) : null,
          health: own && !seesStatus ? { ...own, tiles: [] } : own,
        };
      })
      .toSorted((a, b) => a.name.localeCompare(b.name, 'uk') || (a.id < b.id ? -1 : 1));
    return { items, nextCursor: null, serverTime: new Date(nowMs).toISOString() };
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/displays',
      action: 'display.read',
      authentication: 'session',
      summary: 'Displays within the caller’s scope, how they do and what they show',
      reply: DisplayList,
      handle: ({ principal }) => list(asPerson(principal)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/displays',
      action: 'display.manage',
      authentication: 'session',
      summary: 'Enrol the screen that shows this code',
      body: EnrolBody,
      reply: DisplayView,
      replyStatus: 201,
      handle: ({ principal, body }) => management.enrol(asPerson(principal), body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/displays/:displayId/placing',
      action: 'display.manage',
      authentication: 'session',
      summary: 'Say where a display stands, how it is read, and whether alarms come to it',
      params: Params,
      body: PlacingBody,
      reply: DisplayView,
      handle: ({ principal, params, body }) =>
        management.placeAnew(asPerson(principal), params.displayId, body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/displays/:displayId/revocation',
      action: 'display.manage',
      authentication: 'session',
      summary: 'Revoke a display for good; what it plays ends at once',
      params: Params,
      body: RevokeBody,
      handle: async ({ principal, params, body }) => {
        await management.revoke(asPerson(principal), params.displayId, body.reason);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/displays/push',
      action: 'display.push',
      authentication: 'session',
      summary: 'Put a scene, or several in turn, on displays, on all at the same moment',
      body: PushBody,
      reply: Pushed,
      handle: ({ principal, body }) => shows.push(asPerson(principal), body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/displays/:displayId/tour',
      action: 'display.push',
      authentication: 'session',
      summary:
        'Pause a tour, let it go on, take a step, or clear the display; of a wall, all displays at once',
      params: Params,
      body: TourBody,
      handle: async ({ principal, params, body }) => {
        await shows.tour(asPerson(principal), params.displayId, body);
        return undefined;
      },
    }),
  ];
}

function asPerson(principal: Principal): Person {
  if (principal.kind !== 'person') throw new VartaError('forbidden');
  return principal;
}
