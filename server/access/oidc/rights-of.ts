import { Username } from '#contract/accounts.ts';
import type { ErrorCode } from '#contract/errors.ts';
import type { LocalText } from '#contract/ids.ts';
import type { RoleId, Scope } from '#contract/session.ts';
import { CLAIMED_IDS, type OidcRights } from '../../../config/roles/oidc-rights.ts';
import { SIGN_IN_RULES } from '../../../config/roles/sign-in-rules.ts';

/** Who somebody is here, by what their provider says of them. */
export interface ClaimedPerson {
  username: string;
  displayName: LocalText;
  role: RoleId;
  scope: Scope;
}

type Claims = Readonly<Record<string, unknown>>;

export type Rights =
  | { ok: true; person: ClaimedPerson }
  | { ok: false; code: Extract<ErrorCode, 'oidc_no_right' | 'oidc_second_factor'> };

const MAX_NAME = 200;

/** What a provider's claims mean by our rules. Pure; whoever fits no rule has no right. */
export function rightsOf(claims: Claims, rights: OidcRights): Rights {
  const username = Username.safeParse(valuesAt(claims, rights.username)[0]?.toLowerCase()).data;
  const rule = rights.rules.find(({ claim, has }) => valuesAt(claims, claim).includes(has));
  if (username === undefined || !rule) return { ok: false, code: 'oidc_no_right' };
  const scope = toScope(rule.scope, claims);
  if (!scope) return { ok: false, code: 'oidc_no_right' };
  const { secondFactor } = rights;
  if (
    secondFactor &&
    SIGN_IN_RULES[rule.role].totp === 'required' &&
    !valuesAt(claims, secondFactor.claim).some((value) => secondFactor.anyOf.includes(value))
  )
    return { ok: false, code: 'oidc_second_factor' };
  const name = (valuesAt(claims, rights.displayName)[0] ?? username).slice(0, MAX_NAME);
  return { ok: true, person: { username, displayName: { uk: name, en: name }, role: rule.role, scope } };
}

function toScope(given: OidcRights['rules'][number]['scope'], claims: Claims): Scope | undefined {
  if (!('claim' in given)) return given;
  const values = [...new Set(valuesAt(claims, given.claim))];
  if (given.kind === 'regions') {
    const regionIds = CLAIMED_IDS.regions.safeParse(values).data;
    return regionIds && { kind: 'regions', regionIds };
  }
  const facilityIds = CLAIMED_IDS.facilities.safeParse(values).data;
  return facilityIds && { kind: 'facilities', facilityIds };
}

/** The texts of a claim: one, or those of a list; none if it is something else. */
function valuesAt(claims: Claims, path: string): string[] {
  let at: unknown = claims;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return [];
    at = (at as Claims)[name];
  }
  return [at].flat().filter((value) => typeof value === 'string');
}
