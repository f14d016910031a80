import type { Figure } from '../../bench/report.ts';
import { eventually } from '../../client/e2e/fixtures/processes.ts';
import { sampleNation } from '../../client/e2e/fixtures/tiles.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { verifyChain } from '../audit/chain.ts';
import { AuditPage } from '../audit/routes.ts';
import { EventStore } from '../custody/event-store.ts';
import { type Acknowledged, type KillLoad, startKillLoad } from './kill-load.ts';
import { compareProjections, dropProjections, readProjections } from './projections.ts';
import { type BenchServer, startBenchServer } from './server-process.ts';

const ROUNDS = 10;
const EVENTS_PER_SECOND = 2_000;
/** What is acknowledged between two kills at the least. */
const BETWEEN = { events: 2 * EVENTS_PER_SECOND, flags: 5, entries: 5 };
const BACK_WITHIN_MS = 60_000;
/** The kills together; the run fails when they take longer. */
const BOUND_MS = 300_000;
/** Entries of a stream that are read at a time. */
const CHUNK = 10_000;

/**
 * Facilities send 2,000 events a second to a server, and a person raises flags and is audited, while in every round the
 * server is killed (SIGKILL), then Redis, then both at once: what had been acknowledged and is missing afterwards, or is
 * there twice. At the end a replica that finds nothing but the streams has to come to what the live ones had.
 */
export async function measureRedisKills(rounds = ROUNDS): Promise<Figure[]> {
  await using server = await startBenchServer();
  const load = await startKillLoad(server, EVENTS_PER_SECOND);
  const startMs = performance.now();
  const awayMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const parts of [['server'], ['redis'], ['server', 'redis']] as const) {
      await flows(load);
      if (performance.now() - startMs > BOUND_MS)
        throw new Error(`only ${round} of ${rounds} rounds in time`);
      awayMs.push(await kill(server, parts));
    }
    console.log(`  round ${round + 1}: ${countOf(load.acknowledged)} acknowledged`);
  }
  await flows(load);
  const seconds = (performance.now() - startMs) / 1_000;
  await load.stop();
  await server.settled();
  const settledMs = performance.now();
  console.log(`  ended: ${countOf(load.acknowledged)} acknowledged, all events projected`);

  const redis = await server.redis.connect();
  const regionIds = sampleNation().regions.map(({ id }) => id);
  const found = await readRecord(redis, load, regionIds);
  const lost = sum(load.acknowledged, (kind) => missing(load.acknowledged[kind], found[kind]));
  const doubled = sum(load.acknowledged, (kind) => found[kind].length - new Set(found[kind]).size);
  const live = await readProjections(redis, regionIds);
  await server.kill();
  await dropProjections(redis, regionIds);
  await server.start();
  await server.settled();
  console.log(`  counted and built anew in ${Math.round((performance.now() - settledMs) / 1_000)} s`);
  const differing = compareProjections(live, await readProjections(redis, regionIds));
  for (const name of differing.slice(0, 5)) console.log(`  built otherwise: ${name}`);

  const rate = Math.round(load.acknowledged.events.size / seconds);
  const kills = `${rounds} rounds of kill -9 of server, Redis and both, ${(Math.max(...awayMs) / 1_000).toFixed(1)} s away at most`;
  return [
    {
      id: 'kill-redis-lost',
      figure: lost + doubled,
      note: `${lost} lost, ${doubled} doubled of ${countOf(load.acknowledged)} acknowledged in ${Math.round(seconds)} s (${rate} events/s on average, outages included); ${kills}`,
    },
    {
      id: 'kill-rebuilt-differs',
      figure: differing.length,
      note: `${live.size} entries of projections, built anew from the streams by a fresh replica`,
    },
  ];
}

/** Waits until enough of everything has been acknowledged since now. */
async function flows({ acknowledged, assertGoingOn }: KillLoad): Promise<void> {
  const kinds = ['events', 'flags', 'entries'] as const;
  const wanted = kinds.map((kind) => acknowledged[kind].size + BETWEEN[kind]);
  await eventually('events, flags and entries are acknowledged', BACK_WITHIN_MS, () =>
    kinds.every((kind, index) => acknowledged[kind].size >= (wanted[index] ?? 0)),
  ).catch((error: unknown) => {
    // Why, if the load knows.
    assertGoingOn();
    throw error;
  });
}

/** Kills and starts again; how long it took. */
async function kill(server: BenchServer, parts: readonly ('server' | 'redis')[]): Promise<number> {
  const killedMs = performance.now();
  await Promise.all(parts.map((part) => (part === 'server' ? server.kill() : server.redis.kill())));
  if (parts.includes('redis')) await server.redis.start();
  if (parts.includes('server')) await server.start();
  return performance.now() - killedMs;
}

/** Everything that is on record, as often as it is there. */
async function readRecord(
  redis: Redis,
  { region }: KillLoad,
  regionIds: readonly string[],
): Promise<Record<keyof Acknowledged, string[]>> {
  const events: string[] = [];
  const store = new EventStore(redis);
  for (const regionId of regionIds) {
    for (let after = '0-0'; ; ) {
      const entries = await store.readAfter(regionId, after, CHUNK);
      for (const { stored } of entries) if (stored) events.push(`${stored.facilityId}/${stored.event.id}`);
      const last = entries.at(-1);
      if (!last) break;
      after = last.streamId;
    }
  }
  const kept = new Set(await redis.hKeys(keys.flags(region)));
  // A flag is raised together with its entry in the audit: it counts as often as it was put on record, if it is there.
  const raised = (await readChain(redis, region)).flatMap(({ action, details }) =>
    action === 'flag.raise' && kept.has(String(details.flag)) ? [String(details.flag)] : [],
  );
  const asked = (await readChain(redis, 'nation')).flatMap(({ action, details }) =>
    action === 'audit.read' ? [String(details.cursor)] : [],
  );
  return { events, flags: raised, entries: asked };
}

/** All entries of a chain; throws if it is broken. */
async function readChain(redis: Redis, chain: string) {
  const stored = (await redis.xRange(keys.audit(chain), '-', '+')) ?? [];
  const entries = AuditPage.shape.items.parse(stored.map(({ message }) => JSON.parse(String(message.json))));
  const verdict = verifyChain(entries);
  if (!verdict.ok)
    throw new Error(`the audit chain ${chain} is broken at ${verdict.seq}: ${verdict.problem}`);
  return entries;
}

function missing(wanted: ReadonlySet<string>, found: readonly string[]): number {
  const there = new Set(found);
  return [...wanted].filter((id) => !there.has(id)).length;
}

function sum(of: Acknowledged, count: (kind: keyof Acknowledged) => number): number {
  return Object.keys(of).reduce((total, kind) => total + count(kind as keyof Acknowledged), 0);
}

function countOf({ events, flags, entries }: Acknowledged): string {
  return `${events.size} events, ${flags.size} flags, ${entries.size} entries`;
}
