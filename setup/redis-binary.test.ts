import { expect, test } from 'vitest';
import { parseServerVersion } from './redis-binary.ts';

test.each([
  ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=d1e', '7.0.15'],
  ['Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', '8.1.1'],
  ['redis-cli 7.0.15', undefined],
  ['', undefined],
])('reads the version of %j', (text, version) => {
  expect(parseServerVersion(text)).toBe(version);
});
