import { z } from 'zod';
import { CustodyBulkLine, CustodyEventsBody, CustodyEventsReply } from '#contract/custody-events.ts';
import { VartaError } from '#contract/errors.ts';
import type { Principal } from '../access/decide.ts';
import { findPoison } from '../access/json-shape.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { type Attacks, type AuditLog, toAuditActor } from '../audit/audit.ts';
import type { Registry } from '../nation/registry.ts';
import { answerLines, LINES } from './bulk-lines.ts';
import { checkEvent } from './check-event.ts';
import { custodyEventSchema } from './event-schema.ts';
import type { TakeEvents } from './take-events.ts';

interface IntakeOptions {
  take: TakeEvents;
  registry: Registry;
  auditRefusal?: AuditLog['auditRefusal'] | undefined;
  auditAttack?: Attacks['auditAttack'] | undefined;
}

/** Takes events from facilities' systems. */
export function intakeRoutes({ take, registry, auditRefusal, auditAttack }: IntakeOptions): AnyRoute[] {
  const takeOwn = async (principal: Principal, elements: readonly unknown[]) => {
    if (principal.kind !== 'facility')
      throw new VartaError('forbidden', 'events come from facilities, with their key');
    const { regionId, facilityId } = principal;
    const via = { kind: 'facility', id: facilityId } as const;
    const given = { principal, facilityId, action: 'custody.ingest', registry } as const;
    const reply = await take({ regionId, facilityId, via }, elements, (element, nowMs) =>
      checkEvent(element, { ...given, nowMs }),
    );
    const leaveTrace = (code: 'forbidden' | 'invalid') =>
      auditRefusal?.({
        principal,
        action: 'custody.ingest',
        resource: { kind: 'facility', regionId, facilityId },
        code,
      });
    // Whoever tries to undo what a person recorded, or to change what all objects are, leaves a trace of it.
    if (reply.results.some(({ code, path }) => code === 'forbidden' && path?.[0] === 'corrects'))
      leaveTrace('forbidden');
    if (reply.results.some(({ status }) => status === 'rejected') && findPoison(elements))
      leaveTrace('invalid');
    return reply;
  };
  const schemaText = JSON.stringify(custodyEventSchema());

  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/custody/events',
      action: 'custody.ingest',
      authentication: 'facility-key',
      summary:
        'Custody events of the own facility, in batches; each is answered for itself, and "accepted" means durable',
      body: CustodyEventsBody,
      reply: CustodyEventsReply,
      handle: ({ principal, body }) => takeOwn(principal, body.events),
      stream: {
        contentType: LINES,
        reply: CustodyBulkLine,
        handle: ({ principal, request, response }) =>
          answerLines({
            request,
            response,
            take: (elements) => takeOwn(principal, elements),
            onTooDeep: () =>
              auditAttack?.({
                actor: toAuditActor(principal),
                from: request.ip ?? 'unknown',
                kind: 'deep',
                action: 'custody.ingest',
                resource: 'any',
                code: 'too_deep',
              }),
          }),
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/custody/events/schema.json',
      action: 'service.probe',
      authentication: 'none',
      summary: 'What a custody event is, as JSON Schema 2020-12',
      reply: z.looseObject({ $schema: z.string() }),
      replyContentType: 'application/schema+json',
      handle: ({ response }) => {
        response.type('application/schema+json').send(schemaText);
        // Answered already, as text that was made once.
        return undefined as never;
      },
    }),
  ];
}
