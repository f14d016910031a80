import type { Socket } from 'socket.io';
import type { z } from 'zod';
import { CONTROL_MESSAGES, type ControlMessage } from '#contract/control.ts';
import { type Ack, ERRORS, toInvalid, toVartaError, VartaError } from '#contract/errors.ts';

/** Messages of one connection that are being handled; a server that sends more is not waiting for answers. */
const MAX_IN_FLIGHT = 2_000;

type RequestOf<M extends ControlMessage> = z.infer<(typeof CONTROL_MESSAGES)[M]['request']>;
type ReplyOf<M extends ControlMessage> = z.input<(typeof CONTROL_MESSAGES)[M]['reply']>;

/** A handler for every message of the contract. Refusals are thrown as VartaError. */
export type ControlHandlers = { [M in ControlMessage]: (request: RequestOf<M>) => Promise<ReplyOf<M>> };

/** What the messages of one connection are handled with. */
export interface ControlLane {
  handlers: ControlHandlers;
  /** Tells about what was not foreseen. */
  onUnexpected(error: unknown, message: string): void;
}

const NAMES = Object.keys(CONTROL_MESSAGES) as ControlMessage[];

/**
 * Listens to every message of the contract on one connection; the only place where that is done. What comes is parsed,
 * handled, and acknowledged with the result or a coded refusal. Nothing that a peer sends can throw out of here.
 */
export function dispatchControl(socket: Pick<Socket, 'on' | 'onAny'>, lane: ControlLane): void {
  let inFlight = 0;
  for (const name of NAMES) {
    socket.on(name, (...args: unknown[]) => {
      const acknowledge = toAcknowledge(args);
      if (inFlight >= MAX_IN_FLIGHT) {
        acknowledge?.(new VartaError('limit_reached').toRefusal());
        return;
      }
      inFlight += 1;
      void answer(name, acknowledge && args.length === 1 ? undefined : args[0], lane).then((reply) => {
        inFlight -= 1;
        acknowledge?.(reply);
      });
    });
  }
  socket.onAny((name: unknown, ...args: unknown[]) => {
    if (NAMES.some((known) => known === name)) return;
    toAcknowledge(args)?.(new VartaError('not_found', 'There is no such message').toRefusal());
  });
}

function toAcknowledge(args: readonly unknown[]): ((answer: Ack<unknown>) => void) | undefined {
  const last = args.at(-1);
  return typeof last === 'function' ? (last as (answer: Ack<unknown>) => void) : undefined;
}

async function answer(name: ControlMessage, payload: unknown, lane: ControlLane): Promise<Ack<unknown>> {
  try {
    return { ok: true, result: await handle(name, payload, lane.handlers) };
  } catch (thrown) {
    const error = toVartaError(thrown);
    if (error.code === 'internal') {
      lane.onUnexpected(error.cause ?? thrown, name);
      return { ok: false, code: 'internal', message: ERRORS.internal.title };
    }
    return error.toRefusal();
  }
}

function handle<M extends ControlMessage>(name: M, payload: unknown, handlers: ControlHandlers) {
  const parsed = CONTROL_MESSAGES[name].request.safeParse(payload);
  if (!parsed.success) throw toInvalid(parsed.error);
  // The table's own type says that schema and handler of one name belong together; over a union tsc cannot follow that.
  const handler = handlers[name] as (request: unknown) => Promise<unknown>;
  return handler(parsed.data);
}
