import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Alert } from '#contract/alerts.ts';
import { AuditEntry } from '#contract/audit.ts';
import type { Flag } from '#contract/flags.ts';
import { keys } from '../adapters/redis/keys.ts';
import { flagAlertId } from '../alerts/alert-ids.ts';
import { Canary } from '../alerts/canary-store.ts';
import { EscalationStore } from '../alerts/escalation-store.ts';
import { verifyChain } from '../audit/chain.ts';
import { createAuditModule } from '../audit/module.ts';
import { FlagStore } from '../flags/flag-store.ts';
import { eventually } from './fixtures/eventually.ts';
import { flagOn } from './fixtures/live-records.ts';
import { accountOf, person } from './fixtures/nation.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const REGION = 'UA-68';
const ROUNDS = 12;
const ROLES = ['duty', 'oncall', 'situation'] as const;

const owned = new AsyncDisposableStack();
let server: TestRedis;
beforeAll(async () => {
  server = owned.use(await startTestRedis());
});
afterAll(() => owned.disposeAsync());

function startReplica(): ChildProcess {
  const program = fileURLToPath(new URL('./fixtures/alerts-process.ts', import.meta.url));
  return spawn(process.execPath, [program, server.url], { stdio: ['ignore', 'inherit', 'inherit'] });
}

async function killNow(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

test('kill -9 of replicas, one after the other: each step of each flag is taken once, and each person told once', async () => {
  const redis = await server.connect();
  for (const role of ROLES) await redis.hSet(keys.accounts, role, JSON.stringify(accountOf(person(role))));
  const audit = owned.use(createAuditModule({ redis, now: Date.now, log: QUIET_LOG }));
  const store = new FlagStore({ redis, audit, now: Date.now });
  const escalations = new EscalationStore({ redis, audit });
  const flags: Flag[] = [];
  const raise = async () => {
    const by = { kind: 'rule', id: 'no-video', name: 'no-video' } as const;
    const flag = flagOn('ua-68-itt-1-cell-1', {
      history: [{ state: 'raised', by, at: new Date().toISOString() }],
    });
    await store.change(undefined, flag, {
      actor: { kind: 'rule', id: 'no-video' },
      action: 'flag.raise',
      resource: 'area:ua-68-itt-1-cell-1',
      outcome: 'done',
      details: { flag: flag.id },
    });
    flags.push(flag);
  };

  const replicas = [startReplica(), startReplica()];
  owned.defer(async () => {
    await Promise.all(replicas.map(killNow));
  });
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      await raise();
      // Not a wait for something to happen: the moment of the kill is to be any.
      await pause(randomInt(50, 600));
      const victim = replicas.shift();
      if (victim) await killNow(victim);
      replicas.push(startReplica());
    }
    const stepsOf = async (flag: Flag) =>
      (await escalations.read(REGION, [flag.id])).get(flag.id)?.steps ?? [];
    for (const flag of flags)
      await eventually(async () => (await stepsOf(flag)).filter(({ handed }) => handed).length).toBe(3);
  } finally {
    await Promise.all(replicas.map(killNow));
  }

  const stored = ((await redis.xRange(keys.audit(REGION), '-', '+')) ?? []).map(({ message }) =>
    AuditEntry.parse(JSON.parse(String(message.json))),
  );
  expect(verifyChain(stored)).toMatchObject({ ok: true });
  const taken = stored.filter(({ action }) => action === 'flag.escalate');
  expect(taken).toHaveLength(flags.length * 3);
  expect(new Set(taken.map(({ details }) => `${details.flag} ${details.step}`)).size).toBe(taken.length);
  for (const [index, role] of ROLES.entries()) {
    const queue = (await redis.hVals(keys.alertQueue(role))).map((json) => Alert.parse(JSON.parse(json)));
    expect(queue.flatMap((alert) => (alert.kind === 'flag' ? [alert.id] : [])).toSorted()).toEqual(
      flags.map(({ id }) => flagAlertId(id, `step:${index + 1}`, role)).toSorted(),
    );
  }
  // No step came before its time.
  for (const { at, details } of taken) {
    const flag = flags.find(({ id }) => id === details.flag);
    const dueMs = Date.parse(flag?.history[0]?.at ?? '') + (Number(details.step) - 1) * 1000;
    expect(Date.parse(at)).toBeGreaterThanOrEqual(dueMs);
  }
  // Canaries went on all the while: one a slot, and one waits for each person at the most.
  const canaries = (await redis.hVals(keys.canaries)).map((json) => Canary.parse(JSON.parse(json)));
  expect(canaries.length).toBeGreaterThan(0);
  expect(new Set(canaries.map(({ slotMs }) => slotMs)).size).toBe(canaries.length);
  for (const role of ROLES) {
    const queue = (await redis.hVals(keys.alertQueue(role))).map((json) => Alert.parse(JSON.parse(json)));
    expect(queue.filter(({ kind }) => kind === 'canary').length).toBeLessThanOrEqual(1);
  }
});
