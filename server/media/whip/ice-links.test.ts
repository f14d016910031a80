import { expect, test } from 'vitest';
import { toIceLinks } from './ice-links.ts';

test('each address of a server is a link of its own, with what is needed to use it', () => {
  expect(
    toIceLinks([
      { urls: ['stun:stun.example.net'] },
      {
        urls: ['turn:turn.example.net?transport=udp', 'turns:turn.example.net?transport=tcp'],
        username: '1732300000:facility',
        credential: 'a"b\\c',
      },
    ]),
  ).toEqual([
    '<stun:stun.example.net>; rel="ice-server"',
    '<turn:turn.example.net?transport=udp>; rel="ice-server"; username="1732300000:facility"; credential="a\\"b\\\\c"; credential-type="password"',
    '<turns:turn.example.net?transport=tcp>; rel="ice-server"; username="1732300000:facility"; credential="a\\"b\\\\c"; credential-type="password"',
  ]);
});

test('without servers there are no links', () => {
  expect(toIceLinks([])).toEqual([]);
});
