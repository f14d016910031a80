import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Action } from '../../../config/roles/roles.ts';
import type { Principal } from '../../access/decide.ts';

type Schema = z.ZodType | undefined;
type Parsed<T extends Schema> = T extends z.ZodType ? z.infer<T> : undefined;

/** What a handler gets: everything parsed, and who asks. */
export interface Call<P extends Schema, Q extends Schema, B extends Schema> {
  principal: Principal;
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
  /** For what a handler needs beside JSON: headers, raw bodies, the session. */
  request: Request;
  response: Response;
}

/** How callers prove who they are on a route. */
export type Authentication = 'session' | 'display' | 'facility-key' | 'intake-key' | 'viewer-token' | 'none';

/**
 * One HTTP route: description, policy and handler in one place, from which the router and the OpenAPI document are
 * made. A route cannot exist without an action: the policy is asked before the handler runs (for `any` place), and the
 * handler asks again for the place that the request is about.
 */
export interface Route<
  P extends Schema = Schema,
  Q extends Schema = Schema,
  B extends Schema = Schema,
  R extends Schema = Schema,
> {
  method: 'get' | 'post' | 'patch' | 'delete' | 'options';
  /** Express path, such as `/api/v1/areas/:areaId`. */
  path: string;
  action: Action;
  authentication: Authentication;
  /** Displays may call it as well as people; with `session` only. */
  displays?: true;
  /** Pages of any origin may call it, for instance encoders in browsers. Never together with `session`. */
  openToAnyOrigin?: true;
  summary: string;
  params?: P;
  query?: Q;
  /** JSON body, or `text` for one content type taken as a string (SDP). */
  body?: B;
  bodyType?: { contentType: string; maxBytes: number };
  /** A body of another type that is taken as well, read by its handler as it comes; the handler answers for itself. */
  stream?: {
    contentType: string;
    /** A line of the reply. */
    reply: z.ZodType;
    handle(
      call: Pick<Call<undefined, undefined, undefined>, 'principal' | 'request' | 'response'>,
    ): Promise<void>;
  };
  reply?: R;
  replyStatus?: number;
  replyContentType?: string;
  /**
   * Returns the reply, which is sent as JSON (or as it is, with `replyContentType`); undefined when it has answered
   * through `response` itself, or when there is nothing to say (204). A status set on `response` wins over `replyStatus`.
   */
  handle(call: Call<P, Q, B>): Promise<Parsed<R> | undefined> | Parsed<R> | undefined;
}

declare const defined: unique symbol;

/**
 * A route whose schemas the router knows only at run time; it parses by them before it calls the handler. There is no way
 * to write one but {@link defineRoute}: what is put together otherwise is no route to the compiler.
 */
export type AnyRoute = Route & { readonly [defined]: true };

/** Checks a route's handler against its schemas, and gives it in the form that the router takes. */
export function defineRoute<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
  R extends Schema = undefined,
>(route: Route<P, Q, B, R>): AnyRoute {
  return route as unknown as AnyRoute;
}
