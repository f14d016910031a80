import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoleId } from '#contract/session.ts';
import { ACTIONS, type Action, ROLE_ACTIONS } from '../../config/roles/roles.ts';
import { decide, isInScope, type Principal, type Resource } from './decide.ts';

const cell = (
  regionId: string,
  facilityId: string,
  privacy: 'normal' | 'forbidden-when-occupied' = 'normal',
): Resource => ({
  kind: 'area',
  regionId,
  facilityId,
  areaId: `${facilityId}-cell-1`,
  privacy,
});

const person = (role: RoleId, scope: Extract<Principal, { kind: 'person' }>['scope']): Principal => ({
  kind: 'person',
  username: role,
  role,
  scope,
});

const duty68 = person('duty', { kind: 'regions', regionIds: ['UA-68'] });
const situation = person('situation', { kind: 'nation' });

describe('decide', () => {
  it('lets the situation room watch anywhere and a duty centre only its own region', () => {
    expect(decide(situation, 'feed.watch', cell('UA-05', 'ua-05-itt-1')).allow).toBe(true);
    expect(decide(duty68, 'feed.watch', cell('UA-68', 'ua-68-itt-1')).allow).toBe(true);
    expect(decide(duty68, 'feed.watch', cell('UA-05', 'ua-05-itt-1'))).toMatchObject({
      allow: false,
      code: 'forbidden',
    });
  });

  it('asks people what they open an area for until they have said it, and displays never', () => {
    const area = cell('UA-68', 'ua-68-itt-1');
    const asked = (principal: Principal, purpose?: string) => {
      const decision = decide(principal, 'feed.watch', area, { purpose });
      return decision.allow && decision.obligations.includes('purpose');
    };
    expect(asked(duty68)).toBe(true);
    expect(asked(person('prosecutor', { kind: 'nation' }))).toBe(true);
    expect(asked(duty68, 'routine-watch')).toBe(false);
    const display = { kind: 'display', displayId: 'd-1', scope: { kind: 'nation' }, shift: null } as const;
    expect(asked(display)).toBe(false);
  });

  it('says of no place whether somebody may watch at all, and of a region that video belongs to an area', () => {
    expect(decide(duty68, 'feed.watch', { kind: 'any' }).allow).toBe(true);
    expect(decide(duty68, 'feed.watch', { kind: 'region', regionId: 'UA-68' }).allow).toBe(false);
    expect(decide(person('admin', { kind: 'nation' }), 'feed.watch', { kind: 'any' }).allow).toBe(false);
  });

  it('shows administrators no video, no status and no flags', () => {
    const admin = person('admin', { kind: 'nation' });
    for (const action of ['feed.watch', 'status.read', 'flag.read', 'flag.raise'] as const) {
      expect(decide(admin, action, cell('UA-68', 'ua-68-itt-1'))).toMatchObject({
        allow: false,
        code: 'forbidden',
      });
    }
  });

  it('gives an inspector the own facility and no neighbour in the same region', () => {
    const inspector = person('inspector', { kind: 'facilities', facilityIds: ['ua-68-itt-1'] });
    expect(decide(inspector, 'feed.watch', cell('UA-68', 'ua-68-itt-1')).allow).toBe(true);
    expect(decide(inspector, 'feed.watch', cell('UA-68', 'ua-68-itt-2')).allow).toBe(false);
    expect(decide(inspector, 'status.read', { kind: 'region', regionId: 'UA-68' }).allow).toBe(false);
  });

  it('keeps a facility key to its own facility, and to nothing but sending', () => {
    const key: Principal = { kind: 'facility', facilityId: 'ua-68-itt-1', regionId: 'UA-68' };
    expect(decide(key, 'custody.ingest', cell('UA-68', 'ua-68-itt-1')).allow).toBe(true);
    expect(decide(key, 'custody.ingest', cell('UA-68', 'ua-68-itt-2'))).toMatchObject({
      code: 'wrong_facility',
    });
    expect(decide(key, 'feed.publish', { kind: 'region', regionId: 'UA-68' })).toMatchObject({
      code: 'wrong_facility',
    });
    for (const action of Object.keys(ACTIONS) as Action[]) {
      if (['custody.ingest', 'personal.send', 'feed.publish', 'service.probe'].includes(action)) continue;
      expect(decide(key, action, cell('UA-68', 'ua-68-itt-1')).allow).toBe(false);
    }
  });

  it('closes an area that is confidential for every role', () => {
    for (const role of Object.keys(ROLE_ACTIONS) as RoleId[]) {
      const decision = decide(person(role, { kind: 'nation' }), 'feed.watch', cell('UA-68', 'ua-68-itt-1'), {
        confidential: true,
      });
      expect(decision.allow).toBe(false);
    }
  });

  it('fails closed where watching is forbidden while occupied and occupancy is not known', () => {
    const area = cell('UA-68', 'ua-68-itt-1', 'forbidden-when-occupied');
    expect(decide(situation, 'feed.watch', area, { headcount: 0 }).allow).toBe(true);
    expect(decide(situation, 'feed.watch', area, { headcount: 1 })).toMatchObject({ code: 'confidential' });
    expect(decide(situation, 'feed.watch', area)).toMatchObject({ code: 'confidential' });
  });

  it('tells a stranger to sign in', () => {
    expect(decide({ kind: 'anonymous' }, 'feed.watch', cell('UA-68', 'ua-68-itt-1'))).toMatchObject({
      code: 'unauthenticated',
    });
    expect(decide({ kind: 'anonymous' }, 'service.probe', { kind: 'any' }).allow).toBe(true);
  });

  it('never allows an action that the table does not give, nor a place outside the scope', () => {
    const regions = fc.constantFrom('UA-05', 'UA-68', 'UA-77');
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(ROLE_ACTIONS) as RoleId[])),
        fc.constantFrom(...(Object.keys(ACTIONS) as Action[])),
        regions,
        regions,
        (role, action, own, asked) => {
          const scope = { kind: 'regions' as const, regionIds: [own] };
          const decision = decide(person(role, scope), action, cell(asked, 'some-facility'));
          if (!ROLE_ACTIONS[role].includes(action) || !isInScope(scope, { regionId: asked }))
            expect(decision.allow).toBe(false);
          else expect(decision.allow).toBe(true);
        },
      ),
    );
  });
});
