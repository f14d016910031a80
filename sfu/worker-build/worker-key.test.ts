import { expect, test } from 'vitest';
import { toCacheRoot } from './find-worker.ts';
import { toPrebuiltKey, toWorkerKey, toWorkerKeyPrefix } from './worker-key.ts';

const identity = {
  mediasoupVersion: '3.27.1',
  platform: 'linux',
  arch: 'x64',
  buildFiles: ['cmake', 'header'],
  toolchain: ['g++ 12', 'libuv 1.44'],
};

test('is the same for the same things', () => {
  expect(toWorkerKey(identity)).toBe(toWorkerKey({ ...identity, toolchain: [...identity.toolchain] }));
  expect(toWorkerKey(identity)).toMatch(/^3\.27\.1-linux-x64-[0-9a-f]{12}-[0-9a-f]{12}$/);
});

test.each([
  ['mediasoup version', { mediasoupVersion: '3.27.2' }],
  ['platform', { platform: 'darwin' }],
  ['architecture', { arch: 'arm64' }],
  ['build files', { buildFiles: ['cmake', 'other header'] }],
  ['where one build file ends and the next begins', { buildFiles: ['cmakeh', 'eader'] }],
  ['compiler', { toolchain: ['g++ 13', 'libuv 1.44'] }],
  ['library', { toolchain: ['g++ 12', 'libuv 1.48'] }],
])('changes with the %s', (_what, change) => {
  expect(toWorkerKey({ ...identity, ...change })).not.toBe(toWorkerKey(identity));
});

test('keeps its prefix when only the toolchain changes', () => {
  const other = toWorkerKey({ ...identity, toolchain: ['clang 17'] });
  expect(other.startsWith(toWorkerKeyPrefix(identity))).toBe(true);
  expect(toPrebuiltKey('3.27.1', 'linux', 'x64').startsWith(toWorkerKeyPrefix(identity))).toBe(false);
});

test('the cache stands outside the checkout, also without a home folder', () => {
  expect(toCacheRoot({ XDG_CACHE_HOME: '/cache' }, '/home/a', '/tmp')).toBe('/cache/varta/worker');
  expect(toCacheRoot({}, '/home/a', '/tmp')).toBe('/home/a/.cache/varta/worker');
  expect(toCacheRoot({}, '', '/tmp')).toBe('/tmp/varta/worker');
});
