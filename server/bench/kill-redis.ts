import { randomUUID } from 'node:crypto';
import type { Figure } from '../../bench/report.ts';
import { eventually } from '../../client/e2e/fixtures/processes.ts';
import { keys } from '../adapters/redis/keys.ts';
import { verifyChain } from '../audit/chain.ts';
import { createAuditModule } from '../audit/module.ts';
import { AuditPage } from '../audit/routes.ts';
import { EventStore } from '../custody/event-store.ts';
import { createFlagsModule } from '../flags/module.ts';
import { callRoute } from '../test/fixtures/call-route.ts';
import { detention } from '../test/fixtures/detentions.ts';
import { person, smallRegistry } from '../test/fixtures/nation.ts';
import { QUIET_LOG } from '../test/fixtures/quiet-log.ts';
import { startTestRedis } from '../test/fixtures/redis.ts';

const ROUNDS = 10;
/** Acknowledgements of each kind that a round waits for before Redis is killed. */
const PER_ROUND = 15;
const ROUND_TIMEOUT_MS = 30_000;
const PLACE = { regionId: 'UA-68', facilityId: 'ua-68-itt-1' };

/**
 * Custody events, flags and audit entries are written without a pause while Redis is killed (SIGKILL) and started again,
 * many times: how many that had been acknowledged are missing afterwards.
 */
export async function measureRedisKills(): Promise<Figure[]> {
  await using server = await startTestRedis();
  const redis = await server.connect();
  const now = Date.now;
  const events = new EventStore(redis);
  const audit = createAuditModule({ redis, now, log: QUIET_LOG });
  const registry = smallRegistry();
  const flags = createFlagsModule({
    redis,
    registry,
    live: { flag: () => undefined },
    audit,
    accounts: { list: async () => [] },
    now,
  });
  const acknowledged = { events: new Set<string>(), flags: new Set<string>(), entries: new Set<string>() };

  const writers = {
    events: async () => {
      const batch = detention(PLACE.facilityId, now() - 6 * 3_600_000);
      await events.accept(PLACE, batch, now());
      for (const { id } of batch) acknowledged.events.add(id);
    },
    flags: async () => {
      const body = {
        id: randomUUID(),
        areaId: 'ua-68-itt-1-cell-1',
        category: 'other',
        severity: 3,
        note: '',
      };
      await callRoute(flags.routes, 'post', '/api/v1/flags', { principal: person('situation'), body });
      acknowledged.flags.add(body.id);
    },
    entries: async () => {
      const entry = await audit.append('nation', {
        actor: { kind: 'system', id: 'bench' },
        action: 'bench.write',
        resource: 'none',
        outcome: 'done',
      });
      acknowledged.entries.add(entry.hash);
    },
  };
  let going = true;
  const writing = Object.values(writers).map(async (write) => {
    while (going) await write().catch(() => new Promise((resolve) => setImmediate(resolve)));
  });
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = Object.values(acknowledged).map(({ size }) => size + PER_ROUND);
    await eventually('every writer goes on', ROUND_TIMEOUT_MS, () =>
      Object.values(acknowledged).every(({ size }, index) => size >= (before[index] ?? 0)),
    );
    await server.kill();
    await server.start();
  }
  going = false;
  await Promise.all(writing);

  const reader = await server.connect();
  const stream = await events.readAfter(PLACE.regionId, '0-0', Number.MAX_SAFE_INTEGER);
  const chain = (await reader.xRange(keys.audit('nation'), '-', '+')) ?? [];
  const entries = AuditPage.shape.items.parse(chain.map(({ message }) => JSON.parse(String(message.json))));
  if (!verifyChain(entries).ok) throw new Error('the audit chain is broken');
  const lost =
    missing(
      acknowledged.events,
      stream.map(({ stored }) => stored?.event.id),
    ) +
    missing(acknowledged.flags, await reader.hKeys(keys.flags(PLACE.regionId))) +
    missing(
      acknowledged.entries,
      entries.map(({ hash }) => hash),
    );
  const counts = `${acknowledged.events.size} events, ${acknowledged.flags.size} flags, ${acknowledged.entries.size} entries`;
  return [{ id: 'kill-redis-lost', figure: lost, note: `${ROUNDS} kills, ${counts} acknowledged` }];
}

function missing(wanted: ReadonlySet<string>, found: readonly (string | undefined)[]): number {
  const there = new Set(found);
  return [...wanted].filter((id) => !there.has(id)).length;
}
