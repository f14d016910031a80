import { z } from 'zod';
import { FacilityId, Instant, LocalText } from './ids.ts';
import { RoleId, Scope } from './session.ts';

export const Username = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/, 'must be small letters, digits, dots, dashes');

const Password = z.string().min(1).max(256);
const TotpCode = z.string().regex(/^\d{6}$/);

/** A session as its owner and administrators see it. */
export const SessionView = z.object({
  /** The session's handle; opens nothing. */
  sessionId: z.string(),
  /** Browser and system as far as the browser says, such as `Firefox, Linux`. */
  device: z.string(),
  since: Instant,
  /** To a minute. */
  lastSeenAt: Instant,
  /** The one that asks. */
  current: z.boolean(),
});
export type SessionView = z.infer<typeof SessionView>;

export const SessionList = z.object({ items: z.array(SessionView) });
export type SessionList = z.infer<typeof SessionList>;

export const SessionParams = z.strictObject({ sessionId: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

/** Proves again who is signed in; either of the two. */
export const ConfirmBody = z.union([
  z.strictObject({ password: Password }),
  z.strictObject({ totp: TotpCode }),
]);

export const ChangePasswordBody = z.strictObject({ current: Password, next: Password });

/** A second factor that is being set up. Shown once. */
export const TotpOffer = z.object({
  /** Base32 (RFC 4648). */
  secret: z.string(),
  /** `otpauth://totp/…`, as authenticator apps take it. */
  uri: z.string(),
});
export type TotpOffer = z.infer<typeof TotpOffer>;

export const TotpConfirmBody = z.strictObject({ totp: TotpCode });
/** Each signs in once in the place of a code. Shown once. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;

/** An account as administrators see it. */
export const AccountView = z.object({
  username: z.string(),
  displayName: LocalText,
  role: RoleId,
  scope: Scope,
  disabled: z.boolean(),
  /** Has a one-time password that is to be changed at the next sign-in. */
  mustChange: z.boolean(),
  totp: z.enum(['on', 'off', 'required']),
  /** Signs in through an identity provider, which says who it is and what it may do. */
  external: z.literal(true).optional(),
  /** Wrong passwords keep this account out until then. */
  lockedUntil: Instant.nullable(),
  sample: z.boolean(),
});
export type AccountView = z.infer<typeof AccountView>;
export const AccountList = z.object({ items: z.array(AccountView) });
export type AccountList = z.infer<typeof AccountList>;

export const AccountParams = z.strictObject({ username: z.string().min(1).max(64) });
export const AccountSessionParams = z.strictObject({
  ...AccountParams.shape,
  ...SessionParams.shape,
});

export const CreateAccountBody = z.strictObject({
  username: Username,
  displayName: LocalText,
  role: RoleId,
  scope: Scope,
});

/** What is left out stays. */
export const ChangeAccountBody = z.strictObject({
  displayName: LocalText.optional(),
  role: RoleId.optional(),
  scope: Scope.optional(),
  disabled: z.boolean().optional(),
});

/** An account with a password that is good for one sign-in. Shown once. */
export const AccountWithPassword = z.object({ account: AccountView, oneTimePassword: z.string() });
export type AccountWithPassword = z.infer<typeof AccountWithPassword>;

/** A facility's key as administrators see it: never the key. */
export const FacilityKeyView = z.object({
  /** The beginning of the key's SHA-256, in hexadecimal. */
  keyId: z.string(),
  createdAt: Instant,
  sample: z.boolean(),
});
export type FacilityKeyView = z.infer<typeof FacilityKeyView>;
export const FacilityKeyList = z.object({ items: z.array(FacilityKeyView) });
export type FacilityKeyList = z.infer<typeof FacilityKeyList>;

export const FacilityKeyParams = z.strictObject({
  facilityId: FacilityId,
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
});
/** A key of its own. Shown once. */
export const IssuedFacilityKey = z.object({ key: z.string(), view: FacilityKeyView });
export type IssuedFacilityKey = z.infer<typeof IssuedFacilityKey>;
