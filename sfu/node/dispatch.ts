import type { Socket } from 'socket.io';
import type { z } from 'zod';
import type { CONTROL_MESSAGES } from '#contract/control.ts';
import { type Ack, ERRORS, toInvalid, toVartaError, VartaError } from '#contract/errors.ts';

/** Messages of one connection that are being handled; a peer that sends more is not waiting for answers. */
const MAX_IN_FLIGHT = 2_000;

/** A table of the contract: what each message carries, and what its acknowledgement carries. */
type Messages = Record<string, { request: z.ZodType; reply: z.ZodType }>;

/** A handler for every message of a table. Refusals are thrown as VartaError. */
export type Handlers<T extends Messages> = {
  [M in keyof T]: (request: z.infer<T[M]['request']>) => Promise<z.input<T[M]['reply']>>;
};
export type ControlHandlers = Handlers<typeof CONTROL_MESSAGES>;

/** What the messages of one connection are handled with. */
export interface Lane<T extends Messages> {
  messages: T;
  handlers: Handlers<T>;
  /** Told of every message that is refused. */
  onRefused?(error: VartaError, message: string): void;
  /** Tells about what was not foreseen. */
  onUnexpected(error: unknown, message: string): void;
}

/**
 * Listens to every message of the contract on one connection; the only place where that is done. What comes is parsed,
 * handled, and acknowledged with the result or a coded refusal. Nothing that a peer sends can throw out of here.
 */
export function dispatch<T extends Messages>(socket: Pick<Socket, 'on' | 'onAny'>, lane: Lane<T>): void {
  const names: (keyof T & string)[] = Object.keys(lane.messages);
  let inFlight = 0;
  for (const name of names) {
    // As a plain string: socket.io's own types of its reserved events do not go with a name that is not known here.
    socket.on(name as string, (...args: unknown[]) => {
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
    if (names.some((known) => known === name)) return;
    toAcknowledge(args)?.(new VartaError('not_found', 'There is no such message').toRefusal());
  });
}

function toAcknowledge(args: readonly unknown[]): ((answer: Ack<unknown>) => void) | undefined {
  const last = args.at(-1);
  return typeof last === 'function' ? (last as (answer: Ack<unknown>) => void) : undefined;
}

async function answer<T extends Messages>(
  name: keyof T & string,
  payload: unknown,
  lane: Lane<T>,
): Promise<Ack<unknown>> {
  try {
    return { ok: true, result: await handle(name, payload, lane) };
  } catch (thrown) {
    const error = toVartaError(thrown);
    if (error.code === 'internal') {
      lane.onUnexpected(error.cause ?? thrown, name);
      return { ok: false, code: 'internal', message: ERRORS.internal.title };
    }
    lane.onRefused?.(error, name);
    return error.toRefusal();
  }
}

function handle<T extends Messages>(name: keyof T & string, payload: unknown, lane: Lane<T>) {
  const parsed = lane.messages[name]?.request.safeParse(payload);
  if (!parsed) throw new VartaError('not_found');
  if (!parsed.success) throw toInvalid(parsed.error);
  // The table's own type says that schema and handler of one name belong together; over a union tsc cannot follow that.
  const handler = lane.handlers[name] as (request: unknown) => Promise<unknown>;
  return handler(parsed.data);
}
