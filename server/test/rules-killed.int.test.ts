import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { AuditEntry } from '#contract/audit.ts';
import type { CustodyEvent } from '#contract/custody-events.ts';
import { Flag } from '#contract/flags.ts';
import { keys } from '../adapters/redis/keys.ts';
import { EventStore } from '../custody/event-store.ts';
import { ADULT } from './fixtures/custody.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestRedis } from './fixtures/redis.ts';

const FACILITY = 'ua-68-itt-1';
const REGION = 'UA-68';
const HOUR_MS = 3_600_000;
const ROUNDS = 8;

const replicas = new Set<ChildProcess>();
afterEach(() => {
  for (const replica of replicas) replica.kill('SIGKILL');
  replicas.clear();
});

function startReplica(url: string): void {
  const program = fileURLToPath(new URL('./fixtures/rules-process.ts', import.meta.url));
  replicas.add(spawn(process.execPath, [program, url, '400'], { stdio: 'inherit' }));
}

async function killOne(): Promise<void> {
  const [victim] = replicas;
  if (!victim) return;
  const gone = once(victim, 'exit');
  victim.kill('SIGKILL');
  await gone;
  replicas.delete(victim);
}

/** A detention of 61 hours of which nobody was told, and force that was used just now. */
function arrival(round: number): CustodyEvent[] {
  const nowMs = Date.now();
  const common = (agoMs: number) => {
    const at = new Date(nowMs - agoMs).toISOString();
    return {
      id: randomUUID(),
      occurredAt: at,
      recordedAt: at,
      recordedBy: 'inspector-1',
      caseId: `cr-68-1-${round}`,
    };
  };
  return [
    { ...common(61 * HOUR_MS), type: 'APPREHENDED', person: ADULT },
    { ...common(60.5 * HOUR_MS), type: 'CELL_PLACED', areaId: `${FACILITY}-cell-1` },
    { ...common(0), type: 'FORCE_USED', reason: 'resisted' },
  ];
}

/** A flag as `rule case limit`. */
const nameOf = ({ rule }: Flag) =>
  [rule?.id, rule?.params.caseId, rule?.params.limit].filter(Boolean).join(' ');

test('replicas are killed while the rules raise flags: each is raised once, and none is missing', async () => {
  await using server = await startTestRedis();
  const redis = await server.connect();
  const store = new EventStore(redis);
  const flags = async () =>
    (await redis.hVals(keys.flags(REGION))).map((json) => Flag.parse(JSON.parse(json)));
  startReplica(server.url);
  startReplica(server.url);
  for (let round = 0; round < ROUNDS; round += 1) {
    await store.accept({ regionId: REGION, facilityId: FACILITY }, arrival(round), {
      receivedAtMs: Date.now(),
    });
    const before = (await flags()).length;
    // In the middle of it: some flags of this round are there, and others are not.
    await eventually(async () => (await flags()).length).toBeGreaterThan(before);
    await killOne();
    startReplica(server.url);
  }
  // Suspicion and court are over; the decision is red.
  const expected = Array.from({ length: ROUNDS }, (_, round) => [
    `force-used cr-68-1-${round}`,
    `deadline-breached cr-68-1-${round} ua-cpc/suspicion`,
    `deadline-breached cr-68-1-${round} ua-cpc/court`,
    `deadline-amber cr-68-1-${round} ua-cpc/decision`,
  ]).flat();
  const told = async () =>
    (await flags())
      .map(nameOf)
      .filter((name) => /^(?:force-used|deadline)/.test(name))
      .sort();
  await eventually(told).toEqual(expected.sort());

  // Whoever looked again, and from whichever point: one entry in the audit and one step in the record for each.
  const entries = (await redis.xRange(keys.audit(REGION), '-', '+')) ?? [];
  const raised = entries
    .map(({ message }) => AuditEntry.parse(JSON.parse(String(message.json))))
    .filter(({ action }) => action === 'flag.raise');
  const ids = raised.map(({ details }) => String(details?.flag));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.sort()).toEqual((await flags()).map(({ id }) => id).sort());
});
