import { z } from 'zod';
import { FacilityId, LocalText, RegionId } from './ids.ts';

export const RoleId = z.enum([
  'situation',
  'duty',
  'oncall',
  'inspector',
  'oversight',
  'prosecutor',
  'ombudsman',
  'hotline',
  'admin',
]);
export type RoleId = z.infer<typeof RoleId>;

/** What part of the nation somebody may deal with. */
export const Scope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('nation') }),
  z.strictObject({ kind: z.literal('regions'), regionIds: z.array(RegionId).min(1).max(200) }),
  z.strictObject({ kind: z.literal('facilities'), facilityIds: z.array(FacilityId).min(1).max(200) }),
]);
export type Scope = z.infer<typeof Scope>;

export const SignInBody = z.strictObject({
  username: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
  totp: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
  /** In the place of `totp`, once. */
  recoveryCode: z.string().min(1).max(40).optional(),
});

/** What somebody has to do before the account may be used. */
export const SetupStep = z.enum(['password', 'totp']);
export type SetupStep = z.infer<typeof SetupStep>;

/** How people sign in: always with a local account, and through an identity provider if it has a name here. */
export const SignInWays = z.object({ provider: LocalText.nullable() });
export type SignInWays = z.infer<typeof SignInWays>;

/** Who is signed in, what they may do (action names of the policy), and what the page needs to start. */
export const WhoAmI = z.object({
  username: z.string(),
  displayName: z.object({ uk: z.string(), en: z.string() }),
  role: RoleId,
  scope: Scope,
  actions: z.array(z.string()),
  /** Left to do before anything else is allowed; in this order. Nothing when left out. */
  setup: z.array(SetupStep).optional(),
  /** Signed in through an identity provider: there they prove who they are, and sign out. */
  external: z.literal(true).optional(),
  /** Invented data: shown on every page. */
  sample: z.boolean(),
  serverTime: z.iso.datetime({ offset: true }),
  expiresAt: z.iso.datetime({ offset: true }),
});
export type WhoAmI = z.infer<typeof WhoAmI>;
