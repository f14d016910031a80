import type { AnyRoute } from '../adapters/http/route.ts';
import { isStoreUnavailable } from '../adapters/redis/store-errors.ts';
import type { AuditLog } from '../audit/audit.ts';
import { repeat } from '../concurrency/repeat.ts';
import type { TakeEvents } from '../custody/take-events.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { endOfGate, GateEnds } from './gate-ends.ts';
import { gateRoutes } from './routes.ts';

/** How often it is looked whether a gate's time is over. */
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
 * Gates that people open, and their ends. An end is an event with an id that follows from the gate, so that all replicas
 * may record it and it is one; the one whose event was taken writes the audit.
 */
export function createGateModule(options: GateModuleOptions): GateModule {
  const { registry, view, take, audit, log, now } = options;
  const ends = new GateEnds(registry.nation.areas.flatMap(({ id }) => view.area(id) ?? []));
  const unsubscribe = view.onDelta((delta) => ends.handleDelta(delta));

  const endDue = async (): Promise<void> => {
    // Who is behind does not know of gates that were given more time; nothing is lost by waiting.
    if (!view.current) return;
    for (const [areaId, gate] of ends.due(now())) {
      const area = registry.area(areaId);
      if (!area) continue;
      const { facilityId, regionId } = area;
      const event = endOfGate(area, gate);
      const via = { kind: 'service', id: 'varta' } as const;
      const { results } = await take({ regionId, facilityId, via }, [event], () => ({ ok: true, event }));
      if (results[0]?.status !== 'accepted') continue;
      await audit.append(regionId, {
        actor: { kind: 'system', id: 'varta' },
        action: 'gate.end',
        resource: `area:${areaId}`,
        outcome: 'done',
        details: { event: event.id, until: gate.until },
      });
    }
  };
  const ending = repeat(endDue, {
    everyMs: TICK_MS,
    onError: (error) => {
      if (!isStoreUnavailable(error)) log.warn({ err: error }, 'gates that are over stand still');
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
