import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { AreaId } from '#contract/ids.ts';
import { MaskBody, MaskReply } from '#contract/mask.ts';
import type { Principal } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { assertMay } from '../audit/assert-may.ts';
import { type AuditLog, toAuditActor, toAuditResource } from '../audit/audit.ts';
import { assertStored, type TakeEvents } from '../custody/take-events.ts';
import type { LiveView } from '../live/live.ts';
import { areaResource, type Registry } from '../nation/registry.ts';
import { stepMask } from './lift.ts';

interface MaskRoutesOptions {
  registry: Pick<Registry, 'area'>;
  view: Pick<LiveView, 'area'>;
  take: TakeEvents;
  audit: Pick<AuditLog, 'append' | 'auditRefusal'>;
  now: () => number;
}

const ACTION = 'mask.lift';

/** Lifting masks. On record before it is in force: what cannot be written down is not shown. */
export function maskRoutes({ registry, view, take, audit, now }: MaskRoutesOptions): AnyRoute[] {
  const set = async (principal: Principal, areaId: AreaId, body: MaskBody): Promise<MaskReply> => {
    const area = registry.area(areaId);
    if (!area) throw new VartaError('unknown_area', `there is no area ${areaId}`);
    const resource = areaResource(area);
    assertMay({ principal, action: ACTION, resource }, audit);
    const nowMs = now();
    const step = stepMask(area, view.area(areaId), { body, nowMs });
    if (!step.ok) throw new VartaError(step.code, step.message);

    const at = new Date(nowMs).toISOString();
    const until = step.untilMs === undefined ? null : new Date(step.untilMs).toISOString();
    const actor = toAuditActor(principal);
    const common = { id: randomUUID(), areaId, occurredAt: at, recordedAt: at, recordedBy: actor.id };
    const event =
      body.act === 'lift' && until !== null
        ? ({ ...common, type: 'MASK_LIFTED', concerns: body.caseId, until, reason: body.reason } as const)
        : ({ ...common, type: 'MASK_RESTORED' } as const);
    const { facilityId, regionId } = area;
    await audit.append(regionId, {
      actor,
      action: `mask.${body.act}`,
      resource: toAuditResource(resource),
      outcome: 'done',
      details: {
        event: event.id,
        until,
        ...(body.act === 'lift'
          ? { case: body.caseId, reason: body.reason, observation: view.area(areaId)?.observation ?? 1 }
          : {}),
      },
    });
    const via = { kind: 'person', id: actor.id } as const;
    const { results } = await take({ regionId, facilityId, via }, [event], () => ({ ok: true, event }));
    assertStored(results);
    return { event: event.id, until };
  };

  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/areas/:areaId/mask',
      action: ACTION,
      authentication: 'session',
      summary:
        'Show what is covered of an area for a time, because of a person at risk (`lift`), or cover it again (`restore`); it ends by itself',
      params: z.strictObject({ areaId: AreaId }),
      body: MaskBody,
      reply: MaskReply,
      handle: ({ principal, params, body }) => set(principal, params.areaId, body),
    }),
  ];
}
