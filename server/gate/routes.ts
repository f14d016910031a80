import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { GateBody, GateReply } from '#contract/gate.ts';
import { AreaId } from '#contract/ids.ts';
import type { Principal } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { assertMay } from '../audit/assert-may.ts';
import { type AuditLog, toAuditActor, toAuditResource } from '../audit/audit.ts';
import { assertStored, type TakeEvents } from '../custody/take-events.ts';
import type { LiveView } from '../live/live.ts';
import { areaResource, type Registry } from '../nation/registry.ts';
import { stepGate } from './gate.ts';

interface GateRoutesOptions {
  registry: Pick<Registry, 'area'>;
  view: Pick<LiveView, 'area' | 'current'>;
  take: TakeEvents;
  audit: Pick<AuditLog, 'append' | 'auditRefusal'>;
  now: () => number;
}

const ACTION = 'gate.set';

/** Closing an area to everybody, by somebody who may: a custody event, and so on record and in force by the one way. */
export function gateRoutes({ registry, view, take, audit, now }: GateRoutesOptions): AnyRoute[] {
  const set = async (principal: Principal, areaId: AreaId, body: GateBody): Promise<GateReply> => {
    const area = registry.area(areaId);
    if (!area) throw new VartaError('unknown_area', `there is no area ${areaId}`);
    const resource = areaResource(area);
    assertMay({ principal, action: ACTION, resource }, audit);
    const nowMs = now();
    const step = stepGate(view.area(areaId)?.gate, body, nowMs);
    if (!step.ok) throw new VartaError(step.code, step.message);

    const at = new Date(nowMs).toISOString();
    const until = step.untilMs === undefined ? null : new Date(step.untilMs).toISOString();
    const actor = toAuditActor(principal);
    const event = {
      id: randomUUID(),
      type: step.opens ? 'GATE_OPENED' : 'GATE_CLOSED',
      areaId,
      occurredAt: at,
      recordedAt: at,
      recordedBy: actor.id,
      ...(until === null ? {} : { until }),
      ...(body.act === 'close' ? {} : { reason: body.reason }),
    } as const;
    const { facilityId, regionId } = area;
    // In force first, then written down: whoever stands in front of the camera does not wait for the audit.
    const via = { kind: 'person', id: actor.id } as const;
    const { results } = await take({ regionId, facilityId, via }, [event], () => ({ ok: true, event }));
    assertStored(results);
    await audit.append(regionId, {
      actor,
      action: `gate.${body.act}`,
      resource: toAuditResource(resource),
      outcome: 'done',
      details: { event: event.id, until, ...(body.act === 'close' ? {} : { reason: body.reason }) },
    });
    return { event: event.id, until };
  };

  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/areas/:areaId/gate',
      action: ACTION,
      authentication: 'session',
      summary:
        'Close an area to everybody for a time (`open`), give that more time (`extend`), or end it (`close`); it ends by itself',
      params: z.strictObject({ areaId: AreaId }),
      body: GateBody,
      reply: GateReply,
      handle: ({ principal, params, body }) => set(principal, params.areaId, body),
    }),
  ];
}
