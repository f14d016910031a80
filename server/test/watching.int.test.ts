import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { AuditEntry } from '#contract/audit.ts';
import { Problem } from '#contract/errors.ts';
import { WatchingFinding, WatchingList } from '#contract/watching.ts';
import { keys } from '../adapters/redis/keys.ts';
import { createAuditModule } from '../audit/module.ts';
import { eventually } from './fixtures/eventually.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { startTestServer, type TestServer } from './fixtures/server.ts';

const AuditEntries = z.object({ items: z.array(AuditEntry) });
const CELL = 'ua-68-itt-1-cell-1';
/** Three in the morning in Kyiv. */
const NIGHT_MS = Date.parse('2026-11-21T01:00:00.000Z');
const MORNING_MS = NIGHT_MS + 4 * 3_600_000;

let redis: TestRedis;
let servers: TestServer[];
const now = () => MORNING_MS;
beforeAll(async () => {
  redis = await startTestRedis();
  const audit = createAuditModule({ redis: await redis.connect(), now, log: QUIET_LOG });
  const watched = (person: string, minutes: number, high: number) =>
    audit.append('UA-68', {
      actor: { kind: 'person', id: person },
      action: 'viewing.end',
      resource: 'region',
      outcome: 'done',
      details: {
        viewerId: `tab-of-${person}`,
        [`${CELL}-cam-1`]: `${new Date(NIGHT_MS).toISOString()}/${new Date(
          NIGHT_MS + minutes * 60_000,
        ).toISOString()} seen=${minutes * 60} high=${high}`,
      },
    });
  await watched('duty-68', 50, 50 * 60);
  await watched('situation', 170, 60);
  // Both look at once: what there is to find is found once.
  servers = await Promise.all([1, 2].map(() => startTestServer({ redisUrl: redis.url, now })));
});
afterAll(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

const listed = async () => {
  const caller = await servers[0]?.signIn('ombudsman');
  return WatchingList.parse((await caller?.get('/api/v1/audit/watching'))?.body).items;
};

test('whoever watched one cell for long at night is found, once, and outside control alone is told', async () => {
  await eventually(async () => (await listed()).map(({ person }) => person)).toEqual(['duty-68']);
  const [finding] = await listed();
  expect(finding).toMatchObject({ areaId: CELL, seconds: 3_000, reviewed: null });

  const connection = await redis.connect();
  const entries = (await connection.xRange(keys.audit('UA-68'), '-', '+')) ?? [];
  const found = entries
    .map(({ message }) => AuditEntry.parse(JSON.parse(String(message.json))))
    .filter(({ action }) => action === 'watching.find');
  // Whoever watched may read the audit: whom it is about, and when, stands in the finding alone.
  expect(found.map(({ details }) => details)).toEqual([{ finding: finding?.id }]);
  for (const name of ['situation', 'duty-68', 'oncall', 'inspector', 'admin']) {
    const caller = await servers[1]?.signIn(name);
    expect(Problem.parse((await caller?.get('/api/v1/audit/watching'))?.body).code, name).toBe('forbidden');
    // It is no flag: those are seen by whoever it is about.
    const flags = await caller?.get('/api/v1/flags?state=all');
    expect(JSON.stringify(flags?.body)).not.toContain('duty-68');
  }
});

test('what became of it is said once, by outside control', async () => {
  const [finding] = await listed();
  const review = async (name: string) =>
    (await servers[1]?.signIn(name))?.call('POST', `/api/v1/audit/watching/${finding?.id}/review`, {
      body: { note: 'Пояснення отримано' },
    });
  expect(Problem.parse((await review('situation'))?.body).code).toBe('forbidden');
  const after = WatchingFinding.parse((await review('prosecutor'))?.body);
  expect(after.reviewed).toMatchObject({ by: 'prosecutor', note: 'Пояснення отримано' });
  const reader = await servers[1]?.signIn('oversight');
  const reply = await reader?.get('/api/v1/audit/entries?chain=UA-68&order=desc');
  const read = AuditEntries.parse(reply?.body).items.filter(({ action }) => action.startsWith('watching.'));
  expect(read.map(({ action, details }) => [action, details])).toEqual([
    ['watching.review', { finding: finding?.id }],
    ['watching.find', { finding: finding?.id }],
  ]);
  expect(Problem.parse((await review('ombudsman'))?.body).code).toBe('invalid_transition');
  expect((await listed())[0]?.reviewed?.by).toBe('prosecutor');
});
