import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import type { Flag } from '#contract/flags.ts';
import { Hold, HoldPage, HoldQuery, PlaceHoldBody, ReleaseHoldBody } from '#contract/holds.ts';
import type { FlagId, RegionId } from '#contract/ids.ts';
import type { Facility } from '#contract/nation.ts';
import type { Action } from '../../config/roles/roles.ts';
import { isInScope, type Principal } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { assertMay } from '../audit/assert-may.ts';
import { type AuditLog, toAuditActor } from '../audit/audit.ts';
import type { Registry } from '../nation/registry.ts';
import { type Coverage, coverageOf, coverageOfFlag } from './coverage.ts';
import type { HoldStore } from './hold-store.ts';

interface RoutesOptions {
  store: HoldStore;
  flags: { find(id: FlagId, regionIds: readonly RegionId[]): Promise<{ flag: Flag } | undefined> };
  registry: Registry;
  audit: AuditLog;
  now: () => number;
}

type Person = Extract<Principal, { kind: 'person' }>;

/** Placing, listing and ending preservation holds; for outside control alone. */
export function holdRoutes({ store, flags, registry, audit, now }: RoutesOptions): AnyRoute[] {
  const personOf = (principal: Principal): Person => {
    if (principal.kind !== 'person') throw new VartaError('forbidden');
    return principal;
  };

  const assertAllowed = (principal: Principal, action: Action, { id, regionId }: Facility) => {
    const resource = { kind: 'facility', regionId, facilityId: id } as const;
    assertMay({ principal, action, resource }, audit);
  };

  /** Where a target is and what it covers. Throws for what does not exist. */
  const settle = async (
    person: Person,
    target: PlaceHoldBody['target'],
  ): Promise<{ facility: Facility; coverage: Coverage }> => {
    if (target.kind === 'flag') {
      const found = await flags.find(target.flagId, registry.regionsWithin(person.scope));
      const facility = found && registry.facility(found.flag.facilityId);
      if (!found || !facility) throw new VartaError('unknown_flag', `there is no flag ${target.flagId}`);
      return { facility, coverage: coverageOfFlag(found.flag) };
    }
    const area = target.kind === 'area' ? registry.area(target.areaId) : undefined;
    if (target.kind === 'area' && !area)
      throw new VartaError('unknown_area', `there is no area ${target.areaId}`);
    const facilityId = target.kind === 'area' ? area?.facilityId : target.facilityId;
    const facility = facilityId === undefined ? undefined : registry.facility(facilityId);
    if (!facility) throw new VartaError('unknown_facility', `there is no facility ${facilityId}`);
    return { facility, coverage: coverageOf(target, facility.id) };
  };

  const place = async (principal: Principal, body: PlaceHoldBody): Promise<Hold> => {
    const person = personOf(principal);
    const { facility, coverage } = await settle(person, body.target);
    assertAllowed(person, 'hold.place', facility);
    const hold: Hold = {
      id: body.id,
      regionId: facility.regionId,
      facilityId: facility.id,
      office: person.role,
      target: body.target,
      reference: body.reference,
      placed: { by: person.username, at: new Date(now()).toISOString(), reason: body.reason },
      released: null,
    };
    const done = await store.place(hold, coverage, {
      actor: toAuditActor(person),
      action: 'hold.place',
      resource: `hold:${hold.id}`,
      outcome: 'done',
      details: {
        facility: facility.id,
        office: person.role,
        target: JSON.stringify(body.target),
        reference: body.reference,
        reason: body.reason,
      },
    });
    if (done === 'full') throw new VartaError('limit_reached', 'too many holds are in force in this region');
    if (done === 'done') return hold;
    // Asked twice by whoever placed it, it is the same hold; otherwise somebody else's has this id.
    const known = await store.find(hold.id, [facility.regionId]);
    if (known?.hold.placed.by !== person.username) throw new VartaError('conflict');
    return known.hold;
  };

  const release = async (principal: Principal, id: string, reason: string): Promise<Hold> => {
    const person = personOf(principal);
    const stored = await store.find(id, registry.regionsWithin(person.scope));
    const facility = stored && registry.facility(stored.hold.facilityId);
    if (!stored || !facility) throw new VartaError('unknown_hold', `there is no hold ${id}`);
    assertAllowed(person, 'hold.release', facility);
    const { hold } = stored;
    if (hold.office !== person.role) {
      const resource = { kind: 'facility', regionId: hold.regionId, facilityId: facility.id } as const;
      audit.auditRefusal({ principal, action: 'hold.release', resource, code: 'forbidden' });
      throw new VartaError('forbidden', 'only the office that placed a hold releases it');
    }
    if (hold.released) throw new VartaError('invalid_transition', 'this hold is released already');
    const after: Hold = {
      ...hold,
      released: { by: person.username, at: new Date(now()).toISOString(), reason },
    };
    const done = await store.release(stored, after, {
      actor: toAuditActor(person),
      action: 'hold.release',
      resource: `hold:${id}`,
      outcome: 'done',
      details: { facility: facility.id, office: hold.office, reason },
    });
    if (done !== 'done') throw new VartaError('conflict');
    return after;
  };

  const list = async (principal: Principal, query: HoldQuery): Promise<HoldPage> => {
    const { scope } = personOf(principal);
    const facility = query.facility === undefined ? undefined : registry.facility(query.facility);
    if (query.facility !== undefined && !facility)
      throw new VartaError('unknown_facility', `there is no facility ${query.facility}`);
    if (facility) assertAllowed(principal, 'hold.read', facility);
    const regionIds = facility ? [facility.regionId] : registry.regionsWithin(scope);
    const [atText, afterId] = (query.cursor ?? '').split('_');
    const untilMs = atText ? Number(atText) : now();
    const isNext = (hold: Hold) =>
      afterId === undefined ||
      Date.parse(hold.placed.at) < untilMs ||
      (Date.parse(hold.placed.at) === untilMs && hold.id < afterId);
    const accepts = (hold: Hold) =>
      isNext(hold) &&
      isInScope(scope, hold) &&
      (facility === undefined || hold.facilityId === facility.id) &&
      (query.state === 'all' || (query.state === 'released') === (hold.released !== null));
    const found = await Promise.all(
      regionIds.map((regionId) =>
        take(store.newestFirst(regionId, untilMs), { accepts, count: query.limit + 1 }),
      ),
    );
    const ordered = found
      .flat()
      .sort((a, b) => Date.parse(b.placed.at) - Date.parse(a.placed.at) || (a.id < b.id ? 1 : -1));
    const items = ordered.slice(0, query.limit);
    const last = items.at(-1);
    return {
      items,
      nextCursor: ordered.length > query.limit && last ? `${Date.parse(last.placed.at)}_${last.id}` : null,
    };
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/holds',
      action: 'hold.read',
      authentication: 'session',
      summary: 'Preservation holds, newest first',
      query: HoldQuery,
      reply: HoldPage,
      handle: ({ principal, query }) => list(principal, query),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/holds',
      action: 'hold.place',
      authentication: 'session',
      summary:
        'Place a preservation hold: nothing that it covers is erased until the same office releases it',
      body: PlaceHoldBody,
      reply: Hold,
      replyStatus: 201,
      handle: ({ principal, body }) => place(principal, body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/holds/:holdId/release',
      action: 'hold.release',
      authentication: 'session',
      summary: 'Release a preservation hold; for the office that placed it',
      params: z.strictObject({ holdId: z.uuid() }),
      body: ReleaseHoldBody,
      reply: Hold,
      handle: ({ principal, params, body }) => release(principal, params.holdId, body.reason),
    }),
  ];
}

async function take(
  holds: AsyncIterable<Hold>,
  { accepts, count }: { accepts(hold: Hold): boolean; count: number },
): Promise<Hold[]> {
  const taken: Hold[] = [];
  for await (const hold of holds) {
    if (accepts(hold)) taken.push(hold);
    if (taken.length === count) break;
  }
  return taken;
}
