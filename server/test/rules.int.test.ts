import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuditEntry } from '#contract/audit.ts';
import { Flag } from '#contract/flags.ts';
import { limits } from '../../config/norms/norms.ts';
import { RULES } from '../../config/rules/rules.ts';
import { keys } from '../adapters/redis/keys.ts';
import { createAuditModule } from '../audit/module.ts';
import { FlagStore } from '../flags/flag-store.ts';
import { createLiveModule } from '../live/module.ts';
import { DueRegions } from '../rules/due-regions.ts';
import { EpisodeStore } from '../rules/episode-store.ts';
import type { Finding } from '../rules/finding.ts';
import { RuleEngine } from '../rules/rule-engine.ts';
import { eventually } from './fixtures/eventually.ts';
import { smallRegistry } from './fixtures/nation.ts';
import { NO_AUDIT } from './fixtures/no-audit.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const REGION = 'UA-68';
/** Looked at before the other one, and always in vain: it must keep nobody waiting. */
const BROKEN_REGION = 'UA-05';
const CELL = 'ua-68-itt-1-cell-1';

let server: TestRedis;
/** What there is to be seen, for all replicas alike. */
let seen: Finding[] = [];
let nextAtMs: number | undefined;
/** The first of two watches cannot read; regions for which the second one was asked. */
let watchFails = false;
let watched: string[] = [];
const owned = new AsyncDisposableStack();

beforeAll(async () => {
  server = owned.use(await startTestRedis());
});
afterAll(() => owned.disposeAsync());

/** A replica that looks at `seen`. */
async function openReplica() {
  await using parts = new AsyncDisposableStack();
  const redis = await server.connect();
  const registry = smallRegistry();
  const live = parts.use(
    await createLiveModule({
      redis,
      newConnection: () => server.connect(),
      registry,
      limits: limits(),
      audit: NO_AUDIT,
      now: Date.now,
      log: QUIET_LOG,
    }),
  );
  const audit = parts.use(createAuditModule({ redis, now: Date.now, log: QUIET_LOG }));
  const engine = parts.use(
    new RuleEngine({
      due: new DueRegions(redis),
      episodes: new EpisodeStore(redis),
      flags: new FlagStore({ redis, audit, now: Date.now }),
      registry,
      view: live.view,
      rules: RULES,
      look: (regionId, nowMs) => {
        if (regionId === BROKEN_REGION) throw new Error('this region cannot be looked at');
        return {
          findings:
            regionId === REGION
              ? seen.filter(({ sinceMs }) => sinceMs === undefined || sinceMs <= nowMs)
              : [],
          nextAtMs,
        };
      },
      watches: [
        {
          catchUp: async () => {
            if (watchFails) throw new Error('these events cannot be read');
            return undefined;
          },
        },
        {
          catchUp: async (regionId) => {
            watched.push(regionId);
            return undefined;
          },
        },
      ],
      now: Date.now,
      log: QUIET_LOG,
    }),
  );
  const moved = parts.move();
  return {
    redis,
    live,
    engine,
    /** Something changed in the region. */
    touch: () => live.writer.commit(REGION, { feeds: [] }),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

async function flags(): Promise<Flag[]> {
  const redis = await server.connect();
  return (await redis.hVals(keys.flags(REGION))).map((json) => Flag.parse(JSON.parse(json)));
}

const finding = (name: string, change: Partial<Finding> = {}): Finding => ({
  key: `gate-too-long:${name}`,
  rule: 'gate-too-long',
  areaId: CELL,
  params: { minutes: 60 },
  ...change,
});

/** Asks for a look now, whoever makes it. */
const lookNow = async () => {
  const due = new DueRegions(await server.connect());
  await due.ask(BROKEN_REGION, Date.now() - 1_000);
  await due.ask(REGION, Date.now());
};

test('several replicas see the same thing: one flag, in the name of the rule, with an audit entry', async () => {
  seen = [finding('one')];
  await using _a = await openReplica();
  await using _b = await openReplica();
  await using _c = await openReplica();
  await eventually(async () => (await flags()).length).toBe(1);
  for (let round = 0; round < 5; round += 1) await lookNow();
  const [flag] = await flags();
  expect(flag).toMatchObject({
    state: 'raised',
    severity: 3,
    rule: { id: 'gate-too-long', params: { minutes: 60 } },
    history: [{ by: { kind: 'rule', id: 'gate-too-long' } }],
  });
  const entries = await (await server.connect()).xRange(keys.audit(REGION), '-', '+');
  const raised = (entries ?? []).map(({ message }) => AuditEntry.parse(JSON.parse(String(message.json))));
  expect(raised.map(({ action, actor }) => [action, actor.kind])).toEqual([['flag.raise', 'rule']]);
});

test('a replica that was ended in the middle is made up for, and nothing is raised twice', async () => {
  const before = (await flags()).length;
  for (let round = 0; round < 6; round += 1) {
    seen = [...seen, finding(`round-${round}`)];
    await lookNow();
    const replica = await openReplica();
    // In the middle of whatever it does at the moment.
    await replica[Symbol.asyncDispose]();
  }
  await using _last = await openReplica();
  await eventually(async () => (await flags()).length).toBe(before + 6);
});

test('a time that comes is seen though nothing else happens', async () => {
  await using _replica = await openReplica();
  const before = (await flags()).length;
  const dueMs = Date.now() + 1_500;
  seen = [
    ...seen,
    finding('later', { rule: 'deadline-breached', params: { limit: 'court' }, sinceMs: dueMs }),
  ];
  nextAtMs = dueMs;
  await lookNow();
  expect(await flags()).toHaveLength(before);
  await eventually(async () => (await flags()).length).toBe(before + 1);
  const [breach] = (await flags()).filter(({ rule }) => rule?.id === 'deadline-breached');
  expect(Date.parse(breach?.history[0]?.at ?? '')).toBeGreaterThanOrEqual(dueMs);
  nextAtMs = undefined;
});

test('a region that cannot be looked at is counted, and no other one', async () => {
  await using replica = await openReplica();
  await lookNow();
  await eventually(() => replica.engine.stoppedRegionIds).toEqual([BROKEN_REGION]);
});

test('events that cannot be read are counted, and keep neither other events nor the look waiting', async () => {
  const before = (await flags()).length;
  watched = [];
  watchFails = true;
  await using replica = await openReplica();
  seen = [...seen, finding('while events cannot be read')];
  await lookNow();
  await eventually(async () => (await flags()).length).toBe(before + 1);
  expect(watched).toContain(REGION);
  await eventually(() => replica.engine.stoppedRegionIds).toContain(REGION);
  watchFails = false;
  await lookNow();
  await eventually(() => replica.engine.stoppedRegionIds).not.toContain(REGION);
});
