import { z } from 'zod';
import { AreaId } from '#contract/ids.ts';
import { MaskBody, MaskReply } from '#contract/mask.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { type AreaActPorts, actOnArea } from '../custody/act-on-area.ts';
import type { LiveView } from '../live/live.ts';
import { stepMask } from './lift.ts';

interface MaskRoutesOptions extends AreaActPorts {
  view: Pick<LiveView, 'area'>;
}

const ACTION = 'mask.lift';

/** Lifting masks. On record before it is in force: what cannot be written down is not shown. */
export function maskRoutes({ view, ...ports }: MaskRoutesOptions): AnyRoute[] {
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
      handle: ({ principal, params: { areaId }, body }) =>
        actOnArea(
          ports,
          { principal, areaId },
          {
            action: ACTION,
            step: (area, nowMs) => stepMask(area, view.area(area.id), { body, nowMs }),
            event: (common, until) =>
              body.act === 'lift' && until !== null
                ? { ...common, type: 'MASK_LIFTED', concerns: body.caseId, until, reason: body.reason }
                : { ...common, type: 'MASK_RESTORED' },
            entry: {
              action: `mask.${body.act}`,
              details:
                body.act === 'lift'
                  ? {
                      case: body.caseId,
                      reason: body.reason,
                      observation: view.area(areaId)?.observation ?? 1,
                    }
                  : {},
            },
            first: 'audit',
            note:
              body.act === 'lift' ? { kind: 'mask', reason: body.reason, caseId: body.caseId } : undefined,
          },
        ),
    }),
  ];
}
