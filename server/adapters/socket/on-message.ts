import type { Socket } from 'socket.io';
import type { z } from 'zod';
import { type Ack, ERRORS, toInvalid, toVartaError, VartaError } from '#contract/errors.ts';
import type { Principal } from '../../access/decide.ts';

/** What the handshake of `/console` established; checked again on every message by the handlers' policy calls. */
export interface ConsoleData {
  principal: Extract<Principal, { kind: 'person' }>;
  sessionId: string;
  tabId: string;
  /** Stable for session and tab, so that a page that reconnects is the same viewer. */
  viewerId: string;
}

export type ConsoleSocket = Socket<
  Record<string, (...args: unknown[]) => void>,
  Record<string, (...args: unknown[]) => void>,
  Record<string, never>,
  ConsoleData
>;

/** Tells about what we did not foresee; refusals are the caller's business and are not logged here. */
export type ReportUnexpected = (error: unknown, message: string) => void;

interface Handler<S extends z.ZodType> {
  name: string;
  schema: S;
  handle(request: z.infer<S>): Promise<unknown> | unknown;
}

/**
 * The only place where a socket's message is listened to. The payload is parsed, the handler runs, and the
 * acknowledgement says either its result or a coded refusal. A message without acknowledgement is handled too, its
 * refusal is dropped. Nothing that a peer sends can throw out of here.
 */
export function onMessage<S extends z.ZodType>(
  socket: Pick<Socket, 'on'>,
  handler: Handler<S>,
  reportUnexpected: ReportUnexpected,
): void {
  socket.on(handler.name, (...args: unknown[]) => {
    const last = args.at(-1);
    const acknowledge = typeof last === 'function' ? (last as (answer: Ack<unknown>) => void) : undefined;
    const payload = acknowledge && args.length === 1 ? undefined : args[0];
    void answer(handler, payload, reportUnexpected).then((reply) => acknowledge?.(reply));
  });
}

async function answer<S extends z.ZodType>(
  handler: Handler<S>,
  payload: unknown,
  reportUnexpected: ReportUnexpected,
): Promise<Ack<unknown>> {
  try {
    const parsed = handler.schema.safeParse(payload);
    if (!parsed.success) throw toInvalid(parsed.error);
    return { ok: true, result: (await handler.handle(parsed.data)) ?? {} };
  } catch (thrown) {
    if (!(thrown instanceof VartaError)) reportUnexpected(thrown, handler.name);
    const error = toVartaError(thrown);
    return error.code === 'internal'
      ? { ok: false, code: 'internal', message: ERRORS.internal.title }
      : error.toRefusal();
  }
}
