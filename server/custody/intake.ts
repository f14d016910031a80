import { z } from 'zod';
import {
  CustodyBulkLine,
  type CustodyEvent,
  type CustodyEventResult,
  CustodyEventsBody,
  CustodyEventsReply,
  skewOf,
} from '#contract/custody-events.ts';
import { VartaError } from '#contract/errors.ts';
import type { Principal } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import type { Registry } from '../nation/registry.ts';
import { answerLines, LINES } from './bulk-lines.ts';
import { checkEvent } from './check-event.ts';
import { custodyEventSchema } from './event-schema.ts';
import type { Acceptance, EventStore } from './event-store.ts';

/** Events that may be on their way to the store at once; at 2,000 a second, ten seconds of a store that is slow. */
const MAX_UNDER_WAY = 20_000;

interface IntakeOptions {
  store: Pick<EventStore, 'accept'>;
  registry: Registry;
  now: () => number;
  /** For the metrics. */
  countEvent?: ((status: CustodyEventResult['status']) => void) | undefined;
}

/** Takes events from facilities' systems. */
export function intakeRoutes({ store, registry, now, countEvent }: IntakeOptions): AnyRoute[] {
  let underWay = 0;

  const take = async (
    principal: Principal,
    elements: readonly unknown[],
  ): Promise<{ results: CustodyEventResult[] }> => {
    if (principal.kind !== 'facility')
      throw new VartaError('forbidden', 'events come from facilities, with their key');
    if (underWay + elements.length > MAX_UNDER_WAY)
      throw new VartaError('limit_reached', 'too many events are waiting to be stored');
    underWay += elements.length;
    try {
      const nowMs = now();
      const checked = elements.map((element) => checkEvent(element, { principal, registry, nowMs }));
      const events = checked.flatMap((one) => (one.ok ? [one.event] : []));
      const acceptances = (await store.accept(principal, events, nowMs)).values();
      return {
        results: checked.map((one) =>
          one.ok ? toResult(one.event, acceptances.next().value, nowMs) : one.result,
        ),
      };
    } finally {
      underWay -= elements.length;
    }
  };

  const takeAndCount = async (principal: Principal, elements: readonly unknown[]) => {
    const reply = await take(principal, elements);
    for (const { status } of reply.results) countEvent?.(status);
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
      handle: ({ principal, body }) => takeAndCount(principal, body.events),
      stream: {
        contentType: LINES,
        reply: CustodyBulkLine,
        handle: ({ principal, request, response }) =>
          answerLines(request, response, (elements) => takeAndCount(principal, elements)),
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

function toResult(
  event: CustodyEvent,
  acceptance: Acceptance | undefined,
  receivedMs: number,
): CustodyEventResult {
  const skewMs = skewOf(event, receivedMs);
  switch (acceptance) {
    case 'accepted':
    case 'duplicate':
      return { id: event.id, status: acceptance, ...(skewMs === undefined ? {} : { skewMs }) };
    case 'id-taken':
      return {
        id: event.id,
        status: 'rejected',
        code: 'conflict',
        message: 'id: another event has this id',
        path: ['id'],
      };
    case 'replacement-taken':
      return {
        id: event.id,
        status: 'rejected',
        code: 'conflict',
        message: 'replacement.id: another event has this id',
        path: ['replacement', 'id'],
      };
    case undefined:
      throw new TypeError('the store answered for fewer events than it was given');
  }
}
