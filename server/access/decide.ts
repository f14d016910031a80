import type { DisplayId } from '#contract/displays.ts';
import type { ErrorCode } from '#contract/errors.ts';
import type { AreaId, FacilityId, RegionId } from '#contract/ids.ts';
import type { PrivacyClass } from '#contract/nation.ts';
import type { RoleId, Scope } from '#contract/session.ts';
import {
  type Action,
  ANONYMOUS_ACTIONS,
  DISPLAY_ACTIONS,
  FACILITY_ACTIONS,
  INTAKE_ACTIONS,
  ROLE_ACTIONS,
  SETUP_ACTIONS,
} from '../../config/roles/roles.ts';
import { STEP_UP_ACTIONS } from '../../config/roles/sign-in-rules.ts';

/** Who asks. Scope comes from the account, never from the request. */
export type Principal =
  | {
      kind: 'person';
      username: string;
      role: RoleId;
      scope: Scope;
      /** Has to change the password or set up the second factor before anything else. */
      limited?: boolean;
    }
  /** `keyId`: which of the facility's keys it has shown. */
  | { kind: 'facility'; facilityId: FacilityId; regionId: RegionId; keyId?: string }
  /** An enrolled screen. `shift`: who put on it what it shows, and answers for what is seen there. */
  | { kind: 'display'; displayId: DisplayId; scope: Scope; shift: string | null }
  /** An outside hotline that takes complaints. */
  | { kind: 'intake'; keyId: string; name: string; scope: Scope }
  | { kind: 'anonymous' };

/** What it is about. `any`: no particular place; a list is then narrowed to the scope by `isInScope`. */
export type Resource =
  | { kind: 'any' }
  | { kind: 'region'; regionId: RegionId }
  | { kind: 'facility'; regionId: RegionId; facilityId: FacilityId }
  | { kind: 'area'; regionId: RegionId; facilityId: FacilityId; areaId: AreaId; privacy: PrivacyClass };

/** The circumstances that a decision may depend on. */
export interface Context {
  /** People inside the area, as far as known; undefined when it is not known. */
  headcount?: number | undefined;
  /** The area is confidential now (lawyer's visit, medical examination). */
  confidential?: boolean | undefined;
  /** What somebody has said that they open areas like this one for; undefined while they have not. */
  purpose?: string | undefined;
}

/** What the caller must do when it uses the permission. */
export type Obligation =
  | 'audit'
  | 'step-up'
  /** Has to say what for before the area is opened: seen large and by itself, outside of what a wall shows. */
  | 'purpose';

export type Decision =
  | { allow: true; obligations: readonly Obligation[] }
  | {
      allow: false;
      code: Extract<
        ErrorCode,
        'unauthenticated' | 'forbidden' | 'setup_required' | 'wrong_facility' | 'confidential'
      >;
      reason: string;
    };

/**
 * The one policy: may `principal` do `action` to `resource`? Pure; deny by default. Asked by HTTP, sockets and grants.
 */
export function decide(
  principal: Principal,
  action: Action,
  resource: Resource,
  context: Context = {},
): Decision {
  if (!actionsOf(principal).includes(action)) return refuseAction(principal, action);
  const outside = placeRefusal(principal, resource);
  if (outside) return outside;
  if (action === 'feed.watch') {
    const closed = watchRefusal(resource, context);
    if (closed) return closed;
  }
  return {
    allow: true,
    obligations: [
      ...(OBLIGATIONS[action] ?? []),
      ...(asksForPurpose(principal, action, resource) && context.purpose === undefined
        ? (['purpose'] as const)
        : []),
      ...(STEP_UP_ACTIONS.includes(action) ? (['step-up'] as const) : []),
    ],
  };
}

/** The actions that a principal may do somewhere; for the page, to show only what makes sense. */
export function actionsOf(principal: Principal): readonly Action[] {
  switch (principal.kind) {
    case 'person':
      return principal.limited ? SETUP_ACTIONS : ROLE_ACTIONS[principal.role];
    case 'facility':
      return FACILITY_ACTIONS;
    case 'display':
      return DISPLAY_ACTIONS;
    case 'intake':
      return INTAKE_ACTIONS;
    case 'anonymous':
      return ANONYMOUS_ACTIONS;
  }
}

/** Whether a place lies in what an account may deal with. */
export function isInScope(
  scope: Scope,
  place: { regionId: RegionId; facilityId?: FacilityId | undefined },
): boolean {
  switch (scope.kind) {
    case 'nation':
      return true;
    case 'regions':
      return scope.regionIds.includes(place.regionId);
    case 'facilities':
      return place.facilityId !== undefined && scope.facilityIds.includes(place.facilityId);
  }
}

const OBLIGATIONS: Partial<Record<Action, readonly Obligation[]>> = {
  'feed.watch': ['audit'],
  'gate.set': ['audit'],
  'mask.lift': ['audit'],
  'flag.raise': ['audit'],
  'flag.acknowledge': ['audit'],
  'flag.call': ['audit'],
  'flag.shelve': ['audit'],
  'flag.assign': ['audit'],
  'flag.resolve': ['audit'],
  'audit.read': ['audit'],
  'case.read': ['audit'],
  'custody.record': ['audit'],
  'personal.read': ['audit'],
  'personal.read-earlier': ['audit'],
  'account.manage': ['audit'],
};

function refuseAction(principal: Principal, action: Action): Decision {
  if (principal.kind === 'person' && principal.limited)
    return { allow: false, code: 'setup_required', reason: 'finish the set-up of the account first' };
  return principal.kind === 'anonymous'
    ? { allow: false, code: 'unauthenticated', reason: 'sign in first' }
    : { allow: false, code: 'forbidden', reason: `${describe(principal)} may not ${action}` };
}

function placeRefusal(principal: Principal, resource: Resource): Decision | undefined {
  if (resource.kind === 'any' || principal.kind === 'anonymous') return undefined;
  if (principal.kind === 'facility') {
    const own = 'facilityId' in resource && resource.facilityId === principal.facilityId;
    return own
      ? undefined
      : { allow: false, code: 'wrong_facility', reason: 'a facility key is for its own facility' };
  }
  const place = {
    regionId: resource.regionId,
    facilityId: 'facilityId' in resource ? resource.facilityId : undefined,
  };
  return isInScope(principal.scope, place)
    ? undefined
    : { allow: false, code: 'forbidden', reason: `outside the scope of ${describe(principal)}` };
}

function watchRefusal(resource: Resource, context: Context): Decision | undefined {
  // No particular place: whether they may watch at all, which is what a route asks before it knows the area.
  if (resource.kind === 'any') return undefined;
  if (resource.kind !== 'area')
    return { allow: false, code: 'forbidden', reason: 'video belongs to an area' };
  if (context.confidential === true)
    return { allow: false, code: 'confidential', reason: 'the area is confidential' };
  // Fails closed: an area whose occupancy is not known counts as occupied.
  if (resource.privacy === 'forbidden-when-occupied' && context.headcount !== 0) {
    return {
      allow: false,
      code: 'confidential',
      reason: 'this area may not be watched while somebody is inside',
    };
  }
  return undefined;
}

/** Displays show scenes, of which somebody who put them there answers; people open areas. */
function asksForPurpose(principal: Principal, action: Action, resource: Resource): boolean {
  return action === 'feed.watch' && principal.kind === 'person' && resource.kind === 'area';
}

function describe(principal: Principal): string {
  return principal.kind === 'person' ? `role ${principal.role}` : principal.kind;
}
