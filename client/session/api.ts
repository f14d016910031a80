import type { z } from 'zod';
import { Problem } from '#contract/errors.ts';
import { failure, type Outcome } from './failure.ts';

interface Call<S extends z.ZodType | undefined> {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** Schema of the answer's body; without one the body is not read. */
  reply: S;
  signal?: AbortSignal;
}

type Reply<S extends z.ZodType | undefined> = S extends z.ZodType ? z.infer<S> : undefined;

/** HTTP calls to the server's own origin: every answer is parsed, every failure has a code. */
export interface Api {
  call<S extends z.ZodType | undefined>(path: string, call: Call<S>): Promise<Outcome<Reply<S>>>;
}

interface ApiOptions {
  fetch: typeof fetch;
  timeoutMs: number;
  /** Told when the server does not know who asks: the session has ended. */
  onUnauthenticated(): void;
}

export function createApi({ fetch, timeoutMs, onUnauthenticated }: ApiOptions): Api {
  return {
    async call<S extends z.ZodType | undefined>(path: string, call: Call<S>): Promise<Outcome<Reply<S>>> {
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
      try {
        const response = await fetch(path, toInit(call, signal));
        if (!response.ok) return await readProblem(response, onUnauthenticated);
        return await readReply(response, call.reply);
      } catch (thrown) {
        return failure(timeout.aborted ? 'no_answer' : 'offline', String(thrown));
      }
    },
  };
}

function toInit(call: Call<z.ZodType | undefined>, signal: AbortSignal): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (call.body === undefined) return { method: call.method ?? 'GET', headers, signal };
  headers['content-type'] = 'application/json';
  return { method: call.method ?? 'POST', headers, body: JSON.stringify(call.body), signal };
}

async function readReply<S extends z.ZodType | undefined>(
  response: Response,
  schema: S,
): Promise<Outcome<Reply<S>>> {
  if (schema === undefined) return { ok: true, value: undefined as Reply<S> };
  const parsed = schema.safeParse(await readJson(response));
  return parsed.success
    ? { ok: true, value: parsed.data as Reply<S> }
    : failure('unreadable', parsed.error.message);
}

async function readProblem(response: Response, onUnauthenticated: () => void) {
  const parsed = Problem.safeParse(await readJson(response));
  // A proxy in between answers in its own words; its 5xx means that the server is not there.
  if (!parsed.success) return failure(response.status >= 502 ? 'offline' : 'unreadable', response.statusText);
  const { code, detail, title, issues } = parsed.data;
  if (code === 'unauthenticated') onUnauthenticated();
  return { ...failure(code, detail ?? title), ...(issues ? { issues } : {}) };
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}
