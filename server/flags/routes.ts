import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AssigneeList, AssigneeQuery } from '#contract/alerts.ts';
import { VartaError } from '#contract/errors.ts';
import {
  Flag,
  FlagCallBody,
  FlagPage,
  FlagQuery,
  FlagTransitionBody,
  RaiseFlagBody,
} from '#contract/flags.ts';
import { FlagId, type RegionId } from '#contract/ids.ts';
import type { Action } from '../../config/roles/roles.ts';
import type { Accounts } from '../access/account.ts';
import { decide, type Principal, type Resource } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { assigneesOf } from '../alerts/recipients.ts';
import { assertMay } from '../audit/assert-may.ts';
import { type AuditLog, toAuditActor, toAuditResource } from '../audit/audit.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { untilNotOvertaken } from './attempts.ts';
import { flagPlaceOf, flagResource, isSameRaising, raiseFlag, stepFlag } from './flag.ts';
import { noteCall } from './flag-call.ts';
import type { FlagStore, StoredFlag } from './flag-store.ts';
import { listFlags, parseCursor } from './list-flags.ts';
import { shelfRoutes } from './shelf-routes.ts';
import { toActor } from './to-actor.ts';

const FlagParams = z.strictObject({ flagId: FlagId });

const ACTION_OF_STEP = {
  acknowledged: 'flag.acknowledge',
  assigned: 'flag.assign',
  resolved: 'flag.resolve',
  dismissed: 'flag.resolve',
} as const satisfies Record<FlagTransitionBody['to'], Action>;

interface RoutesOptions {
  store: FlagStore;
  registry: Registry;
  live: Pick<LiveView, 'flag'>;
  audit: AuditLog;
  accounts: Pick<Accounts, 'list'>;
  now: () => number;
}

/** Raising flags, their steps, and reading them. */
export function flagRoutes({ store, registry, live, audit, accounts, now }: RoutesOptions): AnyRoute[] {
  const allRegions = registry.nation.regions.map(({ id }) => id);

  const assertAllowed = (principal: Principal, action: Action, resource: Resource) => {
    assertMay({ principal, action, resource }, audit);
  };

  const placeOf = (flag: Flag): Resource => flagResource(flag, registry);

  const find = async (id: FlagId): Promise<StoredFlag> => {
    const region = live.flag(id)?.regionId;
    const near = region === undefined ? undefined : await store.find(id, [region]);
    const found = near ?? (await store.find(id, allRegions));
    if (!found) throw new VartaError('unknown_flag');
    return found;
  };

  const raise = async (principal: Principal, body: RaiseFlagBody): Promise<Flag> => {
    const place = flagPlaceOf(body, registry);
    if (!place) throw new VartaError(body.areaId === undefined ? 'unknown_facility' : 'unknown_area');
    const resource = flagResource(place, registry);
    assertAllowed(principal, 'flag.raise', resource);
    const flag = raiseFlag({ ...body, id: body.id ?? randomUUID() }, place, toActor(principal), now());
    const draft = {
      actor: toAuditActor(principal),
      action: 'flag.raise',
      resource: toAuditResource(resource),
      outcome: 'done',
      details: { flag: flag.id, category: flag.category, severity: flag.severity },
    } as const;
    const known = await store.find(flag.id, allRegions);
    if (!known && (await store.change(undefined, flag, draft))) return flag;
    const existing = known ?? (await store.find(flag.id, allRegions));
    if (existing && isSameRaising(existing.flag, flag)) return existing.flag;
    throw new VartaError('conflict', 'another flag has this id');
  };

  const step = async (principal: Principal, id: FlagId, body: FlagTransitionBody): Promise<Flag> =>
    untilNotOvertaken(async () => {
      const stored = await find(id);
      const action = ACTION_OF_STEP[body.to];
      assertAllowed(principal, action, placeOf(stored.flag));
      if (body.to === 'assigned') await assertAssignable(body.assignee, placeOf(stored.flag));
      const result = stepFlag(stored.flag, body, toActor(principal), now());
      if (result.kind === 'refused') throw new VartaError(result.code, result.message);
      if (result.kind === 'incomplete') {
        const issues = [{ path: [result.field], message: result.message }];
        throw new VartaError('invalid', `${result.field}: ${result.message}`, { issues });
      }
      if (result.kind === 'repeated') return result.flag;
      const changed = await store.change(stored, result.flag, {
        actor: toAuditActor(principal),
        action,
        resource: toAuditResource(placeOf(result.flag)),
        outcome: 'done',
        details: {
          flag: id,
          to: body.to,
          ...(body.reason === undefined ? {} : { reason: body.reason }),
          ...(body.assignee === undefined ? {} : { assignee: body.assignee }),
        },
      });
      return changed ? result.flag : undefined;
    });

  const call = async (principal: Principal, id: FlagId, body: FlagCallBody): Promise<Flag> =>
    untilNotOvertaken(async () => {
      const stored = await find(id);
      assertAllowed(principal, 'flag.call', placeOf(stored.flag));
      const result = noteCall(stored.flag, body, toActor(principal), now());
      if (result.kind === 'refused') throw new VartaError(result.code, result.message);
      if (result.kind === 'repeated') return result.flag;
      // What was said stays with the flag: the audit is kept for longer than words about people should be.
      const changed = await store.change(stored, result.flag, {
        actor: toAuditActor(principal),
        action: 'flag.call',
        resource: toAuditResource(placeOf(result.flag)),
        outcome: 'done',
        details: { flag: id, call: body.id, called: body.called, reached: body.reached },
      });
      return changed ? result.flag : undefined;
    });

  /** Throws for somebody to whom a flag at this place cannot be assigned. */
  const assertAssignable = async (assignee: string | undefined, place: Resource) => {
    if (assignee === undefined) return;
    if (assigneesOf(await accounts.list(), place).some(({ username }) => username === assignee)) return;
    const message = 'nobody of this name can be assigned flags here';
    throw new VartaError('invalid', `assignee: ${message}`, { issues: [{ path: ['assignee'], message }] });
  };

  const list = (principal: Principal, query: FlagQuery): Promise<FlagPage> => {
    const after = query.cursor === undefined ? undefined : parseCursor(query.cursor);
    if (query.cursor !== undefined && !after) {
      const issues = [{ path: ['cursor'], message: 'not a cursor of this list' }];
      throw new VartaError('invalid', 'cursor: not a cursor of this list', { issues });
    }
    return listFlags(store, {
      regionIds: regionsOf(principal, query),
      state: query.state,
      limit: query.limit,
      after,
      nowMs: now(),
      accepts: (flag) =>
        (query.area === undefined || flag.areaId === query.area) &&
        (query.facility === undefined || flag.facilityId === query.facility) &&
        decide(principal, 'flag.read', placeOf(flag)).allow,
    });
  };

  /** Regions that a query is about. Throws for a place that is unknown, or outside the caller's scope. */
  const regionsOf = (principal: Principal, { region, facility, area }: FlagQuery): readonly RegionId[] => {
    const asked = [
      { areaId: area, code: 'unknown_area' as const },
      { facilityId: facility, code: 'unknown_facility' as const },
    ].filter(({ areaId, facilityId }) => areaId !== undefined || facilityId !== undefined);
    const regionIds = asked.map(({ code, ...one }) => {
      const place = flagPlaceOf(one, registry);
      if (!place) throw new VartaError(code);
      assertAllowed(principal, 'flag.read', flagResource(place, registry));
      return place.regionId;
    });
    const [first] = regionIds;
    if (first !== undefined) {
      const isOne = [...regionIds, region ?? first].every((regionId) => regionId === first);
      return isOne ? [first] : [];
    }
    const mine = principal.kind === 'person' ? registry.regionsWithin(principal.scope) : [];
    if (region === undefined) return mine;
    if (!registry.region(region)) throw new VartaError('unknown_region', `there is no region ${region}`);
    if (!mine.includes(region)) assertAllowed(principal, 'flag.read', { kind: 'region', regionId: region });
    return [region];
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/flags',
      action: 'flag.read',
      authentication: 'session',
      summary: 'Flags within the caller’s scope, newest first',
      query: FlagQuery,
      reply: FlagPage,
      handle: ({ principal, query }) => list(principal, query),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/flags',
      action: 'flag.raise',
      authentication: 'session',
      summary:
        'Raise a flag on an area or a whole facility; the same request again answers with the same flag',
      body: RaiseFlagBody,
      reply: Flag,
      replyStatus: 201,
      handle: ({ principal, body }) => raise(principal, body),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/assignees',
      action: 'flag.assign',
      authentication: 'session',
      summary: 'Accounts to which flags of a region, or of one of its facilities, can be assigned',
      query: AssigneeQuery,
      reply: AssigneeList,
      handle: async ({ principal, query: { region: regionId, facility: facilityId } }) => {
        if (!registry.region(regionId)) throw new VartaError('unknown_region');
        if (facilityId !== undefined && registry.facility(facilityId)?.regionId !== regionId)
          throw new VartaError('unknown_facility');
        const place: Resource =
          facilityId === undefined
            ? { kind: 'region', regionId }
            : { kind: 'facility', regionId, facilityId };
        assertAllowed(principal, 'flag.assign', place);
        const items = assigneesOf(await accounts.list(), place);
        return {
          items: items.map(({ username, displayName, role }) => ({ username, displayName, role })),
          nextCursor: null,
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/flags/:flagId',
      action: 'flag.read',
      authentication: 'session',
      summary: 'One flag, open or not',
      params: FlagParams,
      reply: Flag,
      handle: async ({ principal, params }) => {
        const { flag } = await find(params.flagId);
        assertAllowed(principal, 'flag.read', placeOf(flag));
        return flag;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/flags/:flagId/transitions',
      // The least of the steps; the handler asks for the one that it is.
      action: 'flag.acknowledge',
      authentication: 'session',
      summary: 'Acknowledge, assign, resolve or dismiss a flag',
      params: FlagParams,
      body: FlagTransitionBody,
      reply: Flag,
      handle: ({ principal, params, body }) => step(principal, params.flagId, body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/flags/:flagId/calls',
      action: 'flag.call',
      authentication: 'session',
      summary:
        'Put down a call because of a flag: who was called, and what was said; the same request again answers the same',
      params: FlagParams,
      body: FlagCallBody,
      reply: Flag,
      handle: ({ principal, params, body }) => call(principal, params.flagId, body),
    }),
    ...shelfRoutes({ find, placeOf, store, audit, now }),
  ];
}
