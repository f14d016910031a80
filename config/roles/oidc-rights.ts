import { z } from 'zod';
import { FacilityId, LocalText, RegionId } from '#contract/ids.ts';
import { RoleId, Scope } from '#contract/session.ts';

/** Where in the claims something stands: `groups`, or `realm_access.roles` for what stands inside something else. */
const ClaimPath = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^.]+(?:\.[^.]+)*$/, 'must be names divided by dots');

/** A scope as written, or as a claim says it: a region or facility id, or a list of them. */
const GivenScope = z.union([
  Scope,
  z.strictObject({ kind: z.enum(['regions', 'facilities']), claim: ClaimPath }),
]);

/** Whoever has this value in this claim gets this role there. */
const RightsRule = z.strictObject({
  claim: ClaimPath,
  /** The claim, or one of its values if it is a list. */
  has: z.string().min(1).max(200),
  role: RoleId,
  scope: GivenScope,
});

/** `OIDC_RIGHTS_FILE`: what a provider's claims mean here. Who fits no rule gets in nowhere. */
export const OidcRights = z.strictObject({
  /** What people know the provider as; on the button. */
  name: LocalText,
  /** The claim that people are named by here. It must be the provider's to give, and never be given to another person. */
  username: ClaimPath.default('preferred_username'),
  /** The claim with the name that others see. */
  displayName: ClaimPath.default('name'),
  /** The first that fits counts. */
  rules: z.array(RightsRule).min(1).max(500),
  /**
   * By what claim it is seen that a second factor was used; then roles that need one get in only with it. Without this the
   * provider is trusted to ask for one.
   */
  secondFactor: z
    .strictObject({ claim: ClaimPath, anyOf: z.array(z.string().min(1).max(200)).min(1).max(20) })
    .optional(),
});
export type OidcRights = z.infer<typeof OidcRights>;

/** Ids that a claim may name. */
export const CLAIMED_IDS = {
  regions: z.array(RegionId).min(1).max(200),
  facilities: z.array(FacilityId).min(1).max(200),
};
