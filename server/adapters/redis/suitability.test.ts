import { expect, test } from 'vitest';
import { isLoading, judgeRedis, parseRedisFacts, UnsuitableRedisError } from './suitability.ts';

const INFO = [
  '# Server',
  'redis_version:7.0.15',
  '# Memory',
  'maxmemory_policy:noeviction',
  '# Persistence',
  'loading:0',
  'aof_enabled:1',
].join('\r\n');
const CONFIG = { 'maxmemory-policy': 'noeviction', appendonly: 'yes', appendfsync: 'always' };

const refusedSettings = (info: string, config: Record<string, string> | undefined) =>
  judgeRedis(parseRedisFacts(info, config)).refusals.map(({ setting }) => setting);

test('a durable Redis 7 is fine', () => {
  expect(judgeRedis(parseRedisFacts(INFO, CONFIG))).toEqual({ refusals: [], unchecked: [] });
});

test.each([
  ['an old version', INFO.replace('7.0.15', '6.2.14'), CONFIG, ['version']],
  ['a two-digit version', INFO.replace('7.0.15', '10.1.0'), CONFIG, []],
  ['eviction', INFO, { ...CONFIG, 'maxmemory-policy': 'allkeys-lru' }, ['maxmemory-policy']],
  ['no append-only file', INFO, { ...CONFIG, appendonly: 'no' }, ['appendonly']],
  ['fsync once a second', INFO, { ...CONFIG, appendfsync: 'everysec' }, ['appendfsync']],
  [
    'everything at once',
    INFO.replace('7.0.15', '5.0.0'),
    { 'maxmemory-policy': 'volatile-ttl', appendonly: 'no', appendfsync: 'no' },
    ['version', 'maxmemory-policy', 'appendonly', 'appendfsync'],
  ],
])('%s', (_, info, config, settings) => {
  expect(refusedSettings(info, config)).toEqual(settings);
});

test('where CONFIG is forbidden, INFO is used, and what it does not tell is said to be unchecked', () => {
  const verdict = judgeRedis(parseRedisFacts(INFO, undefined));
  expect(verdict.refusals).toEqual([]);
  expect(verdict.unchecked.map(({ setting }) => setting)).toEqual(['appendfsync']);
  expect(refusedSettings(INFO.replace('aof_enabled:1', 'aof_enabled:0'), undefined)).toEqual(['appendonly']);
});

test('a server that says nothing is not guessed about', () => {
  expect(judgeRedis(parseRedisFacts('', undefined))).toMatchObject({
    refusals: [],
    unchecked: [{}, {}, {}, {}],
  });
});

test('the refusal names the setting to change', () => {
  const { refusals } = judgeRedis(parseRedisFacts(INFO, { ...CONFIG, appendfsync: 'everysec' }));
  expect(new UnsuitableRedisError(refusals).message).toContain('set appendfsync always');
});

test('knows a Redis that is still loading', () => {
  expect(isLoading(INFO)).toBe(false);
  expect(isLoading(INFO.replace('loading:0', 'loading:1'))).toBe(true);
});
