import { z } from 'zod';

/**
 * Every refusal of Varta has one of these codes; callers decide by the code, never by the message.
 * `status` is the HTTP status, `retry` says whether the same call may succeed later unchanged.
 */
export const ERRORS = {
  // The request itself
  malformed: { status: 400, retry: false, title: 'The request is not well-formed' },
  invalid: { status: 422, retry: false, title: 'The request has a wrong or unknown field' },
  too_large: { status: 413, retry: false, title: 'The request is larger than allowed' },
  too_deep: { status: 400, retry: false, title: 'The request is nested deeper than allowed' },
  request_timeout: { status: 408, retry: true, title: 'The request took too long to arrive' },
  unsupported_media_type: { status: 415, retry: false, title: 'The content type is not supported' },
  not_found: { status: 404, retry: false, title: 'There is nothing here' },
  method_not_allowed: { status: 405, retry: false, title: 'This method is not allowed here' },
  protocol_unsupported: { status: 426, retry: false, title: 'This protocol version is not supported' },
  // Who asks
  unauthenticated: { status: 401, retry: false, title: 'Sign in first' },
  bad_credentials: { status: 401, retry: false, title: 'User name or password is wrong' },
  totp_required: { status: 401, retry: false, title: 'The account has a second factor: send its code' },
  bad_totp: { status: 401, retry: false, title: 'The code is wrong, too old, or was used already' },
  oidc_failed: { status: 401, retry: false, title: 'The sign-in through the provider did not work' },
  oidc_no_right: { status: 403, retry: false, title: 'Who the provider names has no right here' },
  oidc_second_factor: { status: 403, retry: false, title: 'The role needs a second factor at the provider' },
  oidc_unreachable: { status: 503, retry: true, title: 'The identity provider cannot be reached' },
  external_account: { status: 409, retry: false, title: 'The account is the identity provider’s' },
  setup_required: {
    status: 403,
    retry: false,
    title: 'The password or the second factor has to be set up first',
  },
  step_up_required: { status: 403, retry: false, title: 'Prove again who you are' },
  weak_password: { status: 422, retry: false, title: 'This password is too easy to guess' },
  bad_facility_key: { status: 401, retry: false, title: 'The facility key is not valid' },
  bad_intake_key: { status: 401, retry: false, title: 'The intake key is not valid' },
  bad_viewer_token: { status: 401, retry: false, title: 'The viewer token is not valid' },
  display_revoked: { status: 403, retry: false, title: 'This display was revoked' },
  forbidden: { status: 403, retry: false, title: 'This is not allowed' },
  origin_refused: { status: 403, retry: false, title: 'The request comes from another site' },
  https_required: { status: 403, retry: false, title: 'Use HTTPS' },
  rate_limited: { status: 429, retry: true, title: 'Too many requests' },
  // State
  conflict: { status: 409, retry: false, title: 'The thing was changed in the meanwhile' },
  invalid_transition: {
    status: 409,
    retry: false,
    title: 'This step is not possible from the present state',
  },
  unacknowledged_left: {
    status: 409,
    retry: false,
    title: 'More of the shift is still to be acknowledged',
  },
  precondition_failed: {
    status: 412,
    retry: false,
    title: 'The thing is not the one that the request names any more',
  },
  precondition_required: { status: 428, retry: false, title: 'The request has to say If-Match' },
  unknown_account: { status: 404, retry: false, title: 'There is no such account' },
  account_exists: { status: 409, retry: false, title: 'There is an account of this name' },
  own_account: { status: 403, retry: false, title: 'Not with one’s own account' },
  unknown_session: { status: 404, retry: false, title: 'There is no such session' },
  unknown_key: { status: 404, retry: false, title: 'There is no such key' },
  unknown_region: { status: 404, retry: false, title: 'There is no such region' },
  unknown_facility: { status: 404, retry: false, title: 'There is no such facility' },
  unknown_area: { status: 404, retry: false, title: 'There is no such area' },
  unknown_feed: { status: 404, retry: false, title: 'There is no such feed' },
  unknown_case: { status: 404, retry: false, title: 'There is no such case' },
  no_personal_data: { status: 404, retry: false, title: 'There is no personal data of this case' },
  purpose_required: { status: 403, retry: false, title: 'Say first what the area is opened for' },
  purpose_refused: { status: 403, retry: false, title: 'This purpose is not open to the role' },
  personal_key_missing: {
    status: 503,
    retry: false,
    title: 'The key that the data was encrypted with is not at hand',
  },
  unknown_flag: { status: 404, retry: false, title: 'There is no such flag' },
  unknown_evidence: { status: 404, retry: false, title: 'There is no such still or clip' },
  evidence_erased: { status: 410, retry: false, title: 'It was erased when its time was over' },
  evidence_off: { status: 503, retry: false, title: 'This site keeps no stills and clips' },
  unknown_hold: { status: 404, retry: false, title: 'There is no such hold' },
  wrong_facility: { status: 403, retry: false, title: 'The area belongs to another facility' },
  // Media
  grant_invalid: { status: 403, retry: false, title: 'The grant is not valid' },
  grant_expired: { status: 403, retry: true, title: 'The grant has expired' },
  grant_not_covering: { status: 403, retry: false, title: 'The grant does not cover this feed' },
  offer_unusable: { status: 400, retry: false, title: 'The media offer cannot be used' },
  codec_unsupported: { status: 406, retry: false, title: 'A browser wall cannot show this codec' },
  feed_busy: { status: 409, retry: true, title: 'The feed is already published' },
  feed_not_live: { status: 409, retry: true, title: 'The feed has no picture yet' },
  confidential: { status: 403, retry: true, title: 'The area is confidential now' },
  unknown_viewer: { status: 404, retry: true, title: 'The viewer is not known; join again' },
  unknown_resource: { status: 404, retry: false, title: 'The media resource does not exist' },
  limit_reached: { status: 429, retry: true, title: 'A limit was reached' },
  // Us
  no_sfu: { status: 503, retry: true, title: 'No media node is available' },
  sfu_timeout: { status: 504, retry: true, title: 'The media node did not answer in time' },
  store_unavailable: { status: 503, retry: true, title: 'The store is not reachable' },
  shutting_down: { status: 503, retry: true, title: 'The service is stopping' },
  internal: { status: 500, retry: true, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; retry: boolean; title: string }>;

export type ErrorCode = keyof typeof ERRORS;

export const ErrorCode = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]);

/** Where in the request something is wrong: JSON path as an array, and what. */
export const Issue = z.object({
  path: z.array(z.union([z.string(), z.number()])),
  message: z.string(),
});
export type Issue = z.infer<typeof Issue>;

/** `application/problem+json` (RFC 9457). */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: ErrorCode,
  detail: z.string().optional(),
  issues: z.array(Issue).max(50).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** A refusal as sockets carry it. */
export const Refusal = z.object({
  ok: z.literal(false),
  code: ErrorCode,
  message: z.string(),
  issues: z.array(Issue).max(50).optional(),
});
export type Refusal = z.infer<typeof Refusal>;

/** The acknowledgement of a socket message: what was asked for, or a refusal. */
export function ackOf<T extends z.ZodType>(result: T) {
  return z.union([z.object({ ok: z.literal(true), result }), Refusal]);
}
export type Ack<T> = { ok: true; result: T } | Refusal;

/** An expected refusal on its way to an edge; the edge turns it into a Problem or a Refusal. */
export class VartaError extends Error {
  readonly code: ErrorCode;
  readonly issues: readonly Issue[] | undefined;

  constructor(
    code: ErrorCode,
    detail?: string,
    options: { issues?: readonly Issue[]; cause?: unknown } = {},
  ) {
    super(detail ?? ERRORS[code].title, { cause: options.cause });
    this.name = 'VartaError';
    this.code = code;
    this.issues = options.issues;
  }

  toProblem(): Problem {
    const { status, title } = ERRORS[this.code];
    return {
      type: `urn:varta:error:${this.code}`,
      title,
      status,
      code: this.code,
      ...(this.message === title ? {} : { detail: this.message }),
      ...(this.issues ? { issues: [...this.issues] } : {}),
    };
  }

  toRefusal(): Refusal {
    return {
      ok: false,
      code: this.code,
      message: this.message,
      ...(this.issues ? { issues: [...this.issues] } : {}),
    };
  }
}

/** Turns anything thrown into a VartaError; what we did not foresee becomes `internal` and keeps its cause for the log. */
export function toVartaError(thrown: unknown): VartaError {
  if (thrown instanceof VartaError) return thrown;
  return new VartaError('internal', undefined, { cause: thrown });
}

/** Paths of a zod error that are told. */
const MAX_ISSUES = 50;

/** A zod error as `invalid`, with at most 50 of its paths; an unknown field's path ends in its name. */
export function toInvalid(error: z.ZodError): VartaError {
  const issues = error.issues
    .flatMap((issue) => {
      const paths =
        issue.code === 'unrecognized_keys'
          ? issue.keys.slice(0, MAX_ISSUES).map((key) => [...issue.path, key])
          : [issue.path];
      const message = issue.code === 'unrecognized_keys' ? 'unknown field' : issue.message;
      return paths.map((path) => ({
        path: path.map((part) => (typeof part === 'number' ? part : String(part).slice(0, 100))),
        message,
      }));
    })
    .slice(0, MAX_ISSUES);
  return new VartaError(
    'invalid',
    issues[0] ? `${issues[0].path.join('.') || '(body)'}: ${issues[0].message}` : undefined,
    { issues },
  );
}
