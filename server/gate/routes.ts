import { z } from 'zod';
import { GateBody, GateReply } from '#contract/gate.ts';
import { AreaId } from '#contract/ids.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { type AreaActPorts, actOnArea } from '../custody/act-on-area.ts';
import type { LiveView } from '../live/live.ts';
import { stepClosure } from './gate.ts';

interface GateRoutesOptions extends AreaActPorts {
  view: Pick<LiveView, 'area' | 'current'>;
}

const ACTION = 'gate.set';

/**
 * Closing an area to everybody, by somebody who may: a custody event, and so on record and in force by the one way. In
 * force first: whoever stands in front of the camera does not wait for the audit.
 */
export function gateRoutes({ view, ...ports }: GateRoutesOptions): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/areas/:areaId/gate',
      action: ACTION,
      authentication: 'session',
      summary:
        'Close an area to everybody for a time (`open`), give that more time (`extend`), or end it (`close`); it ends by itself. Or say that the visit goes on for which it is closed (`prolong`)',
      params: z.strictObject({ areaId: AreaId }),
      body: GateBody,
      reply: GateReply,
      handle: ({ principal, params: { areaId }, body }) => {
        const reason = 'reason' in body ? { reason: body.reason } : {};
        const person = body.act === 'prolong' ? { caseId: body.caseId } : {};
        return actOnArea(
          ports,
          { principal, areaId },
          {
            action: ACTION,
            step: ({ id }, nowMs) => stepClosure(view.area(id), body, nowMs),
            event: (common, until) => {
              if (body.act === 'prolong')
                return { ...common, type: 'CONFIDENTIALITY_EXTENDED', caseId: body.caseId };
              return until === null
                ? { ...common, type: 'GATE_CLOSED' }
                : { ...common, type: 'GATE_OPENED', until, ...reason };
            },
            entry: { action: `gate.${body.act}`, details: { ...reason, ...person } },
            first: 'event',
            note: 'reason' in body ? { kind: 'gate', reason: body.reason } : undefined,
          },
        );
      },
    }),
  ];
}
