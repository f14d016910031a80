import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { type Flag, isOpenFlag } from '#contract/flags.ts';
import {
  AcknowledgeItemBody,
  CurrentHandover,
  EndHandoverBody,
  Handover,
  HandoverNoteBody,
  HandoverPage,
  HandoverQuery,
  OpenHandoverBody,
  type Signature,
} from '#contract/handover.ts';
import type { RegionId } from '#contract/ids.ts';
import type { Scope } from '#contract/session.ts';
import { isInScope, type Principal } from '../access/decide.ts';
import { covers } from '../access/scopes.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { type AuditDraft, type AuditLog, toAuditActor } from '../audit/audit.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { type Collected, collectRegion } from './collect.ts';
import {
  acknowledgeItem,
  addNote,
  closeHandover,
  type HandoverStep,
  mergeItems,
  refreshed,
  summaryOf,
  withdrawHandover,
} from './handover.ts';
import type { HandoverStore, StoredHandover } from './handover-store.ts';

const HOUR_MS = 3_600_000;
/** Without a last handover, what happened in the last day is told. */
const FIRST_SINCE_MS = 24 * HOUR_MS;
/** What is live is looked at again this often while somebody looks. */
const REFRESH_MS = 5_000;
/** Flags of a region that are looked through for what has changed. */
const MAX_FLAGS = 2_000;
/** Attempts at a step that others keep overtaking. */
const MAX_ATTEMPTS = 8;

const Params = z.strictObject({ handoverId: z.uuid() });

interface RoutesOptions {
  store: HandoverStore;
  flags: Pick<FlagStore, 'newestFirst'>;
  registry: Registry;
  view: Pick<LiveView, 'area' | 'feed' | 'current'>;
  audit: AuditLog;
  now: () => number;
}

type Person = Extract<Principal, { kind: 'person' }>;

/** Handing a shift over, taking one over, and reading of it later. */
export function handoverRoutes({ store, flags, registry, view, audit, now }: RoutesOptions): AnyRoute[] {
  const sign = (person: Person): Signature => ({ by: person.username, at: new Date(now()).toISOString() });

  const draftOf = (person: Person, action: string, id: string, details = {}): AuditDraft => ({
    actor: toAuditActor(person),
    action,
    resource: `handover:${id}`,
    outcome: 'done',
    details,
  });

  /** Flags within a scope that are open, or were raised or closed since. */
  const flagsSince = async (scope: Scope, sinceMs: number): Promise<Flag[]> => {
    const found = await Promise.all(
      registry.regionsWithin(scope).map(async (regionId) => {
        const own: Flag[] = [];
        let looked = 0;
        for await (const flag of flags.newestFirst(regionId, now())) {
          looked += 1;
          if (looked > MAX_FLAGS) break;
          const isNews = Date.parse(flag.history.at(-1)?.at ?? '') >= sinceMs;
          if ((isOpenFlag(flag) || isNews) && isInScope(scope, flag)) own.push(flag);
        }
        return own;
      }),
    );
    return found.flat();
  };

  const collect = (scope: Scope, found: readonly Flag[], shiftEndsMs: number): Collected[] => {
    if (!view.current) throw new VartaError('store_unavailable', 'live state is being read anew');
    const byRegion = Map.groupBy(found, ({ regionId }) => regionId);
    return registry.regionsWithin(scope).flatMap((regionId: RegionId) =>
      collectRegion(
        {
          regionId,
          areas: registry.nation.areas.filter((area) => area.regionId === regionId && isInScope(scope, area)),
          statusOf: (areaId) => view.area(areaId),
          feedOf: (feedId) => view.feed(feedId),
          flags: byRegion.get(regionId) ?? [],
        },
        { nowMs: now(), shiftEndsMs },
      ),
    );
  };

  const sinceOf = ({ previousAt, opened }: Pick<Handover, 'previousAt' | 'opened'>) =>
    previousAt === null ? Date.parse(opened.at) - FIRST_SINCE_MS : Date.parse(previousAt);

  /** The handover as of now, if it is open and was not looked at just before. */
  const upToDate = async (stored: StoredHandover): Promise<StoredHandover> => {
    const { handover } = stored;
    if (handover.state !== 'open' || now() - Date.parse(handover.checkedAt) < REFRESH_MS) return stored;
    const found = await flagsSince(handover.scope, sinceOf(handover));
    const shiftEndsMs = Date.parse(handover.shiftEndsAt);
    const after = refreshed(handover, collect(handover.scope, found, shiftEndsMs), now());
    if (await store.refresh(stored, after)) return { handover: after, json: JSON.stringify(after) };
    return (await store.find(handover.id)) ?? stored;
  };

  /** A handover that the caller may know of. Whoever answers for a part does not read of the whole. */
  const find = async (person: Person, id: string): Promise<StoredHandover> => {
    const stored = await store.find(id);
    if (!stored) throw new VartaError('not_found', 'there is no such handover');
    if (covers(person.scope, stored.handover.scope, registry)) return stored;
    const code = 'forbidden';
    audit.auditRefusal({ principal: person, action: 'handover.read', resource: { kind: 'any' }, code });
    throw new VartaError(code, 'the handover is outside the scope');
  };

  const open = async (person: Person, body: z.infer<typeof OpenHandoverBody>): Promise<Handover> => {
    const opened = sign(person);
    const nowMs = Date.parse(opened.at);
    const { scope } = person;
    const previousAt = await lastClosedAt(scope);
    const shiftEndsMs = nowMs + body.shiftHours * HOUR_MS;
    const sinceMs = sinceOf({ previousAt, opened });
    const found = await flagsSince(scope, sinceMs);
    const closedAs = (state: Flag['state']) =>
      found.filter((flag) => flag.state === state && Date.parse(flag.history.at(-1)?.at ?? '') >= sinceMs)
        .length;
    const { items, left } = mergeItems([], collect(scope, found, shiftEndsMs), { scope, nowMs, late: false });
    const handover: Handover = {
      id: randomUUID(),
      scope,
      state: 'open',
      opened,
      shiftEndsAt: new Date(shiftEndsMs).toISOString(),
      ended: null,
      previousAt,
      since: {
        raised: found.filter(({ history }) => Date.parse(history[0]?.at ?? '') >= sinceMs).length,
        resolved: closedAs('resolved'),
        dismissed: closedAs('dismissed'),
      },
      items,
      left,
      notes: body.note === '' ? [] : [{ ...opened, text: body.note }],
      checkedAt: opened.at,
      version: 1,
    };
    const draft = draftOf(person, 'handover.open', handover.id, { items: items.length });
    const outcome = await store.change(undefined, handover, draft);
    if (outcome !== 'done') throw new VartaError('conflict', 'a handover of this scope is open already');
    return handover;
  };

  const lastClosedAt = async (scope: Scope): Promise<string | null> => {
    for await (const one of store.newestFirst(now() + 1))
      if (one.state === 'closed' && JSON.stringify(one.scope) === JSON.stringify(scope))
        return one.ended?.at ?? null;
    return null;
  };

  /** Makes a step on the handover as it is, again for as long as somebody else was faster. */
  const step = async (
    person: Person,
    id: string,
    make: { action: string; details: AuditDraft['details']; decide: (handover: Handover) => HandoverStep },
  ): Promise<Handover> => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const stored = await upToDate(await find(person, id));
      const result = make.decide(stored.handover);
      if (result.kind === 'refused') throw new VartaError(result.code, result.message);
      if (result.kind === 'same') return result.handover;
      const draft = draftOf(person, make.action, id, make.details);
      if ((await store.change(stored, result.handover, draft)) === 'done') return result.handover;
    }
    throw new VartaError('conflict');
  };

  const list = async (person: Person, { cursor, limit }: z.infer<typeof HandoverQuery>) => {
    const items: z.infer<typeof HandoverPage>['items'] = [];
    const beforeMs = cursor === undefined ? now() + 1 : Number(cursor);
    if (!Number.isFinite(beforeMs)) throw new VartaError('invalid', 'cursor: not a cursor of this list');
    for await (const handover of store.newestFirst(beforeMs)) {
      if (!covers(person.scope, handover.scope, registry)) continue;
      const last = items.at(-1);
      if (items.length === limit && last) return { items, nextCursor: String(Date.parse(last.opened.at)) };
      items.push(summaryOf(handover));
    }
    return { items, nextCursor: null };
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/handovers',
      action: 'handover.read',
      authentication: 'session',
      summary: 'Shift handovers within the caller’s scope, newest first',
      query: HandoverQuery,
      reply: HandoverPage,
      handle: ({ principal, query }) => list(asPerson(principal), query),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/handovers/current',
      action: 'handover.read',
      authentication: 'session',
      summary: 'The handover that is open for the caller’s scope, with what has come up since',
      reply: CurrentHandover,
      handle: async ({ principal }) => {
        const stored = await store.open(asPerson(principal).scope);
        return { handover: stored ? (await upToDate(stored)).handover : null };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/handovers/:handoverId',
      action: 'handover.read',
      authentication: 'session',
      summary: 'One handover, open or over, with every acknowledgement by name',
      params: Params,
      reply: Handover,
      handle: async ({ principal, params }) =>
        (await upToDate(await find(asPerson(principal), params.handoverId))).handover,
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/handovers',
      action: 'handover.make',
      authentication: 'session',
      summary: 'Open a handover of the own scope; the server fills in what the next shift has to know',
      body: OpenHandoverBody,
      reply: Handover,
      replyStatus: 201,
      handle: ({ principal, body }) => open(asPerson(principal), body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/handovers/:handoverId/notes',
      action: 'handover.make',
      authentication: 'session',
      summary: 'Add a note to an open handover',
      params: Params,
      body: HandoverNoteBody,
      reply: Handover,
      handle: ({ principal, params, body }) => {
        const person = asPerson(principal);
        return step(person, params.handoverId, {
          action: 'handover.note',
          details: {},
          decide: (handover) => addNote(handover, body.text, sign(person)),
        });
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/handovers/:handoverId/acknowledgements',
      action: 'handover.make',
      authentication: 'session',
      summary: 'Acknowledge one item by name, as somebody else than who opened the handover',
      params: Params,
      body: AcknowledgeItemBody,
      reply: Handover,
      handle: ({ principal, params, body }) => {
        const person = asPerson(principal);
        return step(person, params.handoverId, {
          action: 'handover.acknowledge',
          details: { item: body.itemId },
          decide: (handover) => acknowledgeItem(handover, body, sign(person)),
        });
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/handovers/:handoverId/end',
      action: 'handover.make',
      authentication: 'session',
      summary: 'Close it when all is acknowledged, or withdraw it if one opened it oneself',
      params: Params,
      body: EndHandoverBody,
      reply: Handover,
      handle: ({ principal, params, body }) => {
        const person = asPerson(principal);
        return step(person, params.handoverId, {
          action: body.to === 'closed' ? 'handover.close' : 'handover.withdraw',
          details: body.to === 'closed' ? {} : { reason: body.reason },
          decide: (handover) =>
            body.to === 'closed'
              ? closeHandover(handover, sign(person))
              : withdrawHandover(handover, body.reason, sign(person)),
        });
      },
    }),
  ];
}

function asPerson(principal: Principal): Person {
  if (principal.kind !== 'person') throw new VartaError('forbidden', 'shifts are handed over by people');
  return principal;
}
