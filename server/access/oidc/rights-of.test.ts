import { expect, test } from 'vitest';
import { OidcRights } from '../../../config/roles/oidc-rights.ts';
import { rightsOf } from './rights-of.ts';

const rights = OidcRights.parse({
  name: { uk: 'МВС', en: 'Ministry' },
  rules: [
    { claim: 'groups', has: 'varta-admins', role: 'admin', scope: { kind: 'nation' } },
    { claim: 'groups', has: 'varta-duty', role: 'duty', scope: { kind: 'regions', claim: 'varta.regions' } },
    {
      claim: 'realm_access.roles',
      has: 'inspector',
      role: 'inspector',
      scope: { kind: 'facilities', facilityIds: ['ua-68-itt-1'] },
    },
  ],
  secondFactor: { claim: 'amr', anyOf: ['otp', 'hwk'] },
});

const of = (claims: object) =>
  rightsOf({ preferred_username: 'olena', name: 'Олена Зразкова', ...claims }, rights);
const codeOf = (claims: object) => {
  const found = of(claims);
  return found.ok ? undefined : found.code;
};

test('a group means a role, and a claim says in which regions', () => {
  expect(of({ groups: ['other', 'varta-duty'], varta: { regions: ['UA-68', 'UA-05'] } })).toEqual({
    ok: true,
    person: {
      username: 'olena',
      displayName: { uk: 'Олена Зразкова', en: 'Олена Зразкова' },
      role: 'duty',
      scope: { kind: 'regions', regionIds: ['UA-68', 'UA-05'] },
    },
  });
  expect(of({ groups: 'varta-duty', varta: { regions: 'UA-68' } })).toMatchObject({ ok: true });
  expect(of({ realm_access: { roles: ['inspector'] }, amr: ['pwd', 'otp'] })).toMatchObject({
    person: { role: 'inspector', scope: { kind: 'facilities', facilityIds: ['ua-68-itt-1'] } },
  });
});

test('the first rule that fits counts', () => {
  expect(of({ groups: ['varta-duty', 'varta-admins'], amr: ['hwk'] })).toMatchObject({
    person: { role: 'admin' },
  });
});

test.each([
  ['no group of ours', { groups: ['staff'] }],
  ['no claim at all', {}],
  ['a claim of another shape', { groups: { 'varta-admins': true }, amr: ['otp'] }],
  ['a group that only begins like ours', { groups: ['varta-admins-test'], amr: ['otp'] }],
  ['no region', { groups: ['varta-duty'] }],
  ['a region that is none', { groups: ['varta-duty'], varta: { regions: ['everything'] } }],
  ['one region that is none among others', { groups: ['varta-duty'], varta: { regions: ['UA-68', '*'] } }],
  [
    'a user name that cannot be one here',
    { preferred_username: '../admin', groups: ['varta-admins'], amr: ['otp'] },
  ],
  ['no user name', { preferred_username: undefined, groups: ['varta-admins'], amr: ['otp'] }],
  ['a property of every object', { realm_access: 'constructor' }],
])('%s is no right', (_, claims) => {
  expect(codeOf(claims)).toBe('oidc_no_right');
});

test('roles that need a second factor get in only with one; others without', () => {
  expect(codeOf({ groups: ['varta-admins'], amr: ['pwd'] })).toBe('oidc_second_factor');
  expect(codeOf({ groups: ['varta-admins'] })).toBe('oidc_second_factor');
  expect(codeOf({ groups: ['varta-duty'], varta: { regions: ['UA-68'] }, amr: ['pwd'] })).toBeUndefined();
});
