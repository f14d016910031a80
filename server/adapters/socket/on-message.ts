import type { Socket } from 'socket.io';
import type { z } from 'zod';
import { type Ack, ERRORS, type ErrorCode, toInvalid, VartaError } from '#contract/errors.ts';
import type { Action } from '../../../config/roles/roles.ts';
import { MESSAGES, type MessageName } from '../../../config/roles/surface.ts';
import type { PagePrincipal } from '../../access/account.ts';
import { decide, type Principal } from '../../access/decide.ts';
import { findPoison, type Poison } from '../../access/json-shape.ts';
import { toEdgeError } from '../redis/store-errors.ts';

/** What the handshake of `/console` established; the policy is asked about it on every message. */
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
  /** One that the table of messages has a rule for: without one there is no such message. */
  name: MessageName;
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

interface MessageGuard {
  /** Who the peer is now. */
  principal(): Principal;
  /** False when the peer has sent too much. */
  hasBudget(): boolean;
  onRefused(code: ErrorCode): void;
  /** The policy has refused an action, which belongs into the audit. */
  onDenied?(principal: Principal, action: Action, code: ErrorCode): void;
  /** The peer has sent what nobody sends by mistake. */
  onAttack?(attack: { kind: Poison['kind']; action: Action; code: ErrorCode }): void;
}

/**
 * Stands before every message of a peer: too many are refused with `rate_limited`, unknown ones with `not_found`, and
 * what the peer may do nowhere as the policy says; handlers ask again for the place that a message is about. Call it once
 * a socket, in any order with {@link onMessage}.
 */
export function guardMessages(
  socket: Pick<Socket, 'use' | 'listenerCount'>,
  { principal, hasBudget, onRefused, onDenied, onAttack }: MessageGuard,
): void {
  const refuse = (args: readonly unknown[], error: VartaError) => {
    onRefused(error.code);
    readMessage(args).acknowledge?.(error.toRefusal());
  };
  // Without `next`, the message ends here.
  socket.use(([name, ...args]: unknown[], next) => {
    if (!hasBudget()) return refuse(args, new VartaError('rate_limited'));
    if (!isRuled(name)) return refuse(args, new VartaError('not_found'));
    const poison = findPoison(args);
    if (poison) {
      const error = toRefusedPoison(poison);
      onAttack?.({ kind: poison.kind, action: MESSAGES[name], code: error.code });
      return refuse(args, error);
    }
    const who = principal();
    const decision = decide(who, MESSAGES[name], { kind: 'any' });
    if (!decision.allow) {
      onDenied?.(who, MESSAGES[name], decision.code);
      return refuse(args, new VartaError(decision.code, decision.reason));
    }
    if (socket.listenerCount(name) === 0) return refuse(args, new VartaError('not_found'));
    next();
  });
}

function toRefusedPoison(poison: Poison): VartaError {
  if (poison.kind === 'deep') return new VartaError('too_deep');
  const issues = [{ path: poison.path.slice(1), message: 'unknown field' }];
  return new VartaError('invalid', 'such a field is in no message', { issues });
}

/** Also keeps out what socket.io itself listens to, such as `error`. */
function isRuled(name: unknown): name is MessageName {
  return typeof name === 'string' && Object.hasOwn(MESSAGES, name);
}
