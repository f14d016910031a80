import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createFacilityKey } from '../access/facility-key.ts';
import { loadNation } from '../adapters/boot/nation-file.ts';
import { settleSampleKeys } from '../adapters/boot/sample-keys.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { createFacilityKeys } from '../adapters/redis/facility-keys.ts';
import type { Registry } from '../nation/registry.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const FACILITY = 'ua-68-itt-1';
const now = () => Date.parse('2026-11-22T12:00:00.000Z');

let server: TestRedis;
let redis: Redis;
let registry: Registry;
let dataDir: string;
beforeAll(async () => {
  server = await startTestRedis();
  redis = await server.connect();
  ({ registry } = await loadNation({ NATION_FILE: undefined, SAMPLE: true, SAMPLE_NATION: 'ua' }));
});
beforeEach(async () => {
  await redis.flushDb();
  dataDir = await mkdtemp(join(tmpdir(), 'varta-keys-'));
  return () => rm(dataDir, { recursive: true, force: true });
});
afterAll(() => server[Symbol.asyncDispose]());

const createKeys = (sampleMode: boolean) => createFacilityKeys({ redis, registry, sampleMode });
const settle = () => settleSampleKeys({ registry, facilityKeys: createKeys(true), dataDir, now });
const readKeys = async (): Promise<Record<string, string>> =>
  JSON.parse(await readFile(join(dataDir, 'sample-keys.json'), 'utf8'));

test('every facility gets a key, for the owner of the file only, and Redis has no key but digests', async () => {
  await settle();
  const keys = await readKeys();
  expect(Object.keys(keys)).toHaveLength(registry.nation.facilities.length);
  expect((await stat(join(dataDir, 'sample-keys.json'))).mode & 0o777).toBe(0o600);
  const stored = JSON.stringify(await redis.hGetAll(`varta:{nation}:facility-keys:${FACILITY}`));
  expect(stored).not.toContain(keys[FACILITY]?.slice(-43));
});

test('a key opens its own facility and no other', async () => {
  await settle();
  const key = (await readKeys())[FACILITY] ?? '';
  const facilityKeys = createKeys(true);
  const principal = { kind: 'facility', facilityId: FACILITY, regionId: 'UA-68' };
  expect(await facilityKeys.authenticate(key)).toMatchObject(principal);
  expect(await facilityKeys.authenticateFacility(FACILITY, key)).toMatchObject(principal);
  expect(await facilityKeys.authenticateFacility('ua-68-itt-2', key)).toBeUndefined();
  for (const wrong of [
    '',
    `${key}x`,
    key.slice(0, -1),
    createFacilityKey(FACILITY),
    key.replace(FACILITY, 'ua-68-itt-2'),
    createFacilityKey('ua-99-itt-1'),
  ])
    expect(await facilityKeys.authenticate(wrong)).toBeUndefined();
});

test('keys stay the same over a restart, and over the loss of Redis', async () => {
  await settle();
  const before = await readKeys();
  await settle();
  expect(await readKeys()).toEqual(before);
  await redis.flushDb();
  await settle();
  expect(await readKeys()).toEqual(before);
  expect(await createKeys(true).authenticate(before[FACILITY] ?? '')).toBeDefined();
});

test('servers that start at once agree on the keys', async () => {
  await Promise.all([settle(), settle(), settle()]);
  const keys = await readKeys();
  for (const key of Object.values(keys)) expect(await createKeys(true).authenticate(key)).toBeDefined();
});

test('a file that is damaged or incomplete is completed', async () => {
  await settle();
  const { [FACILITY]: gone, ...rest } = await readKeys();
  await writeFile(join(dataDir, 'sample-keys.json'), JSON.stringify(rest));
  await settle();
  const keys = await readKeys();
  expect(keys).toMatchObject(rest);
  expect(keys[FACILITY]).not.toBe(gone);
  await writeFile(join(dataDir, 'sample-keys.json'), '{"ua-68-');
  await settle();
  expect(Object.keys(await readKeys())).toHaveLength(registry.nation.facilities.length);
});

test('outside sample mode, a sample key opens nothing', async () => {
  await settle();
  expect(await createKeys(false).authenticate((await readKeys())[FACILITY] ?? '')).toBeUndefined();
});
