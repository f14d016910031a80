import { expect, test } from 'vitest';
import { renderRedisConfig } from './redis-config.ts';

const lines = (dataDir: string) => renderRedisConfig({ dataDir, socketPath: '/d/redis.sock' }).split('\n');

test('keeps every acknowledged write, throws nothing away, and listens to nobody else', () => {
  expect(lines('/d')).toEqual(
    expect.arrayContaining([
      'port 0',
      'unixsocket "/d/redis.sock"',
      'unixsocketperm 700',
      'appendonly yes',
      'appendfsync always',
      'no-appendfsync-on-rewrite no',
      'maxmemory-policy noeviction',
    ]),
  );
});

test('a path can not add a setting of its own', () => {
  expect(lines('/a "b" \\c')).toContain('dir "/a \\"b\\" \\\\c"');
  expect(() => lines('/a\nport 6379')).toThrow('line break');
});
