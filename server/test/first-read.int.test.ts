import { expect, test } from 'vitest';
import { RULES } from '../../config/rules/rules.ts';
import { keys } from '../adapters/redis/keys.ts';
import { createAuditModule } from '../audit/module.ts';
import { EventStore } from '../custody/event-store.ts';
import { FlagStore } from '../flags/flag-store.ts';
import { EpisodeStore } from '../rules/episode-store.ts';
import { EventWatch } from '../rules/event-watch.ts';
import { readPosition } from '../rules/stream-position.ts';
import { areaEvent, caseEvent, START_MS, stored } from './fixtures/custody.ts';
import { smallRegistry } from './fixtures/nation.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis } from './fixtures/redis.ts';

const REGION = 'UA-68';
const HOUR_MS = 3_600_000;

test('what is watched for the first time is read three days back, and then from where it was left', async () => {
  await using server = await startTestRedis();
  const redis = await server.connect();
  const key = keys.casePosition(REGION);
  expect(await readPosition(redis, REGION, key)).toBe('0-0');
  for (const hours of [0, 100, 200])
    await redis.xAdd(keys.custody(REGION), `${START_MS + hours * HOUR_MS}-7`, { json: '{}' });
  expect(await readPosition(redis, REGION, key)).toBe(`${START_MS + 128 * HOUR_MS}-0`);
  await redis.set(key, '5-0');
  expect(await readPosition(redis, REGION, key)).toBe('5-0');
});

test('a long backlog is read piece by piece, so that no other region waits for all of it', async () => {
  await using server = await startTestRedis();
  const redis = await server.connect();
  const now = () => START_MS;
  const audit = createAuditModule({ redis, now, log: QUIET_LOG });
  const watch = new EventWatch({
    redis,
    events: new EventStore(redis),
    episodes: new EpisodeStore(redis),
    flags: new FlagStore({ redis, audit, now }),
    registry: smallRegistry(),
    view: { area: () => undefined },
    rules: RULES,
    now,
  });
  const count = 5_200;
  const work = redis.multi();
  const json = (event: Parameters<typeof stored>[0]) => ({ json: JSON.stringify(stored(event)) });
  for (let index = 0; index < count; index += 1)
    work.xAdd(
      keys.custody(REGION),
      `${START_MS}-${index + 1}`,
      json(areaEvent('CELL_CHECK', { id: index, at: 0, area: 'cell-1' })),
    );
  work.xAdd(keys.custody(REGION), `${START_MS + 1}-0`, json(caseEvent('DIED', { id: count, at: 0 })));
  await work.exec();
  const isTold = async () => (await redis.hLen(keys.flags(REGION))) > 0;
  expect(await watch.catchUp(REGION)).toBe(START_MS);
  expect(await isTold()).toBe(false);
  expect(await watch.catchUp(REGION)).toBeUndefined();
  expect(await isTold()).toBe(true);
  expect(await redis.get(keys.rulesPosition(REGION))).toBe(`${START_MS + 1}-0`);
});
