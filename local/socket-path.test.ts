import { expect, test } from 'vitest';
import { toSocketPlace } from './socket-path.ts';

const longestBytes = 103;

test('stands in the folder of its Redis', () => {
  expect(toSocketPlace('/home/a/varta/.data/redis', '/tmp')).toEqual({
    path: '/home/a/varta/.data/redis/redis.sock',
  });
});

test('takes the whole room that a socket path has, and not a byte more', () => {
  const fitting = `/${'d'.repeat(longestBytes - '/'.length - '/redis.sock'.length)}`;
  expect(toSocketPlace(fitting, '/tmp').separateFolder).toBeUndefined();
  expect(toSocketPlace(`${fitting}d`, '/tmp').separateFolder).toBeDefined();
});

test('counts bytes, not letters', () => {
  const cyrillic = `/${'ї'.repeat(60)}`;
  expect(toSocketPlace(cyrillic, '/tmp').separateFolder).toBeDefined();
});

test('a long folder gets a short one of its own, always the same', () => {
  const long = `/${'d'.repeat(200)}`;
  const place = toSocketPlace(long, '/tmp');
  expect(place).toEqual(toSocketPlace(long, '/tmp'));
  expect(place.path.startsWith('/tmp/varta-')).toBe(true);
  expect(place.separateFolder).not.toBe(toSocketPlace(`${long}x`, '/tmp').separateFolder);
  expect(Buffer.byteLength(place.path)).toBeLessThanOrEqual(longestBytes);
});

test('says so when nothing fits', () => {
  expect(() => toSocketPlace(`/${'d'.repeat(200)}`, `/${'t'.repeat(200)}`)).toThrow('Shorten DATA_DIR');
});
