import type { Socket } from 'socket.io';
import type { z } from 'zod';
import { type Ack, ERRORS, toInvalid, VartaError } from '#contract/errors.ts';
import type { PagePrincipal } from '../../access/account.ts';
import { toEdgeError } from '../redis/store-errors.ts';

/** What the handshake of `/console` established; checked again on every message by the handlers' policy calls. */
export interface ConsoleData {
  principal: PagePrincipal;
  /** The session's handle; the id itself stays with the cookie. */
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
    const { payload, acknowledge } = readMessage(args);
    void answer(handler, payload, reportUnexpected).then((reply) => acknowledge?.(reply));
  });
}

type Acknowledge = (answer: Ack<unknown>) => void;

/** The payload of a message, and the way to answer it, if the peer wants an answer. */
export function readMessage(args: readonly unknown[]): {
  payload: unknown;
  acknowledge: Acknowledge | undefined;
} {
  const last = args.at(-1);
  const acknowledge = typeof last === 'function' ? (last as Acknowledge) : undefined;
  return { payload: acknowledge && args.length === 1 ? undefined : args[0], acknowledge };
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
    const error = toEdgeError(thrown);
    if (error.code !== 'internal') return error.toRefusal();
    reportUnexpected(thrown, handler.name);
    return { ok: false, code: 'internal', message: ERRORS.internal.title };
  }
}

interface MessageBounds {
  /** False when the peer has sent too much. */
  hasBudget(): boolean;
  onRefused(code: 'not_found' | 'rate_limited'): void;
}

/**
 * Bounds what a peer may send: too many messages are refused with `rate_limited`, unknown ones with `not_found`. Call it
 * once a socket, in any order with {@link onMessage}.
 */
export function boundMessages(
  socket: Pick<Socket, 'use' | 'listenerCount'>,
  { hasBudget, onRefused }: MessageBounds,
): void {
  const refuse = (args: readonly unknown[], code: 'not_found' | 'rate_limited') => {
    onRefused(code);
    readMessage(args).acknowledge?.(new VartaError(code).toRefusal());
  };
  // Without `next`, the message ends here.
  socket.use(([name, ...args]: unknown[], next) => {
    if (!hasBudget()) refuse(args, 'rate_limited');
    else if (!isKnown(socket, name)) refuse(args, 'not_found');
    else next();
  });
}

function isKnown(socket: Pick<Socket, 'listenerCount'>, name: unknown): boolean {
  // socket.io itself listens to `error`, to throw nothing; names of its life cycle are refused by its parser.
  return typeof name === 'string' && name !== 'error' && socket.listenerCount(name) > 0;
}
