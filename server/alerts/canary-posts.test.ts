import { expect, test } from 'vitest';
import type { RoleId } from '#contract/session.ts';
import { type EscalationSet, firstToldOf } from '../../config/escalation/escalation.ts';
import { UA_ESCALATION } from '../../config/escalation/ua.ts';
import { accountOf, person, SMALL_NATION } from '../test/fixtures/nation.ts';
import { postsOf, silentPosts } from './canary-posts.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 6);
const named = (username: string, role: RoleId, regionIds?: string[]) => ({
  ...accountOf(person(role, regionIds ? { kind: 'regions', regionIds } : { kind: 'nation' })),
  username,
});
const PEOPLE = [
  named('one', 'duty', ['UA-68']),
  named('one-b', 'duty', ['UA-68']),
  named('two', 'duty', ['UA-05']),
  named('called', 'oncall', ['UA-05']),
  named('all', 'situation'),
];
const posts = postsOf(PEOPLE, { regions: SMALL_NATION.regions, sets: UA_ESCALATION, nowMs: NOW_MS });

test('each duty centre is a post of its own; who is told later is none', () => {
  expect(posts.map(({ role, regionId, people }) => [role, regionId, people])).toEqual([
    ['duty', 'UA-68', ['one', 'one-b']],
    ['duty', 'UA-05', ['two']],
  ]);
});

test('a duty centre that has not shown a canary is named, though others have', () => {
  const sentTo = PEOPLE.map(({ username }) => username);
  const silent = (...shownBy: string[]) =>
    silentPosts(posts, { sentTo, shownBy }).map(({ regionId }) => regionId);
  expect(silent()).toEqual(['UA-68', 'UA-05']);
  expect(silent('all', 'called', 'one-b')).toEqual(['UA-05']);
  expect(silent('one', 'two')).toEqual([]);
  // Nothing was sent to who came afterwards.
  expect(silentPosts(posts, { sentTo: ['one', 'one-b'], shownBy: ['one'] })).toEqual([]);
});

test('told first are those of every level, or of any where the levels have none in common', () => {
  const [set] = UA_ESCALATION;
  if (!set) throw new RangeError('no set');
  const apart: EscalationSet = {
    ...set,
    levels: { ...set.levels, '1': [{ to: ['situation'], afterS: 0, againEveryS: 300 }] },
  };
  const at = { regionId: 'UA-68', atMs: NOW_MS };
  expect(firstToldOf(UA_ESCALATION, at)).toEqual(['duty']);
  expect(firstToldOf([apart], at)).toEqual(['situation', 'duty']);
});
