import { afterAll, beforeAll, test } from 'vitest';
import type { WatchingFinding } from '#contract/watching.ts';
import { keys } from '../adapters/redis/keys.ts';
import { createAuditModule } from '../audit/module.ts';
import { createWatchingModule } from '../audit/watching/module.ts';
import { eventually } from './fixtures/eventually.ts';
import { smallRegistry } from './fixtures/nation.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

/** Three in the morning in Kyiv, and the morning after. */
const NIGHT_MS = Date.parse('2026-11-21T01:00:00.000Z');
const now = () => NIGHT_MS + 4 * 3_600_000;
const WATCHED = ['one', 'two'].map((person) => ({
  viewing: { fromMs: NIGHT_MS, feedId: 'ua-05-itt-1-cell-1-cam-1', by: { kind: 'person', id: person } },
  toMs: NIGHT_MS + 50 * 60_000,
  place: NIGHT_MS + 50 * 60_000,
}));

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis[Symbol.asyncDispose]());

/** A replica that cannot read the viewings of the first region, and cannot tell of those who are named. */
async function openReplica(replicaId: string, untold: readonly string[]) {
  const connection = await redis.connect();
  const audit = createAuditModule({ redis: connection, now, log: QUIET_LOG });
  const tried: string[] = [];
  const module = createWatchingModule({
    redis: connection,
    registry: smallRegistry(),
    viewings: {
      catchUp: async (regionId) => {
        if (regionId === 'UA-68') throw new Error('these viewings cannot be read');
      },
      page: async () => WATCHED,
    },
    audit,
    onFound: async ({ person }: WatchingFinding) => {
      tried.push(person);
      if (untold.includes(person)) throw new Error('nobody can be told of this one');
    },
    replicaId,
    now,
    log: QUIET_LOG,
  });
  return {
    tried,
    [Symbol.asyncDispose]: async () => {
      await module[Symbol.asyncDispose]();
      await audit[Symbol.asyncDispose]();
    },
  };
}

test('neither a region that cannot be read nor a finding that cannot be told stops the looking, and the next look tells it again', async () => {
  {
    await using replica = await openReplica('first', ['one']);
    await eventually(() => replica.tried).toEqual(['one', 'two']);
  }
  await (await redis.connect()).del(keys.lease('watching:UA-05'));
  await using replica = await openReplica('second', []);
  await eventually(() => replica.tried).toEqual(['one', 'two']);
});
