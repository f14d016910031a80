import { expect, test } from 'vitest';
import { RoleId } from '#contract/session.ts';
import type { AreaStatus } from '#contract/status.ts';
import { ROLE_ACTIONS } from '../../../config/roles/roles.ts';
import type { Principal } from '../../access/decide.ts';
import { createRegistry } from '../../nation/registry.ts';
import { areaStatus } from '../../test/fixtures/live-records.ts';
import { mediaNation } from '../../test/fixtures/media-nation.ts';
import { decideFeed, isAreaClosed } from './feed-access.ts';

const registry = createRegistry(mediaNation);
const situation: Principal = { kind: 'person', username: 's', role: 'situation', scope: { kind: 'nation' } };
const duty68: Principal = {
  kind: 'person',
  username: 'd',
  role: 'duty',
  scope: { kind: 'regions', regionIds: ['UA-68'] },
};
const admin: Principal = { kind: 'person', username: 'a', role: 'admin', scope: { kind: 'nation' } };
const facility: Principal = { kind: 'facility', facilityId: 'ua-68-itt-1', regionId: 'UA-68' };

const world = (...statuses: AreaStatus[]) => ({
  registry,
  area: (areaId: string) => statuses.find((status) => status.areaId === areaId),
});
const ask = (principal: Principal, feedId: string, ...statuses: AreaStatus[]) => {
  const access = decideFeed(principal, feedId, world(...statuses));
  return access.allow ? 'allowed' : access.code;
};

test('what is allowed comes as a grant names it', () => {
  expect(decideFeed(situation, 'ua-68-itt-1-cell-1-cam-1', world())).toMatchObject({
    allow: true,
    granted: {
      id: 'ua-68-itt-1-cell-1-cam-1',
      facilityId: 'ua-68-itt-1',
      regionId: 'UA-68',
      source: 'edge',
      layers: ['low', 'high'],
      maxLayer: 'high',
    },
  });
});

test('before somebody has said what for, they get no more than a wall shows', () => {
  const medical = 'ua-68-itt-1-medical-cam-1';
  const largest = (principal: Principal, feedId: string, purpose?: string) => {
    const empty = { ...world(areaStatus('ua-68-itt-1-medical')), purposeOf: () => purpose };
    const access = decideFeed(principal, feedId, empty);
    return access.allow && [access.granted.maxLayer, access.asksPurpose, access.purpose];
  };
  const prosecutor: Principal = { ...situation, role: 'prosecutor' } as Principal;
  expect(largest(duty68, 'ua-68-itt-1-cell-1-cam-1')).toEqual(['high', true, undefined]);
  expect(largest(duty68, medical)).toEqual(['low', true, undefined]);
  expect(largest(prosecutor, 'ua-68-itt-1-cell-1-cam-1')).toEqual(['low', true, undefined]);
  expect(largest(prosecutor, medical, 'supervision')).toEqual(['high', false, 'supervision']);
});

test.each([
  ['the own region', duty68, 'ua-68-itt-1-cell-1-cam-1', 'allowed'],
  ['another region', duty68, 'ua-46-itt-1-cell-1-cam-1', 'forbidden'],
  ['a role without video', admin, 'ua-68-itt-1-cell-1-cam-1', 'forbidden'],
  ['a facility', facility, 'ua-68-itt-1-cell-1-cam-1', 'forbidden'],
  ['nobody', { kind: 'anonymous' } as Principal, 'ua-68-itt-1-cell-1-cam-1', 'unauthenticated'],
  ['a feed that does not exist', situation, 'ua-68-itt-1-cell-9-cam-1', 'unknown_feed'],
  ['an id that is a property of every object', situation, 'constructor', 'unknown_feed'],
])('%s', (_, principal, feedId, expected) => {
  expect(ask(principal, feedId)).toBe(expected);
});

test('a grant is for whom the table lets watch, and for nobody else', () => {
  const nation = { kind: 'nation' } as const;
  const people = RoleId.options.map((role): [string, Principal, boolean] => [
    role,
    { kind: 'person', username: role, role, scope: nation },
    ROLE_ACTIONS[role].includes('feed.watch'),
  ]);
  const others: [string, Principal, boolean][] = [
    ['a display', { kind: 'display', displayId: 'one', scope: nation, shift: null }, true],
    ['who has to set up the account', { ...situation, limited: true }, false],
    ['a facility', facility, false],
    ['nobody', { kind: 'anonymous' }, false],
  ];
  for (const [who, principal, may] of [...people, ...others])
    expect(ask(principal, 'ua-68-itt-1-cell-1-cam-1') === 'allowed', who).toBe(may);
  expect(people.filter(([, , may]) => !may).map(([who]) => who)).toEqual(['hotline', 'admin']);
});

test('confidential areas are closed, and open again', () => {
  const feedId = 'ua-68-itt-1-cell-1-cam-1';
  const since = { confidentialSince: '2026-11-22T14:05:00.000Z' };
  expect(ask(situation, feedId, areaStatus('ua-68-itt-1-cell-1', since))).toBe('confidential');
  expect(ask(situation, feedId, areaStatus('ua-68-itt-1-cell-1'))).toBe('allowed');
});

test('an area that may not be watched while occupied is closed unless it is known to be empty', () => {
  const feedId = 'ua-68-itt-1-medical-cam-1';
  expect(ask(situation, feedId)).toBe('confidential');
  expect(ask(situation, feedId, areaStatus('ua-68-itt-1-medical', { headcount: 1 }))).toBe('confidential');
  expect(ask(situation, feedId, areaStatus('ua-68-itt-1-medical', { headcount: 0 }))).toBe('allowed');
});

test('an area is closed exactly when it is closed to those who may see everything', () => {
  const medical = registry.area('ua-68-itt-1-medical');
  const cell = registry.area('ua-68-itt-1-cell-1');
  if (!medical || !cell) throw new Error('fixture');
  expect([isAreaClosed(medical, world()), isAreaClosed(cell, world())]).toEqual([true, false]);
});
