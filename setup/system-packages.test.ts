import { expect, test } from 'vitest';
import { describeNeeds } from './system-packages.ts';

test('names every missing thing at once, with one command for each system', () => {
  const text = describeNeeds(
    [
      { what: 'redis-server 7 or newer', apt: ['redis-server'], brew: ['redis'] },
      { what: 'FlatBuffers headers', apt: ['libflatbuffers-dev'], brew: ['flatbuffers'] },
      { what: 'flatc', apt: ['flatbuffers-compiler'], brew: ['flatbuffers'] },
      { what: 'Chromium', apt: ['chromium'], brew: ['--cask chromium'] },
    ],
    'there is no apt-get here',
  );
  expect(text).toContain('installed nothing on it: there is no apt-get here.');
  expect(text).toContain('- redis-server 7 or newer\n  - FlatBuffers headers\n  - flatc\n  - Chromium');
  expect(text).toMatch(
    /apt-get install -y --no-install-recommends redis-server libflatbuffers-dev flatbuffers-compiler chromium$/m,
  );
  expect(text).toMatch(/brew install redis flatbuffers && brew install --cask chromium$/m);
});
