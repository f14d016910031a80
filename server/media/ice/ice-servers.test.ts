import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { IceServer } from '#contract/media.ts';
import { createIceServersFor } from './ice-servers.ts';

const now = () => Date.parse('2026-11-22T14:05:00.500Z');
const fixed = [{ urls: ['stun:stun.example:3478'] }];
const turn = { urls: ['turn:turn.example:3478?transport=tcp'], secret: 'a-shared-secret-of-16', ttlS: 3600 };

test('without TURN, everybody is told the same', () => {
  const iceServersFor = createIceServersFor({ fixed, now });
  expect(iceServersFor('ua-68-itt-1')).toEqual(fixed);
});

test('TURN credentials are those of coturn’s REST API', () => {
  const [stun, relay] = createIceServersFor({ fixed, turn, now })('ua-68-itt-1');
  expect(stun).toEqual(fixed[0]);
  // 2026-11-22T15:05:00Z
  expect(relay).toEqual({
    urls: turn.urls,
    username: '1795359900:ua-68-itt-1',
    credential: createHmac('sha1', turn.secret).update('1795359900:ua-68-itt-1').digest('base64'),
  });
});

test('whatever the name is, it is one name and fits the contract', () => {
  const iceServersFor = createIceServersFor({ fixed: [], turn, now });
  for (const name of ['a:b', 'v-x y\n', 'ї'.repeat(500), '']) {
    const [relay] = iceServersFor(name);
    expect(IceServer.parse(relay).username).toMatch(/^\d+:[A-Za-z0-9._-]*$/);
  }
});
