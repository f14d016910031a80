import { randomUUID } from 'node:crypto';
import type { EventId } from '#contract/ids.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { isStoreUnavailable } from '../adapters/redis/store-errors.ts';
import type { AuditDraft, AuditLog } from '../audit/audit.ts';
import { createActNotes } from '../closures/act-notes.ts';
import { repeat } from '../concurrency/repeat.ts';
import type { TakeEvents } from '../custody/take-events.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { type Closure, EndIds, endOf, nameOfEnd, StandingClosures } from './closure-ends.ts';
import { gateRoutes } from './routes.ts';
import { tellEnd } from './told-ends.ts';

/** How often it is looked whether the time of a gate or a visit is over. */
const TICK_MS = 500;

interface GateModuleOptions {
  redis: Redis;
  registry: Pick<Registry, 'area' | 'nation'>;
  view: Pick<LiveView, 'area' | 'current' | 'onDelta'>;
  take: TakeEvents;
  audit: Pick<AuditLog, 'append' | 'withEntry' | 'auditRefusal'>;
  log: { warn(fields: object, message: string): void };
  now: () => number;
}

export interface GateModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
}

/**
 * Gates that people open, and the ends of gates and visits. An end is an event with an id that follows from it, so that
 * all replicas may record it and it is one. Its entry in the audit comes first, once for an event: whoever is killed between
 * the two leaves an end that is still due, and never one that stands in no audit.
 */
export function createGateModule(options: GateModuleOptions): GateModule {
  const { registry, view, take, log, now } = options;
  const closures = new StandingClosures(registry.nation.areas.flatMap(({ id }) => view.area(id) ?? []));
  const unsubscribe = view.onDelta((delta) => closures.handleDelta(delta));
  const ids = new EndIds(randomUUID);

  const endDue = async (): Promise<void> => {
    // Who is behind does not know of what was given more time; nothing is lost by waiting.
    if (!view.current) return;
    const due = closures.due(now()).flatMap((closure) => {
      const area = registry.area(closure.areaId);
      return area ? [{ area, closure, name: nameOfEnd(area, closure) }] : [];
    });
    const idOf = ids.idsOf(
      due.map(({ name }) => name),
      now(),
    );
    for (const { area, closure, name } of due) {
      const id = idOf.get(name);
      if (id === undefined) continue;
      const event = endOf(area, closure, id);
      const { facilityId, regionId } = area;
      const via = { kind: 'service', id: 'varta' } as const;
      const draft = draftOf(closure, event.id);
      await tellEnd(options, { regionId, eventId: id, draft });
      const { results } = await take({ regionId, facilityId, via }, [event], () => ({ ok: true, event }));
      const [result] = results;
      if (result?.status !== 'rejected') continue;
      // Somebody has taken the id for something else: what was told before is taken back, and another id is tried.
      const code = result.code ?? 'internal';
      log.warn({ end: name, event: id, code }, 'an end could not be recorded; it is tried again');
      ids.handleRefusal(name, now());
      const refused: AuditDraft = { ...draft, outcome: 'refused', details: { ...draft.details, code } };
      await tellEnd(options, { regionId, eventId: id, draft: refused });
    }
  };
  const ending = repeat(endDue, {
    everyMs: TICK_MS,
    onError: (error) => {
      if (!isStoreUnavailable(error)) log.warn({ err: error }, 'areas whose time is over stay closed');
    },
  });

  return {
    routes: gateRoutes({ ...options, noteAct: createActNotes(options) }),
    [Symbol.asyncDispose]: async () => {
      unsubscribe();
      await ending[Symbol.asyncDispose]();
    },
  };
}

/** An end as the audit has it. */
function draftOf(closure: Closure, event: EventId): AuditDraft {
  const visited = closure.kind === 'visit' && {
    visit: closure.visit.kind,
    caseId: closure.visit.caseId,
    since: closure.visit.since,
  };
  const { until } = closure.kind === 'gate' ? closure.gate : closure.visit;
  return {
    actor: { kind: 'system', id: 'varta' },
    action: `${closure.kind}.end`,
    resource: `area:${closure.areaId}`,
    outcome: 'done',
    details: { event, until, ...visited },
  };
}
