import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { Flag, isOpenFlag } from '#contract/flags.ts';
import { flagIdOf } from '#contract/rule-flags.ts';
import { keys } from '../adapters/redis/keys.ts';
import { EpisodeStore } from '../rules/episode-store.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestRedis } from './fixtures/redis.ts';

const REGION = 'UA-68';
const ROUNDS = 12;

const replicas = new Set<ChildProcess>();
const killAll = async () => {
  for (const replica of replicas) {
    const gone = once(replica, 'exit');
    replica.kill('SIGKILL');
    await gone;
  }
  replicas.clear();
};
afterEach(killAll);

test('an occurrence and its flag end together, wherever replicas are killed', {
  timeout: 120_000,
}, async () => {
  await using server = await startTestRedis();
  const redis = await server.connect();
  const episodes = new EpisodeStore(redis);
  const program = fileURLToPath(new URL('./fixtures/occurrences-process.ts', import.meta.url));
  const steps = () => redis.xLen(keys.flagEvents(REGION));
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await steps();
    for (let index = 0; index < 2; index += 1)
      replicas.add(spawn(process.execPath, [program, server.url], { stdio: 'inherit' }));
    // Some steps further each time: flags are raised and resolved all the while.
    await eventually(steps).toBeGreaterThan(before + 4 + round);
    await killAll();

    const known = await episodes.read(REGION);
    const stored = await redis.hVals(keys.flags(REGION));
    const flags = new Map(stored.map((json) => Flag.parse(JSON.parse(json))).map((flag) => [flag.id, flag]));
    const ids = new Set(Array.from(known, ([key, { since }]) => flagIdOf(key, since)));
    for (const [key, episode] of known) {
      const flag = flags.get(flagIdOf(key, episode.since));
      // What goes on and was told of must have a flag that somebody can see.
      if (episode.raised) expect(flag && isOpenFlag(flag), `${key} in round ${round}`).toBe(true);
    }
    // And no flag stays behind whose occurrence nobody knows of: nothing would ever close it.
    for (const flag of flags.values()) if (isOpenFlag(flag)) expect(ids).toContain(flag.id);
  }
});
