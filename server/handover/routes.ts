import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import {
  AcknowledgeItemBody,
  CurrentHandover,
  EndHandoverBody,
  Handover,
  HandoverNoteBody,
  HandoverPage,
  HandoverQuery,
  OpenHandoverBody,
} from '#contract/handover.ts';
import type { Principal } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { acknowledgeItem, addNote, closeHandover, withdrawHandover } from './handover.ts';
import type { HandoverDesk, Person } from './handover-desk.ts';

const Params = z.strictObject({ handoverId: z.uuid() });

/** Handing a shift over, taking one over, and reading of it later. */
export function handoverRoutes(desk: HandoverDesk): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/handovers',
      action: 'handover.read',
      authentication: 'session',
      summary: 'Shift handovers within the caller’s scope, newest first',
      query: HandoverQuery,
      reply: HandoverPage,
      handle: ({ principal, query }) => desk.list(asPerson(principal), query),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/handovers/current',
      action: 'handover.read',
      authentication: 'session',
      summary: 'What the caller’s desk hands over now, whole or in parts, with what has come up since',
      reply: CurrentHandover,
      handle: ({ principal }) => desk.current(asPerson(principal)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/handovers/:handoverId',
      action: 'handover.read',
      authentication: 'session',
      summary: 'One handover, open or over, with every acknowledgement by name',
      params: Params,
      reply: Handover,
      handle: ({ principal, params }) => desk.read(asPerson(principal), params.handoverId),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/handovers',
      action: 'handover.make',
      authentication: 'session',
      summary:
        'Open a handover of the own scope or a part of it; the server fills in what the next shift has to know',
      body: OpenHandoverBody,
      reply: Handover,
      replyStatus: 201,
      handle: ({ principal, body }) => desk.open(asPerson(principal), body),
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
      handle: ({ principal, params, body }) =>
        desk.step(asPerson(principal), params.handoverId, {
          action: 'handover.note',
          details: {},
          decide: (handover, by) => addNote(handover, body.text, by),
        }),
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
      handle: ({ principal, params, body }) =>
        desk.step(asPerson(principal), params.handoverId, {
          action: 'handover.acknowledge',
          details: { item: body.itemId },
          decide: (handover, by) => acknowledgeItem(handover, body, by),
        }),
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
      handle: ({ principal, params, body }) =>
        desk.step(asPerson(principal), params.handoverId, {
          action: body.to === 'closed' ? 'handover.close' : 'handover.withdraw',
          details: body.to === 'closed' ? {} : { reason: body.reason },
          isExact: body.to === 'closed',
          decide: (handover, by) =>
            body.to === 'closed' ? closeHandover(handover, by) : withdrawHandover(handover, body.reason, by),
        }),
    }),
  ];
}

function asPerson(principal: Principal): Person {
  if (principal.kind !== 'person') throw new VartaError('forbidden', 'shifts are handed over by people');
  return principal;
}
