import { z } from 'zod';
import { ERRORS, type ErrorCode } from '#contract/errors.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';

/** A refused handshake: the peer gets `connect_error` with `data.code`. */
export function refuseHandshake(code: ErrorCode): Error {
  return Object.assign(new Error(ERRORS[code].title), { data: { code } });
}

/** Every version of every handshake says its protocol; the rest may differ. */
const Versioned = z.looseObject({ protocol: z.number() });

/** The handshake of a peer, or the code of its refusal. A peer of another version is told so, whatever else it says. */
export function parseHandshake<S extends z.ZodType>(
  schema: S,
  auth: unknown,
): { ok: true; handshake: z.infer<S> } | { ok: false; code: 'protocol_unsupported' | 'invalid' } {
  const version = Versioned.safeParse(auth);
  if (version.success && version.data.protocol !== PROTOCOL_VERSION)
    return { ok: false, code: 'protocol_unsupported' };
  const parsed = schema.safeParse(auth);
  return parsed.success ? { ok: true, handshake: parsed.data } : { ok: false, code: 'invalid' };
}
