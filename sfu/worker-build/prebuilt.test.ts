import { expect, test } from 'vitest';
import { toPrebuiltUrl, toReleaseBase } from './prebuilt.ts';

const target = { version: '3.27.1', platform: 'linux', arch: 'x64', osRelease: '6.1.0-18-amd64' };

test('names a released worker as its publisher does', () => {
  const base = toReleaseBase('git+https://code.example/org/mediasoup.git', {});
  expect(toPrebuiltUrl(base, target)).toBe(
    'https://code.example/org/mediasoup/releases/download/3.27.1/mediasoup-worker-3.27.1-linux-x64-kernel6.tgz',
  );
  expect(toPrebuiltUrl(base, { ...target, platform: 'darwin', arch: 'arm64' })).toMatch(
    /-darwin-arm64\.tgz$/,
  );
});

test('takes another place from the variable that mediasoup knows', () => {
  const env = { MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: 'https://mirror.example/workers/' };
  expect(toPrebuiltUrl(toReleaseBase('unused', env), target)).toMatch(
    /^https:\/\/mirror\.example\/workers\/3\.27\.1\//,
  );
});
