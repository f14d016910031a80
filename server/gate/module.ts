import { randomUUID } from 'node:crypto';
import type { AnyRoute } from '../adapters/http/route.ts';
import { isStoreUnavailable } from '../adapters/redis/store-errors.ts';
import type { AuditLog } from '../audit/audit.ts';
import { repeat } from '../concurrency/repeat.ts';
import type { TakeEvents } from '../custody/take-events.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { EndIds, endOf, nameOfEnd, StandingClosures } from './closure-ends.ts';
import { gateRoutes } from './routes.ts';

/** How often it is looked whether the time of a gate or a visit is over. */
const TICK_MS = 500;

interface GateModuleOptions {
  registry: Pick<Registry, 'area' | 'nation'>;
  view: Pick<LiveView, 'area' | 'current' | 'onDelta'>;
  take: TakeEvents;
  audit: Pick<AuditLog, 'append' | 'auditRefusal'>;
  log: { warn(fields: object, message: string): void };
  now: () => number;
}

export interface GateModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
}

/**
 * Gates that people open, and the ends of gates and visits. An end is an event with an id that follows from it, so that
 * all replicas may record it and it is one; the one whose event was taken writes the audit.
 */
export function createGateModule(options: GateModuleOptions): GateModule {
  const { registry, view, take, audit, log, now } = options;
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
      const { results } = await take({ regionId, facilityId, via }, [event], () => ({ ok: true, event }));
      const status = results[0]?.status;
      if (status === 'rejected') {
        log.warn({ end: name, event: id }, 'an end could not be recorded; it is tried again');
        ids.handleRefusal(name, now());
      }
      if (status !== 'accepted') continue;
      const visited = closure.kind === 'visit' && {
        visit: closure.visit.kind,
        caseId: closure.visit.caseId,
        since: closure.visit.since,
      };
      const { until } = closure.kind === 'gate' ? closure.gate : closure.visit;
      await audit.append(regionId, {
        actor: { kind: 'system', id: 'varta' },
        action: `${closure.kind}.end`,
        resource: `area:${area.id}`,
        outcome: 'done',
        details: { event: event.id, until, ...visited },
      });
    }
  };
  const ending = repeat(endDue, {
    everyMs: TICK_MS,
    onError: (error) => {
      if (!isStoreUnavailable(error)) log.warn({ err: error }, 'areas whose time is over stay closed');
    },
  });

  return {
    routes: gateRoutes(options),
    [Symbol.asyncDispose]: async () => {
      unsubscribe();
      await ending[Symbol.asyncDispose]();
    },
  };
}
